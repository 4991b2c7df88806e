"""Plain text to blocks: lines become paragraphs, hard-wrapped lines and verse are put together again."""

import re
from dataclasses import dataclass

from indexer.document import Block
from indexer.list_marks import LIST_MARK

_LINE = re.compile(r"[^\n\x0b\x0c\x85\u2028\u2029]+")
_BULLET = re.compile(rf"[ \t\u00a0]*{LIST_MARK}(?:[ \t\u00a0]+|$)")
_WIDEST_WRAP = 120
_NARROWEST_WRAP = 45
_LONGEST_HEADING = 12  # words
_LONGEST_STANZA = 500  # lines


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    bulleted: bool
    numbered: bool
    gap: bool  # an empty line stands before it

    @property
    def length(self) -> int:
        return self.end - self.start


def plain_blocks(text: str) -> tuple[Block, ...]:
    """Blocks of a plain text, in order: ``"item"`` where the line had a bullet or number, else ``"prose"``.

    « 1. Objet » alone between empty lines is a ``"heading"``.
    """
    lines = _lines(text)
    width = _wrap_width(lines)
    blocks: list[Block] = []
    position = 0
    while position < len(lines):
        last = position
        while last + 1 < len(lines) and _continues(text, lines, last, width):
            last += 1
        if last == position:
            last = _verse_end(text, lines, position)
        kind = "item" if lines[position].bulleted else "prose"
        if last == position and _is_numbered_heading(text, lines, position):
            kind = "heading"
        blocks.append(Block(lines[position].start, lines[last].end, kind))
        position = last + 1
    return tuple(blocks)


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    previous_end = 0
    marker = False  # a bullet alone on its line: the next line is its item
    for match in _LINE.finditer(text):
        raw = match.group()
        if not raw.replace("\u200b", "").replace("\ufeff", "").strip():
            continue
        bullet = _BULLET.match(raw)
        body = raw[bullet.end() :] if bullet else raw
        if bullet and not body.strip():
            marker = True
            continue
        start = match.start() + (bullet.end() if bullet else 0) + len(body) - len(body.lstrip())
        end = match.start() + len(raw.rstrip())
        gap = text.count("\n", previous_end, match.start()) > 1 or not lines
        numbered = bullet is not None and any(character.isdigit() for character in bullet.group())
        lines.append(_Line(start, end, bool(bullet) or marker, numbered, gap))
        previous_end = match.end()
        marker = False
    return lines


def _is_numbered_heading(text: str, lines: list[_Line], index: int) -> bool:
    line = lines[index]
    alone = line.gap and index + 1 < len(lines) and lines[index + 1].gap
    beside = lines[max(index - 1, 0) : index] + lines[index + 1 : index + 2]
    return (
        line.numbered
        and alone
        and not any(other.numbered for other in beside)
        and text[line.start].isupper()
        and text[line.end - 1] not in ".!?…:;,"
        and len(text[line.start : line.end].split()) <= _LONGEST_HEADING
    )


def _wrap_width(lines: list[_Line]) -> int | None:
    """Width at which the lines were wrapped by hand or by a program, ``None`` when a line is a paragraph."""
    followed = sorted(line.length for line, after in zip(lines, lines[1:], strict=False) if not after.gap)
    if len(followed) < 5 or sum(line.length > _WIDEST_WRAP for line in lines) > 0.02 * len(lines):
        return None
    width = followed[int(len(followed) * 0.95)]
    median = followed[len(followed) // 2]
    if median >= _NARROWEST_WRAP and width <= _WIDEST_WRAP and median >= width * 0.8:
        return width
    return None


def _continues(text: str, lines: list[_Line], index: int, width: int | None) -> bool:
    """Whether the next line goes on with the paragraph: its first word would not have fitted on this one."""
    line, after = lines[index], lines[index + 1]
    if width is None or after.gap or after.bulleted:
        return False
    first_word = text[after.start : after.end].split(maxsplit=1)[0]
    if line.length + 1 + len(first_word) > width - 3:
        return True
    return text[after.start].islower() and text[line.end - 1] not in ".!?…:"


def _verse_end(text: str, lines: list[_Line], index: int) -> int:
    """Last line of a stanza that begins here, or ``index``: short lines that run on, many ended by a comma."""
    last = index
    end = min(index + _LONGEST_STANZA, len(lines))  # a list of thousands of lines is looked through at each of them
    while last + 1 < end and not lines[last + 1].gap and not lines[last + 1].bulleted:
        last += 1
    stanza = lines[index : last + 1]
    if len(stanza) < 3 or stanza[0].bulleted or max(line.length for line in stanza) > 80:
        return index
    running_on = sum(text[line.end - 1] in ",;—" for line in stanza)
    return last if running_on >= 0.25 * len(stanza) else index
