"""The file of proposals: one line of JSON each, which a person accepts, refuses or edits, and what becomes of them.

A line: ``{"id", "accepted", "question", "kind", "lang", "rule", "spans": [{"file", "start", "end", "quote"}], "facts"}``.
``accepted`` is ``null`` until a person writes ``true`` or ``false``. Everything else but ``id`` may be edited too: where
a quote was, its offsets are found again.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.amend import find_fact, find_quote, wording
from eval.gold import GoldQuestion, GoldSpan
from eval.propose import Proposal
from eval.rows import append_rows, split_for
from eval.texts import Text
from indexer.errors import CoulissesError, ProposalFaulty


@dataclass(frozen=True, slots=True)
class Accepted:
    """New rows for the gold set, and how many lines were accepted before, refused, or not decided yet."""

    rows: tuple[GoldQuestion, ...]
    known: int
    refused: int
    undecided: int


def add_proposals(path: Path, proposals: Sequence[Proposal], known: Sequence[GoldQuestion]) -> int:
    """Add those that neither the file nor the gold set has, by id or by question, at its end; returns how many.

    No line that is there is touched. Raises ``ProposalFaulty`` and ``QuestionsUnwritable``.
    """
    lines = _lines(path)
    ids = {line.get("id") for _, line in lines} | {one.id for one in known}
    asked = {str(line.get("question")).casefold() for _, line in lines} | {one.question.casefold() for one in known}
    fresh = [one for one in proposals if one.id not in ids and one.question.casefold() not in asked]
    if fresh:
        append_rows(path, [_row(one) for one in fresh])
    return len(fresh)


def _row(proposal: Proposal) -> dict[str, Any]:
    fields = asdict(proposal)
    return {
        "id": fields.pop("id"), "accepted": None, "question": fields.pop("question"), "kind": fields.pop("kind"),
        "lang": "fr", **fields,
    }  # fmt: skip


def accept(path: Path, find_text: Callable[[str], Text], known: Sequence[GoldQuestion]) -> Accepted:
    """The rows of the gold set that the accepted lines make, those that it has already left out.

    Raises ``ProposalFaulty``, naming the line.
    """
    rows: list[GoldQuestion] = []
    counts = {"known": 0, "refused": 0, "undecided": 0}
    ids = {one.id for one in known}
    wordings = {wording(one) for one in known}
    for number, line in _lines(path):
        decided = line.get("accepted")
        if decided is None or decided is False:
            counts["undecided" if decided is None else "refused"] += 1
        elif line.get("id") in ids:
            counts["known"] += 1
        elif fault := _fault(line):
            raise ProposalFaulty(path=path, line=number, why=fault[0], why_en=fault[1])
        else:
            try:
                row = _gold(line, find_text, [*known, *rows])
            except CoulissesError as error:
                raise ProposalFaulty(path=path, line=number, why=error, why_en=error.sentence("en")) from error
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise ProposalFaulty(path=path, line=number, why=f"{type(error).__name__} {error}") from error
            if wording(row) in wordings:
                why, why_en = "cette question est déjà dans le jeu", "this question is already in the set"
                raise ProposalFaulty(path=path, line=number, why=why, why_en=why_en)
            ids.add(row.id)
            wordings.add(wording(row))
            rows.append(row)
    return Accepted(tuple(rows), **counts)


def _fault(line: dict[str, Any]) -> tuple[str, str] | None:
    """What is wrong with an accepted line before its texts are looked at, in French and in English."""
    if line["accepted"] is not True:
        return "« accepted » est null, true ou false", "“accepted” is null, true or false"
    if not line.get("spans") or not str(line.get("question") or "").strip():
        return "il y faut une question et un passage", "it takes a question and a span"
    return None


def _gold(line: dict[str, Any], find_text: Callable[[str], Text], known: Sequence[GoldQuestion]) -> GoldQuestion:
    spans = tuple(_placed(find_text(span["file"]), span) for span in line["spans"])
    question = " ".join(line["question"].split())
    return GoldQuestion(
        id=str(line["id"]),
        question=question,
        kind=str(line["kind"]),
        lang=str(line["lang"]),
        split=split_for(spans, question, known),
        answerable=True,
        spans=spans,
        facts=tuple(find_fact(spans, fact) for fact in line["facts"]),
    )


def _placed(text: Text, span: dict[str, Any]) -> GoldSpan:
    """The span where it is written to be, or where its quote, edited or moved, stands now."""
    start, end, quote = span["start"], span["end"], span["quote"]
    if quote and text.text[start:end] == quote:
        return GoldSpan(text.path, start, end, quote)
    return find_quote(text, quote)


def _lines(path: Path) -> list[tuple[int, dict[str, Any]]]:
    """The lines of a file of proposals with their numbers, from 1; none where there is no file."""
    if not path.exists():
        return []
    try:
        texts = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ProposalFaulty(path=path, line=0, why=error) from error
    lines: list[tuple[int, dict[str, Any]]] = []
    for number, text in enumerate(texts, 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
        except ValueError as error:
            raise ProposalFaulty(path=path, line=number, why=error) from error
        if not isinstance(line, dict):
            raise ProposalFaulty(path=path, line=number, why="pas un objet JSON", why_en="not a JSON object")
        lines.append((number, line))
    return lines
