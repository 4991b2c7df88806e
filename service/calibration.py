"""The learned weights of three decisions: how well a sentence answers, whether to answer at all, whether a short
answer is sure enough to be shown.

All are logistic regressions over the features named in ``service.evidence`` and ``service.decision``; their weights
lie in ``models/calibration`` and are made by ``training/decision.py``, once with the reader and once without.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from indexer.embedder import check_files
from indexer.errors import ModelDamaged


@dataclass(frozen=True, slots=True)
class Logistic:
    """``probability(x) = 1 / (1 + exp(−(w·x + b)))``."""

    features: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float

    def probability(self, values: Sequence[float]) -> float:
        z = self.bias + sum(weight * value for weight, value in zip(self.weights, values, strict=True))
        return 1 / (1 + math.exp(-max(min(z, 30.0), -30.0)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """``answerable`` weighs the decision; below ``threshold`` the question is refused. ``short`` weighs a short answer,
    shown from ``short_threshold`` on."""

    sentences: Logistic
    answerable: Logistic
    threshold: float
    short: Logistic
    short_threshold: float

    def sentence(self, features: Sequence[float]) -> float:
        """Probability that a sentence answers."""
        return self.sentences.probability(features)


@dataclass(frozen=True, slots=True)
class Calibrations:
    """``read`` where the reader has read the passages, ``floor`` where it has not."""

    read: Calibration
    floor: Calibration

    def refusing(self, factor: float) -> "Calibrations":
        """The same with both thresholds of refusal multiplied: 0 never refuses. For measuring."""
        read, floor = (replace(one, threshold=one.threshold * factor) for one in (self.read, self.floor))
        return Calibrations(read, floor)


def load_calibrations(folder: Path) -> Calibrations:
    """Read and verify the weights. Raises ``ModelNotFound`` or ``ModelDamaged``."""
    check_files(folder)
    path = folder / "calibration.json"
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Calibrations(_calibration(data["read"]), _calibration(data["floor"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelDamaged(path=path, why=error) from error


def _calibration(data: dict[str, Any]) -> Calibration:
    return Calibration(
        _logistic(data["sentences"]),
        _logistic(data["answerable"]),
        float(data["threshold"]),
        _logistic(data["short"]),
        float(data["short_threshold"]),
    )


def _logistic(data: dict[str, Any]) -> Logistic:
    weights: dict[str, float] = data["weights"]
    return Logistic(tuple(weights), tuple(float(weight) for weight in weights.values()), float(data["bias"]))
