"""The gold set: questions with the spans that answer them, or with nothing that does."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.errors import GoldError

SEEDS_GOLD = Path(__file__).parent / "gold" / "seeds.jsonl"
SPLITS = ("tune", "untouched")
ALL_SPANS_NEEDED = ("several", "comparison")  # kinds
WHOLE_DOCUMENTS = "document"  # the kind whose spans are whole documents: found is a document, whichever its passage
_REQUIRED = {"id", "question", "kind", "lang", "split", "answerable", "spans", "facts"}
_FIELDS = {*_REQUIRED, "history"}


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """``text(file)[start:end] == quote``."""

    file: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question. In kinds ``several`` and ``comparison`` all spans are needed, elsewhere each one answers by itself.

    ``facts`` are strings that a right answer holds; ``history`` the questions asked before it in the same chat, oldest
    first.
    """

    id: str
    question: str
    kind: str
    lang: str
    split: str
    answerable: bool
    spans: tuple[GoldSpan, ...]
    facts: tuple[str, ...]
    history: tuple[str, ...] = ()

    @property
    def needs_all(self) -> bool:
        """Whether every span is needed for the answer to be whole."""
        return self.kind in ALL_SPANS_NEEDED

    @property
    def of_documents(self) -> bool:
        """Whether documents are looked for, as in BEIR, rather than passages."""
        return self.kind == WHOLE_DOCUMENTS


def load_gold(path: Path, split: str | None = None) -> list[GoldQuestion]:
    """The questions of a file, or of one of its splits, in their order. Raises ``GoldError``."""
    questions = list(_read(path))
    if split is not None and split not in SPLITS:
        known = ", ".join(SPLITS)
        why, why_en = f"partie inconnue « {split} » (connues : {known})", f"unknown part “{split}” (known: {known})"
        raise GoldError(path=path, line=0, why=why, why_en=why_en)
    chosen = [question for question in questions if split is None or question.split == split]
    if not chosen:
        raise GoldError(path=path, line=0, why="aucune question", why_en="no question")
    return chosen


def _read(path: Path) -> Iterator[GoldQuestion]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(path=path, line=0, why=error) from error
    ids: set[str] = set()
    asked: set[tuple[str, ...]] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            question = _question(row)
            fault = _fault(question, row, ids, asked)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise GoldError(path=path, line=number, why=error) from error
        if fault:
            raise GoldError(path=path, line=number, why=fault[0], why_en=fault[1])
        ids.add(question.id)
        asked.add(_wording(question))
        yield question


def _question(row: dict[str, Any]) -> GoldQuestion:
    spans = tuple(GoldSpan(**span) for span in row["spans"])
    history = tuple(row.get("history", ()))  # files older than the field
    return GoldQuestion(**{**row, "spans": spans, "facts": tuple(row["facts"]), "history": history})


def _wording(question: GoldQuestion) -> tuple[str, ...]:
    """What tells two questions apart: « Et en 2021 ? » may follow two different questions."""
    return (*(earlier.casefold() for earlier in question.history), question.question.casefold())


def _fault(
    question: GoldQuestion, row: dict[str, Any], ids: set[str], asked: set[tuple[str, ...]]
) -> tuple[str, str] | None:
    """What is wrong with a row, in French and in English."""
    fields = set(row)
    if not _REQUIRED <= fields <= _FIELDS:
        names = ", ".join(sorted((fields - _FIELDS) | (_REQUIRED - fields)))
        return f"champs {names}", f"fields {names}"
    if not isinstance(row.get("history", []), list) or not all(earlier.strip() for earlier in question.history):
        return "« history » n’est pas une liste de questions", "“history” is not a list of questions"
    if question.id in ids:
        return f"identifiant répété {question.id}", f"repeated id {question.id}"
    if _wording(question) in asked or not question.question.strip():
        return "question vide ou répétée", "empty or repeated question"
    if question.split not in SPLITS:
        return f"partie inconnue {question.split}", f"unknown part {question.split}"
    if question.answerable != bool(question.spans):
        return (
            "une question qui a sa réponse a des passages, une autre n’en a pas",
            "an answerable question has spans, another has none",
        )
    if any(not 0 <= span.start < span.end or len(span.quote) != span.end - span.start for span in question.spans):
        return (
            "passage sans étendue, ou citation d’une autre longueur",
            "span without extent, or quote of another length",
        )
    return None
