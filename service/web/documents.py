"""``GET /documents/{id}``: a document of the index, with a span to highlight."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.exceptions import HTTPException

from indexer.errors import DocumentChanged
from service.proof import current_text
from service.schema import DocumentResponse, SpanModel
from service.serving import ServedEngine
from service.web.problems import DETAILS, PROBLEMS, UNKNOWN, language_of


def documents(served: ServedEngine) -> APIRouter:
    """The routes of documents."""
    router = APIRouter()

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
