"""Vectors of passages in FAISS; those of sentences and terms beside them.

Exact inner product up to ``EXACT_UP_TO`` passages (``bench/vectors.py`` measures where HNSW pays), HNSW above.
"""

from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.embedder import Vectors
from indexer.errors import IndexDamaged

EXACT_UP_TO = 200_000
_NEIGHBOURS = 32
_EF_CONSTRUCTION = 80
_EF_SEARCH = 96


def write_passage_vectors(path: Path, vectors: Vectors, exact_up_to: int = EXACT_UP_TO) -> str:
    """Build the FAISS index of unit vectors (n, d) and write it. Returns its kind, ``"flat"`` or ``"hnsw"``."""
    n, dimension = vectors.shape
    if n <= exact_up_to:
        index = faiss.IndexFlatIP(dimension)
    else:
        index = faiss.IndexHNSWFlat(dimension, _NEIGHBOURS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = _EF_CONSTRUCTION
        index.hnsw.efSearch = _EF_SEARCH
    index.add(np.ascontiguousarray(vectors, np.float32))
    try:
        faiss.write_index(index, str(path))
    except RuntimeError as error:  # how FAISS tells of a full disk
        raise OSError(f"FAISS: {path.name}") from error
    return "flat" if n <= exact_up_to else "hnsw"


class PassageVectors:
    """The open FAISS index; the position of a vector is the passage's id. Its file's checksum is verified before."""

    def __init__(self, path: Path, dimension: int) -> None:
        try:
            self._index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise IndexDamaged(index=path.parent, file=path.name) from error
        if self._index.d != dimension:
            raise IndexDamaged(index=path.parent, file=path.name)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, question: Vectors, k: int, among: NDArray[np.int64] | None = None) -> list[tuple[int, float]]:
        """The ``k`` nearest passages to a unit vector (d,) as ``(id, cosine)``, best first, ties by id.

        ``among`` restricts the search to these ids.
        """
        k = min(k, len(self) if among is None else len(among))
        if k <= 0:
            return []
        parameters = None
        if among is not None:
            selector = faiss.IDSelectorBatch(among)
            if isinstance(self._index, faiss.IndexHNSW):
                parameters = faiss.SearchParametersHNSW(sel=selector, efSearch=max(_EF_SEARCH, k))
            else:
                parameters = faiss.SearchParameters(sel=selector)
        scores, ids = self._index.search(question[None, :], k, params=parameters)
        found = [(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def of(self, ids: list[int]) -> Vectors:
        """Vectors (len(ids), d) of passages."""
        if not ids:
            return np.zeros((0, self._index.d), np.float32)
        return np.stack([self._index.reconstruct(i) for i in ids])

    def all(self) -> Vectors:
        """All vectors (n, d)."""
        vectors: Vectors = self._index.reconstruct_n(0, len(self))
        return vectors


def write_half_vectors(path: Path, vectors: Vectors) -> None:
    """Write unit vectors (n, d) in half precision: a cosine changes by less than .001."""
    np.save(path, vectors.astype(np.float16), allow_pickle=False)


def read_half_vectors(path: Path, dimension: int) -> NDArray[np.float16]:
    """Memory-mapped vectors (n, d); only the rows asked for are read."""
    try:
        vectors: NDArray[np.float16] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise IndexDamaged(index=path.parent, file=path.name) from error
    if vectors.dtype != np.float16 or vectors.ndim != 2 or vectors.shape[1] != dimension:
        raise IndexDamaged(index=path.parent, file=path.name)
    return vectors
