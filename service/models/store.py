"""Where pulled models lie, and what was recorded of them: ``STORE/PRESET/`` with its files and ``record.json``.

The record is written last and taken away first: a folder without one is not a model, whatever else it holds. A file
that is no longer as the record says is refused.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal, Protocol

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from indexer.errors import PackageMissing, PresetNotPulled, PulledModelDamaged
from service.models.presets import Commit, FileName, Preset, Sha256

RECORD = "record.json"
_CHUNK = 1 << 20
_STRICT = ConfigDict(extra="forbid")
State = Literal["absent", "partial", "present", "damaged"]
Attested = Literal["preset", "hub", "none"]  # whose SHA-256 a file was compared with


class ByteProgress(Protocol):
    """Told the bytes of each stage, ``fetch`` or ``verify``; what it gives is called with the bytes just done."""

    def stage(self, name: str, total: int) -> Callable[[int], None]: ...


@checked(frozen=True, slots=True, config=_STRICT)
class RecordedFile:
    """A file as it was received. ``attested``: whose SHA-256 it was compared with, the preset's, the hub's, or none."""

    name: FileName
    size: Annotated[int, Field(ge=0)]
    sha256: Sha256
    attested: Attested


@checked(frozen=True, slots=True, config=_STRICT)
class Record:
    """What a pulled preset is: the commit that it was pulled at, its files, the day (ISO, UTC)."""

    format: Literal[1]
    preset: str
    repository: str
    revision: Commit
    pulled: str
    files: tuple[RecordedFile, ...]


_RECORD = TypeAdapter(Record)


@dataclass(frozen=True, slots=True)
class Store:
    """``folder`` holds a folder for each pulled preset."""

    folder: Path

    def folder_of(self, preset: Preset) -> Path:
        """Where the preset's files are, or would be. Raises ``PackageMissing``."""
        if preset.package is None:
            return self.folder / preset.name
        spec = find_spec(preset.package)  # tells the place without running the package
        if spec is None or spec.origin is None:
            raise PackageMissing(preset=preset.name, package=preset.package.replace("_", "-"))
        return Path(spec.origin).parent

    def record(self, preset: Preset) -> Record | None:
        """What was recorded at the pull; ``None`` when it was not pulled whole. Raises ``PulledModelDamaged``."""
        path = self.folder / preset.name / RECORD
        try:
            return _RECORD.validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            raise PulledModelDamaged(path=path, preset=preset.name, why=type(error).__name__) from error

    def keep(self, preset: Preset, record: Record) -> None:
        """Write the record, whole or not at all. Raises ``OSError``."""
        path = self.folder / preset.name / RECORD
        written = path.with_suffix(".new")
        with written.open("wb") as file:
            file.write(_RECORD.dump_json(record, indent=2))
            file.flush()
            os.fsync(file.fileno())
        written.replace(path)

    def forget(self, preset: Preset) -> None:
        """Take the record away: the folder is no model until the next one is written. Raises ``OSError``."""
        (self.folder / preset.name / RECORD).unlink(missing_ok=True)

    def state(self, preset: Preset) -> State:
        """What a look at names and sizes tells; ``verify`` reads the files themselves."""
        try:
            expected = self._expected(preset)
        except PackageMissing:
            return "absent"
        except PresetNotPulled:
            folder = self.folder / preset.name
            return "partial" if folder.is_dir() and any(folder.iterdir()) else "absent"
        except PulledModelDamaged:
            return "damaged"
        folder = self.folder_of(preset)
        whole = all(_size(folder / name) == size for name, size, _ in expected)
        return "present" if whole else "damaged"

    def verify(self, preset: Preset, progress: ByteProgress) -> int:
        """Read every file of the preset and compare it with what was recorded; the number of files.

        Raises ``PresetNotPulled``, ``PackageMissing`` or ``PulledModelDamaged``.
        """
        expected = self._expected(preset)
        folder = self.folder_of(preset)
        advance = progress.stage("verify", sum(size for _, size, _ in expected))
        for name, size, sha256 in expected:
            path = folder / name
            try:
                if path.stat().st_size != size:
                    raise PulledModelDamaged(path=path, preset=preset.name, why=f"{path.stat().st_size} ≠ {size}")
                found = file_sha256(path, advance)
            except OSError as error:
                raise PulledModelDamaged(path=path, preset=preset.name, why=error.strerror) from error
            if found != sha256:
                raise PulledModelDamaged(path=path, preset=preset.name, why=f"SHA-256 {found[:12]}… ≠ {sha256[:12]}…")
        return len(expected)

    def _expected(self, preset: Preset) -> list[tuple[str, int, str]]:
        """Name, size and SHA-256 of each file. A record that contradicts the preset's own SHA-256 is not believed."""
        known = {file.name: file.sha256 for file in preset.files if file.sha256}
        if preset.package is not None:
            self.folder_of(preset)
            return [(file.name, file.size or 0, file.sha256 or "") for file in preset.files]
        record = self.record(preset)
        if record is None:
            raise PresetNotPulled(preset=preset.name)
        for file in record.files:
            if record.revision == preset.revision and known.get(file.name, file.sha256) != file.sha256:
                path = self.folder / preset.name / RECORD
                raise PulledModelDamaged(path=path, preset=preset.name, why=f"SHA-256, {file.name}")
        return [(file.name, file.size, file.sha256) for file in record.files]


def file_sha256(path: Path, progress: Callable[[int], None] | None = None) -> str:
    """The SHA-256 of a file in hexadecimal; ``progress`` is told the bytes read. Raises ``OSError``."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            if progress is not None:
                progress(len(chunk))
    return digest.hexdigest()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
