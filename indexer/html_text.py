"""HTML to text and blocks, by trafilatura; lxml's own walk where it finds nothing.

The extracted text, kept in the index, is the document's text: offsets point into it.
"""

import re
from collections.abc import Iterator

import trafilatura
from lxml import etree, html

from indexer.dates import find_date
from indexer.document import Block, Metadata

_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.IGNORECASE)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*(?:0+(?:\.0*)?|\.0+)(?:[a-z]+|%)?\s*(?:[;!]|$)",
    re.IGNORECASE,
)
_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "blockquote", "dd", "dt", "figcaption")
_NESTED = frozenset((*_BLOCKS, "ul", "ol", "dl", "table", "item", "list", "row", "head", "quote"))
_BREAKS = frozenset(("br", "lb", "cell", "div", "section"))
_SPACES = re.compile(r"[ \t\r\n\x0b\x0c]+")
_NEVER_TEXT = (
    "script", "style", "noscript", "template", "nav", "footer", "svg", "iframe", "aside",
    "button", "input", "select", "textarea", "label", "legend", "datalist",
)  # fmt: skip
# By class: the signs of links to a heading, the numbers of lines of code
_BESIDE_TEXT = frozenset(("headerlink", "header-anchor", "anchor-link", "linenos"))

# What XML cannot hold, as it stands or as « &#xFFFE; »: lxml refuses to set a text with one of them.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01]|6553[45])(?!\d)|x0*(?:[0-8bcef]|1[\da-f]|fff[ef])(?![\da-f]));?",
    re.IGNORECASE,
)


def declared_charset(data: bytes) -> str | None:
    """The encoding that the page declares in its first bytes."""
    match = _CHARSET.search(data[:4096])
    return match.group(1).decode("ascii") if match else None


def html_blocks(source: str) -> tuple[str, tuple[Block, ...], Metadata]:
    """The text of a page, its blocks and what the page says of itself."""
    tree = _visible_tree(source)
    if tree is None:
        return "", (), Metadata()
    pieces, metadata = _main_content(tree)
    if not pieces or _altered(pieces, tree) * 10 > len(pieces):
        pieces = _every_block(tree)
    text, blocks = _join(pieces)
    return text, blocks, metadata


def _visible_tree(source: str) -> html.HtmlElement | None:
    """The page without what its reader does not see: hidden text must not be indexed."""
    cleaned = re.sub(r"^\s*<\?xml[^>]*\?>", "", source)  # lxml refuses an encoding declaration in a str
    try:
        tree = html.document_fromstring(_CONTROLS.sub(" ", cleaned))
    except (etree.ParserError, ValueError):
        return None
    for element in list(tree.iter(etree.Element)):
        if element.tag == "br":
            element.tail = "\n" + (element.tail or "")
        elif (
            element.tag in _NEVER_TEXT
            or element.get("hidden") is not None
            or _HIDDEN.search(element.get("style") or "")
            or _BESIDE_TEXT & set((element.get("class") or "").split())
        ):
            if element.getparent() is not None:
                element.drop_tree()
    _unwrap_forms(tree)
    _name_main(tree)
    return tree


def _name_main(tree: html.HtmlElement) -> None:
    """Make the body of a page that names no main content its main content: trafilatura finds no headings otherwise."""
    body = tree.find("body")
    if body is not None and tree.find(".//main") is None and tree.find(".//article") is None:
        main = body.makeelement("main")
        main.text, body.text = body.text, None
        main.extend(list(body))
        body.append(main)


def _unwrap_forms(tree: html.HtmlElement) -> None:
    """A form around most of the page is the page (ASP.NET makes them so); any other only asks for something."""
    page = len(_text(tree))
    for form in list(tree.iter("form")):
        if len(_text(form)) * 2 > page:
            form.tag = "div"
        else:
            form.drop_tree()


