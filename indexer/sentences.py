"""Split French (and English) prose into sentences, by rules, as spans of the text.

A sentence ends at ``. ! ? …`` followed by space and a plausible beginning, never after an abbreviation, an
initial or an ordinal, nor inside guillemets or brackets that are still open.
"""

import re

from indexer.document import Sentence

# What a full stop follows without ending the sentence. Titles and references always; « etc. » only before lower case.
_ABBREVIATIONS = frozenset(
    "m mm mme mlle mmes mlles me mgr dr drs pr st ste no n° nos art al cf ex fig p pp vol chap ch av apr env éd ed "
    "coll trad réf ref tél tel bd boul hab ap r l d lt col gén gal cie éts ets sté min max mr mrs ms vs réal dir "
    "sept oct nov déc janv févr juil cap cdt sgt adj ing prof tabl".split()
)
# Abbreviations that are words too: they end a sentence when a plain beginning follows.
_ALSO_WORDS = frozenset("ex min max env col dir sept pr cap prof adj".split())
# « vol. 2 », « art. L. 123 », « tél. 01 … » refer to something; « contre le vol. Les » ends a sentence.
_REFERENCES = frozenset("p pp vol chap fig no nos art tel tél".split())
_REFERRED_TO = re.compile(r"[\d(+]|[IVXLC]+(?:er|e)?\b|[A-Z]{1,2}\.")
# « à 300 m. Le sentier »: a unit behind its number, no « M. »
_UNITS = frozenset("m mm l d min".split())
_NEW_SENTENCE = re.compile(
    r"(?:Ils?|Elles?|On|Nous|Vous|Les?|La|Une?|Des|Ces?|Cette|Cela|En|Mais|The|It|He|She|They|We)\b"
)
_STOP = re.compile(r"(?:\.{2,}|[.!?…])+")
_OPENERS = "«“\"‘'([‹—–-•¿¡"
# A closing mark or note call belongs to the sentence just ended: « … ! » [3]
_CLOSING = re.compile(r"(?:[»”\"’')\]›]|[\s\u00a0\u202f]+[»”›]|[\s\u00a0\u202f]?\[\d{1,3}\])+")
_WORD_BEFORE = re.compile(r"([^\W\d_]+|n°)$", re.UNICODE)
# « 21 h. 45 », « 84 m. 50 », « 3 fr. 50 »: two figures behind the unit are its minutes, centimetres, centimes
_UNIT_BEFORE = re.compile(r"\d[\s\u00a0\u202f]?(?:h|m|fr|f)$")
_TWO_FIGURES = re.compile(
    r"\d\d(?!\d)(?![\s\u00a0\u202f]+(?:(?!(?:avec|dans|pour|sous|vers|puis|mais|sans|chez)\b)[a-zà-ÿ]{4,}|(?:k?m|[kc]?g|[cm]m|l)\b|[%€]))"
)
# « Art. 7. – », « Article L. 121-3. », « 1.1. », « II. »: numbers what follows
_ARTICLE = re.compile(
    r"(?i:art(?:icle)?|chap(?:itre)?|titre|section|§)\.?\s*(?:[LRD]\.?\s?)?(?:\d+(?:[.\-]\d+)*|[IVX]+)(?:er|bis|ter)?"
)
_NUMBERING = re.compile(r"\d+(?:\.\d+)+|[IVX]{1,4}")
_LONGEST_NUMBERING = 40
_SPACES = re.compile(r"\s*")
_PAIRS = {"«": "»", "“": "”", "(": ")", "[": "]"}
# A quotation longer than this is split like any prose (or was never closed).
_LONGEST_QUOTATION = 300


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Sentence]:
    """Sentences of ``text[start:end]``, in order, without overlap; each begins and ends with a visible character.

    Every visible character of the range lies in exactly one sentence.
    """
    end = len(text) if end is None else end
    sentences: list[Sentence] = []
    begin = start
    for stop in _STOP.finditer(text, start, end):
        if stop.start() < begin:
            continue
        closing = _CLOSING.match(text, stop.end(), end)
        close = closing.end() if closing else stop.end()
        if _is_boundary(text, begin, stop, close, end):
            _append(sentences, text, begin, close)
            begin = close
    _append(sentences, text, begin, end)
    return sentences


def _append(sentences: list[Sentence], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    stripped = piece.strip()
    if stripped:
        sentences.append(Sentence(start + left, start + left + len(stripped)))


def _is_boundary(text: str, begin: int, stop: re.Match[str], close: int, end: int) -> bool:
    spaces = _SPACES.match(text, close, end)  # never a copy of the rest: a text may be one line
    after = spaces.end() if spaces else close
    if after == end:
        return True
    if text[close] not in " \t\n\r\u00a0\u202f\u2009":  # « .com », « 3.5 », « L.1234 », « ?! » inside a word
        return False
    first = text[after]
    if not (first.isalnum() or first in _OPENERS or not first.isascii()):
        return False
    mark = stop.group()
    if mark in (".", "…", "...") or set(mark) == {"."}:
        if first.islower() or first in ",;:%":
            return False
        if mark == "." and _is_abbreviation(text, begin, stop.start(), after, end):
            return False
    elif first.islower() or first in ",;:)":  # « Quoi ! s'écria-t-il »
        return False
    return not _is_open(text, begin, close, end)


def _is_abbreviation(text: str, begin: int, stop: int, after: int, end: int) -> bool:
    if stop - begin < _LONGEST_NUMBERING:
        whole = text[begin:stop].strip()
        if _ARTICLE.fullmatch(whole) or (_NUMBERING.fullmatch(whole) and not _NEW_SENTENCE.match(text, after, end)):
            return True
    if _UNIT_BEFORE.search(text, max(begin, stop - 6), stop) and _TWO_FIGURES.match(text, after, end):
        return True
    if text[max(begin, stop - 2) : stop - 1] == "°":  # « +4 °C. Au-delà »
        return False
    match = _WORD_BEFORE.search(text, max(begin, stop - 20), stop)
    if match is None:
        # « 1. Objet »: a number that opens the sentence numbers it; « en 2019. Il » ends it.
        return text[begin:stop].strip().isdigit()
    word = match.group(1)
    if len(word) == 1 and word.isupper():  # an initial: « J. Dupont », « L. 1234-5 », but « vitamine C. Elle »
        return not _NEW_SENTENCE.match(text, after, end)
    if word in _UNITS and re.search(r"\d[\s\u00a0\u202f]?$", text[max(begin, match.start() - 2) : match.start()]):
        return False
    if word.lower() in _REFERENCES:
        return bool(_REFERRED_TO.match(text, after, end))
    if word in _ALSO_WORDS and _NEW_SENTENCE.match(text, after, end):
        return False
    return word.lower() in _ABBREVIATIONS


def _is_open(text: str, begin: int, close: int, end: int) -> bool:
    """Whether a quotation or bracket opened in this sentence is still open, and closes within reach."""
    reach = min(begin + _LONGEST_QUOTATION, end)
    if close >= reach:
        return False
    open_marks: list[str] = []
    for character in text[begin:close]:
        if character in _PAIRS:
            open_marks.append(_PAIRS[character])
        elif open_marks and character == open_marks[-1]:
            open_marks.pop()
    if not open_marks:
        return False
    closing = text.find(open_marks[0], close, reach)
    return closing != -1 and "\n\n" not in text[close:closing]
