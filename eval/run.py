"""Ask every gold question of the service, and keep what came back."""

import time
from dataclasses import dataclass

from eval.gold import GoldQuestion, GoldSpan
from indexer.errors import GoldError
from indexer.index import Index
from service.answer import Answer, Explanation
from service.engine import Engine, Wishes
from service.proof import current_text

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
    """Ask each question. Raises ``GoldError`` and what ``Engine.ask`` raises."""
    check_spans(questions, engine.index)
    engine.ask(questions[0].question)  # the first question of a process pays for its warming
    asked = tuple(_ask(question, engine) for question in questions)
    models = asked[0].answer.models if asked else {}
    return Outcome(asked, engine.index.manifest.generation, models)


def check_spans(questions: list[GoldQuestion], index: Index) -> None:
    """Compare every span with the texts of the index. Raises ``GoldError``: a wrong gold set measures nothing."""
    texts = {document.path: index.corpus.text(document.number) for document in index.corpus.documents()}
    for question in questions:
        for span in question.spans:
            if span.file not in texts:
                raise GoldError(path=span.file, line=0, why=f"{question.id} : ce fichier n’est pas dans l’index")
            if texts[span.file][span.start : span.end] != span.quote:
                raise GoldError(path=span.file, line=0, why=f"{question.id} : la citation n’est pas à sa place")


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
    """Whether every citation shown stands in its file, read again, between its offsets."""
    for citation in (*answer.citations, *answer.nearest):
        text = current_text(index.corpus.document(citation.document), index)
        if text is None or text[citation.start : citation.end] != citation.quote:
            return False
    return True
