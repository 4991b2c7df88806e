"""A question to its checked answer. ``Engine.ask`` is the whole way in one function."""

import time
from collections.abc import Callable, Iterator
from collections.abc import Generator as Iterating
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.analysis import FrenchAnalyser, fold
from indexer.cores import usable_cores
from indexer.embedder import BUNDLED, Embedder, bundled_fingerprint, load_embedder
from indexer.errors import IndexOfOtherEmbedder
from indexer.index import Index, open_index
from indexer.legible import legible
from indexer.passages import context
from indexer.resources import resource
from service.answer import (
    Answer,
    AnswerSentence,
    Citation,
    Drafted,
    Event,
    Evidence,
    Explanation,
    Finished,
    Hit,
    Query,
    Quoted,
)
from service.calibration import Calibrations, load_calibrations
from service.decision import decide, disagree, figures_of
from service.evidence import FEATURES, gather
from service.follow_up import rewrite
from service.proof import current_text, prove
from service.prose.draft import write
from service.prose.generator import Generator
from service.prose.prompt import load_prompts
from service.reader import PassageReader, PassageText, Reader, Reading
from service.search import DENSE_WEIGHT, PASSAGES_READ, rerank, search, select_documents
from service.understand import LONGEST_QUESTION, understand

READ_SECONDS = 0.33  # that the edges give the reader
PROSE_SECONDS = 30.0  # that a model may take to write
MOST_READ = 12  # passages that the reader reads, of those found
SPARE = 50  # hits looked at beyond those asked for, where files have changed since they were indexed
NEAREST = 3  # passages named on a refusal
TRIED, LEAST_NEAR = 2, 0.5  # questions of the texts tried on a refusal, and the cosine from which they are
_COSINE, _IS_QUESTION = FEATURES.index("cosine"), FEATURES.index("is_question")


@dataclass(frozen=True, slots=True)
class Wishes:
    """What may be asked for beside the question. ``top_k`` is how many passages are read for evidence.

    ``history`` are the questions asked before in the same chat, oldest first. For measuring: ``dense_weight``, the share
    of the dense leg in the fusion (0 is lexical search alone, 1 dense search alone), and ``use_reader``. The reader
    begins no further passage when ``read_seconds`` have gone by: ``None`` lets it finish, so that the same question
    always has the same answer. Where the engine has a generator, ``use_prose`` lets it write for ``prose_seconds``.
    """

    top_k: int = PASSAGES_READ
    sources: tuple[str, ...] = ()
    since: str | None = None
    explain: bool = False
    history: tuple[str, ...] = ()
    dense_weight: float = DENSE_WEIGHT
    use_reader: bool = True
    read_seconds: float | None = None
    use_prose: bool = True
    prose_seconds: float = PROSE_SECONDS


