"""Dates as French (and English) texts write them."""

import datetime
import re

from indexer.analysis import fold

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv january jan",
            "fevrier fevr february feb",
            "mars march mar",
            "avril avr april apr",
            "mai may",
            "juin june jun",
            "juillet juil july jul",
            "aout august aug",
            "septembre sept september sep",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ISO = re.compile(r"\b(\d{4})-(\d{2})(?:-(\d{2}))?(?!\d)")
_SLASHED = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b")
_WRITTEN = re.compile(rf"\b(?:(\d{{1,2}})(?:er)?\s+)?({_MONTH})\.?\s+(\d{{4}})\b")
_ENGLISH = re.compile(rf"\b({_MONTH})\.?\s+(\d{{1,2}}),?\s+(\d{{4}})\b")
_YEAR = re.compile(r"^\s*(\d{4})\s*$")


def find_date(text: str) -> str | None:
    """The first date of a text in ISO 8601, day first as in French; ``None`` when there is none that exists."""
    plain = fold(text)
    if m := _ISO.search(plain):
        return _iso(m.group(1), m.group(2), m.group(3))
    if m := _SLASHED.search(plain):
        return _iso(m.group(3), m.group(2), m.group(1))
    if m := _ENGLISH.search(plain):
        return _iso(m.group(3), _MONTHS[m.group(1)], m.group(2))
    if m := _WRITTEN.search(plain):
        return _iso(m.group(3), _MONTHS[m.group(2)], m.group(1))
    if m := _YEAR.match(plain):
        return m.group(1)
    return None


def _iso(year: str, month: str | int, day: str | None) -> str | None:
    try:
        date = datetime.date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return date.isoformat() if day else date.isoformat()[:7]
