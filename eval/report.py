"""Figures as a person reads them, as JSON, and the gate that CI holds them to."""

import json
import tomllib
from pathlib import Path
from typing import Any, TextIO

from eval.measures import right, summary
from eval.run import Asked, Outcome

GATE = Path(__file__).parent / "gate.toml"
_LOWER_IS_BETTER = ("false refusals", "false answers")


def print_report(outcome: Outcome, stream: TextIO, *, as_json: bool, failures: bool) -> None:
    """All questions, each split, each kind; with ``failures`` the questions that went wrong."""
    groups = _groups(outcome)
    if as_json:
        data: dict[str, Any] = {
            "index": outcome.index,
            "models": outcome.models,
            "figures": {name: summary(asked) for name, asked in groups.items()},
        }
        stream.write(json.dumps(data, ensure_ascii=False) + "\n")
        return
    columns = {name: summary(asked) for name, asked in groups.items() if not name.startswith("kind ")}
    stream.write(f"{'':<24}" + "".join(f"{name:>12}" for name in columns) + "\n")
    for measure in next(iter(columns.values())):
        stream.write(
            f"{measure:<24}" + "".join(f"{_figure(column[measure]):>12}" for column in columns.values()) + "\n"
        )
    stream.write(f"\n{'kind':<18}{'n':>4}{'R@5':>8}{'right quote':>13}{'refused':>9}\n")
    for name, asked in groups.items():
        if name.startswith("kind "):
            figures = summary(asked)
            refused = sum(one.answer.status == "refused" for one in asked) / len(asked)
            stream.write(
                f"{name[5:]:<18}{len(asked):>4}{_figure(figures['R@5']):>8}{_figure(figures['right quote shown']):>13}"
                f"{refused:>9.3f}\n"
            )
    if failures:
        _print_failures(outcome, stream)


def unmet(outcome: Outcome) -> list[str]:
    """What of ``eval/gate.toml`` does not hold, as sentences."""
    gate = tomllib.loads(GATE.read_text(encoding="utf-8"))
    missed = []
    for split, bounds in gate.items():
        asked = [one for one in outcome.asked if one.gold.split == split]
        if not asked:
            continue
        figures = summary(asked)
        for measure, bound in bounds.items():
            value = figures[measure]
            low = measure in _LOWER_IS_BETTER or measure.startswith("milliseconds")
            if value is None or (value > bound if low else value < bound):
                missed.append(f"{split}, {measure} : {_figure(value)}, seuil {bound}")
    return missed


def _groups(outcome: Outcome) -> dict[str, list[Asked]]:
    groups: dict[str, list[Asked]] = {"all": list(outcome.asked)}
    for one in outcome.asked:
        groups.setdefault(one.gold.split, []).append(one)
    for one in outcome.asked:
        groups.setdefault(f"kind {one.gold.kind}", []).append(one)
    return groups


def _print_failures(outcome: Outcome, stream: TextIO) -> None:
    for one in outcome.asked:
        wrong = (
            not any(right(citation, one) for citation in one.answer.citations)
            if one.gold.answerable
            else bool(one.answer.citations)
        )
        if not wrong:
            continue
        stream.write(
            f"\n{one.gold.id} {one.gold.split} {one.gold.kind} : {one.gold.question}\n"
            f"  {one.answer.status} ({one.answer.confidence:.2f})\n"
        )
        for citation in one.answer.citations or one.answer.nearest:
            stream.write(f"  {citation.score:.2f} {citation.quote[:140]!r}\n")
        for span in one.gold.spans:
            stream.write(f"  gold {span.quote[:140]!r}\n")


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if value == int(value) and value > 1 else f"{value:.3f}"
