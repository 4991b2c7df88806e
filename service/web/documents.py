"""``GET /documents`` and ``GET /documents/{id}``: what the index holds, and a document with a span to highlight."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import StringConstraints
from starlette.exceptions import HTTPException

from indexer.corpus import Corpus
from indexer.errors import DocumentChanged
from service.proof import current_text
from service.schema import DATE_PATTERN, DocumentItem, DocumentList, DocumentResponse, SpanModel
from service.search import select_documents
from service.serving import ServedEngine
from service.web.problems import DETAILS, PROBLEMS, UNKNOWN, language_of

_Source = Annotated[str, StringConstraints(min_length=1, max_length=200)]


def documents(served: ServedEngine) -> APIRouter:
    """The routes of documents."""
    router = APIRouter()

    @router.get("/documents", responses=PROBLEMS)
    def documents(
        source: Annotated[
            list[_Source],
            Query(
                default_factory=list,
                max_length=20,
                description="Only where id, path, title, author or publication match one.",
            ),
        ],
        since: Annotated[
            str | None, Query(pattern=DATE_PATTERN, description="Only documents dated from then on.")
        ] = None,
        offset: Annotated[int, Query(ge=0, le=10**9, description="How many to pass over.")] = 0,
        limit: Annotated[int, Query(ge=1, le=500, description="How many to list.")] = 100,
    ) -> DocumentList:
        """The documents of the index, a page at a time."""
        index = served.current().index
        found = select_documents(index, tuple(source), since)
        numbers: Sequence[int] = range(index.manifest.documents) if found is None else found
        page = [_item(index.corpus, number) for number in numbers[offset : offset + limit]]
        more = offset + limit < len(numbers)
        return DocumentList(
            index=index.manifest.generation, total=len(numbers), offset=offset, next=offset + limit if more else None,
            documents=page,
        )  # fmt: skip

    @router.get("/documents/{document_id}", responses={**UNKNOWN, **PROBLEMS})
    def document(
        document_id: str,
        lang: Annotated[str, Depends(language_of)],
        start: Annotated[int | None, Query(ge=0, description="Where the span to highlight begins.")] = None,
        end: Annotated[int | None, Query(ge=0, description="Where it ends, excluded.")] = None,
    ) -> DocumentResponse:
        """The whole text of a document, with a span to highlight."""
        current = served.current()
        corpus = current.index.corpus
        stored = corpus.document(document_id)
        if current_text(stored, current.index) is None:
            raise DocumentChanged(path=stored.path)
        text = corpus.text(stored.number)
        span = None
        if start is not None or end is not None:
            first, last = start or 0, len(text) if end is None else end
            if not first < last <= len(text):
                detail = DETAILS[lang]["span"].format(start=first, end=last, length=len(text))
                raise HTTPException(422, detail)
            span = SpanModel(start=first, end=last, line=text.count("\n", 0, first) + 1, quote=text[first:last])
        metadata = stored.metadata
        return DocumentResponse(
            id=stored.id, path=stored.path, format=stored.format, title=metadata.title, author=metadata.author,
            publication=metadata.publication, date=metadata.date, url=metadata.url, sha256=stored.sha256, text=text,
            span=span,
        )  # fmt: skip

    return router


def _item(corpus: Corpus, number: int) -> DocumentItem:
    stored = corpus.document_at(number)
    metadata = stored.metadata
    return DocumentItem(
        id=stored.id, path=stored.path, format=stored.format, title=metadata.title, author=metadata.author,
        publication=metadata.publication, date=metadata.date, url=metadata.url, sha256=stored.sha256,
        passages=corpus.passage_count(number),
    )  # fmt: skip
