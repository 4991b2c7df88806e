"""What the commands share: exit codes, the language of messages, the chosen index, errors told in a sentence."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ask.places import places
from ask.show import note
from indexer.errors import CoulissesError, IndexDamaged, IndexNotFound, RequestError

if TYPE_CHECKING:
    from service.engine import Engine

ANSWERED, FAILED, MISUSED, REFUSED = 0, 1, 2, 3
INTERRUPTED = 130  # as a shell says of Ctrl-C


class Lang(StrEnum):
    """Languages of what the user sees."""

    fr = "fr"
    en = "en"


class ServiceLost(Exception):
    """A running service could not answer, or not to the end."""


LangOption = Annotated[Lang, typer.Option("--lang", help="Langue des messages (fr, en).", envvar="COULISSES_LANG")]
IndexOption = Annotated[
    Path | None,
    typer.Option("--index", help="Dossier de l’index (sinon : le dernier indexé).", envvar="COULISSES_INDEX"),
]


def open_chosen(location: Path | None, lang: Lang) -> "Engine":
    """The engine of an index. That of the shipped texts builds itself at first use, and follows their changes."""
    from service.engine import open_engine

    where = places()
    target = location or where.chosen()
    seeds = target.resolve() == where.seeds_index.resolve()
    if seeds:
        from ask.indexing import refresh_seeds

        refresh_seeds(target, lang)
    try:
        return open_engine(target)
    except IndexDamaged:
        if not seeds:
            raise
        refresh_seeds(target, lang, rebuild=True)
        return open_engine(target)
    except IndexNotFound:
        if location is not None and location.is_dir() and not any(location.glob("gen-*")):
            # a folder of texts was given for its index
            return open_engine(where.index_of(location))
        raise


def fail(error: CoulissesError, lang: Lang) -> NoReturn:
    """Tell the error, and leave with its exit code."""
    note(error.sentence(lang))
    raise typer.Exit(MISUSED if isinstance(error, RequestError) else FAILED)
