"""Documents, sentences, passages and words of a generation, in one SQLite file that is never changed once written."""

import sqlite3
import threading
import weakref
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.document import Document, Metadata, Passage, Sentence, SplitDocument
from indexer.errors import DocumentUnknown, IndexDamaged

_SCHEMA = """
CREATE TABLE documents (number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, path TEXT NOT NULL, format TEXT NOT NULL,
    sha256 TEXT NOT NULL, title TEXT, author TEXT, publication TEXT, date TEXT, url TEXT, text TEXT NOT NULL);
CREATE TABLE sentences (id INTEGER PRIMARY KEY, document INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    item INTEGER NOT NULL, terms TEXT NOT NULL);
CREATE TABLE passages (id INTEGER PRIMARY KEY, document INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    title TEXT, heading TEXT);
CREATE INDEX passages_of ON passages (document, first);
CREATE INDEX sentences_of ON sentences (document);
CREATE TABLE words (surface TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE terms (id INTEGER PRIMARY KEY, term TEXT UNIQUE NOT NULL, surface TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document of the index; ``number`` is its place in the order of paths."""

    number: int
    id: str
    path: str
    format: str
    sha256: str
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage of the index: ``first`` and ``last`` are ids of sentences, both included."""

    id: int
    document: int
    first: int
    last: int
    title: str | None
    heading: str | None


@dataclass(frozen=True, slots=True)
class StoredSentence:
    """A sentence of the index: ``text(document)[start:end]``, and the terms that the analyser found in it.

    ``item``: an item of a list, or a row of a table, begins with it.
    """

    id: int
    document: int
    start: int
    end: int
    item: bool
    terms: frozenset[str]


def write_corpus(
    path: Path,
    documents: Sequence[SplitDocument],
    terms: Sequence[Sequence[str]],
    words: Counter[str],
    vocabulary: Sequence[tuple[str, str]],
) -> None:
    """Write the documents in their order.

    ``terms`` are those of every sentence, joined by spaces, by document; ``words`` counts the folded words;
    ``vocabulary`` are the terms that have a vector, each with its commonest word, in the order of their vectors.
    """
    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        sentence_id = passage_id = 0
        for number, split in enumerate(documents):
            _write_document(connection, number, split, terms[number], sentence_id, passage_id)
            sentence_id += len(split.sentences)
            passage_id += len(split.passages)
        connection.executemany("INSERT INTO words VALUES (?, ?)", sorted(words.items()))
        connection.executemany(
            "INSERT INTO terms VALUES (?, ?, ?)",
            ((number, term, surface) for number, (term, surface) in enumerate(vocabulary)),
        )
        connection.commit()
    finally:
        connection.close()


def _write_document(
    connection: sqlite3.Connection,
    number: int,
    split: SplitDocument,
    terms: Sequence[str],
    sentence_id: int,
    passage_id: int,
) -> None:
    document, metadata = split.document, split.document.metadata
    connection.execute(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number, document.id, document.path, document.format, document.sha256, metadata.title, metadata.author,
            metadata.publication, metadata.date, metadata.url, document.text,
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO sentences VALUES (?, ?, ?, ?, ?, ?)",
        (
            (sentence_id + i, number, s.start, s.end, s.item, joined)
            for i, (s, joined) in enumerate(zip(split.sentences, terms, strict=True))
        ),
    )
    connection.executemany(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?)",
        (
            (passage_id + i, number, sentence_id + p.first, sentence_id + p.last, p.title, p.heading)
            for i, p in enumerate(split.passages)
        ),
    )


def _stored_document(row: tuple[Any, ...]) -> StoredDocument:
    number, document_id, path, format_name, sha256, *fields = row
    return StoredDocument(number, document_id, path, format_name, sha256, Metadata(*fields))


class Corpus:
    """The open file, read-only: one connection, for one thread at a time.

    It is opened at once and by nobody else later: a generation goes on being read after its files are deleted.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._words: dict[str, int] | None = None
        self._term_ids: dict[str, int] | None = None
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.DatabaseError as error:
            raise IndexDamaged(index=path.parent, file=path.name) from error
        weakref.finalize(self, self._connection.close)

    def _rows(self, query: str, values: Iterable[object] = ()) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._connection.execute(query, tuple(values)).fetchall()
        except sqlite3.DatabaseError as error:
            raise IndexDamaged(index=self._path.parent, file=self._path.name) from error

    def documents(self) -> list[StoredDocument]:
        """Every document, in the order of paths."""
        rows = self._rows(
            "SELECT number, id, path, format, sha256, title, author, publication, date, url FROM documents ORDER BY number"
        )
        return [_stored_document(row) for row in rows]

    def document(self, document_id: str) -> StoredDocument:
        """The document of an id. Raises ``DocumentUnknown``."""
        rows = self._rows("SELECT number FROM documents WHERE id = ?", (document_id,))
        if not rows:
            raise DocumentUnknown(document=document_id)
        return self.document_at(rows[0][0])

    def document_at(self, number: int) -> StoredDocument:
        """The document of a number."""
        (row,) = self._rows(
            "SELECT number, id, path, format, sha256, title, author, publication, date, url FROM documents"
            " WHERE number = ?",
            (number,),
        )
        return _stored_document(row)

    def text(self, number: int) -> str:
        """The whole text of a document."""
        ((text,),) = self._rows("SELECT text FROM documents WHERE number = ?", (number,))
        return str(text)

    def passage(self, passage_id: int) -> StoredPassage:
        """The passage of an id."""
        (row,) = self._rows(
            "SELECT id, document, first, last, title, heading FROM passages WHERE id = ?", (passage_id,)
        )
        return StoredPassage(*row)

    def passages(self, document: int | None = None) -> list[StoredPassage]:
        """The passages of a document, or all of them, in order of id."""
        rows = self._rows(
            "SELECT id, document, first, last, title, heading FROM passages WHERE ?1 IS NULL OR document = ?1 ORDER BY id",
            (document,),
        )
        return [StoredPassage(*row) for row in rows]

    def passage_count(self, document: int) -> int:
        """How many passages a document has."""
        ((count,),) = self._rows("SELECT COUNT(*) FROM passages WHERE document = ?", (document,))
        return int(count)

    def sentences(self, first: int, last: int) -> list[StoredSentence]:
        """Sentences ``first`` to ``last``, both included, in reading order."""
        rows = self._rows(
            "SELECT id, document, start, end, item, terms FROM sentences WHERE id BETWEEN ? AND ? ORDER BY id",
            (first, last),
        )
        return [
            StoredSentence(number, document, start, end, bool(item), frozenset(terms.split()))
            for number, document, start, end, item, terms in rows
        ]

    def words(self) -> dict[str, int]:
        """How often each word, folded, occurs in the corpus. Read at the first call, then kept."""
        if self._words is None:
            self._words = {
                str(surface): int(count) for surface, count in self._rows("SELECT surface, count FROM words")
            }
        return self._words

    def term_ids(self) -> dict[str, int]:
        """The row of each term's vector. Read at the first call, then kept."""
        if self._term_ids is None:
            self._term_ids = {
                str(term): int(number) for number, term in self._rows("SELECT id, term FROM terms ORDER BY id")
            }
        return self._term_ids

    def term_names(self) -> list[str]:
        """The terms that have a vector, by row."""
        return list(self.term_ids())

    def vocabulary(self) -> list[tuple[str, str]]:
        """``(term, commonest word)`` in the order of the terms' vectors."""
        return [(str(t), str(s)) for t, s in self._rows("SELECT term, surface FROM terms ORDER BY id")]

    def split_document(self, number: int) -> SplitDocument:
        """A document as ``write_corpus`` was given it (its units, used up by then, are not kept)."""
        stored = self.document_at(number)
        rows = self._rows("SELECT id, start, end, item FROM sentences WHERE document = ? ORDER BY id", (number,))
        base = rows[0][0] if rows else 0
        return SplitDocument(
            Document(stored.id, stored.path, stored.format, stored.sha256, self.text(number), stored.metadata, ()),
            tuple(Sentence(row[1], row[2], bool(row[3])) for row in rows),
            tuple(Passage(p.first - base, p.last - base, p.title, p.heading) for p in self.passages(document=number)),
        )

    def check(self) -> None:
        """SQLite's own check of the file. Raises ``IndexDamaged``."""
        if self._rows("PRAGMA integrity_check") != [("ok",)]:
            raise IndexDamaged(index=self._path.parent, file=self._path.name)
