"""Two runs of the same questions: each measure's difference with its paired interval, flips, and what changed.

The difference of a measure is paired over documents: the same texts are drawn for both runs, a thousand times. Flips of
what holds or does not hold are weighed by McNemar's exact test: were both runs as good, a flip would go either way like a
coin.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.bootstrap import Values, interval, means, resample
from eval.curve import areas
from eval.figures import Scored, matrix
from eval.measures import AREA, BY_NAME, MEASURES, Measure
from eval.results import Judged, Results

_DECIMALS = 6
FLIPPING = tuple(BY_NAME[name] for name in ("right quote shown", "false refusals", "false answers"))


@dataclass(frozen=True, slots=True)
class Difference:
    """``value`` is after less before; ``interval`` its 95 % interval, ``None`` where one document tells nothing."""

    measure: Measure
    before: float
    after: float
    value: float
    interval: tuple[float, float] | None

    @property
    def gain(self) -> tuple[float, float] | None:
        """The interval, turned so that more is better."""
        if self.interval is None or not self.measure.lower:
            return self.interval
        return -self.interval[1], -self.interval[0]


@dataclass(frozen=True, slots=True)
class Flips:
    """Ids of questions for which a measure got better or worse, and the two-sided exact p of McNemar's test."""

    measure: Measure
    better: tuple[str, ...]
    worse: tuple[str, ...]
    p: float


@dataclass(frozen=True, slots=True)
class Change:
    """A question answered otherwise. ``better`` is ``None`` where its scores do not tell."""

    before: Judged
    after: Judged
    better: bool | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """``paired`` questions were compared; ``apart`` were asked in one run only, or changed in between."""

    paired: int
    apart: tuple[str, ...]
    differences: tuple[Difference, ...]
    flips: tuple[Flips, ...]
    changes: tuple[Change, ...]


def compare(before: Results, after: Results) -> Comparison:
    """Everything that a person asks of two runs."""
    pairs, apart = pair(before.scored, after.scored)
    rows = {judged.scored.id: judged for judged in before.questions}
    news = {judged.scored.id: judged for judged in after.questions}
    changes = [_change(rows[one.id], news[one.id]) for one, _ in pairs if _differs(rows[one.id], news[one.id])]
    order = {False: 0, True: 1, None: 2}
    return Comparison(
        len(pairs),
        apart,
        tuple(differences(pairs)),
        tuple(flips(pairs, measure) for measure in FLIPPING),
        tuple(sorted(changes, key=lambda change: order[change.better])),
    )


def pair(before: Sequence[Scored], after: Sequence[Scored]) -> tuple[list[tuple[Scored, Scored]], tuple[str, ...]]:
    """The scores of the same question in both, in the order of ``before``, and the ids that have no such pair."""
    news = {one.id: one for one in after}
    pairs = [(one, news[one.id]) for one in before if one.id in news and news[one.id].digest == one.digest]
    paired = {one.id for one, _ in pairs}
    return pairs, tuple(dict.fromkeys(one.id for one in (*before, *after) if one.id not in paired))


def differences(pairs: Sequence[tuple[Scored, Scored]]) -> list[Difference]:
    """The difference of each measure that both sides have, in the order of ``MEASURES``, the area last."""
    if not pairs:
        return []
    olds, news = [old for old, _ in pairs], [new for _, new in pairs]
    clusters = [old.cluster for old in olds]
    resampling = resample(clusters)
    old_values, new_values = matrix(olds), matrix(news)
    samples = means(new_values, resampling) - means(old_values, resampling)
    found = []
    for column, measure in enumerate(MEASURES):
        old, new = old_values[:, column], new_values[:, column]
        known = ~np.isnan(old) | ~np.isnan(new)
        if np.isnan(old).all() or np.isnan(new).all():
            continue
        told = len({cluster for cluster, is_known in zip(clusters, known, strict=True) if is_known}) > 1
        before, after = float(np.nanmean(old)), float(np.nanmean(new))
        found.append(_difference(measure, before, after, samples[:, column] if told else None))
    before_area, after_area = (
        areas([one.confidence for one in side], [one.accurate for one in side], np.ones((1, len(side))))[0]
        for side in (olds, news)
    )
    moved = areas([one.confidence for one in news], [one.accurate for one in news], resampling.weights) - areas(
        [one.confidence for one in olds], [one.accurate for one in olds], resampling.weights
    )
    told = len(set(clusters)) > 1
    found.append(_difference(AREA, float(before_area), float(after_area), moved if told else None))
    return found


def _difference(measure: Measure, before: float, after: float, samples: Values | None) -> Difference:
    found = interval(samples) if samples is not None else None
    rounded = (round(found[0], _DECIMALS), round(found[1], _DECIMALS)) if found else None
    return Difference(
        measure, round(before, _DECIMALS), round(after, _DECIMALS), round(after - before, _DECIMALS), rounded
    )


def flips(pairs: Sequence[tuple[Scored, Scored]], measure: Measure) -> Flips:
    """The questions for which a measure moved."""
    moved = [
        (old.id, new.measures[measure.name] - old.measures[measure.name])
        for old, new in pairs
        if measure.name in old.measures and measure.name in new.measures
    ]
    more = tuple(name for name, by in moved if by > 0)
    less = tuple(name for name, by in moved if by < 0)
    better, worse = (less, more) if measure.lower else (more, less)
    return Flips(measure, better, worse, mcnemar(len(better), len(worse)))


def mcnemar(one_way: int, other_way: int) -> float:
    """Two-sided exact p of as uneven a split of the flips, were both ways as likely (McNemar 1947, binomial form)."""
    n = one_way + other_way
    tail = sum(math.comb(n, k) for k in range(min(one_way, other_way) + 1))
    return min(1.0, float(2 * tail / 2**n))


def _differs(before: Judged, after: Judged) -> bool:
    def shown(judged: Judged) -> tuple[object, ...]:
        return judged.status, judged.answer, [(quote.path, quote.start, quote.end) for quote in judged.quotes]

    return shown(before) != shown(after)


def _change(before: Judged, after: Judged) -> Change:
    """Better or worse by what weighs most: refusal of what nothing answers, a right quote, all of it, its characters."""
    for measure in (
        "false answers", "right quote shown", "first quote right", "whole answer shown", "evidence recall", "answer F1"
    ):  # fmt: skip
        old, new = before.scored.measures.get(measure), after.scored.measures.get(measure)
        if old is not None and new is not None and old != new:
            return Change(before, after, (new > old) != (measure == "false answers"))
    return Change(before, after, None)
