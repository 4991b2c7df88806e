"""The French that proposed questions are worded in: which words make a noun phrase that stands by itself, elision,
agreement of participles, inversion. Strict: what is not surely right is ``None``, and no question is made of it.
"""

import re
from dataclasses import dataclass

from indexer.analysis import fold
from indexer.stopwords import FRENCH_STOP_WORDS

_TOKEN = re.compile(r"\w+(?:-\w+)*[’']?")
_CAPITALISED = re.compile(r"[A-ZÀ-ÖØ-Þ][\w’'.-]*")
_PARENTHESIS = re.compile(r"\s*\([^()]*\)$")
_LONGEST_PHRASE = 8  # words
_PARTICLES = frozenset("de du des la le les von van der al el ibn d’ d' l’ l'".split())
_DETERMINERS = frozenset("le la les l’ l' un une".split())
_COMPLEMENTS = frozenset("de du des d’ d' à au aux en pour sur par sans contre".split())

# Words that point to what stands before the sentence, or begin a clause: a phrase with one does not stand by itself.
_POINTING = frozenset(
    "je j’ j' tu il elle on nous vous ils elles ce c’ c' ceci cela ça cet cette ces celui celle ceux celles ci-dessus "
    "ci-dessous mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs lui eux y tel telle tels telles même mêmes "
    "autre autres dernier dernière derniers dernières premier première second seconde précédent précédente suivant suivante "
    "présent présente dit dite".split()
)
_CLAUSAL = frozenset(
    "que qu’ qu' qui quoi dont où lequel laquelle lesquels lesquelles et ou mais donc or ni car si quand comme lorsque "
    "puisque ne n’ n' se s’ s' me m’ m' te t’ t' pas plus est sont était étaient a ont avait fut furent sera seront peut "
    "peuvent doit doivent faut va vont aussi également alors ainsi enfin ici".split()
)
# Nouns that alone mean nothing outside their text: « l’auteur », « la loi », « cette ville » just named before.
_ANAPHORIC = frozenset(
    "auteur autrice texte article livre ouvrage roman film album étude enquête rapport projet programme dispositif loi décret "
    "règlement ville commune village pays région île département quartier site lieu bâtiment édifice monument église château "
    "entreprise société association organisation groupe équipe club parti syndicat établissement institution espèce genre "
    "animal plante homme femme personnage enfant fille fils père mère frère sœur roi reine président présidente ministre "
    "chanson série jeu émission revue journal titre terme mot expression nom notion concept sigle acronyme œuvre pièce "
    "système méthode technique phénomène procédé processus maladie ensemble appareil modèle version période époque année "
    "saison bataille guerre traité accord réforme mesure décision procédure principe théorie discipline construction "
    "population superficie altitude longueur hauteur largeur taille poids prix coût montant budget taux nombre total "
    "territoire espace zone secteur domaine rivière fleuve lac forêt parc réserve pont route ligne gare rue place musée "
    "école collège lycée université hôpital centre bureau siège dose conseil comité commission assemblée".split()
)
_VAGUE = frozenset(
    "fait but objectif problème résultat question réponse raison cause conséquence idée objet point cas chose principal "
    "principale majorité plupart moitié reste fin suite solution difficulté enjeu avantage inconvénient intérêt exemple "
    "essentiel important mieux pire seul seule vrai vraie plus moins deux trois deuxième troisième quatrième tout toute tous "
    "toutes sien sienne leur mien vôtre nôtre".split()
)
_ASPIRATED = re.compile(
    r"h(?:a(?:ch|ie|ine|ir|ll|lt|lo|meau|mst|nche|nd|ngar|nneton|rc|rd|reng|ricot|rnais|rpe|sard|ss|ut|vre)|er(?:niaire|on|os$|se)"
    r"|eros$|eriss|etre|eurt|i(?:bou|ppie|erarch|t[s-])|o(?:bb|ckey|ld|llande|ng|mard|nte|rde|rs|t-|uille|ul|usse)|u(?:blot|it|ee|"
    r"rl|rd|rt|tte))"
)


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """A noun phrase as it stands inside a question. ``specific``: it names one thing, wherever it is read.

    ``gender`` is ``"m"``, ``"f"`` or ``None`` where the determiner does not tell it. ``named``: a proper name without
    determiner.
    """

    text: str
    plural: bool
    gender: str | None
    specific: bool
    named: bool


