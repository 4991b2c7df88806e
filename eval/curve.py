"""How right answers are as the threshold of refusal moves: accuracy of the answered against the share answered.

Questions are answered from the most confident on; a question whose answer shows a right quote is accurate, one that the
texts do not answer is wrong whenever it is answered. The area under the curve is the mean of the accuracies met as
questions are added one by one (the complement of the area under the risk–coverage curve, Geifman and El-Yaniv 2017); tied
confidences are added together. 1 is best: every answer right, whatever the threshold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_ROWS = 128  # resamples at once


@dataclass(frozen=True, slots=True)
class Point:
    """With this threshold, the share of all questions answered and the share of these that is answered right."""

    threshold: float
    answered: float
    accuracy: float


def curve(confidence: Sequence[float], accurate: Sequence[bool]) -> list[Point]:
    """A point for each confidence that occurs, from the highest threshold down."""
    order, last = _order(np.asarray(confidence, float))
    if not len(order):
        return []
    hits = np.cumsum(np.asarray(accurate, float)[order])
    return [
        Point(float(confidence[order[place]]), (place + 1) / len(order), float(hits[place]) / (place + 1))
        for place in sorted(set(last.tolist()))
    ]


def areas(confidence: Sequence[float], accurate: Sequence[bool], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The area for each row of ``weights`` (resamples, questions), shape (resamples,); NaN where all weights are 0."""
    order, last = _order(np.asarray(confidence, float))
    right = np.asarray(accurate, float)[order]
    found = np.full(len(weights), np.nan)
    for start in range(0, len(weights), _ROWS):
        rows = weights[start : start + _ROWS, order]
        answered = np.cumsum(rows, axis=1)[:, last]
        hits = np.cumsum(rows * right, axis=1)[:, last]
        accuracy = np.divide(hits, answered, out=np.zeros_like(hits), where=answered > 0)
        total = rows.sum(axis=1)
        found[start : start + _ROWS] = np.divide(
            (accuracy * rows).sum(axis=1), total, out=np.full(len(rows), np.nan), where=total > 0
        )
    return found


def _order(confidence: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Questions from the most confident on, and for each place the last place of the same confidence."""
    order = np.argsort(-confidence, kind="stable").astype(np.int64)
    ordered = -confidence[order]
    last = np.searchsorted(ordered, ordered, side="right").astype(np.int64) - 1
    return order, last
