"""Gold questions to lines of JSON that a person can read and edit, and their writing: whole or not at all."""

import contextlib
import dataclasses
import json
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from eval.gold import GoldQuestion, GoldSpan, load_gold
from eval.texts import split_of
from indexer.analysis import fold
from indexer.errors import GoldError, QuestionsUnwritable
from indexer.stopwords import ENGLISH_STOP_WORDS, FRENCH_STOP_WORDS

_WORD = re.compile(r"[^\W\d_]+")
_ID = re.compile(r"q(\d+)")


def row(question: GoldQuestion) -> dict[str, Any]:
    """A question as the object of its line; an empty history is left out."""
    fields = dataclasses.asdict(question)
    if not question.history:
        del fields["history"]
    return fields


def append_rows(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Add lines at the end of a file, made where there is none; what stands in it stays byte for byte.

    Raises ``QuestionsUnwritable``, and then the file is as it was.
    """
    target = path.resolve()
    written = target.with_name(f"{target.name}.new")
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows).encode("utf-8", "surrogatepass")
    try:
        before = target.read_bytes() if target.exists() else b""
        target.parent.mkdir(parents=True, exist_ok=True)
        with written.open("wb") as stream:
            stream.write(before + (b"\n" if before and not before.endswith(b"\n") else b"") + lines)
            stream.flush()
            os.fsync(stream.fileno())
        written.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            written.unlink()
        raise QuestionsUnwritable(path=path, why=error.strerror or error) from error


def known_questions(path: Path) -> list[GoldQuestion]:
    """The questions of a gold set that may not have been begun. Raises ``GoldError`` where it is faulty."""
    try:
        begun = path.exists() and bool(path.read_bytes().strip())
    except OSError as error:
        raise GoldError(path=path, line=0, why=error.strerror or error) from error
    return load_gold(path) if begun else []


def next_id(known: Iterable[str]) -> str:
    """The id after the highest of the form ``q001``."""
    numbers = [int(match.group(1)) for one in known if (match := _ID.fullmatch(one))]
    return f"q{max(numbers, default=0) + 1:03}"


def split_for(spans: Sequence[GoldSpan], question: str, known: Iterable[GoldQuestion]) -> str:
    """The split of a new question: that of the questions known on its texts, else by the hash of a text's path.

    A question on texts of both splits is for tuning: nothing that was tuned on may count as untouched. One without
    spans goes by the hash of its wording.
    """
    splits = {span.file: one.split for one in known for span in one.spans}
    found = {splits.get(span.file) or split_of(span.file) for span in spans} or {split_of(question.casefold())}
    return found.pop() if len(found) == 1 else "tune"


def language(text: str) -> str:
    """``"en"`` where English function words outnumber French ones, else ``"fr"``."""
    words = _WORD.findall(fold(text))
    french, english = (frozenset(fold(word) for word in words) for words in (FRENCH_STOP_WORDS, ENGLISH_STOP_WORDS))
    return "en" if sum(w in english - french for w in words) > sum(w in french - english for w in words) else "fr"
