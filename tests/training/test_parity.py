"""The bundled embedder is one model, whoever runs it: onnxruntime on the default path, or sentence-transformers."""

from pathlib import Path

import faiss  # noqa: F401  before torch: their thread settings interfere the other way round
import numpy as np
import pytest

from eval.gold import SEEDS_GOLD, load_gold
from indexer.build import build, passage_inputs
from indexer.clean import clean
from indexer.document import Metadata
from indexer.embedder import EmbedderChoice, OnnxEmbedder, SentenceTransformersEmbedder
from indexer.errors import ModelNotFound, TextTooLong
from indexer.manifest import Settings
from indexer.passages import PassageSizes, split
from indexer.read import list_files, read, read_bytes
from indexer.resources import resource
from service.engine import open_engine
from training.export import to_sentence_transformers

MODEL = resource("models") / "embedder"
TEXTS = [
    "Qu’est-ce que le paradoxe du back-office ?",
    "quest ce que le paradoxe du back office",
    "L’œuvre d’une institutrice, c’est-à-dire un métier du back-office.",
    "D’ici 2025, 3,5 millions d’emplois seront détruits en France à cause de la numérisation de l’économie.",
    "What is the back-office paradox?",
    "500 000 clients répondent à 1,2 million de demandes d’aide par mois.",
    "ÉVALUER GRATUITEMENT MON CV",
    "a",
    " ".join(["La numérisation a généré l’économie des livreurs."] * 30),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("models") / "embedder"
    to_sentence_transformers(MODEL, out)
    return out


@pytest.fixture(scope="module")
def other(folder) -> SentenceTransformersEmbedder:
    return SentenceTransformersEmbedder(EmbedderChoice(str(folder)))


def test_both_give_the_same_vectors_but_for_the_rounding_of_int8(other):
    mine = OnnxEmbedder(MODEL, 1)
    assert other.dimension == mine.dimension
    cosines = np.sum(mine.embed_passages(TEXTS) * other.embed_passages(TEXTS), axis=1)
    assert cosines.mean() >= 0.998
    assert cosines.min() >= 0.995
    assert mine.count_tokens(TEXTS) == other.count_tokens(TEXTS)


def test_int8_finds_what_fp32_finds(other):
    """R@10 of French questions over the passages of the shipped texts: within one point."""
    mine = OnnxEmbedder(MODEL, 2)
    questions = [one for one in load_gold(SEEDS_GOLD) if one.answerable and one.lang == "fr"]
    sizes = PassageSizes()
    passages, places = [], []
    for source in list_files(resource("seeds")):
        raw = read(source, read_bytes(source, resource("seeds")))
        document = split(clean(raw, Metadata()), mine.count_tokens, mine.max_tokens, sizes)
        for text, passage in zip(passage_inputs(document), document.passages, strict=True):
            passages.append(text)
            places.append((source.path, document.sentences[passage.first].start, document.sentences[passage.last].end))
    found = {}
    for name, embedder in (("int8", mine), ("fp32", other)):
        scores = embedder.embed_questions([one.question for one in questions]) @ embedder.embed_passages(passages).T
        first_ten = np.argsort(-scores, axis=1)[:, :10]
        found[name] = np.mean(
            [
                any(
                    span.file == places[p][0] and min(span.end, places[p][2]) - max(span.start, places[p][1]) > 0
                    for p in ten
                    for span in question.spans
                )
                for ten, question in zip(first_ten, questions, strict=True)
            ]
        )
    assert found["int8"] >= found["fp32"] - 0.01


def test_prompts_are_put_before_questions_and_passages(folder, other):
    prompted = SentenceTransformersEmbedder(EmbedderChoice(str(folder), "question : ", "passage : "))
    plain = other.embed_questions(["question : le travail"])
    assert np.allclose(prompted.embed_questions(["le travail"]), plain, atol=1e-5)
    assert np.allclose(
        prompted.embed_passages(["le travail"]), other.embed_passages(["passage : le travail"]), atol=1e-5
    )
    assert prompted.fingerprint != other.fingerprint
    assert prompted.count_tokens(["le travail"]) == other.count_tokens(["passage : le travail"])


def test_a_text_too_long_is_refused_not_cut(other):
    with pytest.raises(TextTooLong):
        other.embed_passages(["travail " * 600])


def test_an_unknown_model_is_told_in_one_sentence(tmp_path):
    with pytest.raises(ModelNotFound, match="nulle-part"):
        SentenceTransformersEmbedder(EmbedderChoice(str(tmp_path / "nulle-part")))


def test_an_index_made_with_it_is_asked_with_it(folder, tmp_path):
    texts = tmp_path / "texts"
    texts.mkdir()
    sentence = "Le phare de la pointe nord guide les pêcheurs depuis 1854 par tous les temps."
    (texts / "phare.txt").write_text(sentence + "\n", encoding="utf-8")
    settings = Settings(EmbedderChoice(str(folder)))
    build(texts, tmp_path / "index", settings, MODEL, 1)
    engine = open_engine(tmp_path / "index")
    assert isinstance(engine.embedder, SentenceTransformersEmbedder)
    answer = engine.ask("Depuis quand le phare guide-t-il les pêcheurs ?")
    assert answer.citations[0].quote == sentence
    assert not build(texts, tmp_path / "index", settings, MODEL, 1).changed
