"""Statements to the questions that they answer, one rule a function: definitions, dates, numbers, places, reasons.

Each rule reads one sentence and gives the question with the answer's place in the sentence, or ``None``.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from eval.french import AUXILIARY, PARTICIPLE, inverted, noun_phrase, of, what_is

_MONTH = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_YEAR = r"(?:1\d|20)\d\d"
_DAY = rf"(?:1er|\d{{1,2}}) (?:{_MONTH}) {_YEAR}"
_NUMBER = r"\d(?:[\d\s\u00a0\u202f.,]*\d)?(?: (?:millions?|milliards?))?"
_ABOUT = r"(?:environ |près de |plus de |moins de |quelque |au moins )?"
_ELIDED = "[’']"
_PROPER = r"[A-ZÀ-ÖØ-Þ][\w’'-]+"
_LONGEST_SENTENCE = 60  # words
_LONGEST_FACT = 8  # words


@dataclass(frozen=True, slots=True)
class Found:
    """A question that a sentence answers. ``fact`` is ``sentence[start:end]``, ``None`` where no few words tell it."""

    question: str
    kind: str
    rule: str
    fact: tuple[int, int] | None


def questions_of(sentence: str) -> Iterator[Found]:
    """The questions that a sentence answers by rule, each worded in right French; most sentences have none."""
    # one character for one, so that offsets hold
    plain = re.sub(r"\s", " ", sentence)
    if not plain.endswith((".", "!")) or len(plain.split()) > _LONGEST_SENTENCE or "  " in plain:
        return
    for rule in _RULES:
        if found := rule(plain):
            yield found


_EVALUATIVE = frozenset(
    "problème sujet enjeu exemple défi question atout choix échec succès drame honte chance bonheur plaisir devoir bien mal "
    "véritable vrai vraie bon bonne mauvais mauvaise grand grande excellent excellente beau belle réel réelle simple nouveau "
    "nouvelle autre même peu fait point moyen façon manière réponse raison solution avantage nécessité priorité obligation "
    "facteur caractéristique thème endroit unique élément source signe preuve étape occasion opportunité obstacle "
    "erreur illusion évidence mystère cas tiers quart dixième partie".split()
)
_PERSONS = frozenset(
    "homme femme philosophe écrivain écrivaine romancier romancière poète poétesse journaliste historien historienne sociologue "
    "économiste chercheur chercheuse scientifique physicien physicienne chimiste biologiste mathématicien mathématicienne "
    "médecin infirmier infirmière avocat avocate juriste magistrat magistrate ministre député députée sénateur sénatrice "
    "président présidente roi reine empereur impératrice général militaire officier soldat résistant résistante syndicaliste "
    "militant militante acteur actrice comédien comédienne réalisateur réalisatrice cinéaste chanteur chanteuse musicien "
    "musicienne compositeur compositrice peintre sculpteur sculptrice architecte photographe artiste joueur joueuse "
    "footballeur footballeuse cycliste athlète entraîneur pilote navigateur navigatrice explorateur exploratrice ingénieur "
    "ingénieure inventeur inventrice professeur professeure enseignant enseignante psychologue psychanalyste anthropologue "
    "ethnologue géographe linguiste théologien théologienne évêque prêtre moine religieuse saint sainte entrepreneur "
    "entrepreneuse essayiste dramaturge traducteur traductrice éditeur éditrice astronome botaniste zoologiste".split()
)
_THINGS = frozenset(
    "logiciel langage système outil plateforme application service protocole format site moteur bibliothèque entreprise "
    "société association organisation fondation syndicat parti commune ville village pays région département île archipel "
    "fleuve rivière lac montagne massif volcan état quartier réseau satellite programme projet journal quotidien hebdomadaire "
    "revue magazine film roman album jeu série opéra festival musée école université groupe constructeur compagnie banque "
    "chaîne radio médicament virus bactérie plante animal espèce genre planète étoile".split()
)


def _definition(sentence: str) -> Found | None:
    """« Le castor est un rongeur … » → « Qu’est-ce que le castor ? »."""
    match = re.search(r" (est|sont) (une?|des) (?!des? )(?=\w)", sentence)
    if match is None:
        return None
    phrase = noun_phrase(sentence[: match.start()])
    after = [word.lower() for word in re.findall(r"\w+", sentence[match.end() :])]
    if phrase is None or phrase.plural != (match.group(1) == "sont") or len(after) < 4 or set(after[:2]) & _EVALUATIVE:
        return None
    fact = _fact(sentence, match.end())
    if not phrase.named:
        question = what_is(phrase)
    elif set(after[:3]) & _PERSONS and " " in phrase.text:
        return Found(f"Qui est {phrase.text} ?", "fact", "definition", fact)
    else:
        question = what_is(phrase) if after[0] in _THINGS else None
    return Found(question, "definition", "definition", fact) if question else None


_TERMS = re.compile(r"^(?:Le (?:terme|mot|nom|sigle|verbe)|L[’'](?:expression|acronyme)|La (?:notion|locution))\b")
_DEFINING = (
    r"(?:un ensemble|l[’']ensemble|le fait|tout|toute|tous|toutes|ce qui|ce que|une? (?:type|forme|sorte|catégorie|groupe)|"
    r"la (?:capacité|partie|façon|manière)|le processus|l[’']action|l[’']état)"
)


_DESIGNATION = re.compile(
    rf" (désigne|désignent|signifie) (?:(?:aussi|alors) )?(?={_DEFINING}\b|(une?|des|les?|la|l{_ELIDED}) ?)"
)
_CALLING = re.compile(
    rf"On appelle (« ?[^«»]+ ?»|[\w-]+(?: [\w-]+)?) (?=(?:une?|l[ae]|les|tout|toute|ce qui|ce que) |l{_ELIDED})"
)
# « Denis Maillard : J’appelle « back-office » la … »
_SPOKEN = re.compile(
    rf"(?:{_PROPER}[^:«»,;.!?]{{0,40}} : )?J{_ELIDED}appelle (« ?[^«»]+ ?») (?=(?:une?|la|les?) |l{_ELIDED})"
)
_PURPOSE = re.compile(
    r" (?:(servent|sert) à|(consistent|consiste) (?:à|en|dans)|(se composent|se compose) (?:de|du|des)) "
)
_DATED = re.compile(
    rf" ({AUXILIARY}) ({PARTICIPLE}) (?:en (?P<y>{_YEAR})|en (?P<m>(?:{_MONTH}) {_YEAR})|le (?P<d>{_DAY}))\b"
)
_OPENING_DATE = re.compile(rf"(?:En (?P<y>{_YEAR})|En (?P<m>(?:{_MONTH}) {_YEAR})|Le (?P<d>{_DAY})), ")
_BIRTHPLACE = re.compile(
    rf" (est|fut) (née?) (?:(?:en {_YEAR}|le {_DAY}),? )?à ({_PROPER}(?:[ -](?:sur|sous|en|lès|le|la|les|de|du|{_PROPER}))*)"
)
_MAKER = re.compile(
    rf" (a été|ont été|fut|furent) ({PARTICIPLE}) (?:(?:en {_YEAR}|le {_DAY}) )?"
    rf"par ({_PROPER}(?: (?:de |du |d{_ELIDED})?{_PROPER})+)"
)
_PLACE = re.compile(
    r" (?:se (?:trouve|situe)|est (?:située?|implantée?)) "
    r"(?=(?:à|au|aux|en|dans|sur|sous|près|entre|rue|place|face|le long|au bord)\b)"
)
_CLAUSE_END = re.compile(
    r"\s*[,;:.!?(—–]| (?:qui|que|dont|où|et|mais|afin|pour|ayant|permettant|visant|servant|ainsi) | qu[’']"
)


def _designation(sentence: str) -> Found | None:
    """« Le mot « back-office » désigne … » → « Que désigne le mot « back-office » ? »."""
    match = _DESIGNATION.search(sentence)
    if match is None:
        return None
    phrase = noun_phrase(sentence[: match.start()])
    wording = _TERMS.match(sentence) or "«" in sentence[: match.start()] or match.group(2) is None
    if phrase is None or not wording or phrase.plural != match.group(1).endswith("ent"):
        return None
    return Found(f"Que {match.group(1)} {phrase.text} ?", "definition", "designation", _fact(sentence, match.end()))


def _calling(sentence: str) -> Found | None:
    """« On appelle « quota » la part … » → « Qu’appelle-t-on « quota » ? »."""
    if spoken := _SPOKEN.match(sentence):
        return Found(f"Que désigne {spoken.group(1)} ?", "definition", "calling", _fact(sentence, spoken.end()))
    match = _CALLING.match(sentence)
    if match is None:
        return None
    name = match.group(1)
    if name.split()[0].lower() in _NOT_CALLED or len(name.split()) > 8:
        return None
    return Found(f"Qu’appelle-t-on {name} ?", "definition", "calling", _fact(sentence, match.end()))


_NOT_CALLED = frozenset(
    "le la les un une des ce cet cette ces mon ma mes son sa ses leur leurs notre nos votre vos aussi cela ça ainsi alors "
    "parfois souvent communément généralement couramment tout toute tous toutes à au aux dans en".split()
)


def _purpose(sentence: str) -> Found | None:
    """« Le sas sert à … » → « À quoi sert le sas ? »; « consiste à » → « En quoi consiste »; « se compose de »."""
    match = _PURPOSE.search(sentence)
    phrase = noun_phrase(sentence[: match.start()]) if match else None
    if match is None or phrase is None:
        return None
    verb = match.group(1) or match.group(2) or match.group(3)
    if phrase.plural != verb.endswith("ent"):
        return None
    opening = "À quoi" if match.group(1) else "En quoi" if match.group(2) else "De quoi"
    return Found(f"{opening} {verb} {phrase.text} ?", "definition", "purpose", _fact(sentence, match.end()))


def _date(sentence: str) -> Found | None:
    """« La tour a été inaugurée en 1889. » → « En quelle année la tour … a-t-elle été inaugurée ? »."""
    match = _DATED.search(sentence)
    return _dated(sentence, 0, match) if match else None


def _leading_date(sentence: str) -> Found | None:
    """« En 1945, la Sécurité sociale est créée … » → « En quelle année la Sécurité sociale est-elle créée ? »."""
    opening = _OPENING_DATE.match(sentence)
    match = re.search(rf" ({AUXILIARY}) ({PARTICIPLE})(?= |\.|,)", sentence) if opening else None
    return _dated(sentence, opening.end(), match, opening) if opening and match else None


def _dated(sentence: str, start: int, match: re.Match[str], date: re.Match[str] | None = None) -> Found | None:
    phrase = noun_phrase(sentence[start : match.start()])
    clause = inverted(phrase, match.group(1), match.group(2)) if phrase and phrase.specific else None
    if clause is None:
        return None
    date = date or match
    group = next(name for name in "ymd" if date.group(name))
    opening = "En quelle année" if group == "y" else "Quand"
    return Found(f"{opening} {clause} ?", "date", "date", date.span(group))


def _birthplace(sentence: str) -> Found | None:
    """« Simone Weil est née en 1909 à Paris » → « Où Simone Weil est-elle née ? »."""
    match = _BIRTHPLACE.search(sentence)
    phrase = noun_phrase(sentence[: match.start()]) if match else None
    if match is None or phrase is None or not phrase.named:
        return None
    clause = inverted(phrase, match.group(1), match.group(2))
    return Found(f"Où {clause} ?", "fact", "birthplace", match.span(3)) if clause else None


def _by_whom(sentence: str) -> Found | None:
    """« La cité a été construite par Auguste Perret » → « Par qui la cité … a-t-elle été construite ? »."""
    match = _MAKER.search(sentence)
    phrase = noun_phrase(sentence[: match.start()]) if match else None
    if match is None or phrase is None or not phrase.specific:
        return None
    clause = inverted(phrase, match.group(1), match.group(2))
    return Found(f"Par qui {clause} ?", "fact", "by whom", match.span(3)) if clause else None


_BEFORE_NOUN = frozenset(
    "nouveaux nouvelles grands grandes petits petites autres anciens anciennes jeunes bons bonnes beaux belles gros grosses "
    "premiers premières derniers dernières principaux principales différents différentes divers diverses vieux vieilles "
    "longs longues hauts hautes ans fois pourcents".split()
)


def _count(sentence: str) -> Found | None:
    """« La France compte 45 millions d’habitants » → « Combien d’habitants compte la France ? »."""
    match = re.search(
        rf" (compte|comptent|emploie|accueille|abrite|héberge|regroupe|réunit|possède|comprend) {_ABOUT}"
        rf"(?P<n>{_NUMBER}) (?:de |d{_ELIDED})?(?P<noun>[a-zà-ÿœ-]{{3,}}[sx])\b(?! par\b)",
        sentence,
    )
    if match is None or match.group("noun") in _BEFORE_NOUN or match.group("noun") in ("millions", "milliards"):
        return None
    dated = re.match(rf"En ({_YEAR}), ", sentence)
    phrase = noun_phrase(sentence[dated.end() if dated else 0 : match.start()])
    verb = match.group(1)
    if phrase is None or not phrase.specific or phrase.plural != (verb == "comptent") or match.group("n") in ("0", "1"):
        return None
    when = f" en {dated.group(1)}" if dated else ""
    return Found(f"Combien {of(match.group('noun'))} {verb} {phrase.text}{when} ?", "number", "count", match.span("n"))


def _measure(sentence: str) -> Found | None:
    """« La digue mesure 300 mètres », « Le tarif s’élève à 12 € », « dure », « coûte », « pèse »."""
    match = re.search(
        rf" (mesure|pèse|coûte|dure|s{_ELIDED}élève à) {_ABOUT}"
        rf"(?P<n>{_NUMBER}(?: ?(?:%|€|[^\W\d_]+))?)", sentence
    )  # fmt: skip
    phrase = noun_phrase(sentence[: match.start()]) if match else None
    if match is None or phrase is None or not phrase.specific or phrase.plural:
        return None
    verb = match.group(1)
    opening = {"dure": "Combien de temps dure"}.get(
        verb, "À combien s’élève" if verb.startswith("s") else f"Combien {verb}"
    )
    return Found(f"{opening} {phrase.text} ?", "number", "measure", match.span("n"))


def _rate(sentence: str) -> Found | None:
    """« Le taux de chômage est de 7,4 % » → « Quel est le taux de chômage ? »."""
    match = re.search(rf" est (?:actuellement )?de {_ABOUT}(?P<n>{_NUMBER}(?: ?(?:%|€|[a-zà-ÿœ]+))?)", sentence)
    phrase = noun_phrase(sentence[: match.start()]) if match else None
    if match is None or phrase is None or not phrase.specific or not re.match(r"l[ea] ", phrase.text):
        return None
    return Found(f"Quel{'le' if phrase.gender == 'f' else ''} est {phrase.text} ?", "number", "rate", match.span("n"))


def _place(sentence: str) -> Found | None:
    """« Le siège du syndicat se trouve à Lyon » → « Où se trouve le siège du syndicat ? »."""
    match = _PLACE.search(sentence)
    phrase = noun_phrase(sentence[: match.start()]) if match else None
    if match is None or phrase is None or not phrase.specific or phrase.plural:
        return None
    return Found(f"Où se trouve {phrase.text} ?", "fact", "place", _fact(sentence, match.end()))


_NOT_ALONE = re.compile(
    rf"\b(?:je|tu|ils?|elles?|on|nous|vous|ce|cela|ça|cet|cette|ces|celui|celle|ceux|celles|son|sa|ses|notre|nos|votre|vos|"
    rf"leurs?|lui|eux|plus|moins|qui|que|dont|où|y|ne|pas|mon|ma|mes|autres?|mêmes?|tels?|telles?|aussi|donc|alors|ainsi|dernier|"
    rf"dernière|premier|première)(?!\w)|\b(?:j|c|qu|n){_ELIDED}",
    re.IGNORECASE,
)
_BEFORE_BECAUSE = frozenset(
    "notamment surtout justement simplement uniquement seulement précisément et mais ou sans doute".split()
)


def _reason(sentence: str) -> Found | None:
    """« Le musée ferme parce que … » → « Pourquoi est-ce que le musée … ferme ? »."""
    match = re.search(rf",? parce qu(?:e |{_ELIDED})", sentence)
    clause = sentence[: match.start()] if match else ""
    words = clause.split()
    if not 4 <= len(words) <= 14 or re.search(r"[,;:!?.()«»“”]", clause) or _NOT_ALONE.search(clause):
        return None
    if words[-1].lower() in _BEFORE_BECAUSE or not re.match(rf"(?:Les?|La|Une?) |L{_ELIDED}", clause):
        return None
    head = 1 if clause[1] in "’'" else 2
    complement = re.match(rf"(?:de la \S+|(?:de|du|des) \S+|d{_ELIDED}\S+)", " ".join(words[head:]))
    if noun_phrase(" ".join([*words[:head], *([complement.group()] if complement else [])])) is None:
        return None
    question = f"Pourquoi est-ce qu{'’' if clause[:2].lower() == 'un' else 'e '}{clause[0].lower()}{clause[1:]} ?"
    return Found(question, "why", "reason", None)


_RULES: tuple[Callable[[str], Found | None], ...] = (
    _definition, _designation, _calling, _purpose, _date, _leading_date, _birthplace, _by_whom, _count, _measure, _rate,
    _place, _reason,
)  # fmt: skip


def _fact(sentence: str, start: int) -> tuple[int, int] | None:
    """The words from ``start`` to the end of their clause, ``None`` where they are too many to be a fact."""
    end = _CLAUSE_END.search(sentence, start)
    stop = end.start() if end else len(sentence)
    return (start, stop) if 0 < len(sentence[start:stop].split()) <= _LONGEST_FACT else None
