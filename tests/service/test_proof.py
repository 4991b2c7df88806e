"""Citations are proofs: the heart of what the product promises."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.build import build
from indexer.errors import EmptyCorpus
from indexer.index import open_index
from indexer.manifest import Settings
from indexer.resources import resource
from service.answer import Evidence, Hit, Short
from service.proof import prove

SENTENCE = "La vieille horloge de la mairie sonne toujours trois minutes avant l’heure exacte."
WORDS = st.sampled_from(
    "le la une des travail société école œuvre été naïve l’homme aujourd’hui back-office « guillemets » 500 000 3,5 % M. Durand "
    "n° 12 art. L. 1234-5 𝔘nicode 👩‍🔬 a\u200bb fin\u00a0: çà".split(" ")
)
SENTENCES = st.lists(WORDS, min_size=4, max_size=30).map(lambda words: " ".join(words).capitalize() + ".")
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=5).map(" ".join)
DOCUMENTS = st.lists(PARAGRAPHS, min_size=1, max_size=5)
FORMATS = st.sampled_from(["txt", "md", "html"])
LINE_ENDS = st.sampled_from(["\n", "\r\n"])


def written(paragraphs: list[str], suffix: str, line_end: str, bom: bool) -> bytes:
    if suffix == "html":
        body = "".join(f"<p>{p}</p>" for p in paragraphs)
        text = (
            f"<html><head><meta charset='utf-8'><title>Page</title></head><body><article>{body}</article></body></html>"
        )
    else:
        text = (line_end * 2).join(["# Titre", *paragraphs] if suffix == "md" else paragraphs) + line_end
    return (b"\xef\xbb\xbf" if bom else b"") + text.encode()


@given(documents=st.lists(st.tuples(DOCUMENTS, FORMATS, LINE_ENDS, st.booleans()), min_size=1, max_size=3))
@settings(deadline=None, max_examples=25)
def test_every_sentence_of_every_format_can_be_proven(seeds_engine, documents):
    """Whatever the texts, each indexed sentence is cited verbatim, at offsets that hold in the file itself."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "texts")
        folder.mkdir()
        for number, (paragraphs, suffix, line_end, bom) in enumerate(documents):
            (folder / f"{number}.{suffix}").write_bytes(written(paragraphs, suffix, line_end, bom))
        try:
            build(folder, Path(scratch, "index"), Settings(), resource("models") / "embedder", 2)
        except EmptyCorpus:
            return
        index = open_index(Path(scratch, "index"))
        for passage in index.corpus.passages():
            hit = Hit(passage.id, 1.0, 1.0, 1, 1.0, 1)
            for sentence in index.corpus.sentences(passage.first, passage.last):
                evidence = Evidence(1, sentence.id, sentence.document, sentence.start, sentence.end, hit, (), 0.5)
                (citation,) = prove([evidence], index).citations
                stored = index.corpus.text(sentence.document)
                assert stored[citation.start : citation.end] == citation.quote
                assert citation.before + citation.quote + citation.after in stored
                if not citation.path.endswith("html"):
                    text = (folder / citation.path).read_bytes().decode("utf-8-sig")
                    assert text[citation.start : citation.end] == citation.quote
                    assert text[: citation.start].count("\n") + 1 == citation.line
                else:
                    assert citation.line is None


def test_a_short_answer_is_told_without_the_marks_of_its_quote(engine_of):
    text = "La cotisation de l’association est de [15 francs](https://exemple.ch/statuts) par **année** civile.\n"
    index = engine_of({"statuts.md": text}).index
    (sentence,) = index.corpus.sentences(0, 0)
    start, end = text.index("15"), text.index("** civile")
    hit = Hit(0, 1.0, 1.0, 1, 1.0, 1)
    evidence = Evidence(1, 0, 0, sentence.start, sentence.end, hit, (), 0.5, Short(start, end, 5.0))
    (citation,) = prove([evidence], index).citations
    assert citation.short_answer == "15 francs par année"
    assert (citation.short_start, citation.short_end) == (start, end)
    assert citation.quote == text.strip()


def test_a_citation_carries_what_a_reader_needs(seeds_engine):
    (first, *_) = seeds_engine.ask("Qu’est-ce que le paradoxe du back-office ?").citations
    assert first.n == 1
    assert first.path == "000_9df9c6625010bd9b.txt"
    assert first.date == "2024-06-30"
    assert first.publication == "Élucid"
    assert first.line == 13
    text = (resource("seeds") / first.path).read_text(encoding="utf-8")
    assert text[first.start : first.end] == first.quote
    assert "plus on se libère des temps et des lieux du travail" in first.quote


@pytest.mark.parametrize("change", ["deleted", "changed", "turned into a folder"])
def test_what_the_folder_no_longer_says_is_not_shown(engine_of, change):
    engine = engine_of({"horloge.txt": SENTENCE + "\n"})
    question = "De combien l’horloge de la mairie avance-t-elle ?"
    assert engine.ask(question).citations[0].quote == SENTENCE
    file = Path(engine.index.manifest.folder, "horloge.txt")
    if change == "changed":
        file.write_text(SENTENCE.replace("trois", "deux") + "\n", encoding="utf-8")
    else:
        file.unlink()
    if change == "turned into a folder":
        file.mkdir()
    answer = engine.ask(question)
    assert answer.status == "refused"
    assert answer.citations == answer.nearest == ()
    assert answer.stale == ("horloge.txt",)


def test_an_index_without_its_folder_answers_from_its_own_copy(engine_of, tmp_path):
    engine = engine_of({"horloge.txt": SENTENCE + "\n"})
    Path(engine.index.manifest.folder).rename(tmp_path / "moved")
    assert engine.ask("De combien l’horloge de la mairie avance-t-elle ?").citations[0].quote == SENTENCE


def test_a_changed_file_does_not_hide_the_same_answer_in_another(engine_of):
    engine = engine_of({"a.txt": SENTENCE + "\n", "b.txt": SENTENCE + "\n"})
    Path(engine.index.manifest.folder, "a.txt").write_text(
        "Tout autre chose est écrit ici depuis ce matin.\n", encoding="utf-8"
    )
    answer = engine.ask("De combien l’horloge de la mairie avance-t-elle ?")
    assert [citation.path for citation in answer.citations] == ["b.txt"]
    assert answer.stale == ("a.txt",)
    assert {hit.path for hit in engine.search("l’horloge de la mairie", 5)} == {"b.txt"}
