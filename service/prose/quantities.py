"""The rule of quantities: every number of a sentence stands in its quotes, with its unit and bound, and counts the same."""

import re
from collections.abc import Iterator

from service.prose.comparison import Comparison, misplaced, place_of, same_number
from service.prose.numbers import UNITS, Number, ranges_of, units_of
from service.prose.verdict import Blame, Reason
from service.prose.words import Word, Words

# In a sentence that holds one, a number without a bound may still tell the quote's: « le maximum est de 50 ».
_LIMIT = re.compile(
    r"\b(?:(?:au|ou|et|voire) (?:moins|plus)|au-delà|dès|environ|près|minim|maxim|limit|plafon|seuil|dépass|excéd|"
    r"inférieur|supérieur|jusqu|partir|compter|franchi|attei|suivant|ultérieur)"
)
_CLOCK = re.compile(r"\bà\s$")
_AS_MANY_AS = re.compile(r"\bpas moins d(?:es?\s|['’])$")


def numbers(comparison: Comparison) -> Iterator[Blame]:
    """Numbers, units, bounds and ranges that no quote has, or that it tells of something else."""
    for number in comparison.said.numbers:
        yield from _number(comparison, number)
    yield from _units(comparison)
    yield from _ranges(comparison)


def _number(comparison: Comparison, number: Number) -> Iterator[Blame]:
    same = [(other, quote) for quote in comparison.quotes for other in quote.numbers if same_number(number, other)]
    told = comparison.said.text[number.start : number.end]
    if not same:
        whole = number.kind == "share" and number.value == 1
        if _is_in_title(comparison, number) or _is_the_two(comparison, number):
            return
        if not (whole and any(name == "all" for quote in comparison.quotes for _, name in quote.quantifiers)):
            yield Blame(Reason.NUMBER, (told,))
    elif all(_units_differ(number, other) for other, _ in same):
        yield Blame(Reason.UNIT, (told,))
    elif _bounds_differ(comparison.said, number, same):
        yield Blame(Reason.BOUND, (told,))
    else:
        yield from _counted(comparison.said, number, same)
        if not _counts_the_same(comparison.said, number, same) and _tells_of_another(comparison, number, same):
            yield Blame(Reason.NUMBER, (told,))


def _is_in_title(comparison: Comparison, number: Number) -> bool:
    """The « 2 » of « Pro Skater 2 », which the title has after the same word."""
    before = place_of(comparison.said, number) - 1
    return before >= 0 and any(
        same_number(number, other) and (at := place_of(title, other) - 1) >= 0
        and title.words[at].form == comparison.said.words[before].form and title.words[at].content
        for title in comparison.titles for other in title.numbers
    )  # fmt: skip


def _is_the_two(comparison: Comparison, number: Number) -> bool:
    """« les deux attributs », of which the quotes name the one and the other without a number."""
    place = place_of(comparison.said, number)
    the = place > 0 and comparison.said.words[place - 1].form in ("les", "ces", "leurs")
    noun = _noun_after(comparison.said, number)
    if number.value != 2 or not the or noun is None:
        return False
    counted = [_noun_after(quote, one) for quote in comparison.quotes for one in quote.numbers]
    stands = max(sum(word.term == noun.term for word in quote.words) for quote in comparison.quotes)
    return stands >= 2 and not any(one is not None and one.term == noun.term for one in counted)


def _units_differ(one: Number, other: Number) -> bool:
    return one.unit is not None and one.unit != other.unit


def _bounds_differ(said: Words, number: Number, same: list[tuple[Number, Words]]) -> bool:
    """Whether a number has another bound than in the quotes, or none and they all have one.

    A date does well without: « entre en vigueur le 3 mai » for « s’applique à partir du 3 mai »; so does « pas moins de ».
    """
    bounds = {other.bound for other, _ in same}
    dated = any(_is_date(words, one) for one, words in [(number, said), *same])
    if number.bound is None:
        stressed = any(_AS_MANY_AS.search(quote.text[: other.start].lower()) for other, quote in same)
        amount = number.kind in ("number", "share") and not dated and not stressed
        return amount and None not in bounds and not _LIMIT.search(said.text.lower())
    return number.bound not in bounds and not (dated and None in bounds)


