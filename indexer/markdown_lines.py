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
_BOX = re.compile(r" *(?:(?:!!!|\?\?\?\+?)[ \t]+[\w\"']|===[!+]?[ \t]+[\"'])")
# Lines that hold no text: fences of Docusaurus and Pandoc with a short title, calls of Hugo and Jekyll, attributes, imports
_FRAME = re.compile(
    r"[ \t]*(?::{3,}[ \t]*[^\s:]*(?:[ \t]+[^\s:]+){0,3}|(?:\{\{[<%][^<>%\n]{0,500}[%>]\}\}[ \t]*)+|(?:\{%[^%\n]{0,500}%\}[ \t]*)+"
    r"|\{:[^{}\n]{0,200}\}|\[(?i:TOC)\]|\[\[_?(?i:TOC)_?\]\]|import\s[^'\"\n]{1,300}\sfrom\s+['\"][^'\"\n]{1,300}['\"];?"
    r"|\\(?:newpage|pagebreak|clearpage))[ \t]*"
)
_CALLOUT = re.compile(r"([ >]*>)[ ]*\[![\w-]{1,30}\][-+]?(?:[ \t]+\S+){0,3}[ \t]*")
_FENCE = re.compile(r"\s*(?P<mark>`{3,}(?=[^`]*$)|~{3,})(?P<behind>.*)")
_CODE = re.compile(r"\s*\{%-?\s*(?:highlight|comment)\b")
_CODE_END = re.compile(r"\{%-?\s*end(?:highlight|comment)\b")

LINE_END = re.compile(r"\r\n|\n|\r")  # as markdown-it counts them


def commonmark_lines(text: str) -> str:
    """As many lines as ``text`` has: the space that a mark wants put in, frames emptied, what is in a box put out."""
    written = LINE_END.split(text)
    last_end = max((number for number, line in enumerate(written) if _CODE_END.search(line)), default=-1)
    lines: list[str] = []
    depths: list[int] = []
    fence = ""
    called = False
    for number, whole in enumerate(written):
        indent = _indent(whole)
        while depths and whole.strip() and indent < depths[-1]:
            depths.pop()
        line = whole[4 * len(depths) :]
        was_fenced, fence = bool(fence), _fence(line, fence)
        ends = _CODE_END.search(line)
        if not fence and _CODE.match(line) and not ends and number < last_end:
            called = True
        box = not fence and _BOX.match(line) and _holds(written, number, indent)
        if box:
            depths.append(indent + 4)
        if called or box:
            lines.append("")
        else:
            fenced = bool(fence) or was_fenced
            lines.append(line if fenced else _spaced(line, "".join(written[number + 1 : number + 2])))
        called = called and not ends
    return "\n".join(lines)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _fence(line: str, fence: str) -> str:
    """The mark of the code that the next line stands in, if any: what opens it closes it."""
    match = _FENCE.match(line)
    if not match:
        return fence
    if not fence:
        return match["mark"]
    return "" if match["mark"].startswith(fence) and not match["behind"].strip() else fence


def _holds(lines: list[str], number: int, indent: int) -> bool:
    """Whether the first text below line ``number`` is indented below it."""
    below = next((lines[n] for n in range(number + 1, len(lines)) if lines[n].strip()), "")
    return _indent(below) >= indent + 4


def _spaced(line: str, below: str) -> str:
    if _FRAME.fullmatch(line):
        return ""
    if callout := _CALLOUT.fullmatch(line):
        return callout[1]
    line = _UNSPACED.sub(r"\1 ", _FIRM.sub(r"\1 ", line))
    return line.replace("#", "# ", 1) if _TITLE.match(line) and _NO_TEXT.match(below) else line
