"""HTML by construction: whatever is not already markup enters as text, escaped."""

import re
from collections.abc import Iterable
from html import escape

_VOID = frozenset(("meta", "link", "br", "col"))
# What could turn the direction of the text around it, or cannot be written: controls, overrides of direction, surrogates.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")


class Html(str):
    """Markup. Any other string is text."""

    __slots__ = ()


def text(told: str) -> Html:
    """A text as markup that shows it, without what would not be seen."""
    return told if isinstance(told, Html) else Html(escape(_UNSAFE.sub("", told)))


def join(children: Iterable[str], between: str = "") -> Html:
    """Markup and texts, one after the other."""
    return Html(text(between).join(text(child) for child in children))


def el(tag: str, /, *children: str, **attributes: str) -> Html:
    """An element. An attribute's name is written with ``_`` for ``-``, and ``_`` after it where Python needs one."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(value)}"' for key, value in attributes.items() if value
    )
    return Html(f"<{tag}{told}>" if tag in _VOID else f"<{tag}{told}>{join(children)}</{tag}>")