def noun_phrase(text: str) -> NounPhrase | None:
    """The noun phrase that ``text`` is from its first to its last word, or ``None`` when that is not sure."""
    text = _PARENTHESIS.sub("", " ".join(text.split()))
    if re.search(r"[,;:!?.()\[\]/…]", text) or text.count("«") != text.count("»") or text.count("“") != text.count("”"):
        return None
    words = [word.lower() for word in _TOKEN.findall(text)]
    if not re.match(r"[^\W\d_]|[«“]", text) or re.search(r"-(?:ci|là)\b|\ben question\b", text):
        return None
    if not 0 < len(words) <= _LONGEST_PHRASE or set(words) & (_POINTING | _CLAUSAL):
        return None
    if words[0] not in _DETERMINERS:
        return _name(text, words)
    if len(words) < 2 or words[1] in _VAGUE or words[1] in _DETERMINERS:
        return None
    quoted = "«" in text or "“" in text
    capital = any(word[:1].isupper() for word in re.split(r"[\s’'«»“”-]+", text)[1:])
    complement = bool(set(words[2:]) & _COMPLEMENTS)
    if words[1] in _ANAPHORIC and not (quoted or capital or complement):
        return None
    if words[-1] in _COMPLEMENTS | _DETERMINERS:
        return None
    specific = not words[0].startswith("un") and (quoted or capital or complement)
    gender = {"le": "m", "un": "m", "la": "f", "une": "f"}.get(words[0])
    return NounPhrase(text[0].lower() + text[1:], words[0] == "les", gender, specific, False)


def _name(text: str, words: list[str]) -> NounPhrase | None:
    parts = text.split()
    plain = [part for part in parts if part.lower() not in _PARTICLES]
    if not all(_CAPITALISED.fullmatch(part) for part in plain) or len(plain) > 4 or parts[0] not in plain:
        return None
    if words[0] in _STOP_WORDS or parts[-1].lower() in _PARTICLES or (text.isupper() and len(plain) > 1):
        return None
    return NounPhrase(text, False, None, True, True)


_STOP_WORDS = frozenset(word.lower() for word in FRENCH_STOP_WORDS)


def elides(word: str) -> bool:
    """Whether « de », « que » lose their vowel before a word: « d’habitants », « de héros »."""
    plain = fold(word)
    if plain.startswith("h"):
        return not _ASPIRATED.match(plain)
    return plain.startswith(tuple("aeiou")) and not plain.startswith(("oui", "onz"))


def of(word: str) -> str:
    """« d’habitants », « de salariés »."""
    return f"d’{word}" if elides(word) else f"de {word}"


def what_is(phrase: NounPhrase) -> str | None:
    """« Qu’est-ce que le castor ? », « Qu’est-ce qu’un quota ? », « Que sont les castors ? »."""
    if phrase.plural:
        return f"Que sont {phrase.text} ?"
    first = phrase.text.split()[0]
    if phrase.named and fold(first).startswith("h"):
        return None  # of a name's h nothing tells
    return f"Qu’est-ce qu’{phrase.text} ?" if elides(first) else f"Qu’est-ce que {phrase.text} ?"


# Participles whose feminine adds « e » and whose plural adds « s ».
_STEMS = (
    "né mort décédé fondé créé construit inauguré publié adopté lancé élu signé achevé inventé découvert aboli promulgué "
    "instauré institué introduit supprimé restauré détruit démoli rénové nationalisé privatisé abrogé ratifié édifié bâti "
    "érigé fermé ouvert vendu racheté réédité assassiné exécuté arrêté condamné libéré couronné sacré tué enterré béatifié "
    "canonisé commercialisé breveté établi rétabli reconstruit agrandi dévoilé révélé interdit"
).split()
PARTICIPLE = "|".join(sorted((f"{stem}(?:es|e|s)?" for stem in _STEMS), key=len, reverse=True))
AUXILIARY = "est|sont|a été|ont été|fut|furent"
_PLURALS = frozenset({"sont", "ont été", "furent"})


def inverted(phrase: NounPhrase, auxiliary: str, participle: str) -> str | None:
    """« la tour a-t-elle été inaugurée », ``None`` where subject, auxiliary and participle do not agree for sure."""
    plural, feminine = participle.endswith("s"), bool(re.search(r"es?$", participle))
    if plural != (auxiliary in _PLURALS) or plural != phrase.plural:
        return None
    if phrase.gender and (phrase.gender == "f") != feminine:
        return None
    pronoun = ("elle" if feminine else "il") + ("s" if plural else "")
    verb, _, rest = auxiliary.partition(" ")
    joined = f"{verb}-t-{pronoun}" if verb == "a" else f"{verb}-{pronoun}"
    return " ".join(part for part in (phrase.text, joined, rest, participle) if part)
