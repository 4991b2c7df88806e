"""Scores of questions to figures: the mean of each measure with its interval, over any group of questions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.bootstrap import Values, interval, means, resample
from eval.curve import areas
from eval.measures import AREA, MEASURES

_DECIMALS = 6  # of what is filed: two runs give the same bytes


@dataclass(frozen=True, slots=True)
class Scored:
    """A question's scores. ``digest`` changes with its wording or spans: only the same question is compared.

    ``confidence`` and ``accurate`` place it on the curve of answer rate and accuracy; ``measures`` holds those that say
    something of it, by name.
    """

    id: str
    digest: str
    kind: str
    split: str
    cluster: str
    confidence: float
    accurate: bool
    measures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over ``n`` questions with its 95 % interval over documents, ``None`` where one document tells nothing."""

    value: float
    interval: tuple[float, float] | None
    n: int


def groups(scored: Iterable[Scored]) -> dict[str, list[Scored]]:
    """All questions as ``all``, then each split as ``split …``, then each kind as ``kind …``, as they occur."""
    found: dict[str, list[Scored]] = {"all": list(scored)}
    for one in found["all"]:
        found.setdefault(f"split {one.split}", []).append(one)
    for one in found["all"]:
        found.setdefault(f"kind {one.kind}", []).append(one)
    return found


def figures(scored: Sequence[Scored]) -> dict[str, Figure]:
    """Every measure that says something of these questions, in the order of ``MEASURES``, and the area last."""
    if not scored:
        return {}
    values = matrix(scored)
    clusters = [one.cluster for one in scored]
    resampling = resample(clusters)
    samples = means(values, resampling)
    found = {}
    for column, measure in enumerate(MEASURES):
        known = ~np.isnan(values[:, column])
        if known.any():
            told = len({cluster for cluster, is_known in zip(clusters, known, strict=True) if is_known}) > 1
            found[measure.name] = _figure(
                float(values[known, column].mean()), samples[:, column] if told else None, int(known.sum())
            )
    place = [one.confidence for one in scored], [one.accurate for one in scored]
    (value,) = areas(*place, np.ones((1, len(scored))))
    told = len(set(clusters)) > 1
    found[AREA.name] = _figure(float(value), areas(*place, resampling.weights) if told else None, len(scored))
    return found


def matrix(scored: Sequence[Scored]) -> Values:
    """Scores as an array (questions, measures), NaN where a measure says nothing of a question."""
    return np.asarray(
        [[one.measures.get(measure.name, np.nan) for measure in MEASURES] for one in scored], np.float64
    ).reshape(len(scored), len(MEASURES))


def _figure(value: float, samples: Values | None, n: int) -> Figure:
    found = interval(samples) if samples is not None else None
    rounded = (round(found[0], _DECIMALS), round(found[1], _DECIMALS)) if found else None
    return Figure(round(value, _DECIMALS), rounded, n)
