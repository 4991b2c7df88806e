"""The nouns that travel between the steps of indexing. All offsets are Python character offsets, end excluded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or list item: ``text[start:end]`` of its document, without bullet or indent.

    ``kind`` is ``"prose"``, ``"heading"`` or ``"item"``; ``level`` is a heading's depth (1 is the title), else 0.
    """

    start: int
    end: int
    kind: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document says of itself. ``date`` is ISO 8601 (``2017``, ``2017-08`` or ``2017-08-10``)."""

    title: str | None = None
    author: str | None = None
    publication: str | None = None
    date: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A file as read: its text, and the blocks found in it, nothing judged yet."""

    path: str
    format: str
    sha256: str
    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks of prose under one heading (``None`` before the first), in reading order."""

    heading: str | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """What stands by itself in a document: the whole of an article, or one item of a list of items.

    ``title`` is the item's own title, ``None`` when the unit is the whole document.
    """

    title: str | None
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A cleaned document. ``text`` is the file's own text (HTML: the extracted text): offsets point into it."""

    id: str
    path: str
    format: str
    sha256: str
    text: str
    metadata: Metadata
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """``document.text[start:end]``. ``item``: an item of a list, or a row of a table, begins with it."""

    start: int
    end: int
    item: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive whole sentences of one unit; ``first`` and ``last`` index the document's sentences, both included."""

    first: int
    last: int
    title: str | None
    heading: str | None


@dataclass(frozen=True, slots=True)
class SplitDocument:
    """A document with its sentences in reading order and the passages made of them."""

    document: Document
    sentences: tuple[Sentence, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not indexed, and why, in French and in English."""

    path: str
    fr: str
    en: str
