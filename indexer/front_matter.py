"""What stands above a Markdown text to its metadata: YAML, TOML, or lines « Title: … » (MultiMarkdown, Pelican)."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import yaml

from indexer.dates import find_date
from indexer.document import Metadata

_FENCED = re.compile(
    r"(?P<fence>---|\+\+\+)[ \t]*(?:\r\n?|\n)(?P<inside>.*?)(?<=[\r\n])(?P=fence)[ \t]*(?=[\r\n]|\Z)",
    re.DOTALL,
)
_LINE = re.compile(r"(?P<name>[^\W\d_][\w \-]{0,30}?)[ \u00a0]?:(?:[ \t\u00a0]+(?P<value>.*)|$)")
# What such lines are known by: « Anne : bonjour » above a dialogue is text
_KNOWN = frozenset(
    "title titre author authors auteur auteurs date slug category categories tags keywords summary description lang "
    "language status modified published layout template subtitle copyright".split()
)
_FEWEST_KNOWN = 2
_WIKI = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]]*)\]\]")
_NULL = ("", "~", "null")


def front_matter(text: str) -> tuple[int, Metadata]:
    """Where the text behind its front matter begins, 0 where it has none, and what that says.

    Front matter that cannot be read says nothing; it is left out all the same.
    """
    if fenced := _FENCED.match(text):
        read = _yaml if fenced["fence"] == "---" else _toml
        fields = read(fenced["inside"])
        # « title: Réunion : budget » is no YAML, and plain to anyone
        return fenced.end(), _metadata(_plain(fenced["inside"]) if fields is None else fields)
    end, fields = _lines(text)
    return (end, _metadata(fields)) if len(_KNOWN & fields.keys()) >= _FEWEST_KNOWN else (0, Metadata())


def _yaml(inside: str) -> Any:
    try:
        # all is read as text: « date: 0000-00-00 » is no date, and must not cost the title
        return yaml.load(inside, Loader=yaml.BaseLoader)  # noqa: S506 makes no objects
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        return None


def _toml(inside: str) -> Any:
    try:
        return tomllib.loads("\n".join(inside.splitlines()))
    except (ValueError, RecursionError):
        return None


def _plain(inside: str) -> dict[str, str]:
    """The lines « name: value » of what cannot be read as what it should be."""
    fields: dict[str, str] = {}
    for line in inside.splitlines():
        match = _LINE.fullmatch(line.rstrip())
        value = (match["value"] or "").strip().strip("\"'") if match else ""
        if match and value[:1] not in tuple("[{|>") and "\\" not in value:  # lists, templates and escapes say nothing
            fields.setdefault(match["name"], value)
    return fields


def _lines(text: str) -> tuple[int, dict[str, str]]:
    """The fields of the lines up to the first empty one, and where they end; none if another line is among them."""
    fields: dict[str, str] = {}
    end = 0
    for line in text.splitlines(keepends=True):
        if not line.strip():
            break
        match = _LINE.fullmatch(line.rstrip())
        if match:
            fields.setdefault(match["name"].lower(), (match["value"] or "").strip())
        elif not (fields and line[0] in " \t"):  # else the value goes on
            return 0, {}
        end += len(line)
    return end, fields


def _metadata(fields: Any) -> Metadata:
    if not isinstance(fields, Mapping):
        return Metadata()
    fields = {str(name).lower(): value for name, value in fields.items()}

    def field(*names: str) -> str | None:
        for name in names:
            value = fields.get(name)
            if isinstance(value, list):
                value = ", ".join(filter(None, map(_named, value)))
            value = _named(value)
            if value and value not in _NULL:
                # an escape may stand for half a character: nothing could write it down
                return value.encode("utf-8", "replace").decode("utf-8").strip()
        return None

    date = field("date", "published", "publié", "created", "créé")
    return Metadata(
        title=field("title", "titre"),
        author=field("author", "authors", "auteur", "auteurs"),
        publication=field("publication", "site", "source"),
        date=find_date(date) if date else None,
        url=field("url", "link", "lien"),
    )


def _named(value: Any) -> str:
    """A value in words: of « {name: …, orcid: …} » the name, of « [[Page]] » what is linked."""
    if isinstance(value, Mapping):
        value = value.get("name", "")
    return _WIKI.sub(r"\1", str(value)) if value else ""
