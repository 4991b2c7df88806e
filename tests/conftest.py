"""What several rooms' tests share: the shipped files, the loaded embedder, an index of the seeds."""

import shutil
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import settings

from indexer.analysis import FrenchAnalyser
from indexer.build import build
from indexer.embedder import OnnxEmbedder, Progress, Vectors
from indexer.index import Index, open_index
from indexer.manifest import Settings
from indexer.resources import resource
from tests.service.models.loopback_hub import COMMIT, OTHER, LoopbackHub
from tests.service.models.making import FILES, FOLDER

# A machine shared with other work is slow at times: that is no failure.
settings.register_profile("coulisses", deadline=None)
settings.load_profile("coulisses")

# A shell that starts the tests in the background has them ignore Ctrl-C, and all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def seeds() -> Path:
    return resource("seeds")


@pytest.fixture(scope="session")
def bundled_model() -> Path:
    return resource("models") / "embedder"


@pytest.fixture(scope="session")
def embedder(bundled_model: Path) -> OnnxEmbedder:
    return OnnxEmbedder(bundled_model, threads=2)


@pytest.fixture(scope="session")
def analyser() -> FrenchAnalyser:
    return FrenchAnalyser()


@pytest.fixture(scope="session")
def seeds_location(seeds: Path, bundled_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where an index of the real seeds lies. For reading only."""
    location = tmp_path_factory.mktemp("seeds") / "index"
    build(seeds, location, Settings(), bundled_model, threads=2)
    return location


@pytest.fixture(scope="session")
def seeds_index(seeds_location: Path) -> Index:
    return open_index(seeds_location)


SMALL = {
    "castor.md": "# Le retour du castor\n\nLe castor abat les peupliers le long de la Loire. Il vit en famille dans un terrier.\n",
    "dossier/piscine.txt": "La piscine est ouverte toute l’année, sauf en septembre.\n\nLe bonnet de bain est obligatoire.\n",
    "vélo.txt": "Le local à vélos ferme à vingt heures. La clé est chez la gardienne.\n",
}


def write_folder(folder: Path, files: dict[str, str]) -> Path:
    """Make ``folder`` hold these files and no other."""
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        path.unlink()
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


@pytest.fixture(scope="session")
def small_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three short files. For reading only."""
    return write_folder(tmp_path_factory.mktemp("small"), SMALL)


@pytest.fixture(scope="session")
def small_location(small_source: Path, bundled_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the index of ``small_source`` lies. For reading only: ``small_index`` gives a copy."""
    location = tmp_path_factory.mktemp("small-index") / "index"
    build(small_source, location, Settings(), bundled_model, threads=2)
    return location


@pytest.fixture
def small_index(small_location: Path, tmp_path: Path) -> Path:
    """A copy of the small index, to be done with as one likes."""
    return Path(shutil.copytree(small_location, tmp_path / "small-index"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of one's own with the small texts."""
    (tmp_path / "texts").mkdir()
    return write_folder(tmp_path / "texts", SMALL)


class Counting:
    """The real embedder, and what it was asked to embed."""

    def __init__(self, embedder: OnnxEmbedder, most: int | None = None) -> None:
        self._embedder = embedder
        self.fingerprint = embedder.fingerprint
        self.dimension = embedder.dimension
        self.max_tokens = embedder.max_tokens
        self.asked: list[str] = []
        self._most = most

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._embedder.count_tokens(texts)

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.embed_questions(texts)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if self._most is not None and len(self.asked) + len(texts) > self._most:
            raise KeyboardInterrupt
        self.asked.extend(texts)
        return self._embedder.embed_passages(texts, progress)


@pytest.fixture
def counting(embedder: OnnxEmbedder, monkeypatch: pytest.MonkeyPatch) -> Counting:
    """The loaded embedder instead of one that every build loads anew."""
    made = Counting(embedder)
    monkeypatch.setattr("indexer.build.load_embedder", lambda *_: made)
    return made


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    """A hub that holds the files of both presets. The library waits not between retries, and keeps smaller lots."""
    import huggingface_hub.file_download as library

    class Hurried:
        def __getattr__(self, name: str) -> object:
            return (lambda seconds: None) if name == "sleep" else getattr(__import__("time"), name)

    monkeypatch.setattr(library, "time", Hurried())
    monkeypatch.setattr(library.constants, "DOWNLOAD_CHUNK_SIZE", 10_000)
    changed = {name: data + b"!" for name, data in (FILES | FOLDER).items()}
    with LoopbackHub({COMMIT: FILES | FOLDER, OTHER: changed}) as running:
        yield running
    __import__("huggingface_hub").close_session()
