"""Questions that stand in a text, in its headings or its interviews, and which of them can be asked without it."""

import re
from dataclasses import dataclass

_LABEL = re.compile(
    r"^(?:[A-ZÀ-ÖØ-Þ][\w.’'-]*(?: [\w.’'()-]+){0,5}\s?:\s+|[QR]\s?[:.]\s*|[–—-]\s+|\d{1,2}(?:\.\d+)*[.)]?\s+|[IVX]+[.)]\s+)"
)
_OPENING = re.compile(
    r"(?:(?:à|de|par|pour|avec|chez|sur|dans|en|contre|depuis|jusqu[’']à) )?"
    r"(?:qu[’']|que |qui |quoi |quel(?:le)?s? |quand |où |comment |combien |pourquoi |faut-il |peut-on |doit-on |est-ce qu)",
    re.IGNORECASE,
)
# What a question leans on when it is taken from its talk: pronouns of what was said, of who speaks, of who is asked.
_LEANING = re.compile(
    r"\b(?:ce(?:la|ci)|ça|celui|celle|ceux|celles|vous|votre|vos|nous|notre|nos|mon|ma|mes|tu|ton|ta|tes|son|sa|ses|leurs?|lui|"
    r"eux|cet|cette|ces|y|aussi|alors|donc|autres?|là|ici|dernier|dernière)\b|\bc[’']|\bce (?!que |qui |qu[’'])"
    r"|\b(?:il|elle|ils|elles)\b(?! y a)",
    re.IGNORECASE,
)
# « Pourquoi le castor abat-il … »: the pronoun stands for the noun right before the verb
_REPEATED_SUBJECT = re.compile(
    r"^(?i:(?:pourquoi|comment|quand|où|combien|que|(?:(?:à|de|par|en) )?quel(?:le)?s? \w+|combien d(?:e |[’'])\w+) )?"
    r"(?:(?i:les?|la|une?) \w|(?i:l[’'])\w|(?!Qu|Comment|Pourquoi|Où|Combien|Faut|Peut)[A-ZÀ-ÖØ-Þ]\w+ \w)"
    r"[^,;]*?-(?:t-)?(?:ils?|elles?)\b"
)
_IMPERSONAL = re.compile(
    r"\b(?:faut-il|y a-t-il|s[’']agit-il|existe-t-il|reste-t-il|vaut-il|est-il (?:possible|vrai|utile))\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"[?!.…;:][\s»]")
_FEWEST_WORDS, _MOST_WORDS = 3, 30
_HEADED = re.compile(
    r"^(?P<det>Le |La |L[’']|Les )(?P<rest>[a-zà-ÿœA-ZÀ-Þ][\w-]+ (?:de la |de l[’']|du |des |d[’']|de )[\w-]+"
    r"(?: (?:de la |de l[’']|du |des |d[’']|de |à la |à l[’']|au |aux |en |dans l[ea] )[\w-]+)?)$"
)
_OF = {"le": "du ", "la": "de la ", "l’": "de l’", "l'": "de l’", "les": "des "}


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a text, ready to be asked, and its kind by its question word."""

    question: str
    kind: str


def asked_in(words: str) -> Question | None:
    """The question that a heading or a paragraph is, without its number or the name of who asks it.

    ``None`` when it is none, when it is more than one, or when it says « vous », « cela »: it leans on what is around it.
    """
    question = _LABEL.sub("", " ".join(words.split()))
    body = question[:-1].strip()
    if not question.endswith("?") or _SEVERAL.search(body):
        return None
    if not _FEWEST_WORDS <= len(body.split()) <= _MOST_WORDS or not _OPENING.match(body):
        return None
    if _LEANING.search(_without_own_pronoun(body)):
        return None
    return Question(f"{body[0].upper()}{body[1:]} ?", _kind(body))


def _without_own_pronoun(body: str) -> str:
    """The question without the pronoun that repeats its subject or that stands for nothing (« faut-il »)."""
    body = _IMPERSONAL.sub("", body)
    match = _REPEATED_SUBJECT.match(body)
    return re.sub(r"-(?:t-)?(?:ils?|elles?)$", "", match.group()) + body[match.end() :] if match else body


def _kind(body: str) -> str:
    plain = body.lower()
    if re.match(r"qu[’']est-ce qu(?:e |[’'])(?:une?|les?|la|l[’']|«)|que (?:désigne|signifie)|que sont ", plain):
        return "definition"
    if re.match(r"quand |en quelle année ", plain):
        return "date"
    if plain.startswith("combien"):
        return "number"
    return "why" if plain.startswith("pourquoi") else "how" if plain.startswith("comment") else "fact"


def asked_of(heading: str) -> Question | None:
    """« Le retour du castor » → « Que dit le texte du retour du castor ? », ``None`` for any other form of heading."""
    match = _HEADED.match(" ".join(heading.split()))
    if match is None:
        return None
    return Question(f"Que dit le texte {_OF[match.group('det').strip().lower()]}{match.group('rest')} ?", "fact")
