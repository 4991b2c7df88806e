"""Evidence to a decision: the quotes that answer, or a refusal."""

import math
import re
from dataclasses import replace
from difflib import SequenceMatcher

from indexer.analysis import fold
from indexer.index import Index
from service.announced import with_announced
from service.answer import Evidence, Hit, Query
from service.calibration import Calibration
from service.evidence import FEATURES, figures
from service.reader import UNREAD

FEATURES_OF_DECISION = (
    "sentence", "margin", "cosine", "coverage", "support_near", "support_passage", "support", "weakest", "named",
    "dense_score", "focus", "answers_question", "number_missing", "number_near", "date_missing", "date_near", "unknown",
    "unknown_named", "far", "nearest_far", "english", "legs_agree", "terms", "figures_missing", "figures_absent", "reader",
    "reader_best", "reader_span", "reader_unsure",
)  # fmt: skip
"""What the decision to answer is weighed from, in the order of the vector."""

FEATURES_OF_SHORT = (
    "span", "sentence", "confidence", "words", "number", "date", "person", "place", "open", "second", "behind",
)  # fmt: skip
"""What the decision to show a short answer is weighed from."""

MOST_QUOTES = 3
SHARE_OF_BEST = 0.7  # of the best sentence's probability, for another sentence to be quoted beside it
_SHARE_OF_OTHER = 0.3  # the same for the sentence of another document that gives another figure or date
_SAME = 0.85  # likeness from which two sentences are one
_WHOLE = 0.8  # share of its sentence from which a short answer only says it again


_WORD = re.compile(r"\w+")
# « on ne compte pas moins de 500 000 clients » does not say « moins de 500 000 »
_DENIED = re.compile(r"\b(?:pas|jamais|guere|ni|sans|non|aucune?|not|no|never|without)\s+$")
_READER = FEATURES.index("reader")


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
        value["figures_missing"],
        value["figures_absent"],
        value["reader"],
        max(e.features[_READER] for e in evidence),
        value["reader_span"],
        float(value["reader"] < 0 and any(e.short for e in evidence)),
    )


def short_features(
    query: Query, evidence: Evidence, best: Evidence, confidence: float, wording: str
) -> tuple[float, ...]:
    """The features of ``FEATURES_OF_SHORT`` for the short answer of a sentence quoted first or behind ``best``."""
    return (
        min(max(evidence.short.log_odds if evidence.short else UNREAD, -10.0), 10.0),
        _logit(evidence.score),
        _logit(confidence),
        math.log(1 + len(wording.split())),
        *(float(kind in query.expects) for kind in ("number", "date", "person", "place")),
        float("reason" in query.expects or "definition" in query.expects or not query.expects),
        float(evidence.sentence != best.sentence),
        _logit(best.score) - _logit(evidence.score),
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
    chosen = with_short_answers(query, choose(query, evidence, index), confidence, index, calibration)
    return with_announced(chosen, index), confidence


def choose(query: Query, evidence: list[Evidence], index: Index) -> list[Evidence]:
    """One to three sentences: the best, and those nearly as good that are no question and say something else.

    Asked for a figure or a date, another document that gives another one is quoted beside the best.
    """
    chosen: list[Evidence] = []
    wordings: list[str] = []
    for one in evidence:
        if _is_question(one) and len(evidence) > 1:
            continue
        if chosen and one.score < SHARE_OF_BEST * chosen[0].score:
            break
        wording = fold(index.corpus.text(one.document)[one.start : one.end])
        if any(_alike(wording, other) for other in wordings):
            continue
        chosen.append(one)
        wordings.append(wording)
        if len(chosen) == MOST_QUOTES:
            break
    if chosen and query.expects & {"number", "date"} and not any(o.document != chosen[0].document for o in chosen):
        other = next((one for one in evidence if _contradicts(one, chosen[0], index)), None)
        if other is not None:
            return [*chosen[: MOST_QUOTES - 1], other]
    return chosen


def _contradicts(one: Evidence, best: Evidence, index: Index) -> bool:
    """Whether a sentence of another document, nearly as good, gives other figures as its short answer."""
    if one.document == best.document or one.score < _SHARE_OF_OTHER * best.score or _is_question(one):
        return False
    return disagree(figures_of(one, index), figures_of(best, index))


def figures_of(evidence: Evidence, index: Index) -> frozenset[str]:
    """The figures in the short answer of a sentence, without months: « 05 » may be « mai »."""
    if evidence.short is None:
        return frozenset()
    wording = index.corpus.text(evidence.document)[evidence.short.start : evidence.short.end]
    return frozenset(figure for figure in figures(wording) if figure.isdigit())


def disagree(figures: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two short answers give different figures; « 2021 » agrees with « 12 mai 2021 »."""
    return bool(figures and others) and not (figures <= others or others <= figures)


def with_short_answers(
    query: Query, chosen: list[Evidence], confidence: float, index: Index, calibration: Calibration
) -> list[Evidence]:
    """The same quotes; short answers that are not sure enough are taken away.

    A quote behind the best is seldom sure, unless it says otherwise: then it is judged as if it stood first.
    """
    kept = []
    for one in chosen:
        first = one if _contradicts(one, chosen[0], index) else chosen[0]
        sure = _is_sure(query, one, first, confidence, index, calibration)
        kept.append(one if sure else replace(one, short=None))
    return kept


def _is_sure(
    query: Query, one: Evidence, best: Evidence, confidence: float, index: Index, calibration: Calibration
) -> bool:
    if one.short is None or not 0 < one.short.end - one.short.start < _WHOLE * (one.end - one.start):
        return False
    text = index.corpus.text(one.document)
    wording = text[one.short.start : one.short.end]
    if _DENIED.search(fold(text[one.start : one.short.start])):
        return False
    asked = fold(query.text)
    if "ou" not in asked.split() and set(_WORD.findall(fold(wording))) <= set(_WORD.findall(asked)):
        return False  # says again what was asked
    features = short_features(query, one, best, confidence, wording)
    return calibration.short.probability(features) >= calibration.short_threshold


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
