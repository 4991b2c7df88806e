"""A query to the passages it may be answered from: dense and lexical search, fused by a convex combination.

The fusion and its weight were chosen on development questions against reciprocal rank fusion: docs/quality.md.
"""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from indexer.analysis import fold
from indexer.errors import SourceUnknown
from indexer.index import Index
from service.answer import Hit, Query

DEPTH = 100  # passages asked of each leg
DENSE_WEIGHT = 0.8
PASSAGES_READ = 8  # of the ranking, for evidence
READER_WEIGHT = 0.2  # of the reader's probability, beside the fused score, in the order of the passages it has read
MEANT_WEIGHT = 0.5  # of a corpus word that means what a word of the question says, times their likeness
CORRECTED_WEIGHT = 0.7  # of a mended word, beside 1 for a word as typed


def search(
    query: Query,
    index: Index,
    k: int,
    documents: list[int] | None = None,
    *,
    dense_weight: float = DENSE_WEIGHT,
) -> list[Hit]:
    """The ``k`` best passages, best first, ties by passage id; ``documents`` restricts it to these numbers.

    ``dense_weight`` is the share of the dense leg: 0 is lexical search alone, 1 dense search alone.
    """
    among = None
    if documents is not None:
        ids = [passage.id for number in documents for passage in index.corpus.passages(number)]
        among = np.asarray(sorted(ids), np.int64)
    dense = index.passages.search(query.vector, DEPTH, among)
    lexical = index.lexical.search(lexical_terms(query), DEPTH, documents)
    return fuse(query, index, dense, lexical, dense_weight)[:k]


def lexical_terms(query: Query) -> list[tuple[str, float]]:
    """The terms for the lexical leg, with their weights."""
    typed = [(term.term, 1.0) for term in query.terms if term.known]
    mended = [(read, CORRECTED_WEIGHT) for term in query.terms for read in term.read_as]
    meant = [(other, MEANT_WEIGHT * likeness) for term in query.terms for other, likeness in term.meant]
    weights: dict[str, float] = {}
    for term, weight in (*typed, *mended, *meant):
        weights[term] = max(weights.get(term, 0.0), weight)
    return list(weights.items())


def fuse(
    query: Query,
    index: Index,
    dense: list[tuple[int, float]],
    lexical: list[tuple[int, float]],
    dense_weight: float,
) -> list[Hit]:
    """Convex combination of the two legs' scores (Bruch, Gai and Ingber 2022, arXiv 2210.11934).

    Each leg is scaled by its theoretical least value (cosine −1, BM25 0) and its best; a passage that only the lexical
    leg found gets its true cosine.
    """
    dense_ranks = {passage: rank for rank, (passage, _) in enumerate(dense, 1)}
    lexical_ranks = {passage: rank for rank, (passage, _) in enumerate(lexical, 1)}
    cosines = dict(dense)
    without = [passage for passage, _ in lexical if passage not in cosines]
    if without:
        for passage, vector in zip(without, index.passages.of(without), strict=True):
            cosines[passage] = float(vector @ query.vector)
    bm25 = dict(lexical)
    best_cosine = max(cosines.values(), default=0.0)
    best_bm25 = max(bm25.values(), default=0.0)
    hits = []
    for passage, cosine in cosines.items():
        dense_part = (cosine + 1) / (best_cosine + 1) if best_cosine > -1 else 0.0
        lexical_part = bm25.get(passage, 0.0) / best_bm25 if best_bm25 > 0 else 0.0
        hits.append(
            Hit(
                passage,
                dense_weight * dense_part + (1 - dense_weight) * lexical_part,
                cosine,
                dense_ranks.get(passage),
                bm25.get(passage, 0.0),
                lexical_ranks.get(passage),
            )
        )
    return sorted(hits, key=lambda hit: (-round(hit.score, 9), hit.passage))


def rerank(hits: list[Hit], reader_scores: Mapping[int, float]) -> list[Hit]:
    """The hits with the reader's scores (log-odds by passage), best first; those it has not read keep their order
    after those it has."""
    if not reader_scores:
        return hits
    read = [replace(hit, reader_score=reader_scores[hit.passage]) for hit in hits if hit.passage in reader_scores]
    unread = [hit for hit in hits if hit.passage not in reader_scores]
    return sorted(read, key=lambda hit: (-round(_combined(hit), 9), hit.passage)) + unread


def _combined(hit: Hit) -> float:
    log_odds = 0.0 if hit.reader_score is None else hit.reader_score
    return (1 - READER_WEIGHT) * hit.score + READER_WEIGHT / (1 + math.exp(-log_odds))


def select_documents(index: Index, sources: tuple[str, ...], since: str | None) -> list[int] | None:
    """Numbers of the documents that match every wish: ``None`` without a wish.

    A source matches an id, or a part of path, title, author or publication, case and accents aside; ``since`` is an ISO date and
    leaves undated documents out. Raises ``SourceUnknown``.
    """
    if not sources and since is None:
        return None
    documents = index.corpus.documents()
    chosen: set[int] = set()
    for source in sources:
        wanted = fold(source)
        found = {
            document.number
            for document in documents
            if wanted == document.id
            or any(
                wanted in fold(field)
                for field in (
                    document.path,
                    document.metadata.title or "",
                    document.metadata.author or "",
                    document.metadata.publication or "",
                )
            )
        }
        if not found:
            raise SourceUnknown(source=source)
        chosen |= found
    if not sources:
        chosen = {document.number for document in documents}
    if since is not None:
        chosen &= {
            d.number
            for d in documents
            if d.metadata.date is not None and d.metadata.date >= since[: len(d.metadata.date)]
        }
    return sorted(chosen)
