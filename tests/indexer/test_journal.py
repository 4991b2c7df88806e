"""The journal of vectors: nothing is embedded twice, and nothing damaged is taken over."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.embedder import OnnxEmbedder
from indexer.journal import VectorJournal, text_key
from tests.conftest import Counting

TEXTS = ["Il pleut.", "Elle sort.", "Le castor abat les peupliers."]


def journal(path: Path, embedder: OnnxEmbedder | Counting, fingerprint: str | None = None) -> VectorJournal:
    return VectorJournal(path, fingerprint or embedder.fingerprint, embedder.dimension)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vectors.journal"


def test_a_text_is_embedded_once_and_every_text_has_its_vector(
    path: Path, counting: Counting, embedder: OnnxEmbedder
) -> None:
    texts = [*TEXTS, TEXTS[0]]
    vectors, embedded = journal(path, counting).embed(counting, texts, None)
    np.testing.assert_allclose(vectors, embedder.embed_passages(texts), atol=1e-4)
    assert embedded == 3
    assert sorted(counting.asked) == sorted(TEXTS)


def test_what_was_embedded_before_a_crash_is_taken_over(path: Path, counting: Counting) -> None:
    first, _ = journal(path, counting).embed(counting, TEXTS[:2], None)
    again, embedded = journal(path, counting).embed(counting, TEXTS, None)
    assert embedded == 1
    assert counting.asked == TEXTS
    np.testing.assert_array_equal(again[:2], first)


def test_the_vectors_of_another_model_are_dropped(path: Path, counting: Counting) -> None:
    journal(path, counting).embed(counting, TEXTS, None)
    _, embedded = journal(path, counting, "another").embed(counting, TEXTS, None)
    assert embedded == 3
    _, embedded = journal(path, counting).embed(counting, TEXTS, None)
    assert embedded == 3


def test_the_vectors_of_another_index_are_taken_over_where_wanted(path: Path, counting: Counting) -> None:
    known = np.eye(3, counting.dimension, dtype=np.float32)
    made = journal(path, counting)
    keys = [text_key(text) for text in TEXTS]
    made.add_known(keys, lambda rows: known[rows], {keys[0], keys[2]})
    vectors, embedded = made.embed(counting, TEXTS, None)
    assert embedded == 1
    assert counting.asked == [TEXTS[1]]
    np.testing.assert_array_equal(vectors[[0, 2]], known[[0, 2]])


def test_no_text_no_vector(path: Path, counting: Counting) -> None:
    vectors, embedded = journal(path, counting).embed(counting, [], None)
    assert (vectors.shape, embedded) == ((0, counting.dimension), 0)


def test_progress_is_told_of_every_text_once(path: Path, counting: Counting) -> None:
    journal(path, counting).embed(counting, TEXTS[:1], None)
    told: list[int] = []
    journal(path, counting).embed(counting, [*TEXTS, *TEXTS], told.append)
    assert 0 < sum(told) <= 6


def test_a_journal_that_has_served_is_gone(path: Path, counting: Counting) -> None:
    made = journal(path, counting)
    made.embed(counting, TEXTS, None)
    assert path.exists()
    made.remove()
    assert not path.exists()
    made.remove()


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.floats(0, 1, exclude_max=True),
    kind=st.sampled_from(["flip", "truncate", "append"]),
    mask=st.integers(1, 255),
)
def test_a_damaged_record_is_embedded_again(
    path: Path, embedder: OnnxEmbedder, place: float, kind: str, mask: int
) -> None:
    path.unlink(missing_ok=True)
    whole, _ = journal(path, embedder).embed(embedder, TEXTS, None)
    data = bytearray(path.read_bytes())
    position = int(place * len(data))
    if kind == "flip":
        data[position] ^= mask
    elif kind == "truncate":
        del data[position:]
    else:
        data += bytes([mask]) * (position + 1)
    path.write_bytes(data)
    again, embedded = journal(path, embedder).embed(embedder, TEXTS, None)
    np.testing.assert_allclose(again, whole, atol=1e-5)
    assert (embedded > 0) == (kind != "append")
    _, embedded = journal(path, embedder).embed(embedder, TEXTS, None)
    assert embedded == 0  # what was mended is whole
