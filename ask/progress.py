"""Progress of a build or a download on standard error: a bar on a terminal, a line a stage elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from indexer.build import BuildProgress
    from indexer.embedder import Progress

_STAGES = {
    "fr": {
        "read": "Lecture des fichiers", "embed": "Calcul des vecteurs",
        "fetch": "Téléchargement", "verify": "Vérification",
    },
    "en": {
        "read": "Reading the files", "embed": "Computing the vectors",
        "fetch": "Downloading", "verify": "Verifying",
    },
}  # fmt: skip


@contextmanager
def shown_progress(lang: str, *, in_bytes: bool = False) -> Iterator["BuildProgress"]:
    """Progress for ``build``, or for ``pull`` (``in_bytes``), taken away from the terminal at the end."""
    if not sys.stderr.isatty():
        yield _Lines(lang, in_bytes)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import Progress as Bar

    done = (DownloadColumn(), TransferSpeedColumn()) if in_bytes else (MofNCompleteColumn(),)
    columns = (TextColumn("{task.description}"), BarColumn(), *done, TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Bars(bar, lang)


class _Bars:
    def __init__(self, bar: "Bar", lang: str) -> None:
        self._bar = bar
        self._lang = lang

    def stage(self, name: str, total: int) -> "Progress":
        task = self._bar.add_task(_STAGES[self._lang][name], total=total)
        return lambda advance: self._bar.advance(task, advance)


class _Lines:
    def __init__(self, lang: str, in_bytes: bool) -> None:
        self._lang = lang
        self._in_bytes = in_bytes

    def stage(self, name: str, total: int) -> "Progress":
        told = bytes_told(total, self._lang) if self._in_bytes else str(total)
        sys.stderr.write(f"{_STAGES[self._lang][name]} ({told}) …\n")
        return lambda advance: None


def bytes_told(size: int, lang: str) -> str:
    """A number of bytes as a person reads it, in powers of ten: « 5,2 Go »."""
    power = 0
    amount = float(size)
    while amount >= 999.5 and power < 3:
        amount /= 1000
        power += 1
    unit = ("o", "ko", "Mo", "Go")[power] if lang == "fr" else ("B", "kB", "MB", "GB")[power]
    digits = f"{amount:.1f}" if power and amount < 99.95 else f"{amount:.0f}"
    return f"{digits.replace('.', ',') if lang == 'fr' else digits}\u00a0{unit}"
