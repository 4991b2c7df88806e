"""Where indexes are kept, and which one questions go to."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from indexer.analysis import fold
from indexer.errors import IndexUnwritable
from indexer.resources import resource


@dataclass(frozen=True, slots=True)
class Places:
    """``home`` holds the indexes and the choice of the one that questions go to."""

    home: Path

    @property
    def seeds_index(self) -> Path:
        """The index of the shipped texts."""
        return self.home / "indexes" / "seeds"

    def index_of(self, folder: Path) -> Path:
        """The index of a folder: named after it, told apart by its whole path."""
        resolved = folder.resolve()
        if resolved == resource("seeds").resolve():
            return self.seeds_index
        name = re.sub(r"[^a-z0-9]+", "-", fold(resolved.name)).strip("-")[:40] or "textes"
        digest = hashlib.sha256(os.fsencode(resolved)).hexdigest()[:8]
        return self.home / "indexes" / f"{name}-{digest}"

    def chosen(self) -> Path:
        """The index that questions go to: the last one made by ``ask index``, else that of the shipped texts."""
        try:
            return Path((self.home / "chosen").read_text(encoding="utf-8").strip())
        except FileNotFoundError:
            return self.seeds_index

    def choose(self, index: Path) -> None:
        """Let questions go to this index from now on. Raises ``IndexUnwritable``."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            written = self.home / "chosen.new"
            written.write_text(f"{index.resolve()}\n", encoding="utf-8")
            written.replace(self.home / "chosen")
        except OSError as error:
            raise IndexUnwritable(index=self.home, why=error.strerror or error) from error


def places() -> Places:
    """``COULISSES_HOME`` where it is set, else the user's data folder of the system."""
    home = os.environ.get("COULISSES_HOME")
    return Places(Path(home) if home else platformdirs.user_data_path("coulisses", appauthor=False))
