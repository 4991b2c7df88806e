"""Numbers of a text as values: digits however grouped, French and English number words, shares, dates, hours.

« 500 000 », « cinq cent mille » and « 0,5 million » are one value; so are « 50 % », « cinquante pour cent » and « la
moitié ». Each number knows its unit, what it counts and whether it is a bound (« au moins », « trois heures ou plus »).
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from indexer.analysis import fold
from indexer.stopwords import FRENCH_STOP_WORDS

_ONES = {
    "zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9,
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20, "vingts": 20,
    "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70, "huitante": 80, "octante": 80,
    "nonante": 90,
    "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_HUNDREDS = {"cent": 100, "cents": 100, "hundred": 100}
_SCALES = {
    "mille": 10**3, "millier": 10**3, "milliers": 10**3, "thousand": 10**3, "million": 10**6, "millions": 10**6,
    "milliard": 10**9, "milliards": 10**9, "billion": 10**9, "billions": 10**9,
}  # fmt: skip
_ABOUT = {"dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40,
          "cinquantaine": 50, "soixantaine": 60, "centaine": 100, "dozen": 12}  # fmt: skip
_SHARES = {"moitie": Fraction(1, 2), "demi": Fraction(1, 2), "demie": Fraction(1, 2), "half": Fraction(1, 2),
           "tiers": Fraction(1, 3), "quart": Fraction(1, 4), "quarts": Fraction(1, 4)}  # fmt: skip
_DENOMINATORS = frozenset({"tiers", "quart", "quarts"})
_FACTORS = {"doubl": 2, "tripl": 3, "quadrupl": 4, "decupl": 10}
_MONTHS = (
    ("janvier", "january"), ("fevrier", "february"), ("mars", "march"), ("avril", "april"), ("mai", "may"),
    ("juin", "june"), ("juillet", "july"), ("aout", "august"), ("septembre", "september"), ("octobre", "october"),
    ("novembre", "november"), ("decembre", "december"),
)  # fmt: skip
_WEEKDAYS = (
    ("lundi", "monday"), ("mardi", "tuesday"), ("mercredi", "wednesday"), ("jeudi", "thursday"),
    ("vendredi", "friday"), ("samedi", "saturday"), ("dimanche", "sunday"),
)  # fmt: skip
_WEEKDAY_OF = {name: number for number, names in enumerate(_WEEKDAYS, 1) for name in names}
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
UNITS = {
    "an": "year", "ans": "year", "annee": "year", "annees": "year", "year": "year", "years": "year",
    "annuel": "year", "annuelle": "year", "annuellement": "year", "yearly": "year", "annually": "year",
    "mois": "month", "mensuel": "month", "mensuelle": "month", "mensuellement": "month", "month": "month",
    "months": "month", "monthly": "month", "trimestre": "quarter", "trimestres": "quarter", "trimestriel": "quarter",
    "semaine": "week", "semaines": "week", "hebdomadaire": "week", "week": "week", "weeks": "week", "weekly": "week",
    "jour": "day", "jours": "day", "journee": "day", "quotidien": "day", "quotidienne": "day", "quotidiennement": "day",
    "journalier": "day", "journaliere": "day", "day": "day", "days": "day", "daily": "day",
    "heure": "hour", "heures": "hour", "h": "hour", "hour": "hour", "hours": "hour", "minute": "minute",
    "minutes": "minute", "min": "minute", "seconde": "second", "secondes": "second", "seconds": "second",
    "siecle": "century", "siecles": "century", "century": "century", "centuries": "century",
    "decennie": "decade", "decennies": "decade", "decade": "decade", "decades": "decade",
    "euro": "euro", "euros": "euro", "eur": "euro", "dollar": "dollar", "dollars": "dollar", "franc": "franc",
    "francs": "franc", "livres": "pound", "yen": "yen", "yens": "yen", "centimes": "cent",
    "kilometre": "km", "kilometres": "km", "km": "km", "metre": "m", "metres": "m", "m": "m", "centimetres": "cm",
    "cm": "cm", "millimetres": "mm", "mm": "mm", "hectare": "ha", "hectares": "ha", "kilogramme": "kg",
    "kilogrammes": "kg", "kg": "kg", "kilo": "kg", "kilos": "kg", "gramme": "g", "grammes": "g", "tonne": "t",
    "tonnes": "t", "litre": "l", "litres": "l", "degre": "degree", "degres": "degree",
}  # fmt: skip
TIME_UNITS = frozenset({"year", "month", "quarter", "week", "day", "hour", "minute", "second", "century", "decade"})
MONEY = frozenset({"euro", "dollar", "franc", "pound", "yen", "cent"})
TIMES = {word: unit for word, unit in UNITS.items() if unit in TIME_UNITS and word not in ("h", "min")}
# « un mois » is a number of months, « un homme » an article; « un quotidien » is a newspaper.
_ONE_OF = frozenset(
    "an annee mois trimestre semaine jour journee heure minute siecle decennie euro dollar franc yen tiers quart".split()
)
_SIGNS = {"€": "euro", "$": "dollar", "£": "pound", "°": "degree"}
_SPACES = " \u00a0\u202f\u2009"
_FUNCTION_WORDS = frozenset(fold(word) for word in FRENCH_STOP_WORDS)

_DIGITS = re.compile(
    rf"(?<![\w.,])(?:\d{{1,3}}(?:[{_SPACES}]\d{{3}})+(?!\d)|\d{{1,3}}(?:\.\d{{3}}){{2,}}(?!\d)|\d+)(?:[.,]\d+)?"
)
_ANY_DIGITS = re.compile(r"\d+")
_DATE = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})\b")
_ROMAN = re.compile(rf"\b([IVX]{{1,5}})[{_SPACES}]?(?:e|er|ème|th)\b")
_WORD = re.compile(r"[^\W\d_]+")
_NEXT_WORD = re.compile(r"[^\W\d_]+(?!['’])|(?<=\bd)(?=['’])")
_PERCENT = re.compile(rf"[{_SPACES}]*(?:%|p\.?\s?100\b|pour[{_SPACES}]cents?\b|per\s?cent\b)", re.IGNORECASE)
_DECADE = re.compile(r"\bannees\W+\d")
_NINETIES = re.compile(r"\bannees\W+(\d0)\b")
_ORDINAL = re.compile(r"(.{3,})iemes?$")
_OF, _TO, _THE = r"d(?:es?|u|['’])", r"(?:aux?|a|en)", r"\s*(?:l[ae']s?\s*|les\s*)?$"
_BEFORE = (
    ("least", re.compile(rf"(?:au moins|au minimum|(?:plus|a partir|a compter) {_OF}|superieure?s? {_TO}|"
                         rf"at least|more than|over|from){_THE}")),
    ("most", re.compile(rf"(?:au plus|au maximum|moins {_OF}|jusqu['’]?{_TO}|inferieure?s? {_TO}|"
                        rf"at most|less than|fewer than|under|up to){_THE}")),
)  # fmt: skip
_AFTER = (
    ("least", re.compile(r"^\W*(?:\w+\W+)?(?:ou|et|or|and) (?:plus|more|over)\b(?! (?:tot|tard))|^\W*\w+\W+(?:au )?minimum\b|"
                         r"^\s*(?:[\w€$£]+\s+)?au moins\b")),
    ("most", re.compile(r"^\W*(?:\w+\W+)?(?:ou|et|or|and) (?:moins|less|fewer)\b|^\W*\w+\W+(?:au )?maximum\b|"
                        r"^\s*(?:[\w€$£]+\s+)?au plus\b(?! (?:tot|tard))")),
)  # fmt: skip
_NO_LESS = re.compile(r"pas (?:\w+ )?moins d[e'’]\s*$")
_PART_OF = re.compile(rf"\bun[{_SPACES}]$")
_OF_WHAT = re.compile(rf"[{_SPACES}]d(?:es?|u|['’])\b")
_RANGE = re.compile(r"^\s*(?:a|et|ou|-|–|to|and|or)\s*$")
_FROM_TO = re.compile(r"^\s*(?:[^\W\d]+\s+|[€$£]\s*)?(?:aux?|a|to)\s+$")
_MONEY = re.compile(rf"[{_SPACES}]?(k|M|Md)s?(?=[{_SPACES}]?€|[{_SPACES}]d['’]euros)")
_MONEY_SCALES = {"k": 10**3, "M": 10**6, "Md": 10**9}


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a text from ``start`` to ``end`` (characters).

    ``kind`` is ``"number"``, ``"share"`` (1 is the whole), ``"factor"``, ``"ordinal"``, ``"month"`` or ``"weekday"``; ``unit``
    its unit
    where it is a known one; ``bound`` ``"least"`` or ``"most"``; ``counted`` where the word that follows it begins.
    """

    start: int
    end: int
    value: Fraction
    kind: str
    unit: str | None = None
    bound: str | None = None