@dataclass(slots=True)
class _Clock:
    """Milliseconds by stage."""

    timings: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.timings[name] = round((time.perf_counter() - start) * 1000, 2)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What is told beside "the texts do not answer"."""

    nearest: tuple[Citation, ...] = ()
    could_answer: tuple[str, ...] = ()


class Engine:
    """An open index with its embedder, its calibrations, the reader and the generator of prose where there are.

    Raises ``IndexOfOtherEmbedder``, and ``PromptFaulty`` where there is a generator.

    Safe to ask from several threads.
    """

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        calibrations: Calibrations,
        reader: PassageReader | None = None,
        generator: Generator | None = None,
    ) -> None:
        if embedder.fingerprint != index.manifest.embedder_fingerprint:
            raise IndexOfOtherEmbedder(
                index=index.location, found=index.manifest.embedder_fingerprint, expected=embedder.fingerprint
            )
        self.index = index
        self.embedder = embedder
        self.calibrations = calibrations
        self.reader = reader
        self.generator = generator
        self._prompts = {} if generator is None else load_prompts(resource("prompts"))

    def writing(self, generator: Generator) -> "Engine":
        """The same engine with a generator. Raises ``PromptFaulty``."""
        return Engine(self.index, self.embedder, self.calibrations, self.reader, generator)

    def ask(self, question: str, wishes: Wishes = Wishes()) -> Answer:
        """Answer by proven quotes and, with a generator, by prose checked against them; or refuse usefully.

        Raises ``QuestionEmpty``, ``QuestionTooLong``, ``SourceUnknown``, or a class under ``IndexFault``.
        """
        *_, last = self.answering(question, wishes)
        assert isinstance(last, Finished)
        return last.answer

    def answering(
        self, question: str, wishes: Wishes = Wishes(), cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Event]:
        """The answer as it comes: ``Quoted``, a ``Drafted`` for each sentence of prose, ``Finished``. Raises like ``ask``.

        Ends early, without ``Finished``, when ``cancelled`` says that nobody waits any more.
        """
        answer = self._ask(question, wishes, suggest=True)
        yield Quoted(answer)
        if self.generator is not None and wishes.use_prose and answer.citations and not cancelled():
            answer = yield from self._draft(answer, self.generator, wishes.prose_seconds, cancelled)
        if not cancelled():
            yield Finished(answer)

    def _draft(
        self, answer: Answer, generator: Generator, seconds: float, cancelled: Callable[[], bool]
    ) -> Iterating[Drafted, None, Answer]:
        """The answer with the prose that its quotes support, if any; each sentence is handed on as it comes."""
        clock = _Clock(dict(answer.timings))
        asked = answer.rewritten_question or answer.question
        with clock.stage("draft"):
            written = yield from write(
                asked,
                answer.lang,
                answer.citations,
                generator,
                self._prompts[answer.lang],
                self.embedder,
                seconds,
                cancelled,
            )
        clock.timings["total"] = round(clock.timings["total"] + clock.timings["draft"], 2)
        if written.first is not None:
            clock.timings["first_sentence"] = written.first
        drafted = replace(
            answer,
            timings=clock.timings,
            models={**answer.models, "generator": generator.name},
            prose=written.prose,
        )
        if not written.sentences:
            return drafted
        told = (f"{one.text} {''.join(f'[{n}]' for n in one.citations)}" for one in written.sentences)
        return replace(drafted, status="answered", answer=" ".join(told), sentences=written.sentences)

    def _ask(self, question: str, wishes: Wishes, *, suggest: bool) -> Answer:
        """The whole way; without ``suggest`` a refusal names no question that could be answered."""
        clock = _Clock()
        with clock.stage("understand"):
            rewritten = rewrite(question, wishes.history)
            query = understand(rewritten or question, self.index, self.embedder)
            documents = select_documents(self.index, wishes.sources, wishes.since)
        with clock.stage("search"):
            found, stale = self._search(query, max(wishes.top_k, MOST_READ), documents, wishes.dense_weight)
        with clock.stage("read"):
            readings = self._read(query, found, wishes)
            hits = rerank(found, _reader_scores(readings))[: wishes.top_k]
        calibration = self.calibrations.read if readings else self.calibrations.floor
        with clock.stage("evidence"):
            evidence = gather(query, hits, readings, self.index, calibration)
        with clock.stage("decide"):
            chosen, confidence = decide(query, hits, evidence, self.index, calibration)
        with clock.stage("prove"):
            proven = prove(chosen, self.index)
        refusal = _Refusal()
        if not proven.citations:
            with clock.stage("refuse"):
                could = self._could_answer(query, evidence, wishes) if suggest else ()
                refusal = _Refusal(self._nearest(evidence), could)
        explanations = self._explain(query, hits) if wishes.explain else ()
        stale = tuple(dict.fromkeys((*stale, *proven.stale)))
        disagreement = self._disagreement(chosen, proven.citations)
        asked = " ".join(question.split())
        return self._answer(
            asked, rewritten, query, proven.citations, refusal, stale, disagreement, confidence, clock, explanations
        )

    def search(self, question: str, k: int, wishes: Wishes = Wishes()) -> tuple[Explanation, ...]:
        """The ``k`` best passages for a question, with why each matched. Raises like ``ask``."""
        query = understand(rewrite(question, wishes.history) or question, self.index, self.embedder)
        documents = select_documents(self.index, wishes.sources, wishes.since)
        found = self._search(query, max(k, MOST_READ), documents, wishes.dense_weight)[0]
        return self._explain(query, rerank(found, _reader_scores(self._read(query, found, wishes)))[:k])

    def _read(self, query: Query, hits: list[Hit], wishes: Wishes) -> dict[int, Reading]:
        """The reader's readings of the first hits, by passage; none without a reader."""
        if self.reader is None or not wishes.use_reader or not hits:
            return {}
        deadline = None if wishes.read_seconds is None else time.monotonic() + wishes.read_seconds
        first = hits[:MOST_READ]
        readings = self.reader.read(query.mended, [passage_to_read(hit.passage, self.index) for hit in first], deadline)
        return {hit.passage: reading for hit, reading in zip(first, readings, strict=False)}

    def _search(
        self, query: Query, k: int, documents: list[int] | None, dense_weight: float
    ) -> tuple[list[Hit], tuple[str, ...]]:
        """The ``k`` best hits in documents that are still as they were indexed, and the paths of those that are not."""
        hits: list[Hit] = []
        holds: dict[int, bool] = {}
        stale: list[str] = []
        for hit in search(query, self.index, k + SPARE, documents, dense_weight=dense_weight):
            number = self.index.corpus.passage(hit.passage).document
            if number not in holds:
                document = self.index.corpus.document_at(number)
                holds[number] = current_text(document, self.index) is not None
                if not holds[number]:
                    stale.append(document.path)
            if holds[number]:
                hits.append(hit)
            if len(hits) == k:
                break
        return hits, tuple(stale)

    def _nearest(self, evidence: list[Evidence]) -> tuple[Citation, ...]:
        """The best sentence of each of the nearest passages: where the reader of a refusal may look further."""
        best: dict[int, Evidence] = {}
        for one in evidence:
            best.setdefault(one.hit.passage, replace(one, short=None))
        return prove(list(best.values())[: NEAREST * 2], self.index).citations[:NEAREST]

    def _could_answer(self, query: Query, evidence: list[Evidence], wishes: Wishes) -> tuple[str, ...]:
        """A question that stands in the passages found, is near the one asked, and has its answer in the texts."""
        asked = [(e.features[_COSINE], e) for e in evidence if e.features[_IS_QUESTION]]
        for cosine, one in sorted(asked, key=lambda pair: (-pair[0], pair[1].sentence))[:TRIED]:
            document = self.index.corpus.document_at(one.document)
            wording = self.index.corpus.text(one.document)[one.start : one.end]
            text = " ".join(legible(wording, document.format).split())
            if cosine < LEAST_NEAR or fold(text) == fold(query.text) or len(text) > LONGEST_QUESTION:
                continue
            if self._ask(text, replace(wishes, history=()), suggest=False).status != "refused":
                return (text,)
        return ()

    def _disagreement(self, chosen: list[Evidence], citations: tuple[Citation, ...]) -> tuple[int, ...]:
        """Numbers of the citations whose short answers give different figures in different documents."""
        by_start = {(one.document, one.start): one for one in chosen}
        told = []
        for citation in citations:
            number = self.index.corpus.document(citation.document).number
            figures = figures_of(by_start[(number, citation.start)], self.index)
            if citation.short_answer is not None and figures:
                told.append((citation.n, number, figures))
        differ = any(
            number != other and disagree(figures, others)
            for _, number, figures in told for _, other, others in told
        )  # fmt: skip
        return tuple(n for n, _, _ in told) if differ else ()

    def _explain(self, query: Query, hits: list[Hit]) -> tuple[Explanation, ...]:
        analyser = FrenchAnalyser(self.index.manifest.settings.rules)
        wanted = {read for term in query.terms for read in (term.term, *term.read_as)}
        explanations = []
        for hit in hits:
            passage = self.index.corpus.passage(hit.passage)
            document = self.index.corpus.document_at(passage.document)
            sentences = self.index.corpus.sentences(passage.first, passage.last)
            text = self.index.corpus.text(passage.document)[sentences[0].start : sentences[-1].end]
            tokens = analyser.tokens(f"{context(passage.title, passage.heading)}\n{text}")
            explanations.append(
                Explanation(
                    passage=hit.passage,
                    document=document.id,
                    path=document.path,
                    title=passage.title or document.metadata.title,
                    start=sentences[0].start,
                    end=sentences[-1].end,
                    text=text,
                    score=round(hit.score, 4),
                    dense_score=round(hit.dense_score, 4),
                    dense_rank=hit.dense_rank,
                    lexical_score=round(hit.lexical_score, 4),
                    lexical_rank=hit.lexical_rank,
                    reader_score=None if hit.reader_score is None else round(hit.reader_score, 4),
                    matched=tuple(dict.fromkeys(token.surface for token in tokens if token.term in wanted)),
                )
            )
        return tuple(explanations)

    def _answer(
        self,
        question: str,
        rewritten: str | None,
        query: Query,
        citations: tuple[Citation, ...],
        refusal: "_Refusal",
        stale: tuple[str, ...],
        disagreement: tuple[int, ...],
        confidence: float,
        clock: _Clock,
        explanations: tuple[Explanation, ...],
    ) -> Answer:
        manifest = self.index.manifest
        sentences = tuple(AnswerSentence(c.quote, (c.n,), True, c.score) for c in citations)
        models = {"embedder": f"{manifest.settings.embedder.model}@{manifest.embedder_fingerprint}"}
        if self.reader is not None and "read" in clock.timings:
            models["reader"] = self.reader.name
        clock.timings["total"] = round(sum(clock.timings.values()), 2)
        return Answer(
            question=question,
            status="quotes" if citations else "refused",
            lang=query.lang,
            answer=" ".join(f"{sentence.text} [{sentence.citations[0]}]" for sentence in sentences),
            sentences=sentences,
            citations=citations,
            nearest=refusal.nearest,
            missing_terms=tuple(t.typed for t in query.terms if not t.known and not t.corrected)
            if not citations
            else (),
            could_answer=refusal.could_answer,
            disagreement=disagreement,
            corrections=tuple((term.typed, " ".join(term.corrected)) for term in query.terms if term.corrected),
            rewritten_question=rewritten,
            confidence=round(confidence, 4),
            stale=stale,
            timings=clock.timings,
            models=models,
            index=manifest.generation,
            explanations=explanations,
        )


