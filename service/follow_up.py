"""A turn of a chat to a question of its own: « et en Allemagne ? » after « Quel est le salaire minimum en France ? ».

By rules, and shown to the reader as the answer's ``rewritten_question``. Where the turn takes the place of a part of the
question before it (the same preposition opens both), that part is exchanged; elsewhere the subject of the question
before is named in front: « La coopérative Coopaname : qui l'a fondée ? ».
"""

import re
from collections.abc import Sequence

from indexer.analysis import FrenchAnalyser, fold
from service.understand import language

MOST_WORDS = 12  # a longer turn names what it is about
_OPENING = re.compile(r"^(?:et|mais|and|but|or|alors|sinon|ok|oui|non)\b[\s,:]*", re.IGNORECASE)
_ALONE = re.compile(
    r"^(?:pourquoi|comment|combien|quand|ou|qui|quoi|lequel|laquelle|lesquels|lesquelles|par qui|depuis quand|a quoi|"
    r"c'est-a-dire|why|how|when|where|who|how many|how much|which one|since when|by whom)\b"
)
_OF_WHAT = re.compile(r"^c'est (?:quel(?:le)?s?|qui|ou|quand|combien)\b[^,]*$")
_PRONOUN = re.compile(
    r"(?<![\w'])(?:(?:-t)?-?(?:il|elle|ils|elles)|lui|eux|celui-ci|celle-ci|ceux-ci|celles-ci|ca|cela|l'(?=a\b|ont\b|avait|a-t)|"
    r"(?:les|la|le|y|en) (?=a |ont |est |sont |a-t)|son|sa|ses|leurs?|ce(?:t|tte|s)? (?!que|qui|dont)\w+|"
    r"he|she|it|they|them|him|his|her|its|their|this|that|these|those)(?!\w)"
)
_INVERTED = re.compile(r"-(?:t-)?(?:il|elle|ils|elles)\b")
# « peuvent-ils en tirer … »: of what the question before asked about, whoever they are
_THEREOF = re.compile(r"-(?:t-)?(?:ils?|elles?|on|nous|vous|je) (?:en|y) \w+(?:er|ir|re)\b")
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
# « Quand ouvre le jardin », « Who founded the garden »: a verb between the question word and an article
_ASKED_VERB = re.compile(
    r"^(?:quand|où|comment|pourquoi|combien|que|who|what|when|where|why|how)\s+\w+\s+"
    r"(?:l['’]|(?:le|la|les|un|une|des|the|an?)\s+)$",
    re.IGNORECASE,
)
_NOUN = re.compile(r"(?:(?:le|la|les|un|une|des|the)\s+|l['’])\w+", re.IGNORECASE)
_NAME = re.compile(
    r"(?P<article>(?:le|la|les|the)\s+|l['’])?"
    r"(?P<name>[A-ZÀ-Þ][\w’'-]*(?:\s+(?:de |du |des |d['’])?[A-ZÀ-Þ0-9][\w’'-]*)*)"
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
    swapped = _renamed(bare, before) or _exchanged(bare, before)
    if swapped is not None:
        return f"{swapped}?" if language(swapped) == "en" else f"{swapped} ?"
    subject = _subject(before)
    if not subject or not bare or fold(subject) in fold(bare):
        return None
    told = turn if _OPENING.match(text) else turn[0].lower() + turn[1:]
    return f"{subject[0].upper()}{subject[1:]}{':' if language(before) == 'en' else ' :'} {told}"


def _leans(text: str) -> bool:
    """Whether a turn needs the one before: it opens with « et », is a bare question word, or has a pronoun of nothing."""
    plain = fold(text)
    words = re.findall(r"\w+", plain)
    if not words or len(words) > MOST_WORDS:
        return False
    if _OPENING.match(plain) or _OF_WHAT.match(plain) or _THEREOF.search(plain):
        return True
    names = re.findall(r"(?<=[\s'’])[A-ZÀ-Þ][\w-]+", text)
    if not names and _ALONE.match(plain) and len(FrenchAnalyser().terms(text)) <= 1:
        return True
    if names or _IMPERSONAL.search(plain):
        return False
    pronoun = _PRONOUN.search(plain) or _INVERTED.search(plain)
    return pronoun is not None and not _ANTECEDENT.search(plain[: pronoun.start()])


def _renamed(turn: str, before: str) -> str | None:
    """The question before about another name: « et Deliveroo ? » where it has one name alone."""
    other = _NAME.fullmatch(turn)
    if other is None or fold(other["name"]) in _QUESTION_WORDS:
        return None
    stem = before.rstrip(" ?!.\u00a0\u202f")
    opening = re.match(r"\W*[\w’'-]+", stem)
    named = list(_NAME.finditer(stem, opening.end() if opening else 0))
    if len(named) != 1 or bool(named[0]["article"]) != bool(other["article"]):
        return None
    # « le Code du travail », « la Sécurité sociale »: a name that goes on in common words
    if named[0]["article"] and named[0].end() < len(stem) and not named[0]["name"].isupper():
        return None
    return f"{stem[: named[0].start()]}{turn}{stem[named[0].end() :]}"


def _exchanged(turn: str, before: str) -> str | None:
    """The question before with the turn in place of the part that the same preposition, or the same noun with its
    article, opens; both without their end."""
    stem = before.rstrip(" ?!.\u00a0\u202f")
    noun = _NOUN.match(turn)
    if noun is not None:
        last = re.search(rf"(?<!\w){re.escape(noun.group())}\b(?:\s+[\w’'-]+){{0,4}}$", stem, re.IGNORECASE)
        return None if last is None else f"{stem[: last.start()]}{turn}"
    match = _PREPOSITIONAL.match(turn)
    if match is None:
        return None
    same = list(re.finditer(rf"(?<![\w-]){re.escape(match['preposition'])}\s+[^,?]+$", stem, re.IGNORECASE))
    families = {"en": "au", "au": "en", "aux": "en"}
    other = families.get(match["preposition"].lower())
    if not same and other:
        same = list(re.finditer(rf"(?<![\w-])(?:{other}|aux)\s+[^,?]+$", stem, re.IGNORECASE))
    if not same:
        return f"{stem}, {turn}" if len(turn.split()) <= 6 else None
    return f"{stem[: same[-1].start()]}{turn}"


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
    return _VERB.sub("", before[article.start() if article else start : end]).rstrip(" ,;")