class _Found:
    """Numbers, none over another: the first to claim a place keeps it."""

    def __init__(self, length: int) -> None:
        self.numbers: list[Number] = []
        self.taken = [False] * length

    def add(self, start: int, end: int, value: Fraction, kind: str, unit: str | None = None) -> None:
        if not any(self.taken[start:end]):
            self.taken[start:end] = [True] * (end - start)
            self.numbers.append(Number(start, end, value, kind, unit))


def plain(text: str) -> str:
    """Folded, each character for one character, so that offsets hold."""
    folded = fold(text)
    return folded if len(folded) == len(text) else "".join((fold(character) or " ")[0] for character in text)


def units_of(text: str) -> frozenset[str]:
    """The units of time that a text speaks of, in canonical names; the name of a decade (« années 1960 ») is none."""
    folded = _DECADE.sub(" ", plain(text))
    return frozenset(TIMES[word.group()] for word in _WORD.finditer(folded) if word.group() in TIMES)


def numbers_of(text: str) -> tuple[Number, ...]:
    """The numbers of a text in reading order. « un » and « une » alone are articles, but in « un mois », « un tiers »."""
    folded = plain(text)
    found = _Found(len(text))
    add = found.add
    for match in _DATE.finditer(text):
        groups = match.groups()
        day, month, year = (1, 2, 3) if groups[0] else (6, 5, 4)
        for group, kind in ((day, "number"), (month, "month"), (year, "number")):
            add(match.start(group), match.end(group), Fraction(int(match.group(group))), kind)
    for match in _ROMAN.finditer(text):
        add(match.start(), match.end(), Fraction(_roman(match.group(1))), "ordinal")
    for match in _NINETIES.finditer(folded):
        add(match.start(1), match.end(1), Fraction(1900 + int(match.group(1))), "number", "year")
    for match in _DIGITS.finditer(text):
        digits = re.sub(rf"[{_SPACES}]", "", match.group())
        if digits.count(".") > 1:
            digits = digits.replace(".", "")
        end, value = _scaled(text, folded, match.end(), Fraction(digits.replace(",", ".")))
        add(match.start(), end, value, "number")
    for match in _ANY_DIGITS.finditer(text):  # « Covid19 », « 11(1) »: nothing with a digit goes unread
        add(match.start(), match.end(), Fraction(int(match.group())), "number")
    _worded(folded, found)
    return tuple(_placed(text, folded, sorted(found.numbers, key=lambda one: one.start)))


