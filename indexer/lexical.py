"""The lexical index: tantivy's BM25 over terms that the French analyser made, title and heading in a field apart."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy

from indexer.errors import IndexDamaged

CONTEXT_WEIGHT = 0.5  # of a term found in title or heading, beside 1 in the body (see docs/quality.md)
_MEMORY = 50_000_000  # bytes of the writer's buffer, tantivy's own minimum is 15 MB


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("passage", stored=False, indexed=True, fast=True)
    builder.add_unsigned_field("document", stored=False, indexed=True, fast=False)
    # the analyser has done its work: terms come joined by spaces
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("context", tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def write_lexical(folder: Path, rows: Iterable[tuple[int, Sequence[str], Sequence[str]]]) -> None:
    """Write the index of ``(document number, body terms, context terms)``, one row a passage in the order of ids."""
    folder.mkdir()
    try:
        _write(folder, rows)
    except ValueError as error:  # how tantivy tells of a full disk
        raise OSError(f"tantivy: {error}") from error


def _write(folder: Path, rows: Iterable[tuple[int, Sequence[str], Sequence[str]]]) -> None:
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(heap_size=_MEMORY, num_threads=1)  # one thread: the same segments at every build
    for number, (document, body, context) in enumerate(rows):
        row = tantivy.Document(body=" ".join(body), context=" ".join(context))
        row.add_unsigned("passage", number)
        row.add_unsigned("document", document)
        writer.add_document(row)
    writer.commit()
    writer.wait_merging_threads()


class LexicalIndex:
    """The open lexical index."""

    def __init__(self, folder: Path) -> None:
        try:
            self._index = tantivy.Index.open(str(folder))
        except ValueError as error:
            raise IndexDamaged(index=folder.parent, file=folder.name) from error
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    def passages_with(self, term: str) -> int:
        """How many passages hold the term in their body; where none does, in their title and heading."""
        return int(self._searcher.doc_freq("body", term) or self._searcher.doc_freq("context", term))

    def search(
        self, terms: Sequence[tuple[str, float]], k: int, documents: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` best passages for weighted terms as ``(id, BM25)``, best first, ties by id.

        ``documents`` restricts the search to these document numbers.
        """
        if not terms:
            return []
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.boost_query(self._term(field, term), weight * scale))
                for term, weight in terms
                for field, scale in (("body", 1.0), ("context", CONTEXT_WEIGHT))
            ]
        )
        if documents is not None:
            members = tantivy.Query.term_set_query(self._schema, "document", list(documents))
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query), (tantivy.Occur.Must, tantivy.Query.const_score_query(members, 0.0))]
            )
        # a few more than asked for: ties at the border are broken by id, not by where a segment put them
        hits = self._searcher.search(query, limit=k + 20, count=False).hits
        ids = self._searcher.fast_field_values("passage", [address for _, address in hits]) if hits else []
        found = [(int(number or 0), float(score)) for (score, _), number in zip(hits, ids, strict=True)]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def _term(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, term, index_option="freq")
