"""Generations on disk: ``INDEX/gen-000001/`` written apart, then made current by one atomic rename.

    INDEX/CURRENT            the name of the current generation and the SHA-256 of its manifest
    INDEX/writer.lock        held by the one process that writes
    INDEX/vectors.journal    vectors of a build under way: a build cut short goes on where it stopped
    INDEX/gen-000001/        manifest.json, corpus.sqlite, passages.faiss, sentences.npy, terms.npy,
                             lexical/

A crash at any moment leaves the old generation current. The one before the current is kept for those who still read it.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from indexer.errors import IndexBusy, IndexDamaged, IndexUnwritable
from indexer.manifest import CURRENT, MANIFEST, Manifest, sha256_of

CORPUS = "corpus.sqlite"
PASSAGES = "passages.faiss"
SENTENCES = "sentences.npy"
TERMS = "terms.npy"
LEXICAL = "lexical"


@contextmanager
def writer_lock(index: Path) -> Iterator[None]:
    """The right to write to an index. Raises ``IndexBusy``, or ``IndexUnwritable`` where nothing can be written."""
    try:
        index.mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / "writer.lock")
        lock.acquire(timeout=0)
    except Timeout as error:
        raise IndexBusy(index=index) from error
    except OSError as error:
        raise IndexUnwritable(index=index, why=error.strerror or error) from error
    try:
        yield
    finally:
        lock.release()


def new_generation(index: Path) -> Path:
    """An empty folder for the next generation; what a crash left behind is cleared away. Call under the lock."""
    current = _current_name(index)
    discard_unfinished(index)
    numbers = [int(path.name[4:]) for path in index.glob("gen-*") if path.name[4:].isdigit()]
    if current and current[4:].isdigit():
        numbers.append(int(current[4:]))
    folder = index / f"tmp-{max(numbers, default=0) + 1:06}"
    folder.mkdir()
    return folder


def discard_unfinished(index: Path) -> None:
    """Clear away generations that were begun and never published. Call under the lock."""
    for stale in index.glob("tmp-*"):
        shutil.rmtree(stale)


def generation_name(folder: Path) -> str:
    """The name that a folder of ``new_generation`` will have once published."""
    return "gen-" + folder.name[4:]


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 by relative path of every file of a generation, but the manifest and tantivy's lock files."""
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST and path.suffix != ".lock"
    }


def publish(index: Path, folder: Path, manifest: Manifest) -> Path:
    """Make a complete generation current, durably. Returns its folder. Call under the lock."""
    manifest.write(folder)
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)
    final = index / manifest.generation
    if final.exists():  # published by name but never made current: a crash between the two renames
        shutil.rmtree(final)
    folder.rename(final)
    previous = _current_name(index)
    pointer = index / (CURRENT + ".new")
    digest = hashlib.sha256((final / MANIFEST).read_bytes()).hexdigest()
    pointer.write_text(f"{manifest.generation} {digest}\n", encoding="ascii")
    _sync(pointer)
    pointer.replace(index / CURRENT)
    _sync(index)
    for old in index.glob("gen-*"):
        if old.name not in (manifest.generation, previous):
            shutil.rmtree(old)
    return final


def verify(index: Path, manifest: Manifest) -> Path:
    """Compare every file of the current generation with its checksum. Returns its folder. Raises ``IndexDamaged``."""
    folder = index / manifest.generation
    for name, expected in manifest.checksums.items():
        try:
            found = sha256_of(folder / name)
        except OSError as error:
            raise IndexDamaged(index=index, file=f"{manifest.generation}/{name}") from error
        if found != expected:
            raise IndexDamaged(index=index, file=f"{manifest.generation}/{name}")
    return folder


def _current_name(index: Path) -> str | None:
    try:
        return (index / CURRENT).read_text(encoding="ascii").split()[0]
    except (FileNotFoundError, IndexError, UnicodeDecodeError):
        return None


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