def _is_date(words: Words, number: Number) -> bool:
    """Whether a number is a day, a month, a year in four digits or the time of « à 8 heures »."""
    told = words.text[number.start : number.end]
    clock = number.unit == "hour" and _CLOCK.search(words.text[: number.start].lower()) is not None
    day = any(month.kind == "month" and 0 <= month.start - number.end <= 3 for month in words.numbers)
    year = told.isdigit() and len(told) == 4 and number.unit is None
    return day or clock or year or number.kind in ("month", "weekday")


def _counted(said: Words, number: Number, same: list[tuple[Number, Words]]) -> Iterator[Blame]:
    """« 500 000 demandes » for « 500 000 clients … 1,2 million de demandes »: the number counts something else."""
    noun = _noun_after(said, number)
    if noun is None or (number.unit and UNITS.get(noun.form) == number.unit):  # « 135 euros » counts no euros
        return
    for other, quote in same:
        theirs = _noun_after(quote, other)
        if theirs is None or theirs.term == noun.term:
            return
        counted = [_noun_after(quote, one) for one in quote.numbers if one is not other and not same_number(one, other)]
        if not any(one is not None and one.term == noun.term for one in counted):
            return
    yield Blame(Reason.NUMBER, (said.text[number.start : number.end], noun.form))


def _counts_the_same(said: Words, number: Number, same: list[tuple[Number, Words]]) -> bool:
    """Whether the word after the number is the one after it in a quote."""
    noun = _noun_after(said, number)
    theirs = [_noun_after(quote, other) for other, quote in same]
    return (
        noun is not None
        and UNITS.get(noun.form) is None
        and any(one is not None and one.term == noun.term for one in theirs)
    )


def _noun_after(words: Words, number: Number) -> Word | None:
    following = (word for word in words.words if word.start >= number.end and word.content)
    word = next(following, None)
    return word if word is not None and word.start - number.end <= 12 else None


def _tells_of_another(comparison: Comparison, number: Number, same: list[tuple[Number, Words]]) -> bool:
    """Whether the number's clause speaks of what its quotes tell of another number, that the clause has not."""
    said = comparison.said
    at = next((p for p, word in enumerate(said.words) if word.end > number.start), None)
    if at is None:
        return False
    beside = _beside(said, number)
    own = [(quote, place_of(quote, other)) for other, quote in same]
    rivals = [
        (q, place_of(q, w)) for q in comparison.quotes for w in q.numbers
        if any(q is quote for _, quote in same) and w.kind == number.kind
        and not any(same_number(w, one) for one in beside)
    ]  # fmt: skip
    return misplaced(said, at, own, rivals)


def _beside(said: Words, number: Number) -> list[Number]:
    """The numbers of a number's own clause."""
    clause = said.words[place_of(said, number)].clause
    return [one for one in said.numbers if said.words[place_of(said, one)].clause == clause]


def _units(comparison: Comparison) -> Iterator[Blame]:
    """Units that no quote has."""
    extra = units_of(comparison.said.text) - {number.unit for quote in comparison.quotes for number in quote.numbers}
    extra -= frozenset().union(*(units_of(quote.text) for quote in comparison.quotes))
    if extra:
        yield Blame(Reason.UNIT, tuple(sorted(extra)))


def _ranges(comparison: Comparison) -> Iterator[Blame]:
    """« de 700 à 500 euros » for « de 500 à 700 euros »."""
    said = comparison.said
    ranges = [pair for quote in comparison.quotes for pair in ranges_of(quote.text, quote.numbers)]
    for low, high in ranges_of(said.text, said.numbers):
        straight = any(same_number(low, one) and same_number(high, other) for one, other in ranges)
        if not straight and any(same_number(low, other) and same_number(high, one) for one, other in ranges):
            yield Blame(Reason.NUMBER, (said.text[low.start : high.end],))
