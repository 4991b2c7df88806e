"""Opening an index: a generation is whole or not there."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.embedder import OnnxEmbedder
from indexer.errors import IndexDamaged, IndexFault, IndexNotFound
from indexer.index import Index, check_index, open_index


@pytest.fixture(scope="module")
def victim(small_location: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the small index that each example damages and mends again."""
    return Path(shutil.copytree(small_location, tmp_path_factory.mktemp("victim") / "index"))


def files_of(location: Path) -> list[Path]:
    return sorted(
        path for path in location.rglob("*") if path.is_file() and path.suffix != ".lock" and path.stat().st_size
    )


def test_an_index_opens_with_all_that_it_holds(small_location: Path) -> None:
    index = open_index(small_location)
    assert len(index.corpus.documents()) == index.manifest.documents == 3
    assert len(index.corpus.passages()) == len(index.passages) == index.manifest.passages
    assert len(index.sentences) == index.manifest.sentences
    assert index.sentences.shape[1] == index.manifest.dimension


def test_a_whole_index_passes_the_check(seeds_location: Path, small_location: Path) -> None:
    assert check_index(small_location).documents == 3
    assert check_index(seeds_location).documents == 5


def test_no_index_is_told(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound):
        open_index(tmp_path)


def put(path: Path, data: bytes) -> None:
    """A file in the place of another: written over, the one that tantivy's threads may still read would be a SIGBUS."""
    path.unlink(missing_ok=True)
    path.write_bytes(data)


@settings(deadline=None, max_examples=60)
@given(
    data=st.data(),
    place=st.floats(0, 1, exclude_max=True),
    damage=st.sampled_from(["flip", "truncate", "delete", "extend"]),
)
def test_any_damage_to_any_file_is_told(victim: Path, data: st.DataObject, place: float, damage: str) -> None:
    path = data.draw(st.sampled_from(files_of(victim)), label="file")
    whole = path.read_bytes()
    position = int(place * len(whole))
    try:
        if damage == "flip":
            put(path, whole[:position] + bytes([whole[position] ^ 0x40]) + whole[position + 1 :])
        elif damage == "truncate" and whole[position:].strip():
            put(path, whole[:position])
        elif damage == "extend":
            put(path, whole + b"x")
        else:
            path.unlink()
        with pytest.raises(IndexNotFound if damage == "delete" and path.name == "CURRENT" else IndexFault):
            open_index(victim)
    finally:
        put(path, whole)
    assert open_index(victim).manifest.documents == 3


def test_a_check_looks_inside_the_database(small_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A span that leads out of its text is told even where every checksum holds."""
    monkeypatch.setattr("indexer.corpus.Corpus.text", lambda *_: "")
    with pytest.raises(IndexDamaged, match=r"corpus\.sqlite"):
        check_index(small_index)


def test_a_sentence_of_the_seeds_is_its_own_nearest(seeds_index: Index, embedder: OnnxEmbedder) -> None:
    """The vector at place ``i`` is that of sentence ``i``, and that of passage ``i`` at place ``i``."""
    corpus = seeds_index.corpus
    for number in (0, 7, 40, seeds_index.manifest.sentences - 1):
        (sentence,) = corpus.sentences(number, number)
        quote = corpus.text(sentence.document)[sentence.start : sentence.end]
        (vector,) = embedder.embed_passages([quote])
        np.testing.assert_allclose(seeds_index.sentences[number].astype(np.float32), vector, atol=2e-3)


@pytest.mark.parametrize(
    ("question", "path"),
    [
        ("Qu’est-ce que le paradoxe du back-office ?", "000"),
        ("Combien de clients de Bouygues Telecom répondent aux demandes d’aide ?", "001"),
        ("Quel mouvement de décloisonnement le confinement a-t-il permis à la Sécurité sociale ?", "002"),
        ("Quelle banque en ligne a prélevé 220€ pour un virement ?", "003"),
        ("Qu’est-ce que le nomadisme coopératif ?", "004"),
    ],
)
def test_the_words_of_a_question_find_the_seed_that_answers_it(
    seeds_index: Index, question: str, path: str, analyser
) -> None:
    ((best, _),) = seeds_index.lexical.search([(term, 1.0) for term in analyser.terms(question)], 1)
    document = seeds_index.corpus.document_at(seeds_index.corpus.passage(best).document)
    assert document.path.startswith(path)
