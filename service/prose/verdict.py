"""A checked sentence's verdict: shown, or dropped and why."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a sentence is not supported. The values are names of metrics."""

    EMPTY = "empty"
    MARKUP = "markup"
    LANGUAGE = "language"
    UNCITED = "uncited"
    REPEATED = "repeated"
    ECHO = "echo"
    NUMBER = "number"
    UNIT = "unit"
    BOUND = "bound"
    NAME = "name"
    INVENTED = "invented"
    OPPOSITE = "opposite"
    NEGATION = "negation"
    QUANTIFIER = "quantifier"
    MODALITY = "modality"
    CONDITION = "condition"
    ROLE = "role"
    CAUSE = "cause"


@dataclass(frozen=True, slots=True)
class Blame:
    """What a rule finds wrong with a sentence, and the words that gave it away."""

    reason: Reason
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence is supported, how far its words are (0 to 1), why not, and the words that gave it away."""

    supported: bool
    score: float
    reasons: tuple[Reason, ...] = ()
    words: tuple[str, ...] = ()
