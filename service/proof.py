"""Evidence to citations: each quote copied from its document, compared with the file, numbered.

A citation is a proof: ``text(document)[start:end] == quote``. For files whose text is their own (``.txt``, ``.md``) the
file itself is read again; for HTML the file must still be the one that was extracted.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from indexer.corpus import StoredDocument
from indexer.errors import UnreadableFile
from indexer.index import Index
from indexer.legible import legible
from indexer.read import SourceFile, decode, read_bytes
from service.answer import Citation, Evidence, Short

_AROUND = 240  # characters shown before and after a quote, at most


@dataclass(frozen=True, slots=True)
class Proven:
    """Citations in the order of the evidence, and the paths of documents that are no longer as they were indexed."""

    citations: tuple[Citation, ...]
    stale: tuple[str, ...]


def prove(chosen: list[Evidence], index: Index) -> Proven:
    """Cite each piece of evidence whose document still holds. What the folder no longer says is never shown."""
    texts: dict[int, str | None] = {}
    citations: list[Citation] = []
    stale: list[str] = []
    for one in chosen:
        document = index.corpus.document_at(one.document)
        if one.document not in texts:
            texts[one.document] = current_text(document, index)
            if texts[one.document] is None:
                stale.append(document.path)
        text = texts[one.document]
        if text is not None:
            citations.append(_cite(len(citations) + 1, one, document, text, index))
    return Proven(tuple(citations), tuple(stale))


def current_text(document: StoredDocument, index: Index) -> str | None:
    """The document's text, if its file is still as it was indexed; ``None`` when it was changed or deleted since.

    An index whose whole folder is gone (moved to another machine, say) answers from its own copy of the texts.
    """
    stored = index.corpus.text(document.number)
    folder = Path(index.manifest.folder)
    if not folder.is_dir():
        return stored
    try:
        data = read_bytes(SourceFile(document.path, folder / document.path), folder)
    except UnreadableFile:
        return None
    if hashlib.sha256(data).hexdigest() != document.sha256:
        return None
    if document.format != "html" and decode(data) != stored:
        return None
    return stored


def _cite(n: int, evidence: Evidence, document: StoredDocument, text: str, index: Index) -> Citation:
    passage = index.corpus.passage(evidence.hit.passage)
    sentences = index.corpus.sentences(passage.first, passage.last)
    start, end = evidence.start, evidence.end
    return Citation(
        n=n,
        document=document.id,
        title=passage.title or document.metadata.title,
        author=document.metadata.author,
        publication=document.metadata.publication,
        date=document.metadata.date,
        path=document.path,
        url=document.metadata.url,
        heading=passage.heading,
        line=None if document.format == "html" else text.count("\n", 0, start) + 1,
        start=start,
        end=end,
        quote=text[start:end],
        before=before(text, sentences[0].start, start),
        after=after(text, end, sentences[-1].end),
        score=round(evidence.score, 4),
        short_answer=_as_read(evidence.short, text, start, end, document.format) if evidence.short else None,
        short_start=evidence.short.start if evidence.short else None,
        short_end=evidence.short.end if evidence.short else None,
    )


def _as_read(short: Short, text: str, start: int, end: int, format_name: str) -> str:
    """A short answer of the quote ``text[start:end]``, without Markdown's marks if it has any."""
    wording = text[short.start : short.end]
    read = legible(text[start:end], format_name)[short.start - start : short.end - start]
    return wording if read == wording else " ".join(read.split())


def before(text: str, first: int, start: int) -> str:
    """What stands before a quote in its passage, which begins at ``first``: at most ``_AROUND`` characters, no word in half."""
    told = text[max(first, start - _AROUND) : start]
    if len(told) < _AROUND or " " not in told:
        return told
    return told[told.index(" ") + 1 :]


def after(text: str, end: int, last: int) -> str:
    """What stands behind a quote in its passage, which ends at ``last``."""
    told = text[end : min(last, end + _AROUND)]
    if len(told) < _AROUND or " " not in told:
        return told
    return told[: told.rindex(" ")]
