"""What was asked to figures, in the field's names.

Retrieval measures are ir_measures' own over the first passages; evidence is measured by characters shared with the gold
spans. ``summary`` gives each figure as a plain number, ``None`` where nothing was measured.
"""

import statistics
from collections.abc import Callable, Sequence

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from eval.run import Asked
from service.answer import Citation

RETRIEVAL = {"R@1": R @ 1, "R@5": R @ 5, "R@10": R @ 10, "MRR@10": RR @ 10, "nDCG@10": nDCG @ 10}
_RIGHT = 0.5  # share of the shorter of quote and span that they must have in common


def summary(asked: Sequence[Asked]) -> dict[str, float | None]:
    """Every measure over a set of questions."""
    answerable = [one for one in asked if one.gold.answerable]
    unanswerable = [one for one in asked if not one.gold.answerable]
    quoted = [one for one in answerable if one.answer.citations]
    shown = [one for one in asked if one.answer.citations]
    figures: dict[str, float | None] = {
        "questions": float(len(asked)),
        "answerable": float(len(answerable)),
        "unanswerable": float(len(unanswerable)),
        **_retrieval(answerable),
        "evidence in first five": _share(answerable, lambda one: any(h.passage in one.relevant for h in one.hits[:5])),
        "right quote shown": _share(answerable, shows_right_quote),
        "first quote right": _share(
            answerable, lambda one: bool(one.answer.citations) and right(one.answer.citations[0], one)
        ),
        "evidence precision": _mean([precision(one) for one in quoted]),
        "evidence recall": _mean([recall(one) for one in answerable]),
        "facts shown": _mean([facts(one) for one in answerable if one.gold.facts]),
        "false refusals": _share(answerable, lambda one: one.answer.status == "refused"),
        "false answers": _share(unanswerable, lambda one: one.answer.status != "refused"),
        "citations verbatim": _share(list(asked), lambda one: one.verbatim),
        "quotes per answer": _mean([float(len(one.answer.citations)) for one in shown]),
        "milliseconds, median": statistics.median([one.milliseconds for one in asked]) if asked else None,
    }
    return figures


def _retrieval(answerable: Sequence[Asked]) -> dict[str, float | None]:
    if not answerable:
        return dict.fromkeys(RETRIEVAL)
    qrels = [Qrel(one.gold.id, str(passage), 1) for one in answerable for passage in sorted(one.relevant)]
    run = [
        # scores by rank: ties were broken by passage id, and stay so
        ScoredDoc(one.gold.id, str(hit.passage), float(len(one.hits) - rank))
        for one in answerable
        for rank, hit in enumerate(one.hits)
    ]
    values = ir_measures.calc_aggregate(list(RETRIEVAL.values()), qrels, run)
    return {name: float(values[measure]) for name, measure in RETRIEVAL.items()}


def right(citation: Citation, asked: Asked) -> bool:
    """Whether a quote and one of the gold spans share at least half of the shorter one."""
    return any(
        _shared(citation, span.file, span.start, span.end)
        >= _RIGHT * min(citation.end - citation.start, span.end - span.start)
        for span in asked.gold.spans
        if span.file == citation.path
    )


def shows_right_quote(asked: Asked) -> bool:
    """Whether any quote shown is right."""
    return any(right(citation, asked) for citation in asked.answer.citations)


def precision(asked: Asked) -> float:
    """Share of the quoted characters that lie in a gold span."""
    quoted = sum(citation.end - citation.start for citation in asked.answer.citations)
    inside = sum(
        len(
            {
                position
                for span in asked.gold.spans
                if span.file == citation.path
                for position in range(max(span.start, citation.start), min(span.end, citation.end))
            }
        )
        for citation in asked.answer.citations
    )
    return inside / quoted if quoted else 0.0


def recall(asked: Asked) -> float:
    """Share of the gold characters that were quoted: of all spans where several are needed, else of the best one."""
    shares = [
        len(
            {
                position
                for citation in asked.answer.citations
                if citation.path == span.file
                for position in range(max(span.start, citation.start), min(span.end, citation.end))
            }
        )
        / (span.end - span.start)
        for span in asked.gold.spans
    ]
    if not shares:
        return 0.0
    return sum(shares) / len(shares) if asked.gold.kind == "several" else max(shares)


def facts(asked: Asked) -> float:
    """Share of the facts found in the quotes, spaces and case aside."""
    shown = _plain(" ".join(citation.quote for citation in asked.answer.citations))
    return sum(_plain(fact) in shown for fact in asked.gold.facts) / len(asked.gold.facts)


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


def _shared(citation: Citation, file: str, start: int, end: int) -> int:
    return max(0, min(citation.end, end) - max(citation.start, start)) if citation.path == file else 0


def _share(asked: Sequence[Asked], holds: Callable[[Asked], bool]) -> float | None:
    return _mean([float(holds(one)) for one in asked])


def _mean(values: Sequence[float]) -> float | None:
    return statistics.fmean(values) if values else None
