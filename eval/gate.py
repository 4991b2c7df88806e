"""What CI holds the figures to: no measure may fall below a committed baseline by more than its margin.

A measure fails when its paired interval against the baseline lies wholly below −margin, when its figure is below a hard
floor, or when more questions flipped to the worse than chance would have it: an interval over documents does not see a loss
that is all in one of them. All three are in ``gate.toml``. A new baseline is a commit of its own: ``ask evaluate baseline``.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.compare import FLIPPING, Difference, Flips, differences, flips, pair
from eval.figures import Scored, figures
from eval.measures import BY_NAME, MEASURES, Measure
from indexer.errors import BaselineOfOtherQuestions, ResultsUnreadable, ResultsUnwritable

GATE = Path(__file__).parent / "gate.toml"
SEEDS_BASELINE = Path(__file__).parent / "baseline.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Gate:
    """``margins`` by measure, that of all others being ``margin``; ``floors``: bounds that the figures must keep.

    A floor of a measure of which less is better is a ceiling. Flips to the worse fail below ``flips``, a p.
    """

    margin: float
    flips: float
    margins: Mapping[str, float]
    floors: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Fall:
    """A measure that fell: its difference, its margin, and the ids of the questions that score less than before."""

    difference: Difference
    margin: float
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Breach:
    """A figure below its floor (above it, where less is better)."""

    measure: Measure
    value: float
    floor: float


def load_gate(path: Path = GATE, *, shipped: bool) -> Gate:
    """Read the margins and floors, with those of the shipped texts where ``shipped``.

    Raises ``ResultsUnreadable``, also for a measure that nobody knows.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        margins = {name: float(value) for name, value in data["margins"].items()}
        told = {**data["floors"], **(data["shipped"] if shipped else {})}
        floors = {name: float(value) for name, value in told.items()}
        gate = Gate(margins.pop("default"), float(data["flips"]["p"]), margins, floors)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ResultsUnreadable(path=path, why=error) from error
    unknown = {*gate.margins, *gate.floors} - set(BY_NAME)
    if unknown:
        raise ResultsUnreadable(path=path, why=", ".join(sorted(unknown)))
    return gate


def unmet(scored: Sequence[Scored], baseline: Sequence[Scored], gate: Gate) -> list[Fall | Breach | Flips]:
    """What does not hold, floors first, flips last. Raises ``BaselineOfOtherQuestions``.

    Of a baseline with other splits only those that were asked are compared.
    """
    asked = {one.split for one in scored}
    pairs, apart = pair([one for one in baseline if one.split in asked], scored)
    if apart:
        raise BaselineOfOtherQuestions(n=len(apart), first=", ".join(apart[:5]))
    values = figures(scored)
    found: list[Fall | Breach | Flips] = []
    for name, floor in gate.floors.items():
        measure = BY_NAME[name]
        if name in values and (values[name].value > floor if measure.lower else values[name].value < floor):
            found.append(Breach(measure, values[name].value, floor))
    for difference in differences(pairs):
        margin = gate.margins.get(difference.measure.name, gate.margin)
        if difference.measure.judged and difference.gain is not None and difference.gain[1] < -margin:
            found.append(Fall(difference, margin, flips(pairs, difference.measure).worse))
    moved = [flips(pairs, measure) for measure in FLIPPING]
    return [*found, *(one for one in moved if len(one.worse) > len(one.better) and one.p < gate.flips)]


def write_baseline(path: Path, scored: Sequence[Scored]) -> None:
    """Write the scores, a question a line, so that a commit shows what changed. Raises ``ResultsUnwritable``."""
    names = [measure.name for measure in MEASURES]
    rows = [
        json.dumps(
            [one.id, one.digest, one.kind, one.split, one.cluster, one.confidence, one.accurate,
             [one.measures.get(name) for name in names]], ensure_ascii=False,
        )
        for one in scored
    ]  # fmt: skip
    head = json.dumps(names, ensure_ascii=False)
    body = ",\n".join(rows)
    try:
        path.write_text(f'{{"format": {FORMAT},\n"measures": {head},\n"questions": [\n{body}\n]}}\n', encoding="utf-8")
    except OSError as error:
        raise ResultsUnwritable(path=path, why=error.strerror or error) from error


def read_baseline(path: Path) -> list[Scored]:
    """The scores of a baseline. Raises ``ResultsUnreadable``."""
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']}")
        found = []
        for name, digest, kind, split, cluster, confidence, accurate, values in data["questions"]:
            known = {n: float(v) for n, v in zip(data["measures"], values, strict=True) if v is not None}
            found.append(Scored(name, digest, kind, split, cluster, float(confidence), accurate, known))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultsUnreadable(path=path, why=error) from error
    return found
