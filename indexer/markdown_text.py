"""Markdown to blocks: the offsets point into the source, marks and all; front matter gives the metadata."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from indexer.document import Block, Metadata
from indexer.front_matter import front_matter
from indexer.legible import blank
from indexer.markdown_lines import LINE_END, commonmark_lines

_LEADING = re.compile(r"[ \t]*(?:(?:#{1,6}|>|[-*+]|\d{1,9}[.)])[ \t\u00a0\u202f]+|>)*")
_HTML_HEADING = re.compile(
    r"<h(?P<level>[1-6])\b[^<>]*>\s*(?P<text>\S(?:(?!</h)[\s\S]){0,300}?)\s*</h(?P=level)>", re.IGNORECASE
)
_CELL_RULE = re.compile(r"^[\s|:\-]+$")


def markdown_blocks(text: str) -> tuple[tuple[Block, ...], Metadata]:
    """Blocks of a Markdown text, in order (code and raw HTML left out), and what its front matter says."""
    parser = MarkdownIt("commonmark").enable("table")
    starts = _line_starts(text)
    blocks: list[Block] = []
    body, metadata = front_matter(text)
    depth = 0
    for token in parser.parse(commonmark_lines(blank(text[:body]) + text[body:].replace("\x00", "\ufffd"))):
        if token.type == "list_item_open":
            depth += 1
        elif token.type == "list_item_close":
            depth -= 1
        elif token.type == "heading_open" and token.map:
            blocks.extend(_block(text, starts, token, "heading", int(token.tag[1])))
        elif token.type == "paragraph_open" and token.map:
            blocks.extend(_block(text, starts, token, "item" if depth else "prose", 0))
        elif token.type == "html_block" and token.map:
            blocks.extend(_html_headings(text, starts, token))
        elif token.type == "tr_open" and token.map:
            blocks.extend(_block(text, starts, token, "item", 0))
    return tuple(blocks), metadata


def _html_headings(text: str, starts: list[int], token: Token) -> Iterator[Block]:
    """The headings in a block of HTML, whose other text is left out: « <h1 align="center">Titre</h1> »."""
    assert token.map is not None
    for heading in _HTML_HEADING.finditer(text, starts[token.map[0]], starts[min(token.map[1], len(starts) - 1)]):
        yield Block(heading.start("text"), heading.end("text"), "heading", int(heading["level"]))


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in LINE_END.finditer(text)), len(text)]


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
