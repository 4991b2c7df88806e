"""An evaluation filed as JSON: every question's outcome, so that two runs can be compared and looked into.

``NAME.json`` holds nothing that changes from one run of the same code to the next: no time, no date, no place. What a run
cost lies beside it in ``NAME.costs.json``.
"""

import dataclasses
import datetime
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.costs import Costs, stages
from eval.figures import Figure, Scored, figures, groups
from eval.gold import GoldSpan
from eval.run import Outcome
from indexer.errors import ResultsNotFound, ResultsUnreadable, ResultsUnwritable

FORMAT = 1
_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote shown, or nearest on a refusal: ``text(path)[start:end] == text``."""

    path: str
    start: int
    end: int
    text: str
    right: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A passage found, best first; ``relevant`` where it is one of a gold span's ``relevant_passages``."""

    path: str
    start: int
    end: int
    text: str
    relevant: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A question, what came back, and its scores."""

    scored: Scored
    question: str
    history: tuple[str, ...]
    lang: str
    answerable: bool
    facts: tuple[str, ...]
    spans: tuple[GoldSpan, ...]
    status: str
    answer: str
    quotes: tuple[Quote, ...]
    nearest: tuple[Quote, ...]
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """All questions of a run; ``gold`` names the file of questions, ``models`` those that answered."""

    gold: str
    models: dict[str, str]
    questions: tuple[Judged, ...]

    @property
    def scored(self) -> tuple[Scored, ...]:
        """The scores of every question, in order."""
        return tuple(judged.scored for judged in self.questions)

    def figures(self) -> dict[str, dict[str, Figure]]:
        """Every measure of every group of questions."""
        return {name: figures(group) for name, group in groups(self.scored).items()}


def as_json(results: Results) -> str:
    """The file's text: the same bytes for the same outcomes."""
    data = {
        "format": FORMAT,
        "gold": results.gold,
        "models": results.models,
        "figures": {
            group: {name: dataclasses.asdict(figure) for name, figure in found.items()}
            for group, found in results.figures().items()
        },
        "questions": [dataclasses.asdict(judged) for judged in results.questions],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def file_results(folder: Path, name: str, results: Results, outcome: Outcome) -> Path:
    """Write a run and what it cost. A folder made for it ignores itself in git. Raises ``ResultsUnwritable``."""
    path = folder / f"{name}{_SUFFIX}"
    try:
        if not folder.exists():
            folder.mkdir(parents=True)
            (folder / ".gitignore").write_text("*\n", encoding="utf-8")
        path.write_text(as_json(results), encoding="utf-8")
        costs = json.dumps(_costs(outcome.costs, outcome.index), ensure_ascii=False, indent=1)
        (folder / f"{name}.costs.json").write_text(costs + "\n", encoding="utf-8")
    except OSError as error:
        raise ResultsUnwritable(path=path, why=error.strerror or error) from error
    return path


def _costs(costs: Costs, index: str) -> dict[str, Any]:
    return {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "index": index,
        "opening": dataclasses.asdict(costs.opening) if costs.opening else None,
        "first": dataclasses.asdict(costs.first),
        "stages": [dataclasses.asdict(stage) for stage in stages(costs)],
        "peak_megabytes": costs.peak_megabytes,
    }


def find_results(folder: Path, name: str) -> Path:
    """The file of a run, by its path or its name in the folder. Raises ``ResultsNotFound``."""
    for path in (Path(name), folder / f"{name}{_SUFFIX}", folder / name):
        if path.is_file():
            return path
    known = sorted(p.stem for p in folder.glob(f"*{_SUFFIX}") if not re.search(r"\.costs$", p.stem))
    raise ResultsNotFound(name=name, folder=folder, known=", ".join(known) or "–")


def read_results(path: Path) -> Results:
    """A run as it was filed. Raises ``ResultsUnreadable``."""
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise ValueError(f"format {data['format']}")
        return Results(data["gold"], data["models"], tuple(_read(row) for row in data["questions"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ResultsUnreadable(path=path, why=error) from error


def _read(row: dict[str, Any]) -> Judged:
    return Judged(
        **{
            **row,
            "scored": Scored(**row["scored"]),
            "history": tuple(row["history"]),
            "facts": tuple(row["facts"]),
            "spans": tuple(GoldSpan(**span) for span in row["spans"]),
            "quotes": tuple(Quote(**quote) for quote in row["quotes"]),
            "nearest": tuple(Quote(**quote) for quote in row["nearest"]),
            "found": tuple(Found(**passage) for passage in row["found"]),
        }
    )
