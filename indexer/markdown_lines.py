"""Markdown as people and their tools write it to the lines of CommonMark that say the same, one for one.

Only the numbers of these lines are used of what is parsed: what is quoted is the file's own text.
"""

import re

# « # Titre » with the no-break space that French keyboards give, « ##Titre » with none. One sign alone may be a
# hashtag: it wants several words on a line of their own.
_FIRM = re.compile(r"^([ \t>]*(?:#{1,6}|[-*+]|\d{1,9}[.)]))[\u00a0\u202f]")
_UNSPACED = re.compile(r"^( {0,3}#{2,6})(?=[^\s#])")
_TITLE = re.compile(r"( {0,3}#)(?=[^\W\d_][^#]*[ \u00a0][^#]*[^\s.!?…#]\s*$)")
_NO_TEXT = re.compile(r"\s*$| {0,3}#")
# MkDocs' boxes and tabs: what they hold is indented below them
_BOX = re.compile(r" *(?:!!!|\?\?\?\+?|===[!+]?)[ \t]+[\w\"']")
# Lines that hold no text: fences of Docusaurus and Pandoc, calls of Hugo and Jekyll, attributes, imports
_FRAME = re.compile(
    r"\s*(?::{3,}(?:\s*[^\s:]+){0,6}|\{\{[<%].*[%>]\}\}|\{%.*%\}|\{:.*\}|\[TOC\]|\[\[_?TOC_?\]\]"
    r"|import\s.+\sfrom\s+['\"].+['\"];?|\\(?:newpage|pagebreak|clearpage))\s*",
    re.IGNORECASE,
)
_CALLOUT = re.compile(r"([ >]*>)[ ]*\[![\w-]+\].*")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_CODE = re.compile(r"\s*\{%-?\s*(end)?(?:highlight|comment)\b")

LINE_END = re.compile(r"\r\n|\n|\r")  # as markdown-it counts them


def commonmark_lines(text: str) -> str:
    """As many lines as ``text`` has: the space that a mark wants put in, frames emptied, what is in a box put out."""
    written = LINE_END.split(text)
    lines: list[str] = []
    depths: list[int] = []
    fenced = called = False
    for number, whole in enumerate(written):
        indent = len(whole) - len(whole.lstrip(" "))
        while depths and whole.strip() and indent < depths[-1]:
            depths.pop()
        line = whole[depths[-1] :] if depths else whole
        fenced ^= bool(_FENCE.match(line))
        if code := _CODE.match(line):
            called = not code[1]
        box = not fenced and _BOX.match(line)
        if box:
            depths.append(indent + 4)
        if called or box:
            lines.append("")
        else:
            lines.append(line if fenced else _spaced(line, "".join(written[number + 1 : number + 2])))
    return "\n".join(lines)


def _spaced(line: str, below: str) -> str:
    if _FRAME.fullmatch(line):
        return ""
    if callout := _CALLOUT.fullmatch(line):
        return callout[1]
    line = _UNSPACED.sub(r"\1 ", _FIRM.sub(r"\1 ", line))
    return line.replace("#", "# ", 1) if _TITLE.match(line) and _NO_TEXT.match(below) else line
