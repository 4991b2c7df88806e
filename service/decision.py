"""Evidence to a decision: the quotes that answer, or a refusal."""

import math
from difflib import SequenceMatcher

from indexer.analysis import fold
from indexer.index import Index
from service.answer import Evidence, Hit, Query
from service.calibration import Calibration
from service.evidence import FEATURES

FEATURES_OF_DECISION = (
    "sentence", "margin", "cosine", "coverage", "support_near", "support_passage", "support", "weakest", "named",
    "dense_score", "focus", "answers_question", "number_missing", "number_near", "date_missing", "date_near", "unknown",
    "unknown_named", "far", "nearest_far", "english", "legs_agree", "terms",
)  # fmt: skip
"""What the decision to answer is weighed from, in the order of the vector."""

MOST_QUOTES = 3
_SHARE_OF_BEST = 0.6  # of the best sentence's probability, for another sentence to be quoted beside it
_SAME = 0.85  # likeness from which two sentences are one


def answerable_features(query: Query, hits: list[Hit], evidence: list[Evidence]) -> tuple[float, ...]:
    """The features of ``FEATURES_OF_DECISION`` for a question whose evidence is not empty."""
    best = next((e for e in evidence if not _is_question(e)), evidence[0])
    value = dict(zip(FEATURES, best.features, strict=True))
    others = [e.score for e in evidence if e is not best]
    total = sum(term.weight for term in query.terms)
    unknown = sum(term.weight for term in query.terms if not term.known and not term.corrected)
    named = [term for term in query.terms if term.named]
    return (
        _logit(best.score),
        _logit(best.score) - _logit(max(others, default=0.01)),
        value["cosine"],
        value["coverage"],
        value["support_near"],
        value["support_passage"],
        value["support"],
        value["weakest"],
        value["named"],
        value["dense_score"],
        value["focus"],
        value["answers_question"],
        value["no_number"],
        value["number_near"],
        value["no_date"],
        value["date_near"],
        unknown / total if total > 0 and query.lang == "fr" else 0.0,
        sum(not term.known for term in named) / len(named) if named else 0.0,
        max((1 - float(term.likeness.max(initial=0.0)) for term in query.terms if not term.known), default=0.0),
        1 - value["weakest_word"],
        float(query.lang == "en"),
        float(any(hit.dense_rank == 1 and hit.lexical_rank is not None and hit.lexical_rank <= 3 for hit in hits[:3])),
        math.log(1 + len(query.terms)),
    )


def decide(
    query: Query, hits: list[Hit], evidence: list[Evidence], index: Index, calibration: Calibration
) -> tuple[list[Evidence], float]:
    """The quotes, best first, and the probability that they answer. No quotes: the question is refused."""
    if not evidence or not query.terms:
        return [], 0.0
    confidence = calibration.answerable.probability(answerable_features(query, hits, evidence))
    if confidence < calibration.threshold:
        return [], confidence
    return choose(evidence, index), confidence


def choose(evidence: list[Evidence], index: Index) -> list[Evidence]:
    """One to three sentences: the best, and those nearly as good that are no question and say something else."""
    chosen: list[Evidence] = []
    wordings: list[str] = []
    for one in evidence:
        if _is_question(one) and len(evidence) > 1:
            continue
        if chosen and one.score < _SHARE_OF_BEST * chosen[0].score:
            break
        wording = fold(index.corpus.text(one.document)[one.start : one.end])
        if any(_alike(wording, other) for other in wordings):
            continue
        chosen.append(one)
        wordings.append(wording)
        if len(chosen) == MOST_QUOTES:
            break
    return chosen


def _alike(a: str, b: str) -> bool:
    if a in b or b in a:
        return True
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    return matcher.real_quick_ratio() >= _SAME and matcher.quick_ratio() >= _SAME and matcher.ratio() >= _SAME


def _is_question(evidence: Evidence) -> bool:
    return bool(evidence.features[FEATURES.index("is_question")])


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))
