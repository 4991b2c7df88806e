"""Bootstrap over documents: questions on one text are not independent, so whole texts are drawn, not questions.

Every figure is a mean over questions, hence a quotient of two sums over clusters: a thousand resamples of all figures are
two products of matrices. Percentile intervals; the same numbers at every run.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1000
CONFIDENCE = 0.95
_SEED = 20210624

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Resampling:
    """``draws`` (resamples, clusters): how often each cluster was drawn. ``place`` (questions,): each one's cluster."""

    draws: Values
    place: NDArray[np.int64]

    @property
    def weights(self) -> Values:
        """How often each question was drawn (resamples, questions)."""
        weights: Values = self.draws[:, self.place]
        return weights


def resample(clusters: Sequence[str], resamples: int = RESAMPLES) -> Resampling:
    """Draw clusters with replacement, as many as there are. ``clusters`` names each question's."""
    names = sorted(set(clusters))
    number = {name: place for place, name in enumerate(names)}
    place = np.asarray([number[name] for name in clusters], np.int64)
    generator = np.random.default_rng(_SEED)
    draws = generator.multinomial(len(names), np.full(len(names), 1 / len(names)), size=resamples)
    return Resampling(draws.astype(np.float64), place)


def means(values: Values, resampling: Resampling) -> Values:
    """The mean of each column of ``values`` (questions, measures) in each resample: (resamples, measures).

    NaN is a question of which nothing was measured; a resample that drew no other is NaN.
    """
    clusters = resampling.draws.shape[1]
    measured = ~np.isnan(values)
    sums = np.zeros((clusters, values.shape[1]))
    counts = np.zeros((clusters, values.shape[1]))
    np.add.at(sums, resampling.place, np.where(measured, values, 0.0))
    np.add.at(counts, resampling.place, measured.astype(np.float64))
    total = resampling.draws @ counts
    found: Values = np.divide(resampling.draws @ sums, total, out=np.full(total.shape, np.nan), where=total > 0)
    return found


def interval(samples: Values) -> tuple[float, float] | None:
    """The middle 95 % of a figure's resamples (resamples,); ``None`` where none has a value."""
    known = samples[~np.isnan(samples)]
    if not len(known):
        return None
    beside = (1 - CONFIDENCE) / 2 * 100
    low, high = np.percentile(known, [beside, 100 - beside])
    return float(low), float(high)
