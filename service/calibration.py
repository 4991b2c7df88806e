"""The learned weights of two decisions: how well a sentence answers, and whether to answer at all.

Both are logistic regressions over the features named in ``service.evidence`` and ``service.decision``; their weights
lie in ``models/calibration`` and are made by ``training/decision.py``.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
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
    """``answerable`` weighs the decision; below ``threshold`` the question is refused."""

    sentences: Logistic
    answerable: Logistic
    threshold: float

    def sentence(self, features: Sequence[float]) -> float:
        """Probability that a sentence answers."""
        return self.sentences.probability(features)


def load_calibration(folder: Path) -> Calibration:
    """Read and verify the weights. Raises ``ModelNotFound`` or ``ModelDamaged``."""
    check_files(folder)
    path = folder / "calibration.json"
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Calibration(_logistic(data["sentences"]), _logistic(data["answerable"]), float(data["threshold"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelDamaged(path=path, why=error) from error


def _logistic(data: dict[str, Any]) -> Logistic:
    weights: dict[str, float] = data["weights"]
    return Logistic(tuple(weights), tuple(float(weight) for weight in weights.values()), float(data["bias"]))
