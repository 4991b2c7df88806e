"""Wordings compared: SQuAD's token F1 with French normalisation, and which language a wording is in."""

import re
from collections import Counter

from indexer.analysis import fold
from indexer.stopwords import ENGLISH_STOP_WORDS, FRENCH_STOP_WORDS

_ARTICLES = frozenset("le la les l un une des du".split())
_GROUP = re.compile(r"(?<=\d)[\s\u00a0\u202f\u2009](?=\d{3}(?!\d))")
_WORD = re.compile(r"\w+")
_FRENCH = frozenset(fold(word) for word in FRENCH_STOP_WORDS - ENGLISH_STOP_WORDS)
_ENGLISH = frozenset(ENGLISH_STOP_WORDS - FRENCH_STOP_WORDS)


def normalised(text: str) -> list[str]:
    """Words without case, accents, articles or punctuation; « 500 000 » is one word."""
    return [word for word in _WORD.findall(fold(_GROUP.sub("", text))) if word not in _ARTICLES]


def token_f1(answer: str, reference: str) -> float:
    """Harmonic mean of the shares of words in common (Rajpurkar et al. 2016), 1 where both are empty."""
    given, wanted = Counter(normalised(answer)), Counter(normalised(reference))
    if not given or not wanted:
        return float(given == wanted)
    shared = (given & wanted).total()
    return 2 * shared / (given.total() + wanted.total())


def holds(text: str, fact: str) -> bool:
    """Whether a text holds a fact word for word: case, apostrophes and kinds of spaces aside."""
    return _plain(fact) in _plain(text)


def language(text: str) -> str | None:
    """``"fr"`` or ``"en"``, by function words that only one of them has; ``None`` where they do not tell."""
    words = _WORD.findall(fold(text))
    french, english = sum(word in _FRENCH for word in words), sum(word in _ENGLISH for word in words)
    if french == english:
        return None
    return "fr" if french > english else "en"


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())