def _roman(letters: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in letters]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def _scaled(text: str, folded: str, end: int, value: Fraction) -> tuple[int, Fraction]:
    """« 1,2 million », « 3 M€ »: where the number ends with its scale, and its value."""
    if (money := _MONEY.match(text, end)) is not None:
        return money.end(), value * _MONEY_SCALES[money.group(1)]
    match = _WORD.match(folded, end + 1) if end < len(folded) and folded[end] in _SPACES else None
    if match is not None and match.group() in _SCALES:
        return match.end(), value * _SCALES[match.group()]
    return end, value


def _worded(folded: str, found: _Found) -> None:
    """Number words, in the runs in which they stand."""
    add = found.add
    words = [match for match in _WORD.finditer(folded) if not any(found.taken[match.start() : match.end()])]
    at = 0
    while at < len(words):
        word = words[at].group()
        start = words[at].start()
        if word in _MONTH_OF and word != "may":  # which is a verb more often than a month
            add(start, words[at].end(), Fraction(_MONTH_OF[word]), "month")
        elif word in _WEEKDAY_OF:
            add(start, words[at].end(), Fraction(_WEEKDAY_OF[word]), "weekday")
        elif word in _SHARES:
            add(start, words[at].end(), _SHARES[word], "share")
        elif word in _ABOUT:
            add(start, words[at].end(), Fraction(_ABOUT[word]), "number")
        elif any(word.startswith(stem) for stem in _FACTORS):
            add(start, words[at].end(), Fraction(next(n for s, n in _FACTORS.items() if word.startswith(s))), "factor")
        elif word == "premier" and _following(folded, words, at) in _MONTH_OF:
            add(start, words[at].end(), Fraction(1), "ordinal")
        elif (ordinal := _ordinal_of(word)) is not None:
            add(start, words[at].end(), Fraction(ordinal), "ordinal")
        elif word in _ONES or word in _HUNDREDS or word in _SCALES:
            last = _run(folded, words, at)
            value = _value([match.group() for match in words[at : last + 1]])
            if value is not None and (last > at or _is_number(folded, words, at)):
                add(start, words[last].end(), Fraction(value), "number")
            at = last
        at += 1


