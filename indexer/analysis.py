"""The French analyser: one and the same for passages and questions.

Text becomes terms: apostrophes and elisions, accents, ligatures, hyphens, inclusive forms, grouped digits, article
numbers, stop words, stemming. Order: fold case and accents, then stem (stemming first misses « securite »).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import Stemmer

from indexer.stopwords import ENGLISH_STOP_WORDS, FRENCH_STOP_WORDS

VERSION = "fr-3"

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
_APOSTROPHES = "'’ʼ′‘`´"
_TO_APOSTROPHE = dict.fromkeys(map(ord, _APOSTROPHES), "'")
_HYPHENS = "-‐‑–"
_LIGATURES = {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ﬁ": "fi", "ﬂ": "fl"}
_ELISION = re.compile(
    rf"\b(?:l|d|j|m|t|s|c|n|qu|jusqu|lorsqu|puisqu|quoiqu|quelqu|presqu|entr)[{_APOSTROPHES}](?=\w)", re.IGNORECASE
)
# Combining accents, soft hyphens and other invisible characters do not end a word.
_INSIDE = "\u0300-\u036f" + "".join(map(chr, sorted(_INVISIBLE)))
# « salarié·e·s », « infirmier(e)s », « auteur·rice·s », « étudiant.e.s », « citoyen-ne-s », « tou.te.s »
_FEMININE = "e|ne|le|te|se|fe|ve|re|ère|ère|trice|rice|euse|esse|sse|ice|es|nes|les|tes|trices|rices|euses|ères"
_INCLUSIVE = re.compile(
    rf"(?<=[\w{_INSIDE}][\w{_INSIDE}])(?:[·•‧∙⋅](?:{_FEMININE})(?:[·•‧∙⋅](s|x))?|\((?:{_FEMININE})\)(s|x)?|\.(?:{_FEMININE})\.(s|x)"
    rf"|-(?:{_FEMININE})-(s|x))(?!\w)",
    re.IGNORECASE,
)
_INCLUSIVE_PLURAL = re.compile(rf"(?<=[\w{_INSIDE}][\w{_INSIDE}])[·•‧∙⋅]((?:{_FEMININE})?s)(?!\w)", re.IGNORECASE)
# Digits grouped by thin, no-break or plain spaces, or by points: « 500 000 », « 1.200.000 »
_GROUPED = re.compile(
    r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?!\d)(?:,\d+)?|(?<![\d.,])\d{1,3}(?:\.\d{3}){2,}(?!\d)"
)
# « L. 1234-5 », « L1234-5 », « art. R.* 421-1 », « D 123 »: the letter and number of an article of a code.
# As typed in lower case, « l. 1234-5 », « r421-1 »: not « d 1-2 », nor « a 100-200 », which say something else
_ARTICLE = re.compile(
    r"\b([LRDA])\s?\.?\s?\*?\s?(\d{1,4}(?:[-‐‑–]\d{1,4})+)|\b([LRD])(?:\.\s?\*?\s?|\*\s?|\s?)(\d{3,4})(?!\w)"
    r"|\b([lrd])\s?\.?\s?\*?\s?(\d{3,4}(?:[-‐‑–]\d{1,4})+)"
)
# « S.N.C.F. », « R&D »: letters that are one word
_ACRONYM = re.compile(r"\b(?:[A-ZÀ-Þ]\.){2,}(?:[A-ZÀ-Þ]\b)?|\b[A-Z]&[A-Z]\b")
_LETTERS = rf"\w[\w{_INSIDE}]*"
_TOKEN = re.compile(
    r"\d{1,2}[./]\d{1,2}[./]\d{4}"  # a date
    r"|\d+(?:[.,]\d+)+"  # a decimal
    rf"|{_LETTERS}(?:[{_HYPHENS}{_APOSTROPHES}]{_LETTERS})*",
    re.UNICODE,
)
_SPLIT = re.compile(rf"[{_HYPHENS}{_APOSTROPHES}]")
_PART = re.compile(rf"[^{_HYPHENS}{_APOSTROPHES}]+")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ]{2})(?=[A-ZÀ-Ý][a-zà-ÿ])")
# Snowball knows « -ée » by its accent, which folding took: « théorisée » would not meet « théorisé ».
_PARTICIPLE = re.compile(r"^([a-z]{4,})ees?$")
_ORDINAL = re.compile(r"^(\d+)(?:er|ere|re|e|eme|nd|nde|st|th|rd)$")


@dataclass(frozen=True, slots=True)
class AnalyserRules:
    """Which rules hold; each can be left out to measure what it is worth (`ask evaluate ablate`).

    ``compounds``: « back-office » gives « backoffice » beside its parts; ``figures``: grouped digits, article numbers and
    acronyms are one word.
    """

    stemming: bool = True
    stop_words: bool = True
    accents: bool = True
    elision: bool = True
    compounds: bool = True
    inclusive: bool = True
    figures: bool = True


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: where it stands, folded (``surface``) and stemmed (``term``)."""

    start: int
    end: int
    surface: str
    term: str


def fold(text: str) -> str:
    """Lower case without accents, ligatures or invisible characters; both apostrophes become ``'``."""
    if text.isascii():
        return text.lower().replace("`", "'")
    text = text.translate(_INVISIBLE)
    for ligature, letters in _LIGATURES.items():
        text = text.replace(ligature, letters)
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    return plain.translate(_TO_APOSTROPHE)


