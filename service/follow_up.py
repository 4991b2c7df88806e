"""A turn of a chat to a question of its own: « et en Allemagne ? » after « Quel est le salaire minimum en France ? ».

By rules, and shown to the reader as the answer's ``rewritten_question``. Where the turn takes the place of a part of the
question before it (the same preposition opens both), that part is exchanged; elsewhere the subject of the question
before is named in front: « La coopérative Coopaname : qui l'a fondée ? ».
"""

import re
from collections.abc import Sequence

from indexer.analysis import FrenchAnalyser, fold

MOST_WORDS = 12  # a longer turn names what it is about
_OPENING = re.compile(r"^(?:et|mais|and|but|or|alors|sinon|ok|oui|non)\b[\s,:]*", re.IGNORECASE)
_ALONE = re.compile(
    r"^(?:pourquoi|comment|combien|quand|ou|qui|quoi|lequel|laquelle|lesquels|lesquelles|par qui|depuis quand|a quoi|"
    r"c'est-a-dire|why|how|when|where|who|how many|how much|which one|since when|by whom)\b"
)
_PRONOUN = re.compile(
    r"(?<![\w'])(?:(?:-t)?-?(?:il|elle|ils|elles)|lui|eux|celui-ci|celle-ci|ceux-ci|celles-ci|ca|cela|l'(?=a\b|ont\b|avait|a-t)|"
    r"(?:les|la|le|y|en) (?=a |ont |est |sont |a-t)|son|sa|ses|leurs?|ce(?:t|tte|s)? (?!que|qui|dont)\w+|"
    r"he|she|it|they|them|him|his|her|its|their|this|that|these|those)(?!\w)"
)
_INVERTED = re.compile(r"-(?:t-)?(?:il|elle|ils|elles)\b")
_IMPERSONAL = re.compile(
    r"\b(?:il y a|y a-t-il|s'agit-il|il s'agit|il faut|faut-il|est-il (?:vrai|possible)|qu'est-ce)\b"
)
_ANTECEDENT = re.compile(r"(?:\b(?:le|la|les|un|une|des|du|aux?|the|an?) |\b[ld]')\w{3,}")
_PREPOSITIONAL = re.compile(
    r"^(?P<preposition>en|au|aux|a|à|dans|chez|pour|avec|sans|sur|par|depuis|selon|contre|in|for|with|at|from)\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_QUESTION_WORDS = frozenset(
    "est-ce quel quelle quels quelles combien comment pourquoi quand qui que quoi faut peut peut-on sait-on dit what who "
    "when where why how many much does did fait font dit disent propose veut dire signifie appelle ressemble pense tient".split()
)
# « Quand ouvre le jardin »: a verb between the question word and the subject's article
_ASKED_VERB = re.compile(
    r"^(?:quand|où|comment|pourquoi|combien|que)\s+\w+\s+(?:l['’]|(?:le|la|les|un|une|des)\s+)$", re.IGNORECASE
)
_VERB = re.compile(r"\s+\w+-(?:t-)?(?:il|elle|ils|elles|on)\b.*$")


def rewrite(question: str, history: Sequence[str]) -> str | None:
    """The question with what it leans on, from the questions asked before it (oldest first); ``None`` if it stands
    alone."""
    before: str | None = None
    for earlier in history:
        before = _resolved(earlier, before) or earlier
    return _resolved(question, before)


def _resolved(question: str, before: str | None) -> str | None:
    text = " ".join(question.split())
    if not before or not _leans(text):
        return None
    turn = _OPENING.sub("", text).strip()
    bare = turn.rstrip(" ?!.\u00a0\u202f")
    swapped = _exchanged(bare, before)
    if swapped is not None:
        return swapped
    subject = _subject(before)
    if not subject or not bare or fold(subject) in fold(bare):
        return None
    return f"{subject[0].upper()}{subject[1:]} : {turn[0].lower()}{turn[1:]}"


def _leans(text: str) -> bool:
    """Whether a turn needs the one before: it opens with « et », is a bare question word, or has a pronoun of nothing."""
    plain = fold(text)
    words = re.findall(r"\w+", plain)
    if not words or len(words) > MOST_WORDS:
        return False
    if _OPENING.match(plain):
        return True
    names = re.findall(r"(?<=[\s'’])[A-ZÀ-Þ][\w-]+", text)
    if not names and _ALONE.match(plain) and len(FrenchAnalyser().terms(text)) <= 1:
        return True
    if names or _IMPERSONAL.search(plain):
        return False
    pronoun = _PRONOUN.search(plain) or _INVERTED.search(plain)
    return pronoun is not None and not _ANTECEDENT.search(plain[: pronoun.start()])


def _exchanged(turn: str, before: str) -> str | None:
    """The question before with the turn in place of the part that the same preposition opens."""
    match = _PREPOSITIONAL.match(turn)
    if match is None:
        return None
    stem = before.rstrip(" ?!.\u00a0\u202f")
    same = list(re.finditer(rf"(?<![\w-]){re.escape(match['preposition'])}\s+[^,?]+$", stem, re.IGNORECASE))
    families = {"en": "au", "au": "en", "aux": "en"}
    other = families.get(match["preposition"].lower())
    if not same and other:
        same = list(re.finditer(rf"(?<![\w-])(?:{other}|aux)\s+[^,?]+$", stem, re.IGNORECASE))
    if not same:
        return f"{stem}, {turn} ?" if len(turn.split()) <= 6 else None
    return f"{stem[: same[-1].start()]}{turn} ?"


def _subject(before: str) -> str:
    """From the first content word of a question to its last, with the article before it."""
    before = before.replace(" : ", ", ")
    tokens = [t for t in FrenchAnalyser().tokens(before) if t.surface not in _QUESTION_WORDS]
    if not tokens:
        return ""
    end = max(token.end for token in tokens)
    if len(tokens) > 1 and _ASKED_VERB.search(before[: tokens[1].start]):
        tokens = tokens[1:]
    start = tokens[0].start
    article = re.search(r"(?:\b(?:le|la|les|un|une|des|du|the|an?)\s+|\b[LlDd]['’])$", before[:start])
    return _VERB.sub("", before[article.start() if article else start : end])
