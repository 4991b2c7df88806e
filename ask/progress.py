"""Progress of a build on standard error: a bar on a terminal, a line a stage elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from indexer.build import BuildProgress
from indexer.embedder import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_STAGES = {
    "fr": {"read": "Lecture des fichiers", "embed": "Calcul des vecteurs"},
    "en": {"read": "Reading the files", "embed": "Computing the vectors"},
}


@contextmanager
def shown_progress(lang: str) -> Iterator[BuildProgress]:
    """Progress for ``build``, taken away from the terminal at the end."""
    if not sys.stderr.isatty():
        yield _Lines(lang)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _Bars(bar, lang)


class _Bars:
    def __init__(self, bar: "Bar", lang: str) -> None:
        self._bar = bar
        self._lang = lang

    def stage(self, name: str, total: int) -> Progress:
        task = self._bar.add_task(_STAGES[self._lang][name], total=total)
        return lambda advance: self._bar.advance(task, advance)


class _Lines:
    def __init__(self, lang: str) -> None:
        self._lang = lang

    def stage(self, name: str, total: int) -> Progress:
        sys.stderr.write(f"{_STAGES[self._lang][name]} ({total}) …\n")
        return lambda advance: None