def _following(folded: str, words: list[re.Match[str]], at: int) -> str:
    """The word right after a word, ``""`` where more than a space parts them."""
    if at + 1 == len(words) or folded[words[at].end() : words[at + 1].start()].strip(_SPACES):
        return ""
    return words[at + 1].group()


def _is_number(folded: str, words: list[re.Match[str]], at: int) -> bool:
    """Whether a number word alone is one: not the article « un homme », nor the adjective of « un logement neuf »."""
    word, following = words[at].group(), _following(folded, words, at)
    if word in ("un", "une"):
        return following in _ONE_OF
    if word == "neuf":  # nine before a plural, a unit, « mai », « pour cent », « ou dix »
        plural = following.endswith(("s", "x")) and following not in _FUNCTION_WORDS
        further = [match.group() for match in words[at + 2 : at + 3] if following in ("ou", "a", "sur", "pour")]
        joined = any(numeral in _ONES or numeral in _HUNDREDS for numeral in further if numeral not in ("un", "une"))
        return plural or joined or following in _MONTH_OF or following in UNITS
    return True


def _ordinal_of(word: str) -> int | None:
    if word in ("second", "seconde"):
        return 2
    match = _ORDINAL.match(word)
    if match is None:
        return None
    stem = {"cinqu": "cinq", "neuv": "neuf", "quatr": "quatre", "trent": "trente", "onz": "onze", "douz": "douze",
            "treiz": "treize", "quinz": "quinze", "seiz": "seize", "soixant": "soixante",
            "quarant": "quarante"}.get(match.group(1), match.group(1))  # fmt: skip
    return _ONES.get(stem)


def _run(folded: str, words: list[re.Match[str]], at: int) -> int:
    """The last word of the number that begins at ``at``."""
    last = at
    while last + 1 < len(words):
        between = folded[words[last].end() : words[last + 1].start()]
        following = words[last + 1].group()
        if between.strip(_SPACES + "-‐‑–"):
            break
        numeral = following in _ONES or following in _HUNDREDS or following in _SCALES
        if numeral and _value([match.group() for match in words[at : last + 2]]) is not None:
            last += 1
            continue
        joined = following in ("et", "and") and last + 2 < len(words)
        if joined and words[last + 2].group() in ("un", "une", "onze") and words[last].group() in _ONES:
            last += 2
            continue
        break
    return last


