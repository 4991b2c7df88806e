"""The database of a generation: what is written comes back, and every span proves itself."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer.corpus import Corpus, write_corpus
from indexer.document import Document, Metadata, Passage, Sentence, SplitDocument
from indexer.errors import DocumentUnknown, IndexDamaged
from indexer.index import Index


def split_document(name: str, text: str, *ends: int) -> SplitDocument:
    starts = [0, *(end + 1 for end in ends[:-1])]
    sentences = tuple(Sentence(start, end, item=start > 0) for start, end in zip(starts, ends, strict=True))
    metadata = Metadata(f"Titre de {name}", "Anne Petit", None, "2020-05", None)
    document = Document(f"id-{name}", f"{name}.txt", "text", "0" * 64, text, metadata, ())
    return SplitDocument(document, sentences, (Passage(0, len(ends) - 1, metadata.title, "Partie"),))


FIRST = split_document("premier", "Il pleut. Elle sort. Ça\0 va\u202f!", 9, 20, 28)
SECOND = split_document("second", "𝒳 œuvre.", 8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    words = Counter({"pleut": 2, "œuvre": 1})
    write_corpus(
        tmp_path / "corpus.sqlite", [FIRST, SECOND], [["pleut", "sort", ""], ["oeuvr x"]], words, [("oeuvr", "œuvre")]
    )
    return tmp_path / "corpus.sqlite"


def test_documents_come_back_as_they_were(path: Path) -> None:
    corpus = Corpus(path)
    assert [corpus.split_document(number) for number in (0, 1)] == [FIRST, SECOND]
    assert [corpus.text(number) for number in (0, 1)] == [FIRST.document.text, SECOND.document.text]
    assert [one.id for one in corpus.documents()] == ["id-premier", "id-second"]


def test_sentences_and_passages_are_numbered_through(path: Path) -> None:
    corpus = Corpus(path)
    assert [(p.id, p.document, p.first, p.last) for p in corpus.passages()] == [(0, 0, 0, 2), (1, 1, 3, 3)]
    assert corpus.passages(1) == [corpus.passage(1)]
    assert [(s.id, s.document, s.start, s.end) for s in corpus.sentences(2, 3)] == [(2, 0, 21, 28), (3, 1, 0, 8)]
    assert [s.item for s in corpus.sentences(0, 3)] == [False, True, True, False]
    assert [s.terms for s in corpus.sentences(0, 3)] == [{"pleut"}, {"sort"}, set(), {"oeuvr", "x"}]


def test_a_document_is_found_by_its_id(path: Path) -> None:
    corpus = Corpus(path)
    assert corpus.document("id-second") == corpus.document_at(1)
    with pytest.raises(DocumentUnknown, match="id-autre"):
        corpus.document("id-autre")


def test_words_come_back_with_their_count(path: Path) -> None:
    corpus = Corpus(path)
    assert corpus.words() == {"pleut": 2, "œuvre": 1}


def test_terms_come_back_in_the_order_of_their_vectors(path: Path) -> None:
    corpus = Corpus(path)
    assert corpus.vocabulary() == [("oeuvr", "œuvre")]
    assert corpus.term_names() == ["oeuvr"]
    assert corpus.term_ids() == {"oeuvr": 0}


def test_the_open_file_is_read_only_and_leaves_nothing_beside_it(path: Path) -> None:
    before = path.read_bytes()
    Corpus(path).check()
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_several_threads_read_at_once(path: Path) -> None:
    corpus = Corpus(path)
    together = threading.Barrier(4, timeout=10)

    def read(number: int) -> str:
        together.wait()
        return corpus.text(number % 2)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(read, range(4))) == [FIRST.document.text, SECOND.document.text] * 2


@pytest.mark.parametrize("damage", [b"", b"no database" * 100])
def test_a_file_that_is_no_database_is_told(path: Path, damage: bytes) -> None:
    path.write_bytes(damage)
    with pytest.raises(IndexDamaged, match=r"corpus\.sqlite"):
        Corpus(path).documents()


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=r"corpus\.sqlite"):
        Corpus(tmp_path / "corpus.sqlite").documents()


def test_every_sentence_of_the_seeds_is_a_span_of_its_document(seeds_index: Index) -> None:
    corpus = seeds_index.corpus
    reached = 0
    for document in corpus.documents():
        text = corpus.text(document.number)
        for passage in corpus.passages(document.number):
            assert passage.document == document.number
            assert passage.first <= reached <= passage.last + 1
            reached = passage.last + 1
            for sentence in corpus.sentences(passage.first, passage.last):
                quote = text[sentence.start : sentence.end]
                assert quote.strip() == quote != ""
    assert reached == seeds_index.manifest.sentences


def test_the_text_of_a_seed_is_its_file(seeds_index: Index, seeds: Path) -> None:
    for document in seeds_index.corpus.documents():
        assert seeds_index.corpus.text(document.number) == (seeds / document.path).read_bytes().decode()
