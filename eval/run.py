"""Ask every gold question of the service, and keep what came back."""

import time
from dataclasses import dataclass

from eval.gold import GoldQuestion, GoldSpan
from indexer.index import Index
from service.answer import Answer, Explanation
from service.engine import Engine, Wishes

DEPTH = 20  # passages asked for, to measure retrieval by


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its answer, the passages retrieved, which of all passages are relevant, and whether proofs held.

    ``relevant`` are ids of passages that hold at least half of one of the question's spans.
    """

    gold: GoldQuestion
    answer: Answer
    hits: tuple[Explanation, ...]
    relevant: frozenset[int]
    verbatim: bool
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that was asked, of which index."""

    asked: tuple[Asked, ...]
    index: str
    models: dict[str, str]


def evaluate(questions: list[GoldQuestion], engine: Engine) -> Outcome:
    """Ask each question. Raises what ``Engine.ask`` raises."""
    engine.ask(questions[0].question if questions else "?")  # the first question of a process pays for its warming
    asked = tuple(_ask(question, engine) for question in questions)
    models = asked[0].answer.models if asked else {}
    return Outcome(asked, engine.index.manifest.generation, models)


def _ask(question: GoldQuestion, engine: Engine) -> Asked:
    start = time.perf_counter()
    answer = engine.ask(question.question)
    milliseconds = (time.perf_counter() - start) * 1000
    hits = engine.search(question.question, DEPTH, Wishes())
    return Asked(
        question,
        answer,
        hits,
        relevant_passages(question.spans, engine.index),
        _verbatim(answer, engine.index),
        milliseconds,
    )


def relevant_passages(spans: tuple[GoldSpan, ...], index: Index) -> frozenset[int]:
    """Ids of the passages that hold at least half of one of the spans."""
    numbers = {document.path: document.number for document in index.corpus.documents()}
    relevant: set[int] = set()
    for span in spans:
        if span.file not in numbers:
            continue
        for passage in index.corpus.passages(numbers[span.file]):
            sentences = index.corpus.sentences(passage.first, passage.last)
            shared = min(sentences[-1].end, span.end) - max(sentences[0].start, span.start)
            if shared >= (span.end - span.start) / 2:
                relevant.add(passage.id)
    return frozenset(relevant)


def _verbatim(answer: Answer, index: Index) -> bool:
    """Whether every citation shown is the text of its document between its offsets."""
    return all(
        index.corpus.text(index.corpus.document(citation.document).number)[citation.start : citation.end]
        == citation.quote
        for citation in (*answer.citations, *answer.nearest)
    )
