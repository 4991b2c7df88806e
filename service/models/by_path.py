"""A model given by its path: what it is, as far as a look at it tells."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indexer.embedder import check_files
from indexer.errors import ModelFileUnsuitable

_VERSIONS = (2, 3)  # of GGUF, that llama.cpp reads
_LEAST = 24  # bytes of a GGUF's head


@dataclass(frozen=True, slots=True)
class ModelAtPath:
    """``path`` is absolute: a GGUF file (generator), or the folder of a sentence-transformers model (embedder)."""

    kind: Literal["generator", "embedder"]
    path: Path


def look(path: Path) -> ModelAtPath:
    """What lies at a path; a folder that holds one GGUF file stands for it. A folder's SHA256SUMS is verified.

    Raises ``ModelFileUnsuitable`` or ``ModelDamaged``.
    """
    path = path.expanduser().absolute()
    try:
        if not path.is_dir():
            return ModelAtPath("generator", _gguf(path))
        if (path / "SHA256SUMS").is_file():
            check_files(path)
        inside = sorted(path.glob("*.gguf"))
        if len(inside) == 1:
            return ModelAtPath("generator", _gguf(inside[0]))
        if (path / "modules.json").is_file() and any(path.rglob("*.safetensors")):
            return ModelAtPath("embedder", path)
    except OSError as error:
        raise ModelFileUnsuitable(path=path, why=error.strerror or type(error).__name__) from error
    raise ModelFileUnsuitable(path=path, why=f"{len(inside)} GGUF, modules.json + safetensors")


def _gguf(path: Path) -> Path:
    with path.open("rb") as file:
        head = file.read(_LEAST)
    magic, version = struct.unpack("<4sI", head[:8].ljust(8, b"\0"))
    if magic != b"GGUF" or version not in _VERSIONS or len(head) < _LEAST:
        raise ModelFileUnsuitable(path=path, why=f"GGUF: {head[:8]!r}")
    return path
