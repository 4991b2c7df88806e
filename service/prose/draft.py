"""Quotes to prose: a model drafts sentences from them, each is checked as soon as it ends, what holds is handed on."""

import re
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass

from indexer.embedder import Embedder
from indexer.errors import GeneratorFault
from indexer.sentences import split_sentences
from service.answer import AnswerSentence, Citation, Drafted, Fault, Prose
from service.prose.check import Checker
from service.prose.generator import Budget, Message
from service.prose.generator import Generator as Writer
from service.prose.grammar import grammar_of
from service.prose.prompt import Prompt
from service.prose.verdict import Reason, Verdict

PROMPT_TOKENS = 1536  # of what the model reads
ANSWER_TOKENS = 224  # of what it writes
SENTENCES = 3
_MARKERS = re.compile(r"\s*((?:\[\d{1,3}(?:\s*,\s*\d{1,3})*\]\s*)+)(?=[^\s\[])")
_LEFTOVERS = "-–—*•,;: "  # before a sentence: a list's bullet, what joined it to the one before; where no grammar held
_LAST_MARKERS = re.compile(r"\s*((?:\[\d{1,3}(?:\s*,\s*\d{1,3})*\]\s*)+)[.!?…\s]*$")


@dataclass(frozen=True, slots=True)
class Written:
    """The sentences that hold, the tally of all, and milliseconds from the call to the first that holds."""

    sentences: tuple[AnswerSentence, ...]
    prose: Prose
    first: float | None


def write(
    question: str,
    lang: str,
    citations: tuple[Citation, ...],
    writer: Writer,
    prompt: Prompt,
    embedder: Embedder,
    seconds: float,
    cancelled: Callable[[], bool],
) -> Generator[Drafted, None, Written]:
    """Draft and check: a ``Drafted`` for each sentence that the quotes support, as soon as it has ended.

    Never raises for the model's sake: a ``GeneratorFault`` ends the drafting and is told in the result's ``prose``.
    """
    begin = time.perf_counter()
    shown: list[AnswerSentence] = []
    dropped: dict[str, int] = {}
    given: tuple[Citation, ...] = ()
    fault, first, drafted = None, None, 0
    try:
        messages, given = fit(question, citations, writer, prompt, cancelled)
        if given:
            checker = Checker(question, lang, given, embedder)
            pieces = writer.generate(
                messages, grammar_of([one.n for one in given], SENTENCES), Budget(ANSWER_TOKENS, seconds), cancelled
            )
            for text, cited in sentences_of(pieces):
                if cancelled():
                    break
                drafted += 1
                verdict = _checked(text, cited, checker, shown)
                if not verdict.supported:
                    for reason in verdict.reasons:
                        dropped[reason] = dropped.get(reason, 0) + 1
                    continue
                shown.append(AnswerSentence(text, cited, True, verdict.score))
                if first is None:
                    first = round((time.perf_counter() - begin) * 1000, 2)
                yield Drafted(shown[-1])
    except GeneratorFault as error:
        fault = Fault(type(error).__name__, error.sentence("fr"), error.sentence("en"))
    prose = Prose(drafted, drafted - len(shown), tuple(sorted(dropped.items())), tuple(one.n for one in given), fault)
    return Written(tuple(shown), prose, first)


def fit(
    question: str,
    citations: tuple[Citation, ...],
    writer: Writer,
    prompt: Prompt,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[tuple[Message, ...], tuple[Citation, ...]]:
    """The prompt that fits the model, and the quotes in it: the weakest are left out first, all where not one fits, or
    where nobody waits any more.

    Raises ``GeneratorFault``.
    """
    given = list(citations)
    while given:
        messages = prompt.messages(question, given)
        tokens = writer.count_tokens(messages, cancelled)
        if tokens is None:
            break
        if tokens <= min(PROMPT_TOKENS, writer.context - ANSWER_TOKENS):
            return messages, tuple(given)
        given.remove(min(given, key=lambda one: (one.score, -one.n)))
    return (), ()


def sentences_of(pieces: Iterable[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The sentences of a text as it comes, each with the numbers that it ends with; handed on once they are all there.

    What comes before a marker may be several sentences: each has its numbers. A rest without numbers has none.
    """
    text = ""
    for piece in pieces:
        text += piece
        while (match := _MARKERS.search(text)) is not None:
            yield from _split(text[: match.start()], match.group(1))
            text = text[match.end() :].lstrip(" .")
    match = _LAST_MARKERS.search(text)
    if match is not None:
        yield from _split(text[: match.start()], match.group(1))
    elif re.search(r"\w", text):
        yield text.strip(), ()


def _split(text: str, markers: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    cited = tuple(dict.fromkeys(int(number) for number in re.findall(r"\d+", markers)))
    for sentence in split_sentences(text):
        told = text[sentence.start : sentence.end].strip().lstrip(_LEFTOVERS)
        if re.search(r"\w", told):
            yield (told if told[-1] in ".!?…»" else f"{told}."), cited


def _checked(text: str, cited: tuple[int, ...], checker: Checker, shown: list[AnswerSentence]) -> Verdict:
    told = re.findall(r"\w+", text.casefold())
    if any(re.findall(r"\w+", one.text.casefold()) == told for one in shown):
        return Verdict(False, 0.0, (Reason.REPEATED,))
    return checker.check(text, cited)
