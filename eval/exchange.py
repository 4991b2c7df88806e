"""Public question sets to a folder of texts and a gold set, which ``ask index`` and ``ask evaluate run`` take as they are.

SQuAD's format (``squad.py``) and BEIR's (``beir.py``) are read into an ``Exchange``; ``write_exchange`` writes it.
"""

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from eval.amend import wording
from eval.gold import GoldQuestion
from eval.rows import append_rows, row
from eval.texts import Text, as_indexed, split_of
from indexer.document import Metadata
from indexer.errors import ImportFolderTaken, QuestionsUnwritable, UnreadableFile
from indexer.read import SourceFile

_LONGEST_NAME = 60  # characters


@dataclass(frozen=True, slots=True)
class Exchange:
    """Texts by file name, questions on them, and what was left out: ``{("why, in French", "in English"): how many}``."""

    texts: dict[str, str]
    questions: tuple[GoldQuestion, ...]
    left_out: dict[tuple[str, str], int]


def write_exchange(exchange: Exchange, folder: Path, gold: Path) -> None:
    """Write the texts to ``folder`` and the questions to ``gold``: both or neither, and neither over what is there.

    Raises ``ImportFolderTaken`` and ``QuestionsUnwritable``.
    """
    for target in (folder, gold):
        if target.exists():
            raise ImportFolderTaken(path=target)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as workspace:
            unfinished = Path(workspace) / folder.name
            unfinished.mkdir()
            for name, text in exchange.texts.items():
                (unfinished / name).write_bytes(text.encode("utf-8"))
            append_rows(gold, [row(question) for question in exchange.questions])
            unfinished.replace(folder)
    except OSError as error:
        gold.unlink(missing_ok=True)
        raise QuestionsUnwritable(path=folder, why=error.strerror or error) from error


def file_name(title: str, taken: set[str]) -> str:
    """A name for the text of this title that any file system takes: « Le_castor.txt », with a number when it is taken.

    ``taken`` holds names in lower case: two that differ by case only would be one file on some systems.
    """
    stem = re.sub(r"[^\w-]+", "_", title).strip("_")[:_LONGEST_NAME] or "texte"
    name, number = f"{stem}.txt", 1
    while name.lower() in taken:
        number += 1
        name = f"{stem}-{number}.txt"
    return name


def indexed(name: str, text: str) -> Text | None:
    """The text as the indexer will read it from its file; ``None`` when it cannot, or not character for character."""
    try:
        found = as_indexed(SourceFile(name, Path(name)), text.encode("utf-8"), Metadata())
    except (UnreadableFile, UnicodeEncodeError):
        return None
    return found if found.text == text else None


def merged(questions: Iterable[GoldQuestion]) -> tuple[list[GoldQuestion], int]:
    """Each wording once, ids too: the places of all its answers together. Returns also how many contradict another.

    A question answered by one text and unanswerable by another is answerable by the folder of both.
    """
    kept: dict[tuple[str, ...], GoldQuestion] = {}
    contradicted = 0
    for question in questions:
        key = wording(question)
        earlier = kept.get(key)
        if earlier is None:
            kept[key] = question
        elif earlier.answerable and question.answerable:
            spans = tuple(dict.fromkeys((*earlier.spans, *question.spans)))
            kept[key] = replace(earlier, spans=spans, split=_split([span.file for span in spans]))
        else:
            contradicted += earlier.answerable != question.answerable
            kept[key] = question if question.answerable else earlier
    ids: set[str] = set()
    unique: list[GoldQuestion] = []
    for question in kept.values():
        name = question.id
        while name in ids:
            name += "b"
        ids.add(name)
        unique.append(replace(question, id=name))
    return unique, contradicted


def _split(files: list[str]) -> str:
    found = {split_of(file) for file in files}
    return found.pop() if len(found) == 1 else "tune"
