"""A cleaned document to its sentences and passages: whole sentences, neighbours overlap by one."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from indexer.document import Document, Passage, Section, Sentence, SplitDocument, Unit
from indexer.legible import legible
from indexer.sentences import split_sentences

_FIELD = re.compile(
    r"^[ \t>]*(?:\*\*|__)[^*_\r\n]{1,40}(?:[ \u00a0]?:(?:\*\*|__)|(?:\*\*|__)[ \u00a0]?:)[ \t]", re.MULTILINE
)
_FEWEST_FIELDS = 2
_WORD = re.compile(r"\w+")
# Where a sentence too long for the embedder may be cut, best first.
_CLAUSE_ENDS = (re.compile(r"[;:]\s"), re.compile(r",\s"), re.compile(r"\s"), re.compile(r""))


@dataclass(frozen=True, slots=True)
class PassageSizes:
    """``words``: a passage is closed before it would grow past it; ``least_words``: a heading closes it from there on;
    shorter sections share a passage, and it has the headings of all.

    ``sentence_words``: longer sentences are cut at a clause, so that a quote stays readable.
    """

    words: int = 180
    least_words: int = 20
    sentence_words: int = 110


@dataclass(frozen=True, slots=True)
class _Piece:
    sentence: Sentence
    words: int
    tokens: int
    heading: str | None


def split(
    document: Document, count_tokens: Callable[[list[str]], list[int]], max_tokens: int, sizes: PassageSizes
) -> SplitDocument:
    """Split a document. ``count_tokens`` is the embedder's own count, special tokens included, so that none of the
    texts built by ``passage_text`` exceeds ``max_tokens``.
    """
    read = legible(document.text, document.format)
    sentences: list[Sentence] = []
    passages: list[Passage] = []
    for unit in document.units:
        most = max_tokens // 6  # of a title, and of the headings of a passage
        title = _fitting(unit.title or document.metadata.title, count_tokens, most)
        headings = {s.heading for s in unit.sections}
        contexts = [context(title, _fitting(heading, count_tokens, most)) for heading in headings]
        above = count_tokens([title or ""])[0] + most if len(headings) > 1 else max(count_tokens(contexts), default=0)
        room = max_tokens - above
        pieces = _pieces(document.text, read, unit, count_tokens, room, sizes)
        for first, last in _windows(pieces, room, sizes):
            offset = len(sentences)
            over = dict.fromkeys(piece.heading for piece in pieces[first : last + 1] if piece.heading)
            heading = _fitting(" · ".join(over), count_tokens, most) or None
            passages.append(Passage(offset + first, offset + last, title, heading))
        sentences.extend(piece.sentence for piece in pieces)
    return SplitDocument(document, tuple(sentences), tuple(passages))


def _fitting(text: str | None, count_tokens: Callable[[list[str]], list[int]], most_tokens: int) -> str | None:
    """A title or heading, cut to a length that leaves room for the passage: a longer one is none."""
    while text and count_tokens([text])[0] > most_tokens:
        text = text[: len(text) * 3 // 4].rstrip() + "…" if len(text) > 8 else None
    return text


def context(title: str | None, heading: str | None) -> str:
    """Title and heading as they travel with a passage into the embedding."""
    return " — ".join(part for part in (title, heading) if part)


def passage_text(split_document: SplitDocument, passage: Passage) -> str:
    """The sentences of a passage as they are read, joined by a space."""
    document = split_document.document
    return " ".join(
        legible(document.text[sentence.start : sentence.end], document.format)
        for sentence in split_document.sentences[passage.first : passage.last + 1]
    )


def _pieces(
    text: str, read: str, unit: Unit, count_tokens: Callable[[list[str]], list[int]], room: int, sizes: PassageSizes
) -> list[_Piece]:
    """The sentences of a unit, split and cut as the text is written, measured as it is read."""
    found: list[tuple[Sentence, Section]] = [
        (replace(sentence, item=block.kind == "item" and number == 0), section)
        for section in unit.sections
        for block in section.blocks
        for start, end in _fields(text, block.start, block.end)
        for number, sentence in enumerate(split_sentences(text, start, end))
    ]
    pieces: list[_Piece] = []
    counts = count_tokens([read[sentence.start : sentence.end] for sentence, _ in found])
    for (sentence, section), tokens in zip(found, counts, strict=True):
        for part, part_tokens in _cut(text, read, sentence, tokens, count_tokens, room, sizes.sentence_words):
            words = len(_WORD.findall(read, part.start, part.end))
            if words:
                pieces.append(_Piece(part, words, part_tokens, section.heading))
    return pieces


def _fields(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of a block that tell a fact each: « **Date :** … », « **Lieu :** … », a line each; or the whole block."""
    starts = [match.start() for match in _FIELD.finditer(text, start, end)]
    if len(starts) < _FEWEST_FIELDS:
        return [(start, end)]
    return list(pairwise(dict.fromkeys((start, *starts, end))))


def _cut(
    text: str,
    read: str,
    sentence: Sentence,
    tokens: int,
    count_tokens: Callable[[list[str]], list[int]],
    room: int,
    most_words: int,
) -> list[tuple[Sentence, int]]:
    """The sentence, or its halves cut at the clause end nearest to the middle until each one fits."""
    if tokens <= room and len(_WORD.findall(read, sentence.start, sentence.end)) <= most_words:
        return [(sentence, tokens)]
    middle = (sentence.start + sentence.end) // 2
    quarter = (sentence.end - sentence.start) // 4
    for clause_end in _CLAUSE_ENDS:
        ends = [m.end() for m in clause_end.finditer(text, middle - quarter, middle + quarter)]
        if ends:
            cut = min(ends, key=lambda end: abs(end - middle))
            break
    else:
        return [(sentence, tokens)]
    halves = [replace(_stripped(text, sentence.start, cut), item=sentence.item), _stripped(text, cut, sentence.end)]
    halves = [half for half in halves if half.end > half.start]
    if len(halves) < 2:
        return [(sentence, tokens)]
    counts = count_tokens([read[half.start : half.end] for half in halves])
    return [
        piece
        for half, count in zip(halves, counts, strict=True)
        for piece in _cut(text, read, half, count, count_tokens, room, most_words)
    ]


def _stripped(text: str, start: int, end: int) -> Sentence:
    piece = text[start:end]
    return Sentence(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))


def _windows(pieces: list[_Piece], room: int, sizes: PassageSizes) -> list[tuple[int, int]]:
    """First and last piece of each passage. The overlap is dropped where it would leave no room for new text."""
    windows: list[tuple[int, int]] = []
    first = 0
    words = tokens = 0
    for index, piece in enumerate(pieces):
        full = words + piece.words > sizes.words or tokens + piece.tokens > room
        new_heading = index > first and piece.heading != pieces[index - 1].heading and words >= sizes.least_words
        if index > first and (full or new_heading):
            windows.append((first, index - 1))
            overlap = pieces[index - 1]
            fits = (
                not new_heading
                and index - 1 > first
                and overlap.words <= sizes.words // 3
                and overlap.words + piece.words <= sizes.words
                and overlap.tokens + piece.tokens <= room
            )
            first = index - 1 if fits else index
            words, tokens = (overlap.words, overlap.tokens) if fits else (0, 0)
        words += piece.words
        tokens += piece.tokens
    if pieces:
        windows.append((first, len(pieces) - 1))
    return windows
