"""Vectors already made, by the text they are of: from the last generation, and from a build that was cut short."""

import hashlib
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from indexer.embedder import Embedder, Progress, Vectors

_KEY = 16  # bytes of the text's SHA-256
_CHECK = 4  # bytes of CRC-32
_CHUNK = 256  # texts between two writes to the journal


def text_key(text: str) -> bytes:
    """The key of a text's vector."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:_KEY]


class VectorJournal:
    """Appends vectors to a file as they are made. A record cut short by a crash is ignored and overwritten."""

    def __init__(self, path: Path, fingerprint: str, dimension: int) -> None:
        self._path = path
        self._header = f"{fingerprint} {dimension}\n".encode()
        self._record = _KEY + 4 * dimension + _CHECK
        self._known: dict[bytes, Vectors] = self._read()

    def add_known(self, keys: Sequence[bytes], vectors: Callable[[list[int]], Vectors], wanted: set[bytes]) -> None:
        """Take over vectors of another index: ``vectors(rows)`` gives those of ``keys[row]``; only wanted ones."""
        rows = [row for row, key in enumerate(keys) if key in wanted and key not in self._known]
        if rows:
            for row, vector in zip(rows, vectors(rows), strict=True):
                self._known[keys[row]] = np.asarray(vector, np.float32)

    def embed(self, embedder: Embedder, texts: Sequence[str], progress: Progress | None) -> tuple[Vectors, int]:
        """Vectors (n, d) of the texts, each embedded at most once ever, and how many had to be embedded now."""
        keys = [text_key(text) for text in texts]
        missing: dict[bytes, str] = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if progress:
            progress(sum(key not in missing for key in keys))
        todo = list(missing.items())
        with self._path.open("ab") as file:
            for start in range(0, len(todo), _CHUNK):
                chunk = todo[start : start + _CHUNK]
                vectors = embedder.embed_passages([text for _, text in chunk], progress)
                for (key, _), vector in zip(chunk, vectors, strict=True):
                    self._known[key] = vector
                    body = key + vector.astype("<f4").tobytes()
                    file.write(body + zlib.crc32(body).to_bytes(_CHECK, "little"))
                file.flush()
        if not keys:
            return np.zeros((0, embedder.dimension), np.float32), 0
        return np.stack([self._known[key] for key in keys]), len(todo)

    def remove(self) -> None:
        """The build is published: the journal has served."""
        self._path.unlink(missing_ok=True)

    def _read(self) -> dict[bytes, Vectors]:
        data = self._path.read_bytes() if self._path.exists() else b""
        if not data.startswith(self._header):
            self._path.write_bytes(self._header)
            return {}
        known: dict[bytes, Vectors] = {}
        position = len(self._header)
        while position + self._record <= len(data):
            body = data[position : position + self._record - _CHECK]
            if (
                zlib.crc32(body).to_bytes(_CHECK, "little")
                != data[position + self._record - _CHECK : position + self._record]
            ):
                break
            known[body[:_KEY]] = np.frombuffer(body[_KEY:], "<f4").astype(np.float32)
            position += self._record
        with self._path.open("r+b") as file:
            file.truncate(position)
        return known
