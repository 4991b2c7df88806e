"""A question to its checked answer. ``Engine.ask`` is the whole way in one function."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from indexer.analysis import FrenchAnalyser
from indexer.embedder import BUNDLED, Embedder, bundled_fingerprint, load_embedder
from indexer.errors import IndexOfOtherEmbedder
from indexer.index import Index, open_index
from indexer.passages import context
from indexer.resources import resource
from service.answer import Answer, AnswerSentence, Citation, Evidence, Explanation, Hit, Query
from service.calibration import Calibration, load_calibration
from service.decision import decide
from service.evidence import gather
from service.proof import current_text, prove
from service.search import DENSE_WEIGHT, PASSAGES_READ, search, select_documents
from service.understand import understand

SPARE = 50  # hits looked at beyond those asked for, where files have changed since they were indexed
NEAREST = 3  # passages named on a refusal


@dataclass(frozen=True, slots=True)
class Wishes:
    """What may be asked for beside the question. ``top_k`` is how many passages are read for evidence.

    ``history`` are the questions asked before in the same chat, oldest first; ``dense_weight`` is the share of the dense
    leg in the fusion, for measuring: 0 is lexical search alone, 1 dense search alone.
    """

    top_k: int = PASSAGES_READ
    sources: tuple[str, ...] = ()
    since: str | None = None
    explain: bool = False
    history: tuple[str, ...] = ()
    dense_weight: float = DENSE_WEIGHT


@dataclass(slots=True)
class _Clock:
    """Milliseconds by stage."""

    timings: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.timings[name] = round((time.perf_counter() - start) * 1000, 2)


class Engine:
    """An open index with its embedder and calibration. Safe to ask from several threads."""

    def __init__(self, index: Index, embedder: Embedder, calibration: Calibration) -> None:
        if embedder.fingerprint != index.manifest.embedder_fingerprint:
            raise IndexOfOtherEmbedder(
                index=index.location, found=index.manifest.embedder_fingerprint, expected=embedder.fingerprint
            )
        self.index = index
        self.embedder = embedder
        self.calibration = calibration

    def ask(self, question: str, wishes: Wishes = Wishes()) -> Answer:
        """Answer by proven quotes, or refuse usefully.

        Raises ``QuestionEmpty``, ``QuestionTooLong``, ``SourceUnknown``, or a class under ``IndexFault``.
        """
        clock = _Clock()
        with clock.stage("understand"):
            query = understand(question, self.index, self.embedder)
            documents = select_documents(self.index, wishes.sources, wishes.since)
        with clock.stage("search"):
            hits, stale = self._search(query, wishes.top_k, documents, wishes.dense_weight)
        with clock.stage("evidence"):
            evidence = gather(query, hits, self.index, self.calibration)
        with clock.stage("decide"):
            chosen, confidence = decide(query, hits, evidence, self.index, self.calibration)
        with clock.stage("prove"):
            proven = prove(chosen, self.index)
        nearest = () if proven.citations else self._nearest(evidence)
        explanations = self._explain(query, hits) if wishes.explain else ()
        stale = tuple(dict.fromkeys((*stale, *proven.stale)))
        return self._answer(query, proven.citations, nearest, stale, confidence, clock, explanations)

    def search(self, question: str, k: int, wishes: Wishes = Wishes()) -> tuple[Explanation, ...]:
        """The ``k`` best passages for a question, with why each matched. Raises like ``ask``."""
        query = understand(question, self.index, self.embedder)
        documents = select_documents(self.index, wishes.sources, wishes.since)
        return self._explain(query, self._search(query, k, documents, wishes.dense_weight)[0])

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
            best.setdefault(one.hit.passage, one)
        return prove(list(best.values())[: NEAREST * 2], self.index).citations[:NEAREST]

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
                    matched=tuple(dict.fromkeys(token.surface for token in tokens if token.term in wanted)),
                )
            )
        return tuple(explanations)

    def _answer(
        self,
        query: Query,
        citations: tuple[Citation, ...],
        nearest: tuple[Citation, ...],
        stale: tuple[str, ...],
        confidence: float,
        clock: _Clock,
        explanations: tuple[Explanation, ...],
    ) -> Answer:
        manifest = self.index.manifest
        sentences = tuple(AnswerSentence(c.quote, (c.n,), True, c.score) for c in citations)
        clock.timings["total"] = round(sum(clock.timings.values()), 2)
        return Answer(
            question=query.text,
            status="quotes" if citations else "refused",
            lang=query.lang,
            answer=" ".join(f"{sentence.text} [{sentence.citations[0]}]" for sentence in sentences),
            sentences=sentences,
            citations=citations,
            nearest=nearest,
            missing_terms=tuple(t.typed for t in query.terms if not t.known and not t.corrected)
            if not citations
            else (),
            corrections=tuple((term.typed, " ".join(term.corrected)) for term in query.terms if term.corrected),
            rewritten_question=None,
            confidence=round(confidence, 4),
            stale=stale,
            timings=clock.timings,
            models={"embedder": f"{manifest.settings.embedder.model}@{manifest.embedder_fingerprint}"},
            index=manifest.generation,
            explanations=explanations,
        )


def open_engine(location: Path, threads: int = 1) -> Engine:
    """Open an index with the embedder that made it.

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
    return Engine(index, embedder, load_calibration(resource("models") / "calibration"))
