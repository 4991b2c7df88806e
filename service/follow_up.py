"""A turn of a chat to a question of its own: « et en Allemagne ? » after « Quel est le salaire minimum en France ? ».

By rules, and shown to the reader as the answer's ``rewritten_question``. Where the turn takes the place of a part of the
question before it (its only name, the same noun, the same preposition), that part is exchanged; elsewhere the subject of
the question before is named in front: « La coopérative Coopaname : qui l'a fondée ? ».
"""

import re
from collections.abc import Sequence

from indexer.analysis import FrenchAnalyser, fold
from service.understand import LONGEST_QUESTION, language

_END = " ?!.\u00a0\u202f"  # what a turn ends with
MOST_WORDS = 12  # a longer turn names what it is about
# « Non-paiement », « But de la société », « Or et argent » open no turn
_OPENING = re.compile(
    r"^(?:(?:et|mais|and|alors|sinon|ok|oui)(?![\w’'-])|non(?=\s*,)|"
    r"(?:but|or)(?= (?:who|what|when|where|why|how|which|in|for|with|at|from|the|is|are|does|did)\b))[\s,:]*",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"^(?:pourquoi|comment|combien|quand|ou|qui|quoi|lequel|laquelle|lesquels|lesquelles|par qui|depuis quand|a quoi|"
    r"c'est-a-dire|why|how|when|where|who|how many|how much|which one|since when|by whom)\b"
)
# « c'est quel article du Code ? », but not « c'est quel jour la fête du travail ? », which names its subject
_OF_WHAT = re.compile(r"^c'est (?:quel(?:le)?s? \w+(?: (?:du|de|des|d')\b.*)?|qui|ou|quand|combien)\W*$")
_PRONOUN = re.compile(
    r"(?<![\w'])(?:(?:-t)?-?(?:il|elle|ils|elles)|lui|eux|celui-ci|celle-ci|ceux-ci|celles-ci|ca|cela|l'(?=a\b|ont\b|avait|a-t)|"
    r"(?:les|la|le|y|en) (?=a |ont |est |sont |a-t)|son|sa|ses|leurs?|ce(?:t|tte|s)? (?!que|qui|dont)\w+|"
    r"he|she|it|they|them|him|his|her|its|their|this|that|these|those)(?!\w)"
)
_INVERTED = re.compile(r"-(?:t-)?(?:il|elle|ils|elles)\b")
# « peuvent-ils en tirer parti ? »: of what the question before asked about, whoever they are
_THEREOF = re.compile(
    r"\b(?:peu(?:t|vent|x)|puis|pouvons|pouvez|do(?:it|is|ivent)|devons|devez|veu(?:t|lent)|faut)"
    r"-(?:t-)?(?:ils?|elles?|on|nous|vous|je) (?:en|y) "
    r"(?!(?:finir|venir|arriver|janvier|fevrier|hiver|premier|particulier|angleterre|\w+mbre|octobre)\b)\w+(?:er|ir|re)\b[^,]*$"
)
_IMPERSONAL = re.compile(
    r"\b(?:il y a|y a-t-il|s'agit-il|il s'agit|il faut|faut-il|est-il (?:vrai|possible)|qu'est-ce|"
    r"(?:passe|existe|arrive|reste)-t-il|il (?:se passe|existe|reste))\b"
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
_FINITE = re.compile(
    r"-(?:t-)?(?:ils?|elles?|on|ce|nous|vous)\b|\b(?:est|sont|a|ont|était|sera|is|are|was|has)\b", re.IGNORECASE
)
_GROUP = (
    r"(?:en|au|aux|à|dans|chez|pour|avec|sans|sur|par|depuis|selon|contre|du|de|des|in|for|with|at|from|of)\b|d['’]"
)
_NAME = re.compile(
    r"(?<![\w’'-])(?P<article>(?:le|la|les|the)\s+|l['’])?"
    r"(?P<name>(?!I\b)[A-ZÀ-Þ][\w’'-]*(?:\s+(?:de |du |des |d['’])?[A-ZÀ-Þ0-9][\w’'-]*)*)"
)
# before a name that cannot be exchanged for another without its grammar
_BOUND = re.compile(r"(?:\b(?:en|au|aux|du|des|un|une|sa|son|ses|an?)\s+|«[^»]*)$", re.IGNORECASE)
_NO_NAMES = frozenset("merci bonjour bonsoir salut demain hier apres ensuite sinon thanks hello".split())
_VERB = re.compile(r"\s+\w+-(?:t-)?(?:il|elle|ils|elles|on)\b.*$")


def rewrite(question: str, history: Sequence[str]) -> str | None:
    """The question with what it leans on, from the questions asked before it (oldest first); ``None`` if it stands
    alone, or would become too long."""
    before: str | None = None
    for earlier in history:
        before = _resolved(earlier, before) or earlier
    resolved = _resolved(question, before)
    return resolved if resolved is not None and len(resolved) <= LONGEST_QUESTION else None


def _resolved(question: str, before: str | None) -> str | None:
    text = " ".join(question.split())
    if not before or not _leans(text):
        return None
    turn = _OPENING.sub("", text).strip()
    bare = turn.rstrip(_END)
    stem = before.rstrip(_END)
    swapped = None if bare.isupper() and len(bare.split()) > 1 else _renamed(bare, stem) or _exchanged(bare, stem)
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
    """The question before about another name: « et Deliveroo ? » where it has one name alone. Neither has its end."""
    other = _NAME.fullmatch(turn)
    analyser = FrenchAnalyser()
    if other is None or not analyser.terms(other["name"]) or fold(other["name"]) in _NO_NAMES:
        return None
    opening = re.match(r"\W*[\w’'-]+", before)
    names = list(_NAME.finditer(before, opening.end() if opening and not analyser.terms(opening.group()) else 0))
    if len(names) != 1 or _number(names[0]) != _number(other) or _BOUND.search(before[: names[0].start()]):
        return None
    # « Pôle emploi », « le Code du travail », « Médecins sans frontières »: a name that goes on in common words
    after = re.match(r"\s+([\w’'-]+)", before[names[0].end() :])
    if after and language(before) != "en" and not _FINITE.search(after[1]):
        goes_on = bool(names[0]["article"]) and not names[0]["name"].isupper()
        if goes_on or after[1] == "sans" or analyser.terms(after[1]):
            return None
    return f"{before[: names[0].start()]}{turn}{before[names[0].end() :]}"


def _number(name: re.Match[str]) -> str:
    """``"one"``, ``"many"`` or, without an article, ``""``."""
    article = (name["article"] or "").strip().lower()
    return "" if not article else "many" if article == "les" else "one"


def _exchanged(turn: str, before: str) -> str | None:
    """The question before with the turn in place of the part that the same noun with its article, or the same
    preposition, opens. Neither has its end."""
    noun = _NOUN.match(turn)
    if noun is not None:
        return None if _FINITE.search(turn) or len(turn.split()) > 6 else _of_same_noun(turn, noun.group(), before)
    match = _PREPOSITIONAL.match(turn)
    if match is None:
        return None
    same = list(re.finditer(rf"(?<![\w-]){re.escape(match['preposition'])}\s+[^,?]+$", before, re.IGNORECASE))
    families = {"en": "au", "au": "en", "aux": "en"}
    other = families.get(match["preposition"].lower())
    if not same and other:
        same = list(re.finditer(rf"(?<![\w-])(?:{other}|aux)\s+[^,?]+$", before, re.IGNORECASE))
    if not same:
        return f"{before}, {turn}" if len(turn.split()) <= 6 else None
    return f"{before[: same[-1].start()]}{turn}"


def _of_same_noun(turn: str, noun: str, before: str) -> str | None:
    """« le salaire moyen » for « le salaire minimum », what comes after it kept: « … en France »."""
    written = re.escape(noun).replace("’", "'").replace("'", "['’]")
    same = re.search(
        rf"(?<![\w’'-]){written}\b(?:\s+(?!{_GROUP}|\S*-(?:t-)?(?:il|elle|on))[\w.’'-]+){{0,3}}(?P<rest>\s+(?:{_GROUP}).*)?$",
        before,
        re.IGNORECASE,
    )
    if same is None:
        return None
    rest = same["rest"] or ""
    opens = re.match(rf"\s+({_GROUP})", rest, re.IGNORECASE)
    if opens and re.search(rf"(?<![\w’'-]){re.escape(opens[1])}", turn[len(noun) :], re.IGNORECASE):
        rest = ""
    swapped = f"{before[: same.start()]}{turn}{rest}"
    return None if fold(swapped) == fold(before) else swapped


def _subject(before: str) -> str:
    """From the first content word of a question to its last, with the article before it."""
    before = before.replace(" : ", ", ")
    tokens = [t for t in FrenchAnalyser().tokens(before) if t.surface not in _QUESTION_WORDS]
    if not tokens:
        return ""
    end = max(token.end for token in tokens)
    if len(tokens) > 1 and _ASKED_VERB.search(before[: tokens[1].start]):
        tokens = tokens[1:]
    asked = re.match(r"\w+-(?:t-)?(?:il|elle|on)s?\b", before[tokens[0].start :])  # « que se passe-t-il dans … »
    if asked:
        tokens = [token for token in tokens if token.start >= tokens[0].start + asked.end()] or tokens
    start = tokens[0].start
    article = re.search(r"(?:\b(?:le|la|les|un|une|des|du|the|an?)\s+|\b[LlDd]['’])$", before[:start])
    begin = article.start() if article else start
    if before[end:].lstrip(" \u00a0\u202f").startswith("»") and "«" in before[:start]:
        begin, end = before.rindex("«", 0, start), before.index("»", end) + 1
    return _VERB.sub("", before[begin:end]).rstrip(" ,;")
