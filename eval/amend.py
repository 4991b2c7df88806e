"""A question and a quote to a row of the gold set: the quote is found in its text, verbatim or but for its typing."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from eval.gold import GoldQuestion, GoldSpan
from eval.rows import language, next_id, split_for
from eval.texts import Text
from indexer.errors import AdditionIncomplete, FactNotQuoted, QuestionKnown, QuoteNotFound, QuoteRepeated

_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
_ALIKE = (
    dict.fromkeys(map(ord, "’ʼ′‘`´"), "'") | dict.fromkeys(map(ord, "«»“”„″"), '"') | dict.fromkeys(map(ord, "‐‑–—−"), "-")
    | {ord("œ"): "oe", ord("Œ"): "oe", ord("æ"): "ae", ord("Æ"): "ae"}
)  # fmt: skip
_LONGEST_NEAREST = 160  # characters


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks to be added. ``kind``, ``lang``: ``None`` to have them told from the rest.

    ``quotes`` are (file, quote) pairs, none for a question that the texts do not answer; ``after`` are the questions
    asked before it in the same chat, oldest first.
    """

    question: str
    quotes: tuple[tuple[str, str], ...]
    facts: tuple[str, ...] = ()
    kind: str | None = None
    lang: str | None = None
    after: tuple[str, ...] = ()


def amend(
    wanted: Wanted, find_text: Callable[[str], Text], known: Sequence[GoldQuestion], path: object
) -> GoldQuestion:
    """The row of a question, each quote at its place in the text that ``find_text`` gives for its file.

    Raises ``AdditionIncomplete``, ``QuestionKnown`` (``path`` names the gold set), ``QuoteNotFound``, ``QuoteRepeated``,
    ``FactNotQuoted`` and what ``find_text`` raises.
    """
    question = " ".join(wanted.question.split())
    if not question or not all(earlier.strip() for earlier in wanted.after):
        raise AdditionIncomplete()
    same = next((one for one in known if wording(one) == _wording(question, wanted.after)), None)
    if same:
        raise QuestionKnown(path=path, id=same.id)
    spans = tuple(find_quote(find_text(file), quote) for file, quote in wanted.quotes)
    facts = tuple(find_fact(spans, fact) for fact in wanted.facts)
    return GoldQuestion(
        id=next_id(one.id for one in known),
        question=question,
        kind=wanted.kind or _kind(spans, wanted.after),
        lang=wanted.lang or language(question),
        split=split_for(spans, question, known),
        answerable=bool(spans),
        spans=spans,
        facts=facts,
        history=wanted.after,
    )


def wording(question: GoldQuestion) -> tuple[str, ...]:
    """What tells two questions of a gold set apart."""
    return _wording(question.question, question.history)


def _wording(question: str, after: tuple[str, ...]) -> tuple[str, ...]:
    return (*(earlier.casefold() for earlier in after), question.casefold())


def _kind(spans: Sequence[GoldSpan], after: Sequence[str]) -> str:
    if after:
        return "follow_up"
    if not spans:
        return "near_miss"
    return "several" if len(spans) > 1 else "fact"


def find_quote(text: Text, quote: str) -> GoldSpan:
    """The one place of a quote. Raises ``QuoteNotFound``, ``QuoteRepeated``, or ``AdditionIncomplete`` for no quote."""
    if not quote.strip():
        raise AdditionIncomplete()
    found = places(text.text, quote)
    if not found:
        start, nearest = _nearest(text, quote)
        raise QuoteNotFound(file=text.path, line=text.line(start), nearest=nearest)
    if len(found) > 1:
        lines = list(dict.fromkeys(str(text.line(start)) for start, _ in found))
        raise QuoteRepeated(
            file=text.path, count=len(found), lines=", ".join(lines[:10]) + (" …" if lines[10:] else "")
        )
    ((start, end),) = found
    return GoldSpan(text.path, start, end, text.text[start:end])


def find_fact(spans: Sequence[GoldSpan], fact: str) -> str:
    """A fact as the first of the quotes that holds it words it. Raises ``FactNotQuoted``."""
    for span in spans:
        for start, end in places(span.quote, fact)[:1]:
            return span.quote[start:end]
    raise FactNotQuoted(fact=fact)


def places(text: str, quote: str) -> list[tuple[int, int]]:
    """Where a quote stands in a text: as it is, else with spaces, apostrophes, quotation marks, hyphens and case folded.

    Each place is (start, end) in ``text``, end excluded, and begins and ends with a whole visible character.
    """
    quote = quote.strip()
    exact = [(start, start + len(quote)) for start in _occurrences(text, quote)]
    exact = [(start, end) for start, end in exact if not unicodedata.combining(text[end : end + 1] or " ")]
    if exact:
        return exact
    folded, origin = _folded(text)
    sought = _folded(quote)[0].strip()
    found = []
    for start in _occurrences(folded, sought):
        end = start + len(sought)
        opens = start == 0 or origin[start - 1] != origin[start]
        closes = end == len(folded) or (origin[end] != origin[end - 1] and not unicodedata.combining(folded[end]))
        if opens and closes:
            found.append((origin[start], origin[end - 1] + 1))
    return found


def _occurrences(text: str, sought: str) -> Iterator[int]:
    start = text.find(sought) if sought else -1
    while start != -1:
        yield start
        start = text.find(sought, start + 1)


def _folded(text: str) -> tuple[str, list[int]]:
    """``text`` as typing leaves it, and for each of its characters the index of the one it comes from."""
    letters: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        if character in _INVISIBLE or (character.isspace() and letters[-1:] in ([" "], ['"'])):
            continue
        alike = " " if character.isspace() else character.translate(_ALIKE)
        if alike == '"' and letters[-1:] == [" "]:  # no spaces beside quotation marks: « mot », "mot"
            letters.pop()
            origin.pop()
        for letter in unicodedata.normalize("NFKD", alike).casefold():
            letters.append(letter)
            origin.append(index)
    return "".join(letters), origin


def _nearest(text: Text, quote: str) -> tuple[int, str]:
    """Where the sentence most like the quote begins, and its wording."""
    sought = _folded(quote)[0]
    sentences = [sentence for paragraph in text.paragraphs for sentence in paragraph.sentences]
    best = max(sentences, key=lambda one: _likeness(sought, _folded(text.sentence(one))[0]))
    nearest = " ".join(text.sentence(best).split())
    cut = nearest[:_LONGEST_NEAREST].rstrip() + "…" if len(nearest) > _LONGEST_NEAREST else nearest
    return best.start, cut


def _likeness(sought: str, sentence: str) -> float:
    """How much of what is sought a sentence holds: one of few words holds little of it."""
    return fuzz.partial_ratio(sought, sentence) * min(1.0, len(sentence) / len(sought)) if sought else 0.0
