"""The way of a folder to its index: the folder is the truth, and nothing is embedded twice."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from indexer.analysis import AnalyserRules, FrenchAnalyser
from indexer.build import BuildReport, build
from indexer.document import RawDocument
from indexer.embedder import EmbedderChoice, OnnxEmbedder, Progress
from indexer.errors import CatalogueUnreadable, EmptyCorpus, FolderNotFound, ModelNotFound, TextTooLong
from indexer.index import Index, check_index, open_index
from indexer.manifest import Settings
from indexer.passages import PassageSizes
from indexer.read import SourceFile, read
from tests.conftest import SMALL, Counting, write_folder

ALL = sorted(SMALL)
TRAM = "Le tramway est revenu après un siècle d’absence."


class Workshop:
    """A folder, its index, and the embedder that counts; loaded once for all tests."""

    def __init__(self, folder: Path, location: Path, model: Path) -> None:
        self.folder, self.location, self._model = folder, location, model

    def build(self, *, rebuild: bool = False, settings: Settings | None = None) -> BuildReport:
        return build(self.folder, self.location, settings or Settings(), self._model, threads=2, rebuild=rebuild)

    def put(self, name: str, text: str | bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    @property
    def index(self) -> Index:
        return open_index(self.location)

    @property
    def paths(self) -> list[str]:
        return [document.path for document in self.index.corpus.documents()]

    def found(self, words: str) -> list[str]:
        """Paths of the documents whose passages hold the words."""
        index = self.index
        hits = index.lexical.search([(term, 1.0) for term in FrenchAnalyser().terms(words)], 20)
        return sorted({index.corpus.document_at(index.corpus.passage(passage).document).path for passage, _ in hits})


@pytest.fixture
def workshop(folder: Path, tmp_path: Path, bundled_model: Path, counting: Counting) -> Workshop:
    """A workshop whose index is built."""
    made = Workshop(folder, tmp_path / "index", bundled_model)
    made.build()
    counting.asked.clear()
    return made


def contents(index: Index) -> dict[str, object]:
    """All that an index holds, but when and where it was made."""
    corpus = index.corpus
    return {
        "documents": corpus.documents(),
        "texts": [corpus.text(document.number) for document in corpus.documents()],
        "passages": corpus.passages(),
        "sentences": corpus.sentences(0, 10**6),
        "words": corpus.words(),
        "sources": index.manifest.sources,
        "skipped": index.manifest.skipped,
    }


# What changed in the folder


def test_a_first_build_indexes_every_file(workshop: Workshop) -> None:
    assert workshop.paths == ALL
    assert check_index(workshop.location).documents == 3
    assert workshop.found("castor") == ["castor.md"]


def test_a_second_build_changes_nothing(workshop: Workshop, counting: Counting) -> None:
    before = {path: path.read_bytes() for path in sorted(workshop.location.rglob("*")) if path.is_file()}
    report = workshop.build()
    assert (report.changed, report.added, report.modified, report.deleted, report.embedded) == (False, (), (), (), 0)
    assert {path: path.read_bytes() for path in sorted(workshop.location.rglob("*")) if path.is_file()} == before
    assert counting.asked == []


def test_a_file_touched_but_not_changed_changes_nothing(workshop: Workshop) -> None:
    os.utime(workshop.folder / "castor.md", (1, 1))
    assert workshop.build().changed is False


def test_an_added_file_is_seen_and_it_alone_is_embedded(workshop: Workshop, counting: Counting) -> None:
    workshop.put("tram.txt", TRAM)
    report = workshop.build()
    assert (report.changed, report.added, report.modified, report.deleted) == (True, ("tram.txt",), (), ())
    assert workshop.found("tramway") == ["tram.txt"]
    assert counting.asked[0] == TRAM  # its passage is its one sentence; the others are its words
    assert all(" " not in word for word in counting.asked[1:])
    assert report.embedded == len(counting.asked)


def test_a_changed_file_is_seen_and_what_it_said_before_is_gone(workshop: Workshop, counting: Counting) -> None:
    workshop.put("vélo.txt", "Le local à vélos ferme à vingt heures. Le code est affiché dans le hall.\n")
    report = workshop.build()
    assert (report.added, report.modified, report.deleted) == ((), ("vélo.txt",), ())
    assert workshop.found("gardienne") == []
    assert workshop.found("code affiché") == ["vélo.txt"]
    assert "Le local à vélos ferme à vingt heures." not in counting.asked
    assert "gardienne" not in workshop.index.corpus.words()


def test_a_deleted_file_is_gone(workshop: Workshop, counting: Counting) -> None:
    (workshop.folder / "castor.md").unlink()
    report = workshop.build()
    assert (report.added, report.modified, report.deleted) == ((), (), ("castor.md",))
    assert workshop.paths == ["dossier/piscine.txt", "vélo.txt"]
    assert workshop.found("castor peupliers") == []
    assert counting.asked == []


def test_a_renamed_file_is_seen_and_not_embedded_again(workshop: Workshop, counting: Counting) -> None:
    (workshop.folder / "vélo.txt").rename(workshop.folder / "bicyclette.txt")
    report = workshop.build()
    assert (report.added, report.modified, report.deleted, report.embedded) == (
        ("bicyclette.txt",),
        (),
        ("vélo.txt",),
        0,
    )
    assert workshop.found("vélos") == ["bicyclette.txt"]
    assert counting.asked == []


def test_the_same_text_in_two_files_is_embedded_once(workshop: Workshop, counting: Counting) -> None:
    workshop.put("un.txt", TRAM)
    workshop.put("deux.txt", TRAM)
    assert workshop.build().embedded == len(counting.asked)
    assert len(set(counting.asked)) == len(counting.asked)
    assert [text for text in counting.asked if " " in text] == [TRAM]
    assert workshop.found("tramway") == ["deux.txt", "un.txt"]


def test_a_folder_that_has_moved_is_not_embedded_again(workshop: Workshop, counting: Counting, tmp_path: Path) -> None:
    workshop.folder = workshop.folder.rename(tmp_path / "elsewhere")
    report = workshop.build()
    assert report.manifest.folder == str((tmp_path / "elsewhere").resolve())
    assert counting.asked == []


def test_other_sizes_of_passages_are_taken_up(workshop: Workshop) -> None:
    workshop.put("long.txt", "La route est longue et le soir tombe. " * 12)
    before = workshop.build().manifest.passages
    after = workshop.build(settings=Settings(sizes=PassageSizes(words=20, least_words=8, sentence_words=20))).manifest
    assert after.passages > before
    assert after.settings.sizes.words == 20


def test_rules_of_the_analyser_left_out_are_taken_up(workshop: Workshop) -> None:
    assert workshop.build(settings=Settings(rules=AnalyserRules(stemming=False))).changed
    assert workshop.index.lexical.passages_with("peupliers") == 1
    assert workshop.index.manifest.settings.rules.stemming is False


def test_an_embedder_that_is_loaded_is_used(
    folder: Path, tmp_path: Path, bundled_model: Path, embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.build.load_embedder", lambda *_: pytest.fail("loaded again"))
    own = Counting(embedder)
    build(folder, tmp_path / "index", Settings(), bundled_model, 1, embedder=own)
    assert own.asked


def test_a_build_cut_short_goes_on_where_it_stopped(workshop: Workshop, embedder: OnnxEmbedder, monkeypatch) -> None:
    workshop.put("un.txt", "Il pleut sur la ville. Elle sort sans manteau.")
    stopping = Counting(embedder, most=1)  # the passage, then the sentences are too many
    with monkeypatch.context() as patch:
        patch.setattr("indexer.build.load_embedder", lambda *_: stopping)
        with pytest.raises(KeyboardInterrupt):
            workshop.build()
    assert workshop.paths == ALL
    assert workshop.build().embedded == 6  # two sentences, four words
    assert not (workshop.location / "vectors.journal").exists()


# The same index, however it came about


def test_an_index_brought_up_to_date_equals_one_made_at_once(
    workshop: Workshop, tmp_path: Path, analyser: FrenchAnalyser
) -> None:
    workshop.put("tram.txt", TRAM + " Il transporte quarante mille voyageurs.")
    workshop.build()
    workshop.put("castor.md", SMALL["castor.md"].replace("terrier", "hutte"))
    (workshop.folder / "vélo.txt").unlink()
    workshop.build()
    at_once = Workshop(workshop.folder, tmp_path / "at-once", workshop._model)
    at_once.build()
    one, other = workshop.index, at_once.index
    assert contents(one) == contents(other)
    np.testing.assert_allclose(one.passages.all(), other.passages.all(), atol=1e-3)
    np.testing.assert_allclose(one.sentences, other.sentences, atol=2e-3)
    for question in ("Que fait le castor ?", "voyageurs du tramway", "bonnet de bain"):
        terms = [(term, 1.0) for term in analyser.terms(question)]
        assert one.lexical.search(terms, 5) == other.lexical.search(terms, 5) != []
        vector = one.passages.of([0])[0]
        assert [i for i, _ in one.passages.search(vector, 3)] == [i for i, _ in other.passages.search(vector, 3)]


def test_a_rebuild_makes_everything_again_and_comes_to_the_same(workshop: Workshop, counting: Counting) -> None:
    before = contents(workshop.index)
    report = workshop.build(rebuild=True)
    assert report.changed
    assert report.embedded == len(set(counting.asked)) == len(counting.asked)
    assert len([text for text in counting.asked if " " in text]) == 9  # 3 passages, 6 sentences; the others are words
    assert contents(workshop.index) == before


def test_a_damaged_index_is_made_again(workshop: Workshop) -> None:
    before = contents(workshop.index)
    (workshop.location / "gen-000001" / "corpus.sqlite").write_bytes(b"x")
    workshop.put("tram.txt", TRAM)
    assert workshop.build().embedded > 1
    (workshop.folder / "tram.txt").unlink()
    workshop.build()
    assert contents(workshop.index) == before


@pytest.mark.parametrize("damage", ["corpus.sqlite", "passages.faiss"])
def test_a_damaged_index_of_an_unchanged_folder_is_made_again(workshop: Workshop, damage: str) -> None:
    """The sentence of ``IndexDamaged`` tells to rebuild."""
    before = contents(workshop.index)
    (workshop.location / "gen-000001" / damage).write_bytes(b"x")
    assert workshop.build(rebuild=True).changed
    assert contents(workshop.index) == before


@pytest.mark.parametrize("pointer", [b"", b"xyz", b"gen-000001 0", b"\xff"])
def test_a_garbled_pointer_is_mended_by_a_build(workshop: Workshop, pointer: bytes) -> None:
    (workshop.location / "CURRENT").write_bytes(pointer)
    assert workshop.build().changed
    assert workshop.paths == ALL


# Files that cannot be read


def test_a_bad_file_is_skipped_and_named_and_the_rest_is_indexed(workshop: Workshop) -> None:
    workshop.put("photo.txt", b"\x89PNG\r\n\x1a\n\0\0")
    workshop.put("rapport.pdf", b"%PDF")
    workshop.put("vide.txt", "")
    workshop.put("casse.txt", b"d\xe9j\xe0 \x81\x8d vu")
    (workshop.folder / "rompu.txt").symlink_to("nulle-part.txt")
    os.mkfifo(workshop.folder / "tube.txt")
    workshop.put("tram.txt", TRAM)
    report = workshop.build()
    assert workshop.paths == sorted([*ALL, "tram.txt"])
    assert {one.path: one.fr for one in report.manifest.skipped} == {
        "casse.txt": "ni UTF-8 ni Windows-1252 ; enregistrez-le en UTF-8",
        "photo.txt": "contenu binaire, pas du texte",
        "rapport.pdf": "format .pdf non pris en charge ; convertissez-le en .txt, .md ou .html",
        "rompu.txt": "ce n’est pas un fichier ordinaire du dossier (tube, périphérique, lien rompu ou qui en sort)",
        "tube.txt": "ce n’est pas un fichier ordinaire du dossier (tube, périphérique, lien rompu ou qui en sort)",
        "vide.txt": "aucune phrase à indexer (fichier vide, ou menus seulement)",
    }
    assert workshop.build().changed is False


def test_a_bad_file_made_good_is_indexed(workshop: Workshop) -> None:
    workshop.put("tram.txt", b"\0\0")
    assert [one.path for one in workshop.build().manifest.skipped] == ["tram.txt"]
    workshop.put("tram.txt", TRAM)
    report = workshop.build()
    assert report.modified == ("tram.txt",)
    assert report.manifest.skipped == ()


def test_a_folder_not_gone_into_is_named_until_it_is_one(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "tram.txt").write_text(TRAM)
    (workshop.folder / "ailleurs").symlink_to(tmp_path / "outside", target_is_directory=True)
    (skipped,) = workshop.build().manifest.skipped
    assert (skipped.path, skipped.fr.split(",")[0], skipped.en.split(",")[0]) == (
        "ailleurs",
        "lien vers un dossier",
        "link to a folder",
    )
    assert workshop.build().changed is False
    (workshop.folder / "ailleurs").unlink()
    shutil.copytree(tmp_path / "outside", workshop.folder / "ailleurs")
    assert workshop.build().manifest.skipped == ()
    assert workshop.found("tramway") == ["ailleurs/tram.txt"]


@pytest.mark.parametrize("error", [ValueError, RecursionError, UnicodeEncodeError])
def test_a_file_that_its_parser_cannot_take_is_skipped_and_named(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def odd(source: SourceFile, data: bytes) -> RawDocument:
        if source.path == "odd.md":
            raise error("utf-8", "\udce9", 0, 1, "x") if error is UnicodeEncodeError else error("x")
        return read(source, data)

    monkeypatch.setattr("indexer.build.read", odd)
    workshop.put("odd.md", TRAM)
    workshop.put("tram.txt", TRAM)
    (skipped,) = workshop.build().manifest.skipped
    assert skipped.path == "odd.md"
    assert error.__name__ in skipped.fr
    assert ".txt" in skipped.en
    assert workshop.paths == sorted([*ALL, "tram.txt"])


BAD_FILES = {
    "front matter with a date that there is not": lambda folder: (folder / "f.md").write_text(
        f"---\ntitre: Tram\ndate: 0000-00-00\n---\n\n{TRAM}\n"
    ),
    "front matter with half a character": lambda folder: (folder / "f.md").write_text(
        f'---\ntitre: "\\uD83D"\n---\n\n{TRAM}\n'
    ),
    "a page with what is no character": lambda folder: (folder / "p.html").write_text(
        f"<p>{TRAM}<br>\ufffe&#xFFFF;<script>x</script>&#xFFFE; Elle sort.</p>"
    ),
    "a link to itself": lambda folder: (folder / "boucle.txt").symlink_to("boucle.txt"),
    "a name that is not UTF-8": lambda folder: Path(os.fsdecode(os.fsencode(folder) + b"/r\xe9sum\xe9.txt")).write_text(
        TRAM
    ),
    "a page that declares no encoding there is": lambda folder: (folder / "p.html").write_bytes(
        '<meta charset="undefined"><p>L’été est là.</p>'.encode("cp1252")
    ),
    "a very long heading": lambda folder: (folder / "long.md").write_text(
        "# " + "Un titre sans fin " * 200 + "\n\n" + TRAM
    ),
    "a very long line": lambda folder: (folder / "ligne.txt").write_text("mot " * 5_000),
    "a NUL far into the file": lambda folder: (folder / "nul.txt").write_text(
        "Il pleut sur la ville et sur les champs depuis ce matin. " * 1200 + "\0 Elle sort."
    ),
}


@pytest.mark.parametrize("bad", sorted(BAD_FILES))
def test_no_file_of_the_folder_stops_the_build(
    bad: str, folder: Path, tmp_path: Path, bundled_model: Path, monkeypatch: pytest.MonkeyPatch, embedder: OnnxEmbedder
) -> None:
    class Quick(Counting):
        """Counts real tokens and refuses what is too long, but gives any vector: these texts are long."""

        def embed_passages(self, texts, progress: Progress | None = None):
            longest = max(self.count_tokens(texts))
            if longest > self.max_tokens:
                raise TextTooLong(tokens=longest, limit=self.max_tokens)
            return np.eye(len(texts), self.dimension, dtype=np.float32)

    monkeypatch.setattr("indexer.build.load_embedder", lambda *_: Quick(embedder))
    BAD_FILES[bad](folder)
    made = Workshop(folder, tmp_path / "index", bundled_model)
    made.build()
    assert set(ALL) <= set(made.paths)
    check_index(made.location)


def test_a_folder_without_any_text_is_told_and_the_old_index_stays(workshop: Workshop) -> None:
    write_folder(workshop.folder, {"rapport.pdf": "%PDF"})
    with pytest.raises(EmptyCorpus, match=r"\.txt"):
        workshop.build()
    assert workshop.paths == ALL


def test_a_folder_that_is_not_there_is_told_and_makes_no_index(tmp_path: Path, bundled_model: Path) -> None:
    with pytest.raises(FolderNotFound, match="nowhere"):
        build(tmp_path / "nowhere", tmp_path / "index", Settings(), bundled_model, threads=1)
    assert not (tmp_path / "index").exists()


def test_a_model_that_is_not_there_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound):
        build(folder, tmp_path / "index", Settings(), tmp_path / "nowhere", threads=1)


def test_another_model_makes_everything_again(
    workshop: Workshop, bundled_model: Path, tmp_path: Path, embedder: OnnxEmbedder, monkeypatch
) -> None:
    other_folder = Path(shutil.copytree(bundled_model, tmp_path / "model"))
    (other_folder / "SHA256SUMS").chmod(0o644)
    (other_folder / "SHA256SUMS").write_text((bundled_model / "SHA256SUMS").read_text() + f"{'1' * 64}  more.bin\n")
    other = Counting(embedder)
    other.fingerprint = "another"
    monkeypatch.setattr("indexer.build.load_embedder", lambda *_: other)
    workshop._model = other_folder
    report = workshop.build()
    assert report.changed
    assert report.embedded == len(other.asked) == 33  # 3 passages, 6 sentences, 24 words
    assert report.manifest.embedder_fingerprint == "another"


def test_the_choice_of_a_model_is_part_of_the_settings(workshop: Workshop) -> None:
    assert workshop.build(settings=Settings(EmbedderChoice(query_prompt="question : "))).changed


# The catalogue


def test_what_the_catalogue_says_wins_and_travels_with_the_passages(workshop: Workshop) -> None:
    workshop.put("catalogue.toml", '["castor.md"]\ntitle = "Des rongeurs"\nauthor = "Anne Petit"\n')
    report = workshop.build()
    assert report.changed
    assert (report.added, report.deleted) == ((), ())
    index = workshop.index
    castor = index.corpus.documents()[0]
    assert (castor.metadata.title, castor.metadata.author) == ("Des rongeurs", "Anne Petit")
    assert {passage.title for passage in index.corpus.passages(0)} == {"Des rongeurs"}
    assert workshop.found("rongeurs") == ["castor.md"]


def test_marks_are_quoted_and_not_read(workshop: Workshop, counting: Counting) -> None:
    workshop.put(
        "loutre.md", "Titre : La **loutre**\nDate : 2024\n\nElle mange [des poissons](http://rivages.fr/eau) le soir.\n"
    )
    workshop.build()
    corpus = workshop.index.corpus
    document = next(one for one in corpus.documents() if one.path == "loutre.md")
    (passage,) = corpus.passages(document.number)
    (sentence,) = corpus.sentences(passage.first, passage.last)
    text = (workshop.folder / "loutre.md").read_text(encoding="utf-8")
    assert text[sentence.start : sentence.end] == "Elle mange [des poissons](http://rivages.fr/eau) le soir."
    assert workshop.found("poissons") == ["loutre.md"]
    assert workshop.found("rivages") == []
    assert any(asked.startswith("La **loutre**\nElle mange  des poissons ") for asked in counting.asked)
    assert not any("http" in asked for asked in counting.asked)


def test_a_changed_catalogue_is_taken_up(workshop: Workshop) -> None:
    workshop.put("catalogue.toml", '["vélo.txt"]\ntitle = "Cyclisme"\n')
    workshop.build()
    workshop.put("catalogue.toml", '["vélo.txt"]\ntitle = "Bicyclette"\n')
    workshop.build()
    assert workshop.index.corpus.documents()[-1].metadata.title == "Bicyclette"
    assert workshop.found("cyclisme") == []


@pytest.mark.parametrize("left", [None, "", "# rien\n"])
def test_what_a_catalogue_said_is_gone_with_it(workshop: Workshop, left: str | None) -> None:
    before = contents(workshop.index)
    workshop.put("catalogue.toml", '["vélo.txt"]\ntitle = "Cyclisme"\nauthor = "Anne Petit"\n')
    workshop.build()
    if left is None:
        (workshop.folder / "catalogue.toml").unlink()
    else:
        workshop.put("catalogue.toml", left)
    workshop.build()
    assert workshop.found("cyclisme") == []
    assert contents(workshop.index) == before


def test_a_catalogue_that_cannot_be_read_stops_the_build_and_leaves_the_index(workshop: Workshop) -> None:
    workshop.put("catalogue.toml", "[")
    with pytest.raises(CatalogueUnreadable):
        workshop.build()
    assert workshop.paths == ALL


# Progress


def test_progress_is_told_of_every_file_and_every_text(
    folder: Path, tmp_path: Path, bundled_model: Path, counting: Counting
) -> None:
    stages: dict[str, tuple[int, list[int]]] = {}

    class Told:
        def stage(self, name: str, total: int) -> Progress:
            stages[name] = (total, [])
            return stages[name][1].append

    build(folder, tmp_path / "index", Settings(), bundled_model, 2, Told())
    assert [(name, total, sum(told)) for name, (total, told) in stages.items()] == [("read", 3, 3), ("embed", 33, 33)]


# Whatever is done to the folder

NAMES = st.sampled_from(["a.txt", "b.md", "sous/c.txt", "d.html"])
TEXTS = st.sampled_from(
    [
        "Il pleut sur la ville.",
        "Le castor vit en famille. Il est revenu.",
        TRAM,
        "La piscine est ouverte le dimanche.",
        "",
    ]
)


def folder_machine(work: Path, model: Path) -> type[RuleBasedStateMachine]:
    class FolderMachine(RuleBasedStateMachine):
        """What the index holds equals the folder as it was at the last build that had a text to index."""

        count = 0

        def __init__(self) -> None:
            super().__init__()
            FolderMachine.count += 1
            self.workshop = Workshop(work / f"{self.count}", work / f"{self.count}-index", model)
            self.workshop.folder.mkdir()
            self.texts: dict[str, str] = {}
            self.indexed: dict[str, str] | None = None

        @rule(name=NAMES, text=TEXTS)
        def write(self, name: str, text: str) -> None:
            self.workshop.put(name, f"<html><body><p>{text}</p></body></html>" if name.endswith("html") else text)
            self.texts[name] = text

        @rule(name=NAMES)
        def delete(self, name: str) -> None:
            (self.workshop.folder / name).unlink(missing_ok=True)
            self.texts.pop(name, None)

        @rule()
        def index(self) -> None:
            wanted = {name: text for name, text in self.texts.items() if text}
            if not wanted:
                with pytest.raises(EmptyCorpus):
                    self.workshop.build()
                return
            self.workshop.build()
            self.indexed = wanted
            assert self.workshop.build().changed is False

        @invariant()
        def the_index_is_the_folder(self) -> None:
            if self.indexed is None:
                assert not (self.workshop.location / "CURRENT").exists()
                return
            index = self.workshop.index
            held = {document.path: index.corpus.text(document.number) for document in index.corpus.documents()}
            assert held == self.indexed
            for word in ("ville", "castor", "tramway", "piscine"):
                assert self.workshop.found(word) == sorted(path for path, text in self.indexed.items() if word in text)

    return FolderMachine


@pytest.fixture
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("machine")
    yield path
    shutil.rmtree(path)


def test_whatever_is_done_to_the_folder_the_index_follows(work: Path, bundled_model: Path, counting: Counting) -> None:
    run_state_machine_as_test(
        folder_machine(work, bundled_model),
        settings=settings(
            deadline=None, max_examples=15, stateful_step_count=8, suppress_health_check=list(HealthCheck)
        ),
    )


FULL_DISK = """
import resource, sys
from pathlib import Path
from indexer.build import build
from indexer.errors import IndexUnwritable
from indexer.manifest import Settings
folder, index, model, most = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
try:
    build(folder, index, Settings(), model, 1)
except IndexUnwritable as error:
    sys.exit("--index" not in error.sentence("fr"))
sys.exit("written all the same")
"""


@pytest.mark.parametrize("most", [10, 2_000, 20_000, 40_000])
def test_where_nothing_more_can_be_written_the_old_index_stays(workshop: Workshop, most: int) -> None:
    """A limit on the size of a file stands for a full disk: it stops the build in one or another of its files."""
    before = contents(workshop.index)
    workshop.put("tram.txt", TRAM)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            FULL_DISK,
            str(workshop.folder),
            str(workshop.location),
            str(workshop._model),
            str(most),
        ],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert contents(workshop.index) == before
    assert list(workshop.location.glob("tmp-*")) == []
    workshop.build()
    assert workshop.found("tramway") == ["tram.txt"]