def passage_to_read(passage_id: int, index: Index) -> PassageText:
    """A passage as the reader reads it: its title and heading, its text, its sentences."""
    passage = index.corpus.passage(passage_id)
    sentences = index.corpus.sentences(passage.first, passage.last)
    start = sentences[0].start
    document = index.corpus.document_at(passage.document)
    text = legible(index.corpus.text(passage.document)[start : sentences[-1].end], document.format)
    spans = tuple((sentence.start - start, sentence.end - start) for sentence in sentences)
    return PassageText(context(passage.title, passage.heading), text, spans)


def _reader_scores(readings: dict[int, Reading]) -> dict[int, float]:
    return {passage: max(reading.log_odds) for passage, reading in readings.items()}


def open_engine(location: Path, threads: int = 1, generator: Generator | None = None) -> Engine:
    """Open an index with the embedder that made it, and the bundled reader where its folder is there.

    Raises the classes under ``IndexFault`` and ``ModelError``; ``IndexOfOtherEmbedder`` before any model is loaded
    when the bundled one has changed since.
    """
    index = open_index(location)
    choice = index.manifest.settings.embedder
    bundled = resource("models") / "embedder"
    if choice.model == BUNDLED and bundled_fingerprint(bundled) != index.manifest.embedder_fingerprint:
        raise IndexOfOtherEmbedder(
            index=location, found=index.manifest.embedder_fingerprint, expected=bundled_fingerprint(bundled)
        )
    embedder = load_embedder(choice, bundled, threads)
    folder = resource("models") / "reader"
    reader = Reader(folder, usable_cores()) if folder.is_dir() else None
    return Engine(index, embedder, load_calibrations(resource("models") / "calibration"), reader, generator)


def reopen_engine(engine: Engine) -> Engine:
    """The engine over what is now the current generation of its index, with the models that are loaded already.

    Raises like ``open_engine``.
    """
    index = open_index(engine.index.location)
    if index.manifest.embedder_fingerprint != engine.embedder.fingerprint:
        return open_engine(index.location, generator=engine.generator)
    return Engine(index, engine.embedder, engine.calibrations, engine.reader, engine.generator)
