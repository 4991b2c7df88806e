"""What an evaluation cost: time by stage, cold and warm, and memory. Never part of what two runs are compared by."""

import resource
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a process: its milliseconds, and the most megabytes that the process had held by its end."""

    milliseconds: float
    peak_megabytes: float


@dataclass(frozen=True, slots=True)
class Costs:
    """``opening``: of index and models; ``first``: the first question of the process, ``cold`` its milliseconds by stage.

    ``warm`` are the milliseconds by stage of every question after it, ``questions`` those of whole questions, and
    ``peak_megabytes`` the most that the process had held when all had been asked.
    """

    opening: Step | None
    first: Step
    cold: dict[str, float]
    warm: tuple[dict[str, float], ...]
    questions: tuple[float, ...]
    peak_megabytes: float


@dataclass(frozen=True, slots=True)
class Stage:
    """Milliseconds of a stage: of the first question, the median of the others and their 95th percentile."""

    name: str
    cold: float | None
    warm: float
    slow: float


def stages(costs: Costs) -> list[Stage]:
    """Each stage in the order in which it was first told of; ``total`` last."""
    names = dict.fromkeys(name for timings in (costs.cold, *costs.warm) for name in timings)
    ordered = [name for name in names if name != "total"] + (["total"] if "total" in names else [])
    found = []
    for name in ordered:
        times = [timings[name] for timings in costs.warm if name in timings]
        if times:
            found.append(Stage(name, costs.cold.get(name), statistics.median(times), _slow(times)))
    return found


def memory_megabytes() -> float:
    """The most memory that this process has held so far (``getrusage``: kilobytes on Linux, bytes on macOS)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _slow(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
