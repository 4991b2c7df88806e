"""A folder to its texts, as the indexer reads them: the same characters, blocks and sentences."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from indexer.catalogue import read_catalogue
from indexer.clean import clean
from indexer.document import Document, Metadata, Sentence
from indexer.errors import EmptyCorpus, TextUnknown, UnreadableFile
from indexer.read import FORMATS, SourceFile, list_files, read, read_bytes
from indexer.sentences import split_sentences


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of prose and its sentences, ``text[start:end]`` of its document.

    ``heading`` is that right above it, ``None`` unless the paragraph is the first one under it.
    """

    heading: str | None
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A file as it is indexed. ``path`` is relative to the folder, with ``/``; ``text`` is what offsets point into."""

    path: str
    text: str
    paragraphs: tuple[Paragraph, ...]

    def line(self, position: int) -> int:
        """The line, from 1, of a character."""
        return self.text.count("\n", 0, position) + 1

    def is_prose(self, start: int, end: int) -> bool:
        """Whether a sentence that is indexed holds some of ``text[start:end]``: menus and headings are never quoted."""
        return any(one.start < end and start < one.end for part in self.paragraphs for one in part.sentences)

    def sentence(self, sentence: Sentence) -> str:
        """The wording of a sentence."""
        return self.text[sentence.start : sentence.end]


def read_texts(folder: Path) -> list[Text]:
    """The texts of a folder in the order of their paths; files that cannot be read are left out, as by the indexer.

    Raises ``FolderNotFound``, ``CatalogueUnreadable``, and ``EmptyCorpus`` where there is no text at all.
    """
    catalogue = read_catalogue(folder)
    texts = list(_readable(folder, catalogue))
    if not texts:
        raise EmptyCorpus(folder=folder, formats=", ".join(sorted(FORMATS)))
    return texts


def _readable(folder: Path, catalogue: dict[str, Metadata]) -> Iterator[Text]:
    for source in list_files(folder):
        try:
            yield as_indexed(source, read_bytes(source, folder), catalogue.get(source.path, Metadata()))
        except UnreadableFile:
            continue  # `ask index` names it


def as_indexed(source: SourceFile, data: bytes, catalogued: Metadata) -> Text:
    """What the indexer makes of the bytes of a file. Raises a subclass of ``UnreadableFile``."""
    document = clean(read(source, data), catalogued)
    return Text(document.path, document.text, tuple(_paragraphs(document)))


def _paragraphs(document: Document) -> Iterator[Paragraph]:
    for unit in document.units:
        title = unit.title or (document.metadata.title if len(document.units) == 1 else None)
        for section in unit.sections:
            heading = section.heading.rpartition(" › ")[2] if section.heading else title
            for block in section.blocks:
                yield Paragraph(heading, tuple(split_sentences(document.text, block.start, block.end)))
                heading = None
            title = None


def find_text(folder: Path, file: str) -> Text:
    """The text that a person names: by its path in the folder, by where it is on the disk, or by its bare name.

    Raises ``FolderNotFound``, ``CatalogueUnreadable``, ``TextUnknown`` and the subclasses of ``UnreadableFile``.
    """
    sources = {source.path: source for source in list_files(folder)}
    named = [path for path in sources if path.rpartition("/")[2] == file]
    candidates = [file.replace(os.sep, "/"), _inside(folder, Path(file)), *(named if len(named) == 1 else [])]
    found = next((sources[path] for path in candidates if path in sources), None)
    if found is None:
        nearest = process.extractOne(file, sorted(sources), scorer=fuzz.WRatio)
        raise TextUnknown(file=file, folder=folder, nearest=nearest[0] if nearest else "–")
    return as_indexed(found, read_bytes(found, folder), read_catalogue(folder).get(found.path, Metadata()))


def _inside(folder: Path, file: Path) -> str:
    resolved, root = file.resolve(), folder.resolve()
    return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else ""


def split_of(name: str) -> str:
    """``"tune"`` or ``"untouched"``, half of all names each: the same for a name at any time and on any machine."""
    return ("tune", "untouched")[hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest()[0] & 1]