class FrenchAnalyser:
    """Turns text into terms. Not for sharing between threads: the stemmer keeps a buffer."""

    def __init__(self, rules: AnalyserRules = AnalyserRules()) -> None:
        self._rules = rules
        self._stemmer = Stemmer.Stemmer("french", 20_000)

    def terms(self, text: str) -> list[str]:
        """Terms for the lexical index or a query, in reading order, stop words removed.

        A hyphenated word gives its parts and the joined word: « back-office » → back, office, backoffice.
        """
        return [token.term for token in self.tokens(text)]

    def tokens(self, text: str) -> list[Token]:
        """Tokens with their offsets into ``text``, stop words removed. The joined form follows its parts."""
        tokens = self._tokens(text)
        if not self._rules.stop_words:
            return list(tokens)
        if not self._rules.accents:
            return [token for token in tokens if fold(token.surface) not in _STOP_WORDS]
        return [token for token in tokens if token.surface not in _STOP_WORDS]

    def stem(self, surface: str) -> str:
        """The term of one folded word."""
        if not self._rules.stemming:
            return surface
        if not surface.isalpha() and any(character.isdigit() for character in surface):
            return surface
        return str(self._stemmer.stemWord(_PARTICIPLE.sub(r"\1e", surface)))

    def _tokens(self, text: str) -> Iterator[Token]:
        masked = _mask(text, self._rules)
        position = 0
        for match in sorted(
            [
                found
                for pattern in ((_ARTICLE, _GROUPED, _ACRONYM) if self._rules.figures else ())
                for found in pattern.finditer(masked)
            ],
            key=lambda found: (found.start(), -found.end()),
        ):
            if match.start() < position:
                continue
            yield from self._words(masked, position, match.start())
            if match.re is _ARTICLE:
                letter, number = (group for group in match.groups() if group)
                surface = letter.lower() + _SPLIT.sub("-", number)
            elif match.re is _ACRONYM:
                surface = fold(re.sub(r"[.&]", "", match.group()))
            else:
                surface = re.sub(r"[^\d,]", "", match.group())
            yield Token(match.start(), match.end(), surface, self.stem(surface))
            position = match.end()
        yield from self._words(masked, position, len(masked))

    def _words(self, text: str, start: int, end: int) -> Iterator[Token]:
        for match in _TOKEN.finditer(text, start, end):
            word = match.group()
            if word[0].isdigit() and re.search(r"[./,]", word):
                yield from _number(match)
                continue
            if word.islower() and word.isalnum():  # most words: nothing to take apart
                yield from self._token(match.start(), match.end(), word)
                continue
            parts = [(m.start(), m.end()) for m in _PART.finditer(word)]
            if len(parts) == 1:
                parts = _camel_parts(word)
            for a, b in parts:
                yield from self._token(match.start() + a, match.start() + b, word[a:b])
            hyphenated = len(parts) > 1 and _SPLIT.search(word)
            first = fold(word[parts[0][0] : parts[0][1]]) if parts else ""
            if (
                self._rules.compounds
                and len(parts) > 1
                and not word[0].isdigit()
                and not (hyphenated and first in _STOP_WORDS)
            ):
                yield from self._token(match.start(), match.end(), _SPLIT.sub("", word))

    def _token(self, start: int, end: int, word: str) -> Iterator[Token]:
        surface = (fold(word) if self._rules.accents else word.translate(_INVISIBLE).casefold()).strip("_'")
        if surface[:1].isdigit() and (ordinal := _ORDINAL.match(surface)):
            surface = ordinal.group(1)
        if surface:
            yield Token(start, end, surface, self.stem(surface))


def _mask(text: str, rules: AnalyserRules) -> str:
    """``text`` with elisions, inclusive endings and invisible characters blanked, length unchanged (offsets hold)."""
    if rules.elision:
        text = _ELISION.sub(lambda m: " " * len(m.group()), text)
    if not rules.inclusive:
        return text
    text = _INCLUSIVE.sub(_plural_first, text)
    return _INCLUSIVE_PLURAL.sub(lambda m: "s" + "\u200b" * (len(m.group()) - 1), text)


def _plural_first(match: re.Match[str]) -> str:
    mark = next((group for group in match.groups() if group), "")
    return mark + "\u200b" * (len(match.group()) - len(mark))


def _number(match: re.Match[str]) -> Iterator[Token]:
    word = match.group()
    if re.fullmatch(r"\d{1,2}[./]\d{1,2}[./]\d{4}", word):
        day, month, year = re.split(r"[./]", word)
        surface = f"{int(day):02}/{int(month):02}/{year}"
        yield Token(match.start(), match.end(), surface, surface)
        yield Token(match.end() - 4, match.end(), year, year)
    else:
        surface = word.replace(".", ",")
        yield Token(match.start(), match.end(), surface, surface)


def _camel_parts(word: str) -> list[tuple[int, int]]:
    """« AutreFutur » → Autre, Futur (the joined form is added by the caller)."""
    cuts = [0, *(m.start() for m in _CAMEL.finditer(word)), len(word)]
    return list(zip(cuts, cuts[1:], strict=False))


_STOP_WORDS = frozenset(fold(word) for word in FRENCH_STOP_WORDS | ENGLISH_STOP_WORDS)
