"""The models that ship with Coulisses, each in a folder with its card and its SHA256SUMS."""

from dataclasses import dataclass
from pathlib import Path

from indexer.embedder import check_files

_NAMES = ("embedder", "reader", "calibration")


@dataclass(frozen=True, slots=True)
class Shipped:
    """A bundled model."""

    name: str
    folder: Path

    @property
    def size(self) -> int:
        """Bytes of its files."""
        return sum(path.stat().st_size for path in self.folder.iterdir() if path.is_file())

    def verify(self) -> None:
        """Compare its files with its SHA256SUMS. Raises ``ModelNotFound`` or ``ModelDamaged``."""
        check_files(self.folder)


def shipped(models: Path) -> tuple[Shipped, ...]:
    """Those that are there, of the folder that holds them."""
    return tuple(Shipped(name, models / name) for name in _NAMES if (models / name).is_dir())
