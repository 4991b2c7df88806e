"""A preset, from the hub to the store: looked up, received from where it stopped the last time, verified, recorded."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from indexer.errors import (
    HubLacks,
    PackageMissing,
    PullBusy,
    PulledFileUnexpected,
    PulledModelDamaged,
    PullNoRoom,
    PullUnwritable,
)
from service.models.hub import Hub, Remote
from service.models.presets import Preset
from service.models.store import Attested, ByteProgress, Record, RecordedFile, Store, file_sha256

_PARTS = ".part-"  # and the commit: the folder where its files are received


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A file as it must be; ``sha256`` is ``None`` where nobody tells it."""

    name: str
    size: int
    sha256: str | None
    attested: Attested


def pull(
    preset: Preset, store: Store, hub: Hub, progress: ByteProgress, revision: str | None = None
) -> tuple[Record, int]:
    """Let the store hold the preset whole. Returns its record, and how many bytes were received for it.

    ``revision`` is another commit, branch or tag than the preset's. What the store holds already, whole or in part, is
    not received again; a file that is no longer as it was recorded is, and must be as it was recorded.

    Raises ``HubUnreachable``, ``HubLacks``, ``HubRefused``, ``PullBusy``, ``PullNoRoom``, ``PullUnwritable`` or
    ``PulledFileUnexpected``, and only the last one throws away what was received; ``PackageMissing`` for a preset that
    is not on a hub.
    """
    if preset.repository is None or preset.revision is None:
        raise PackageMissing(preset=preset.name, package=(preset.package or "").replace("_", "-"))
    folder = store.folder / preset.name
    try:
        store.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(store.folder / f".{preset.name}.lock", timeout=0):
            remote = hub.look_up(preset.repository, revision or preset.revision)
            known = _known(preset, store)
            return _receive(preset, store, hub, remote, _wanted(preset, remote, known), known, progress)
    except Timeout as error:
        raise PullBusy(preset=preset.name) from error
    except OSError as error:
        raise PullUnwritable(path=folder, why=error.strerror or type(error).__name__) from error


def _known(preset: Preset, store: Store) -> Record | None:
    """What was recorded the last time. A record that cannot be read tells nothing: the files must prove themselves."""
    try:
        return store.record(preset)
    except PulledModelDamaged:
        return None


def _wanted(preset: Preset, remote: Remote, known: Record | None) -> list[_Wanted]:
    """Each file with the SHA-256 of the preset, else of the last pull of this commit, else of the hub.

    Raises ``HubLacks``, or ``PulledFileUnexpected`` when the hub itself says that it holds another file.
    """
    pinned = {file.name: file for file in preset.files} if remote.commit == preset.revision else {}
    recorded = {file.name: file for file in known.files} if known and known.revision == remote.commit else {}
    wanted = []
    for name in (file.name for file in preset.files):
        offered = remote.files.get(name)
        if offered is None:
            raise HubLacks(hub=remote.hub, what=f"{remote.repository} / {remote.commit} / {name}")
        sha256, size = offered.sha256, offered.size
        attested: Attested = "hub" if sha256 else "none"
        if name in recorded:
            sha256, size, attested = recorded[name].sha256, recorded[name].size, recorded[name].attested
        if name in pinned and pinned[name].sha256:
            sha256, size, attested = pinned[name].sha256, pinned[name].size or size, "preset"
        if offered.size != size or (offered.sha256 or sha256) != sha256:
            found = offered.sha256[:12] if offered.sha256 else offered.size
            raise PulledFileUnexpected(file=name, found=found, expected=sha256[:12] if sha256 else size)
        wanted.append(_Wanted(name, size, sha256, attested))
    return wanted


def _receive(
    preset: Preset,
    store: Store,
    hub: Hub,
    remote: Remote,
    wanted: list[_Wanted],
    known: Record | None,
    progress: ByteProgress,
) -> tuple[Record, int]:
    folder = store.folder / preset.name
    folder.mkdir(exist_ok=True)
    parts = folder / f"{_PARTS}{remote.commit}"
    held = _held(folder, wanted, progress)
    missing = [one for one in wanted if one.name not in held]
    if known and known.revision == remote.commit and known.files == _files(wanted, held):
        return known, 0
    for one in missing:
        part = parts / one.name
        part.parent.mkdir(parents=True, exist_ok=True)
        if one.sha256 is None or _size(part) > one.size:  # what nobody attests is not gone on with
            part.unlink(missing_ok=True)
    there = sum(_size(parts / one.name) for one in missing)
    total = sum(one.size for one in missing)
    free = shutil.disk_usage(folder).free
    if total - there > free:
        raise PullNoRoom(path=folder, needed=_gigabytes(total - there), free=_gigabytes(free))
    if missing:
        advance = progress.stage("fetch", total)
        advance(there)
        for one in missing:
            hub.fetch(remote, remote.files[one.name], parts / one.name, advance)
        advance = progress.stage("verify", total)
        for one in missing:
            held[one.name] = _received(parts / one.name, one, advance)
    store.forget(preset)  # from here to the new record there is no model
    for one in missing:
        (folder / one.name).parent.mkdir(parents=True, exist_ok=True)
        (parts / one.name).replace(folder / one.name)
    record = Record(
        format=1,
        preset=preset.name,
        repository=remote.repository,
        revision=remote.commit,
        pulled=datetime.now(UTC).date().isoformat(),
        files=_files(wanted, held),
    )
    store.keep(preset, record)
    for left in folder.glob(f"{_PARTS}*"):
        shutil.rmtree(left)
    return record, total - there


def _held(folder: Path, wanted: list[_Wanted], progress: ByteProgress) -> dict[str, str]:
    """The SHA-256 of each file that is there as it must be. One that nobody attests is not: it is received again."""
    there = [one for one in wanted if one.sha256 is not None and _size(folder / one.name) == one.size]
    if not there:
        return {}
    advance = progress.stage("verify", sum(one.size for one in there))
    found = {one.name: file_sha256(folder / one.name, advance) for one in there}
    return {one.name: found[one.name] for one in there if found[one.name] == one.sha256}


def _files(wanted: list[_Wanted], held: dict[str, str]) -> tuple[RecordedFile, ...]:
    """The files that are held, as they are recorded."""
    return tuple(RecordedFile(one.name, one.size, held[one.name], one.attested) for one in wanted if one.name in held)


def _received(part: Path, wanted: _Wanted, advance: Callable[[int], None]) -> str:
    """The SHA-256 of a file just received; thrown away when it is not the one wanted."""
    found = file_sha256(part, advance)
    if wanted.sha256 is not None and found != wanted.sha256:
        part.unlink()
        raise PulledFileUnexpected(file=wanted.name, found=found[:12], expected=wanted.sha256[:12])
    return found


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f}"