def _value(words: list[str]) -> int | None:
    """The value of number words; ``None`` where they are not one number (« quatre cinq »)."""
    total, part, previous = 0, 0, 1000
    for word in words:
        if word in ("et", "and"):
            continue
        if word in _SCALES:
            total += max(part, 1) * _SCALES[word]
            part, previous = 0, 1000
        elif word in _HUNDREDS:
            if part > 9:
                return None
            part, previous = max(part, 1) * 100, 100
        elif word in ("vingt", "vingts") and part % 100 == 4 and previous == 4:
            part, previous = part + 76, 20
        else:
            number = _ONES[word]
            fits = number < 10 if previous == 10 else number < previous and (previous >= 20)
            if previous == 10 and not (7 <= number <= 9):
                return None
            if not fits:
                return None
            part, previous = part + number, number
            if number >= 20:
                previous = 20
    return total + part


def ranges_of(text: str, numbers: tuple[Number, ...]) -> list[tuple[Number, Number]]:
    """« de 500 à 700 euros »: the numbers of a text that stand on the two sides of « à »."""
    folded = plain(text)
    pairs = zip(numbers, numbers[1:], strict=False)
    return [(one, other) for one, other in pairs if _FROM_TO.match(folded[one.end : other.start])]


def _fractions(folded: str, found: list[Number]) -> list[Number]:
    """« deux tiers », « quatre cinquièmes », « un cinquième des » and « 4/5 » as one share."""
    whole: list[Number] = []
    for number in found:
        before = whole[-1] if whole else None
        told = folded[number.start : number.end]
        between = folded[before.end : number.start] if before else ""
        denominator: Fraction | None = None
        if told in _DENOMINATORS and number.kind == "share":
            denominator = number.value
        elif number.kind == "ordinal" and told.endswith("iemes"):
            denominator = 1 / number.value
        elif number.kind == "number" and between == "/" and before and 0 < before.value < number.value <= 100:
            denominator, between = 1 / number.value, ""
        if denominator and before and before.kind == "number" and not between.strip(_SPACES):
            whole[-1] = Number(before.start, number.end, before.value * denominator, "share")
        elif number.kind == "ordinal" and told.endswith("ieme") and _PART_OF.search(folded[: number.start]):
            of = _OF_WHAT.match(folded, number.end)
            whole.append(Number(number.start, number.end, 1 / number.value, "share") if of else number)
        else:
            whole.append(number)
    return whole


def _placed(text: str, folded: str, found: list[Number]) -> list[Number]:
    """The numbers with their units, shares and bounds; « 42 à 47 % » and « cinq à onze ans » share theirs."""
    placed: list[Number] = []
    for number in _fractions(folded, found):
        if placed and number.start < placed[-1].end:  # the « cent » of « pour cent »
            continue
        kind, value, unit, end = number.kind, number.value, number.unit, number.end
        percent = _PERCENT.match(folded, end) or _PERCENT.match(text, end)
        if percent and kind == "number":
            kind, value, end = "share", value / 100, percent.end()
        elif kind == "number" and unit is None:
            unit = _unit_after(text, folded, end)
        bound = next((name for name, pattern in _AFTER if pattern.search(folded[end : end + 30])), None)
        if bound is None:
            before = folded[max(number.start - 30, 0) : number.start]
            bound = next((name for name, pattern in _BEFORE if pattern.search(before)), None)
            if bound == "most" and _NO_LESS.search(before):
                bound = "least"
        placed.append(Number(number.start, end, value, kind, unit, bound))
    for at in range(len(placed) - 2, -1, -1):
        one, following = placed[at], placed[at + 1]
        if one.kind == "number" and one.unit is None and _RANGE.match(folded[one.end : following.start]):
            if following.kind == "share":
                placed[at] = Number(one.start, one.end, one.value / 100, "share", None, one.bound)
            elif following.kind == "number":
                placed[at] = Number(one.start, one.end, one.value, "number", following.unit, one.bound)
    return placed


def _unit_after(text: str, folded: str, end: int) -> str | None:
    rest = text[end : end + 2].strip(_SPACES)
    if rest[:1] in _SIGNS:
        return _SIGNS[rest[:1]]
    words = [match.group() for match in _NEXT_WORD.finditer(folded[end : end + 40])][:3]
    while words and words[0] in ("", "d", "de", "des", "premieres", "premiers", "dernieres", "derniers", "a", "of"):
        words = words[1:]
    return UNITS.get(words[0]) if words else None
