"""Vectors on disk: exact and approximate search agree, ties are broken by id, damage is told."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from indexer.embedder import OnnxEmbedder, Vectors
from indexer.errors import IndexDamaged
from indexer.vectors import PassageVectors, read_half_vectors, write_half_vectors, write_passage_vectors

SENTENCES = [f"{who} {what} {where}." for who in ("Le livreur", "La caissière", "Le robot") for what in ("travaille", "se repose", "répond")
             for where in ("la nuit", "au magasin", "à la banque", "en ligne")]  # fmt: skip


@pytest.fixture(scope="module")
def vectors(embedder: OnnxEmbedder) -> Vectors:
    return embedder.embed_passages(SENTENCES)


def opened(tmp_path: Path, vectors: Vectors, exact_up_to: int = 1000) -> PassageVectors:
    write_passage_vectors(tmp_path / "v.faiss", vectors, exact_up_to)
    return PassageVectors(tmp_path / "v.faiss", vectors.shape[1])


@pytest.mark.parametrize(("exact_up_to", "kind"), [(36, "flat"), (35, "hnsw"), (0, "hnsw")])
def test_the_kind_of_index_follows_the_number_of_passages(
    tmp_path: Path, vectors: Vectors, exact_up_to: int, kind: str
) -> None:
    assert write_passage_vectors(tmp_path / "v.faiss", vectors, exact_up_to) == kind


@pytest.mark.parametrize("exact_up_to", [1000, 0])
def test_every_vector_is_its_own_nearest(tmp_path: Path, vectors: Vectors, exact_up_to: int) -> None:
    index = opened(tmp_path, vectors, exact_up_to)
    assert len(index) == len(vectors)
    for number, vector in enumerate(vectors):
        ((found, cosine),) = index.search(vector, 1)
        assert found == number
        assert cosine == pytest.approx(1, abs=1e-5)


def test_flat_and_hnsw_agree(tmp_path: Path, vectors: Vectors, embedder: OnnxEmbedder) -> None:
    (tmp_path / "hnsw").mkdir()
    flat, hnsw = opened(tmp_path, vectors), opened(tmp_path / "hnsw", vectors, 0)
    for question in ("Qui travaille la nuit ?", "Où est la caissière ?", "Qui répond en ligne ?"):
        (vector,) = embedder.embed_questions([question])
        assert [i for i, _ in flat.search(vector, 5)] == [i for i, _ in hnsw.search(vector, 5)]


@pytest.mark.parametrize("exact_up_to", [1000, 0])
def test_the_search_gives_the_cosines_best_first(tmp_path: Path, vectors: Vectors, exact_up_to: int) -> None:
    found = opened(tmp_path, vectors, exact_up_to).search(vectors[3], 10)
    cosines = vectors @ vectors[3]
    assert [i for i, _ in found] == list(np.argsort(-cosines, kind="stable")[:10])
    np.testing.assert_allclose([cosine for _, cosine in found], np.sort(cosines)[::-1][:10], atol=1e-5)


@pytest.mark.parametrize("exact_up_to", [1000, 0])
def test_a_search_can_be_restricted(tmp_path: Path, vectors: Vectors, exact_up_to: int) -> None:
    index = opened(tmp_path, vectors, exact_up_to)
    among: NDArray[np.int64] = np.array([30, 2, 17], np.int64)
    found = index.search(vectors[0], 10, among)
    assert {i for i, _ in found} == {2, 17, 30}
    assert [i for i, _ in found] == sorted((2, 17, 30), key=lambda i: -float(vectors[i] @ vectors[0]))
    assert index.search(vectors[0], 10, np.array([], np.int64)) == []


@pytest.mark.parametrize("exact_up_to", [1000, 0])
def test_ties_are_broken_by_id(tmp_path: Path, vectors: Vectors, exact_up_to: int) -> None:
    twins = np.stack([vectors[1], vectors[0], vectors[1], vectors[0], vectors[1]])
    found = opened(tmp_path, twins, exact_up_to).search(vectors[1], 5)
    assert [i for i, _ in found] == [0, 2, 4, 1, 3]


@pytest.mark.parametrize("k", [0, 1, 36, 100])
def test_a_search_gives_as_many_as_asked_for_and_as_there_are(tmp_path: Path, vectors: Vectors, k: int) -> None:
    assert len(opened(tmp_path, vectors).search(vectors[0], k)) == min(k, 36)


@pytest.mark.parametrize("exact_up_to", [1000, 0])
def test_the_vectors_come_back_as_they_were(tmp_path: Path, vectors: Vectors, exact_up_to: int) -> None:
    index = opened(tmp_path, vectors, exact_up_to)
    np.testing.assert_array_equal(index.all(), vectors)
    np.testing.assert_array_equal(index.of([5, 0, 5]), vectors[[5, 0, 5]])
    assert index.of([]).shape == (0, vectors.shape[1])


def test_sentence_vectors_lose_less_than_a_thousandth_of_a_cosine(tmp_path: Path, vectors: Vectors) -> None:
    write_half_vectors(tmp_path / "s.npy", vectors)
    read = read_half_vectors(tmp_path / "s.npy", vectors.shape[1]).astype(np.float32)
    assert np.abs(read @ vectors.T - vectors @ vectors.T).max() < 1e-3


@pytest.mark.parametrize("damage", ["truncated", "garbage", "empty", "missing", "other dimension"])
@pytest.mark.parametrize("which", ["v.faiss", "s.npy"])
def test_a_damaged_file_is_told(tmp_path: Path, vectors: Vectors, which: str, damage: str) -> None:
    path = tmp_path / which
    write_passage_vectors(tmp_path / "v.faiss", vectors)
    write_half_vectors(tmp_path / "s.npy", vectors)
    data = path.read_bytes()
    dimension = vectors.shape[1] + (damage == "other dimension")
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes({"truncated": data[: len(data) // 2], "garbage": b"x" * 999, "empty": b""}.get(damage, data))
    open_it = PassageVectors if which == "v.faiss" else read_half_vectors
    with pytest.raises(IndexDamaged, match=which):
        open_it(path, dimension)
