"""How an answer is told in words, whatever shows it: the sentences, dates and sources that every edge shares."""

import re

from indexer.list_marks import LIST_MARK
from service.answer import Citation

WORDS = {
    "fr": {
        "line": "ligne", "refused": "Les textes ne répondent pas à cette question.",
        "missing": "Absent des textes :", "nearest": "Les passages les plus proches :",
        "read": "Lu :", "for": "pour", "stale": "Modifié ou supprimé depuis l’indexation, donc écarté :",
        "stale_do": "Relancez `ask index`.", "could": "Les textes répondent en revanche à :",
        "differ": "Les sources ne s’accordent pas :", "undated": "sans date", "sources": "Sources",
    },
    "en": {
        "line": "line", "refused": "The texts do not answer this question.",
        "missing": "Not in the texts:", "nearest": "The nearest passages:",
        "read": "Read:", "for": "for", "stale": "Changed or deleted since it was indexed, hence set aside:",
        "stale_do": "Run `ask index` again.", "could": "The texts do answer:",
        "differ": "The sources do not agree:", "undated": "undated", "sources": "Sources",
    },
}  # fmt: skip
_ITEM = re.compile(rf"{LIST_MARK}\s+\S")
LONGEST_HEADING = 120  # characters of those that a source is told with
_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}
# What could steer a terminal or hide text from its reader; line ends and spaces are folded apart.
_UNSAFE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LINE_ENDS = re.compile("[ \t\r\n\x0b\x0c\x85\u2028\u2029]+")


def safe(text: str) -> str:
    """Text of a document made harmless for whoever shows it: no control or hidden characters, one line."""
    return _UNSAFE.sub("", _LINE_ENDS.sub(" ", text)).strip()


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` characters, cut between words."""
    text = safe(text)
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0] + " …"


def items(quote: str) -> list[str]:
    """What a quote announces with and the items of its list, marks and all; the whole quote where it holds no list."""
    parts: list[str] = []
    apart = True
    for line in quote.splitlines():
        text = line.lstrip(" \t>|")
        if text and (apart or _ITEM.match(text)):
            parts.append(text if parts else line)
        elif text:
            parts[-1] += f"\n{line}"
        apart = not text
    return parts


def quoted(text: str, lang: str) -> str:
    """Text between the quotation marks of a language, with no-break spaces inside guillemets."""
    return f"“{text}”" if lang == "en" else f"«\u00a0{text}\u00a0»"


def in_words(iso: str | None, lang: str) -> str | None:
    """An ISO date (year, month or day) as it is said: ``1er mai 2021``."""
    if iso is None:
        return None
    year, *rest = iso.split("-")
    if not rest:
        return year
    month = _MONTHS[lang][int(rest[0]) - 1]
    day = str(int(rest[1])) if len(rest) > 1 else ""
    if lang == "fr" and day == "1":
        day = "1er"
    return " ".join(part for part in (day, month, year) if part)


def about(citation: Citation, lang: str) -> list[str]:
    """Title, author, publication and date of a citation, those that are known."""
    parts = (citation.title, citation.author, citation.publication, in_words(citation.date, lang))
    return [safe(part) for part in parts if part]
