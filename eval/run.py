"""Ask every gold question of the service, and keep what came back."""

import dataclasses
import time
from dataclasses import dataclass

from eval.costs import Costs, Step, memory_megabytes
from eval.gold import GoldQuestion, GoldSpan
from eval.remembering import RememberingReader
from indexer.errors import GoldError
from indexer.index import Index
from service.answer import Answer, Citation, Explanation
from service.engine import Engine, Wishes
from service.proof import current_text

DEPTH = 20  # passages asked for, to measure retrieval by
DOCUMENT_DEPTH = 100  # the same where documents count: several of the passages are of one document
_NO_WISHES = Wishes()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, its answer, the passages retrieved, which of all passages are relevant, and whether proofs held.

    ``cluster`` is the text that the question is of: figures' intervals are over these. ``relevant`` are, for each span of
    the question, its ``relevant_passages``. ``would_show`` are the quotes that would have been shown had nothing been
    refused: those of the answer, unless it is a refusal. ``verbatim``: every quote shown stands in its file between its
    offsets; ``whole``: none begins or ends inside a word or with a space.
    """

    gold: GoldQuestion
    cluster: str
    answer: Answer
    hits: tuple[Explanation, ...]
    relevant: tuple[frozenset[int], ...]
    would_show: tuple[Citation, ...]
    verbatim: bool
    whole: bool
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that was asked, of which index, by which models, and what it cost."""

    asked: tuple[Asked, ...]
    index: str
    models: dict[str, str]
    costs: Costs


def evaluate(
    questions: list[GoldQuestion], engine: Engine, wishes: Wishes = _NO_WISHES, opening: Step | None = None
) -> Outcome:
    """Ask each question with the wishes and its own history; ``opening`` is what the engine's opening cost.

    Raises ``GoldError`` and what ``Engine.ask`` raises.
    """
    check_spans(questions, engine.index)
    start = time.perf_counter()
    first = engine.ask(questions[0].question, _wishes(questions[0], wishes))  # pays for the warming of the process
    cold = Step((time.perf_counter() - start) * 1000, memory_megabytes())
    asked = tuple(_ask(question, _remembering(engine), wishes) for question in questions)
    costs = Costs(
        opening,
        cold,
        first.timings,
        tuple(one.answer.timings for one in asked),
        tuple(one.milliseconds for one in asked),
        memory_megabytes(),
    )
    return Outcome(asked, engine.index.manifest.generation, asked[0].answer.models, costs)


def _wishes(question: GoldQuestion, wishes: Wishes) -> Wishes:
    return dataclasses.replace(wishes, history=question.history)


def _remembering(engine: Engine) -> Engine:
    """The same engine, for one question: answer, ranking and refusal all ask for the same readings."""
    reader = None if engine.reader is None else RememberingReader(engine.reader)
    return Engine(engine.index, engine.embedder, engine.calibrations, reader)


def _without_refusals(engine: Engine) -> Engine:
    """The same engine with a threshold that nothing falls below, to see what a refusal kept back."""
    return Engine(engine.index, engine.embedder, engine.calibrations.refusing(0.0), engine.reader)


def check_spans(questions: list[GoldQuestion], index: Index) -> None:
    """Compare every span with the texts of the index. Raises ``GoldError``: a wrong gold set measures nothing."""
    texts = {document.path: index.corpus.text(document.number) for document in index.corpus.documents()}
    for question in questions:
        for span in question.spans:
            if span.file not in texts:
                why, why_en = "ce fichier n’est pas dans l’index", "this file is not in the index"
                raise GoldError(path=span.file, line=0, why=f"{question.id} : {why}", why_en=f"{question.id}: {why_en}")
            if texts[span.file][span.start : span.end] != span.quote:
                why, why_en = "la citation n’est pas à sa place", "the quote is not in its place"
                raise GoldError(path=span.file, line=0, why=f"{question.id} : {why}", why_en=f"{question.id}: {why_en}")


def _ask(question: GoldQuestion, engine: Engine, wishes: Wishes) -> Asked:
    own = _wishes(question, wishes)
    start = time.perf_counter()
    answer = engine.ask(question.question, own)
    milliseconds = (time.perf_counter() - start) * 1000
    would_show = answer.citations or _without_refusals(engine).ask(question.question, own).citations
    return Asked(
        question,
        cluster_of(question, engine.index),
        answer,
        engine.search(question.question, DOCUMENT_DEPTH if question.of_documents else DEPTH, own),
        tuple(relevant_passages(span, engine.index) for span in question.spans),
        would_show,
        _verbatim(answer, engine.index),
        _whole(answer, engine.index),
        milliseconds,
    )


def cluster_of(question: GoldQuestion, index: Index) -> str:
    """The text that a question is of: its first span's file, or the item of it where a file holds several texts.

    A question that nothing answers is of no text: it is a cluster of its own.
    """
    if not question.spans:
        return question.id
    span = question.spans[0]
    numbers = {document.path: document.number for document in index.corpus.documents()}
    if span.file not in numbers:
        return span.file
    passages = index.corpus.passages(numbers[span.file])
    if len({passage.title for passage in passages}) < 2:
        return span.file
    for passage in passages:
        sentences = index.corpus.sentences(passage.first, passage.last)
        if sentences[0].start < span.end and span.start < sentences[-1].end:
            return f"{span.file}#{passage.title}"
    return span.file


def relevant_passages(span: GoldSpan, index: Index) -> frozenset[int]:
    """Ids of the passages that hold at least half of a span, or of which a longer span holds at least half."""
    numbers = {document.path: document.number for document in index.corpus.documents()}
    relevant: set[int] = set()
    if span.file not in numbers:
        return frozenset()
    for passage in index.corpus.passages(numbers[span.file]):
        sentences = index.corpus.sentences(passage.first, passage.last)
        shared = min(sentences[-1].end, span.end) - max(sentences[0].start, span.start)
        if shared >= min(span.end - span.start, sentences[-1].end - sentences[0].start) / 2:
            relevant.add(passage.id)
    return frozenset(relevant)


def _verbatim(answer: Answer, index: Index) -> bool:
    """Whether every citation shown stands in its file, read again, between its offsets."""
    for citation in (*answer.citations, *answer.nearest):
        text = current_text(index.corpus.document(citation.document), index)
        if text is None or text[citation.start : citation.end] != citation.quote:
            return False
    return True


def _whole(answer: Answer, index: Index) -> bool:
    """Whether every citation shown begins and ends between two words: an offset gone astray cuts one."""
    for citation in (*answer.citations, *answer.nearest):
        text = index.corpus.text(index.corpus.document(citation.document).number)
        edges = (text[max(citation.start - 1, 0) : citation.start + 1], text[citation.end - 1 : citation.end + 1])
        if citation.quote != citation.quote.strip() or any(len(e) == 2 and e.isalnum() for e in edges):
            return False
    return True
