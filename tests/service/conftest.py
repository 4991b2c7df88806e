"""An engine over the shipped texts, and the making of one over texts of a test's own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from indexer.build import build
from indexer.index import open_index
from indexer.manifest import Settings
from indexer.resources import resource
from service.calibration import load_calibrations
from service.engine import Engine, open_engine

MODEL = resource("models") / "embedder"


@pytest.fixture(scope="session")
def seeds_engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    location = tmp_path_factory.mktemp("service") / "seeds-index"
    build(resource("seeds"), location, Settings(), MODEL, 2)
    return open_engine(location)


@pytest.fixture
def engine_of(tmp_path: Path, seeds_engine: Engine) -> Callable[[dict[str, str]], Engine]:
    """Index texts by file name below ``tmp_path/texts`` and open an engine over them."""

    def make(texts: dict[str, str]) -> Engine:
        folder = tmp_path / "texts"
        folder.mkdir(exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        build(folder, tmp_path / "index", Settings(), MODEL, 2)
        return Engine(
            open_index(tmp_path / "index"),
            seeds_engine.embedder,
            load_calibrations(resource("models") / "calibration"),
            seeds_engine.reader,
        )

    return make
