"""Rules of contents: every name and content word of a sentence is told by its quotes, and it says more than the question."""

from collections.abc import Iterator

from service.prose.comparison import Comparison, same_number
from service.prose.lexicon import ATTRIBUTES, DIRECTIONS, LIGHT, PRICES, PUBLISHED, binds
from service.prose.numbers import MONEY, TIME_UNITS, UNITS, units_of
from service.prose.verdict import Blame, Reason
from service.prose.words import Word

OPENING = 6  # words at the beginning of a sentence that may name what a pronoun of the quote stands for


def content_words(comparison: Comparison) -> Iterator[Blame]:
    """Content words that nothing holds, or only their opposite."""
    for place, word in enumerate(comparison.said.words):
        match = comparison.matches.get(place)
        if match is not None:
            other = comparison.matched(match)
            if match.opposed and word.denied % 2 == other.denied % 2:
                yield Blame(Reason.OPPOSITE, (word.form, other.form))
        elif word.content and not _is_excused(comparison, place):
            yield Blame(Reason.NAME if word.name else Reason.INVENTED, (word.form,))


def share_held(comparison: Comparison) -> float:
    """The share of the content words that the quotes hold or that need none to."""
    places = [place for place, word in enumerate(comparison.said.words) if word.content]
    held = sum(place in comparison.matches or _is_excused(comparison, place) for place in places)
    return held / len(places) if places else 1.0


def echo(comparison: Comparison) -> Iterator[Blame]:
    """A sentence that only says the question again."""
    said = comparison.said
    asked = {word.term for word in comparison.question.words}
    words = [word for word in said.words if word.content and word.form not in LIGHT]
    if not said.numbers and all(word.term in asked for word in words) and not any(word.denied for word in said.words):
        yield Blame(Reason.ECHO)


def _is_excused(comparison: Comparison, place: int) -> bool:
    """Whether a content word may stand though no quote holds it."""
    word = comparison.said.words[place]
    return (
        word.term in comparison.topic
        or _is_light(comparison, word)
        or _is_compound(comparison, word)
        or _is_unit(comparison, word)
        or _is_acronym(comparison, word)
        or (place < OPENING and word.term in comparison.before)  # what a pronoun of the quote stands for
    )


def _is_light(comparison: Comparison, word: Word) -> bool:
    """« avant » and « après » weigh, where nothing in the quotes says when."""
    forms = comparison.forms
    if word.name:
        return False
    if word.form in ATTRIBUTES:
        return bool(comparison.said.numbers) and not forms & ATTRIBUTES
    if word.form in PRICES:
        return any(number.unit in MONEY for number in comparison.said.numbers)
    if word.form in PUBLISHED:
        return _is_in_brackets(comparison)
    return binds((word.term, word.base)) or (word.form in LIGHT and bool(DIRECTIONS.get(word.form, forms) & forms))


def _is_in_brackets(comparison: Comparison) -> bool:
    """Whether a quote has a year of the sentence between brackets: « La Vouivre (1941) »."""
    return any(
        number.kind == "number" and same_number(number, other) and "(" in quote.text[: other.start].rpartition(")")[2]
        for number in comparison.said.numbers for quote in comparison.quotes for other in quote.numbers
    )  # fmt: skip


def _is_compound(comparison: Comparison, word: Word) -> bool:
    """« cofondé » beside « co-fondateur »."""
    root = _root(word.form)
    return any(
        _root(one.form + other.form) == root
        for quote in comparison.quotes for one, other in zip(quote.words, quote.words[1:], strict=False)
    )  # fmt: skip


def _root(form: str) -> str:
    return form[: max(6, len(form) * 2 // 3)]


def _is_acronym(comparison: Comparison, word: Word) -> bool:
    """« PACS » beside « pacte civil de solidarité »."""
    if len(word.form) < 3 or not comparison.said.text[word.start : word.end].isupper():
        return False
    for quote in comparison.quotes:
        forms = [other.form for other in quote.words if other.content]
        if any(_begin(word.form, forms[at:]) for at in range(len(forms) - 1)):
            return True
    return False


def _begin(letters: str, forms: list[str], fewest: int = 2) -> bool:
    """Whether letters are the beginnings, of three at most, of the first words, of which there are at least ``fewest``."""
    if not letters:
        return fewest <= 0
    return bool(forms) and any(
        letters[:taken] == forms[0][:taken] and _begin(letters[taken:], forms[1:], fewest - 1)
        for taken in range(1, min(3, len(letters)) + 1)
    )


def _is_unit(comparison: Comparison, word: Word) -> bool:
    """The « euros » of « 135 euros », where the quote has « 135 € »; « annuelle », where it has « par an »."""
    unit = UNITS.get(word.form)
    if unit in TIME_UNITS and any(unit in units_of(quote.text) for quote in comparison.quotes):
        return True
    return unit is not None and any(
        number.unit == unit == other.unit and 0 <= word.start - number.end <= 4 and same_number(number, other)
        for number in comparison.said.numbers for quote in comparison.quotes for other in quote.numbers
    )  # fmt: skip
