"""Markdown to blocks: the offsets point into the source, marks and all; front matter gives the metadata."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from indexer.document import Block, Metadata
from indexer.front_matter import front_matter
from indexer.legible import blank

_LEADING = re.compile(r"[ \t]*(?:(?:#{1,6}|>|[-*+]|\d{1,9}[.)])[ \t\u00a0\u202f]+|>)*")
# What French authors write for a mark and CommonMark takes for text: « # Titre » with the no-break space that their
# keyboards give, « ##Titre » with none. One sign alone may be a hashtag: it wants several words on a line of their own.
_FIRM = re.compile(r"^([ \t>]*(?:#{1,6}|[-*+]|\d{1,9}[.)]))[\u00a0\u202f]")
_UNSPACED = re.compile(r"^( {0,3}#{2,6})(?=[^\s#])")
_TITLE = re.compile(r"( {0,3}#)(?=[^\W\d_][^#]*[ \u00a0][^#]*[^\s.!?…#]\s*$)")
_NO_TEXT = re.compile(r"\s*$| {0,3}#")
_LINE_END = re.compile(r"\r\n|\n|\r")  # as markdown-it counts them
_CELL_RULE = re.compile(r"^[\s|:\-]+$")


def markdown_blocks(text: str) -> tuple[tuple[Block, ...], Metadata]:
    """Blocks of a Markdown text, in order (code and raw HTML left out), and what its front matter says."""
    parser = MarkdownIt("commonmark").enable("table")
    starts = _line_starts(text)
    blocks: list[Block] = []
    body, metadata = front_matter(text)
    depth = 0
    for token in parser.parse(_spaced(blank(text[:body]) + text[body:].replace("\x00", "\ufffd"))):
        if token.type == "list_item_open":
            depth += 1
        elif token.type == "list_item_close":
            depth -= 1
        elif token.type == "heading_open" and token.map:
            blocks.extend(_block(text, starts, token, "heading", int(token.tag[1])))
        elif token.type == "paragraph_open" and token.map:
            blocks.extend(_block(text, starts, token, "item" if depth else "prose", 0))
        elif token.type == "tr_open" and token.map:
            blocks.extend(_block(text, starts, token, "item", 0))
    return tuple(blocks), metadata


def _spaced(text: str) -> str:
    """The same lines with the space after a mark that CommonMark wants; only their numbers are used of what is parsed."""
    lines = [_UNSPACED.sub(r"\1 ", _FIRM.sub(r"\1 ", line, 1), 1) for line in _LINE_END.split(text)]
    for number, line in enumerate(lines):
        if _TITLE.match(line) and _NO_TEXT.match("".join(lines[number + 1 : number + 2])):
            lines[number] = line.replace("#", "# ", 1)
    return "\n".join(lines)


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in _LINE_END.finditer(text)), len(text)]


def _block(text: str, starts: list[int], token: Token, kind: str, level: int) -> Iterator[Block]:
    assert token.map is not None
    start, end = starts[token.map[0]], starts[min(token.map[1], len(starts) - 1)]
    if match := _LEADING.match(text, start, end):
        start = match.end()
    if kind == "heading":
        first_line = re.compile(r"[^\r\n]*").match(text, start, end)
        end = first_line.end() if first_line else end  # leaves out a setext underline
    piece = text[start:end]
    around = " \t\r\n|#" if kind == "heading" else " \t\r\n|"
    start += len(piece) - len(piece.lstrip(around))
    piece = piece.strip(around)
    if piece and not _CELL_RULE.match(piece):
        yield Block(start, start + len(piece), kind, level)
