"""The bundled embedder: unit vectors, nothing cut, and a model folder that is whole or refused."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.embedder import EmbedderChoice, OnnxEmbedder, bundled_fingerprint, check_files, load_embedder
from indexer.errors import HubExtraMissing, ModelDamaged, ModelNotFound, TextTooLong

TEXTS = [
    "Le back-office travaille quand les autres dorment.",
    "Oui.",
    "La Sécurité sociale protège les salariés comme les indépendants depuis 1945, malgré les réformes et les crises.",
    "The canal was dug by hand.",
    "",
]


@pytest.fixture
def model_copy(bundled_model: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    shutil.copytree(bundled_model, folder)
    for path in folder.iterdir():
        path.chmod(0o644)
    return folder


def test_vectors_are_unit_vectors_of_the_dimension(embedder: OnnxEmbedder) -> None:
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_text_no_vector(embedder: OnnxEmbedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.dimension)
    assert embedder.embed_questions([]).shape == (0, embedder.dimension)
    assert embedder.count_tokens([]) == []


@settings(deadline=None, max_examples=10)
@given(order=st.permutations(range(len(TEXTS))), size=st.integers(1, len(TEXTS)))
def test_the_order_and_company_of_a_text_do_not_change_its_vector(
    embedder: OnnxEmbedder, order: list[int], size: int
) -> None:
    alone = embedder.embed_passages(TEXTS)
    chosen = order[:size]
    np.testing.assert_allclose(embedder.embed_passages([TEXTS[i] for i in chosen]), alone[chosen], atol=1e-4)


def test_a_meaning_lies_nearer_than_another(embedder: OnnxEmbedder) -> None:
    (question,) = embedder.embed_questions(["Qui travaille la nuit ?"])
    near, far = (
        embedder.embed_passages(["Les employés de nuit travaillent quand tout dort.", "La recette demande du beurre."])
        @ question
    )
    assert near > far


def test_a_text_too_long_is_refused_rather_than_cut(embedder: OnnxEmbedder) -> None:
    fits = "mot " * (embedder.max_tokens - 2)
    assert embedder.count_tokens([fits]) == [embedder.max_tokens]
    assert embedder.embed_passages([fits]).shape == (1, embedder.dimension)
    with pytest.raises(TextTooLong) as caught:
        embedder.embed_passages(["Oui.", fits + "mot"])
    assert caught.value.fields == {"tokens": embedder.max_tokens + 1, "limit": embedder.max_tokens}


def test_a_question_too_long_is_read_as_far_as_the_model_reads(embedder: OnnxEmbedder) -> None:
    fits = "mot " * (embedder.max_tokens - 2)
    longer, whole = embedder.embed_questions([fits + "autre chose", fits])
    np.testing.assert_allclose(longer, whole, atol=1e-5)


def test_questions_asked_together_have_the_vectors_that_they_have_alone(embedder: OnnxEmbedder) -> None:
    together = embedder.embed_questions(TEXTS[:3])
    for text, vector in zip(TEXTS[:3], together, strict=True):
        np.testing.assert_allclose(embedder.embed_questions([text])[0], vector, atol=1e-4)


def test_tokens_are_counted_with_the_special_ones(embedder: OnnxEmbedder) -> None:
    assert embedder.count_tokens(["", "la"]) == [2, 3]


def test_progress_is_told_of_every_text(embedder: OnnxEmbedder) -> None:
    told: list[int] = []
    embedder.embed_passages(["Oui."] * 40, told.append)
    assert sum(told) == 40
    assert len(told) > 1


# The model's folder


def test_the_bundled_model_is_whole(bundled_model: Path) -> None:
    check_files(bundled_model)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("place", [0, -1])
def test_a_flipped_byte_is_seen(model_copy: Path, name: str, place: int) -> None:
    data = bytearray((model_copy / name).read_bytes())
    data[place] ^= 1
    (model_copy / name).write_bytes(data)
    with pytest.raises(ModelDamaged, match=name):
        OnnxEmbedder(model_copy, threads=1)


def test_a_missing_file_is_seen(model_copy: Path) -> None:
    (model_copy / "tokenizer.json").unlink()
    with pytest.raises(ModelDamaged, match=r"tokenizer\.json"):
        OnnxEmbedder(model_copy, threads=1)


@pytest.mark.parametrize("sums", ["", "\n", "abc", "abc  \n\n", "0" * 64])
def test_a_garbled_list_of_checksums_is_seen(model_copy: Path, sums: str) -> None:
    (model_copy / "SHA256SUMS").write_text(sums)
    with pytest.raises(ModelDamaged):
        OnnxEmbedder(model_copy, threads=1)


def test_a_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="nowhere"):
        load_embedder(EmbedderChoice(), tmp_path / "nowhere", threads=1)


def test_the_fingerprint_is_that_of_the_folder(bundled_model: Path, model_copy: Path, embedder: OnnxEmbedder) -> None:
    assert bundled_fingerprint(model_copy) == bundled_fingerprint(bundled_model) == embedder.fingerprint


def test_the_fingerprint_changes_with_the_weights_but_not_with_the_card(model_copy: Path) -> None:
    before = bundled_fingerprint(model_copy)
    sums = (model_copy / "SHA256SUMS").read_text()
    (model_copy / "SHA256SUMS").write_text(sums + f"{'1' * 64}  README.md\n")
    assert bundled_fingerprint(model_copy) == before
    weights = next(line.split()[0] for line in sums.splitlines() if line.endswith("model.onnx"))
    (model_copy / "SHA256SUMS").write_text(sums.replace(weights, "2" * 64))
    assert bundled_fingerprint(model_copy) != before


def test_another_model_without_the_hub_extra_is_told_what_to_install() -> None:
    code = """
import sys
from pathlib import Path

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "sentence_transformers":
            raise ImportError(name)

sys.meta_path.insert(0, Blocked())
from indexer.embedder import EmbedderChoice, load_embedder
from indexer.errors import HubExtraMissing

try:
    load_embedder(EmbedderChoice("un/modele"), Path(), threads=1)
except HubExtraMissing as error:
    print(error.sentence("en"))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip() == HubExtraMissing(model="un/modele").sentence("en")
    assert 'pip install "coulisses[hub]"' in done.stdout
