"""What was asked to its results: every question's scores beside what came back."""

import hashlib
import json

from eval.figures import Scored
from eval.gold import GoldQuestion
from eval.measures import accurate, measured, right
from eval.results import Found, Judged, Quote, Results
from eval.run import Asked, Outcome
from service.answer import Citation

_PASSAGES = 5  # of those found, kept with their text
_DECIMALS = 6  # of scores: two runs give the same bytes


def judge(outcome: Outcome, gold: str) -> Results:
    """Score what was asked."""
    scores = measured(outcome.asked)
    judged = tuple(_judged(one, values) for one, values in zip(outcome.asked, scores, strict=True))
    return Results(gold, outcome.models, judged)


def _judged(one: Asked, values: dict[str, float]) -> Judged:
    gold, answer = one.gold, one.answer
    relevant = frozenset().union(*one.relevant)
    return Judged(
        Scored(
            gold.id, digest(gold), gold.kind, gold.split, one.cluster, answer.confidence, accurate(one),
            {name: round(value, _DECIMALS) for name, value in values.items()},
        ),
        gold.question, gold.history, gold.lang, gold.answerable, gold.facts, gold.spans, answer.status, answer.answer,
        tuple(_quote(citation, one) for citation in answer.citations),
        tuple(_quote(citation, one) for citation in answer.nearest),
        tuple(Found(h.path, h.start, h.end, h.text, h.passage in relevant) for h in one.hits[:_PASSAGES]),
    )  # fmt: skip


def _quote(citation: Citation, one: Asked) -> Quote:
    return Quote(citation.path, citation.start, citation.end, citation.quote, right(citation, one))


def digest(gold: GoldQuestion) -> str:
    """Twelve hexadecimal digits of all that a question's scores depend on."""
    told = [gold.question, list(gold.history), gold.kind, gold.lang, list(gold.facts),
            [[span.file, span.start, span.end] for span in gold.spans]]  # fmt: skip
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:12]
