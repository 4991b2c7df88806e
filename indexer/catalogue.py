"""The catalogue of a folder: ``catalogue.toml``, what is known of its files that their text does not say."""

import datetime
import tomllib
from pathlib import Path

from indexer.dates import find_date
from indexer.document import Metadata
from indexer.errors import CatalogueUnreadable
from indexer.read import CATALOGUE

_FIELDS = ("title", "author", "publication", "date", "url")


def read_catalogue(folder: Path) -> dict[str, Metadata]:
    """Metadata by file path, from ``[["file name"]]`` tables; empty without a catalogue.

    Raises ``CatalogueUnreadable``.
    """
    path = folder / CATALOGUE
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueUnreadable(path=path, why=error) from error
    catalogue: dict[str, Metadata] = {}
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise CatalogueUnreadable(
                path=path, why=f"« {name} » n’est pas une table", why_en=f"“{name}” is not a table"
            )
        unknown = set(table) - set(_FIELDS)
        if unknown:
            names = ", ".join(sorted(unknown))
            raise CatalogueUnreadable(
                path=path, why=f"champ inconnu pour « {name} » : {names}", why_en=f"unknown field for “{name}”: {names}"
            )
        fields = {field: _text(table[field]) for field in _FIELDS if field in table}
        if "date" in fields:
            date = find_date(fields["date"])
            if date is None:
                said = fields["date"]
                raise CatalogueUnreadable(
                    path=path,
                    why=f"date illisible pour « {name} » : {said}",
                    why_en=f"unreadable date for “{name}”: {said}",
                )
            fields["date"] = date
        catalogue[name] = Metadata(**fields)
    return catalogue


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
