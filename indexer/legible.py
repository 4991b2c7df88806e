"""A text as models and the analyser read it: what marks it up made spaces, character for character, so that every
offset stays that of the file. What is quoted is the file's own text all the same."""

import re

# [label](address "title"), [label][reference], images too; labels hold at most one pair of brackets
_LINK = re.compile(
    r"(?P<open>!?\[)(?P<label>(?:[^\[\]]|\[[^\[\]]{0,200}\]){0,400})"
    r"(?P<close>\](?:\((?:[^()\s\\]|\\.|\([^()\s]{0,200}\)){0,1000}(?:\s+(?:\"[^\"]{0,200}\"|'[^']{0,200}'))?\s{0,3}\)|\[[^\[\]]{0,100}\]))"
)
_NUMBER = re.compile(r"[\s\[(*_]*\d{1,3}[\s\])*_]*")
_PAGE = re.compile(r"(?P<open>!?)\[\[(?P<place>(?:[^\[\]|\n]{1,200}\|)?)(?P<label>[^\[\]\n]{1,200})\]\]")  # a wiki's
_MARKS = re.compile(
    r"\[\^[^\]\s]{1,40}\]:?"  # footnotes
    r"|</?[A-Za-z][A-Za-z0-9-]{0,20}(?:\s[^<>]{0,500})?/?>"  # HTML
    r"|^[ ]{0,3}#{1,6}(?=\s)|^[ ]{0,3}>[ >]*"  # headings and quotations
    r"|(?<![\w\\*])\*{1,3}(?=[^\s*])|(?<=[^\s*\\])\*{1,3}(?![\w*])"  # emphasis
    r"|(?<![\w\\])_{1,3}(?=[^\s_])|(?<=[^\s_\\])_{1,3}(?!\w)"
    r"|~~|`+|(?<!\S)==(?=[^\s=])|(?<=[^\s=])==(?![\w=])"  # struck out, code, highlights
    r"|<!--[^<]{0,1000}?-->|\{/\*[^{]{0,1000}?\*/\}|(?<!\d)%%(?=\S)[^%\n]{1,500}%%"  # comments: HTML, MDX, Obsidian
    r"|\{\{[^{}\n]{1,500}\}\}|\{%[^%\n]{1,500}%\}"  # calls of Hugo and Jekyll
    r"|(?<![_^\\])\{:?[ ]?(?:[.#:][^{}\n]{0,200}|[\w-]{1,30}=[^{},\n]{0,200})\}"  # attributes, no exponents
    r"|(?<=[-*+][ ])\[[ xX]\](?=\s)|^\[[ xX]\](?=\s)"  # tasks
    r"|\[-?@[^\[\]\n]{1,300}\]|(?<!\S):[a-z][a-z0-9_+-]{1,30}:(?!\S)"  # Pandoc's citations, emoji by name
    r"|(?<![^\W\d_])\\(?=[!-/:-@\[-`{-~])|\\$|&nbsp;|&#160;|&#x(?:A0|202F);",  # escapes
    re.MULTILINE,
)


def legible(text: str, format_name: str) -> str:
    """The text of a document of this format as it is read: as long as ``text``, its marks made spaces.

    Only Markdown has any: links' addresses, emphasis, HTML, comments, the signs of headings, quotations, tasks, code and
    footnotes, and what site generators and wikis add.
    """
    if format_name != "markdown":
        return text
    linked = _PAGE.sub(_page, text)
    for _ in range(2):  # an image may be a link's label
        linked = _LINK.sub(_label, linked)
    # found in the text itself: emphasis around a link would stand alone among spaces without it
    marked = _MARKS.sub(lambda mark: blank(mark.group()), text)
    return "".join(one if one == other else " " for one, other in zip(linked, marked, strict=True))


def _label(link: re.Match[str]) -> str:
    """What is read of a link: its label, unless that is the number of a note."""
    note = link["close"].startswith("](#") and _NUMBER.fullmatch(link["label"])
    return blank(link.group()) if note else blank(link["open"]) + link["label"] + blank(link["close"])


def _page(link: re.Match[str]) -> str:
    """What is read of a wiki's link: its label, the page's name where it has none; nothing of a picture."""
    return blank(link.group()) if link["open"] else f"  {blank(link['place'])}{link['label']}  "


def blank(text: str) -> str:
    """As many spaces as the text has characters; its line ends stay."""
    return re.sub(r"[^\r\n]", " ", text)