def _main_content(tree: html.HtmlElement) -> tuple[list[tuple[str, str, int]], Metadata]:
    """``(text, kind, level)`` of each block of the main content, in order."""
    extracted = trafilatura.extract(
        html.tostring(tree, encoding="unicode"),
        output_format="xml",
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        favor_recall=True,
        date_extraction_params={"extensive_search": False, "original_date": True},  # no year of the text for its date
        fast=True,  # its backup extractors put spaces into words and run paragraphs together
    )
    if not extracted:
        return [], Metadata()
    root = etree.fromstring(extracted.encode("utf-8"))
    metadata = Metadata(
        title=root.get("title") or None,
        author=root.get("author") or None,
        publication=root.get("sitename") or None,
        date=find_date(root.get("date") or ""),
        url=root.get("url") or None,
    )
    pieces: list[tuple[str, str, int]] = []
    main = root.find("main")
    for element in main.iter() if main is not None else ():
        if element.tag == "head":
            level = re.sub(r"\D", "", element.get("rend") or "") or "2"
            pieces.append((_text(element), "heading", int(level)))
        elif element.tag == "row":
            pieces.append((_spread(element), "item", 0))
        elif element.tag == "item" and not any(ancestor.tag == "row" for ancestor in element.iterancestors()):
            pieces.append((_own(element), "item", 0))
        elif element.tag == "p" and not any(a.tag in ("row",) for a in element.iterancestors()):
            in_item = any(ancestor.tag == "item" for ancestor in element.iterancestors())
            pieces.append((_text(element), "item" if in_item else "prose", 0))
        elif element.tag == "quote" and element.find(".//p") is None:
            pieces.append((_text(element), "prose", 0))
    return [piece for piece in pieces if piece[0]], metadata


def _altered(pieces: list[tuple[str, str, int]], tree: html.HtmlElement) -> int:
    """How many pieces are not in the page as they stand: on small pages trafilatura puts spaces into sentences."""
    page = _text(tree)
    return sum(kind != "item" and text not in page for text, kind, _ in pieces)


def _every_block(tree: html.HtmlElement) -> list[tuple[str, str, int]]:
    """What trafilatura finds too little in: every paragraph, heading and item outside navigation and forms."""
    pieces: list[tuple[str, str, int]] = []
    for element in tree.iter(*_BLOCKS):
        if text := _own(element):
            heading = element.tag[0] == "h"
            kind = "heading" if heading else "item" if element.tag in ("li", "td") else "prose"
            pieces.append((text, kind, int(element.tag[1]) if heading else 0))
    body = tree.find("body")
    if not pieces and body is not None and (text := _text(body)):
        pieces.append((text, "prose", 0))
    return pieces


def _own(element: etree._Element) -> str:
    """What an element says outside the blocks within it: « 85 euros : » of an item above its own list."""
    return _SPACES.sub(" ", "".join(_pieces(element, nested=False))).strip()


def _spread(element: etree._Element) -> str:
    """All that an element says, its cells and paragraphs apart."""
    return _SPACES.sub(" ", "".join(_pieces(element, nested=True))).strip()


def _pieces(element: etree._Element, *, nested: bool) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        apart = " " if child.tag in _NESTED or child.tag in _BREAKS else ""
        yield apart
        if isinstance(child.tag, str) and (nested or child.tag not in _NESTED):
            yield from _pieces(child, nested=nested)
        yield apart
        yield child.tail or ""


def _text(element: etree._Element) -> str:
    words = []
    for piece in element.itertext():
        words.append(str(piece))
    return _SPACES.sub(" ", "".join(words)).strip()


def _join(pieces: list[tuple[str, str, int]]) -> tuple[str, tuple[Block, ...]]:
    blocks: list[Block] = []
    position = 0
    for text, kind, level in pieces:
        blocks.append(Block(position, position + len(text), kind, level))
        position += len(text) + 2
    return "\n\n".join(text for text, _, _ in pieces), tuple(blocks)
