"""What lies in the store, at a look; the rest of it is in test_pull.py."""

import sys

import pytest

from indexer.errors import PackageMissing, PulledModelDamaged
from service.models.presets import PresetFile
from service.models.store import Record, RecordedFile, file_sha256
from tests.service.models.loopback_hub import COMMIT, sha
from tests.service.models.making import GGUF, generator


def record(**changes):
    fields = {"format": 1, "preset": "essai", "repository": "essai/modele", "revision": COMMIT, "pulled": "2026-11-22",
              "files": (RecordedFile("essai.gguf", len(GGUF), sha(GGUF), "preset"),)}  # fmt: skip
    return Record(**(fields | changes))


def test_a_record_comes_back_as_it_was_kept(store):
    preset = generator()
    (store.folder / "essai").mkdir(parents=True)
    store.keep(preset, record())
    assert store.record(preset) == record()
    store.forget(preset)
    assert store.record(preset) is None
    store.forget(preset)  # twice is no harm


def test_states(store):
    preset = generator()
    folder = store.folder / "essai"
    assert store.state(preset) == "absent"
    folder.mkdir(parents=True)
    assert store.state(preset) == "absent"
    (folder / ".part-x").mkdir()
    assert store.state(preset) == "partial"
    store.keep(preset, record())
    assert store.state(preset) == "damaged"
    (folder / "essai.gguf").write_bytes(GGUF)
    assert store.state(preset) == "present"


def test_a_file_without_a_record_is_no_model(store):
    folder = store.folder / "essai"
    folder.mkdir(parents=True)
    (folder / "essai.gguf").write_bytes(GGUF)
    assert store.state(generator()) == "partial"


def test_the_sum_of_a_file_is_told_as_it_goes(tmp_path):
    (tmp_path / "a").write_bytes(GGUF)
    told: list[int] = []
    assert file_sha256(tmp_path / "a", told.append) == sha(GGUF)
    assert sum(told) == len(GGUF)


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A Python package that holds a model, and that must not be run to find it."""
    folder = tmp_path / "holds_a_model"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise RuntimeError('run')\n", encoding="utf-8")
    (folder / "essai.gguf").write_bytes(GGUF)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    sys.modules.pop("holds_a_model", None)


def test_a_model_inside_a_package_is_found_and_verified(store, package, quiet):
    files = (PresetFile("essai.gguf", len(GGUF), sha(GGUF)),)
    preset = generator(package="holds_a_model", repository=None, revision=None, files=files)
    assert store.state(preset) == "present"
    assert store.folder_of(preset) == package
    assert store.verify(preset, quiet) == 1
    (package / "essai.gguf").write_bytes(GGUF[:-1] + b"X")
    with pytest.raises(PulledModelDamaged):
        store.verify(preset, quiet)


def test_a_package_that_is_not_installed_is_absent(store, quiet):
    preset = generator(package="nowhere_to_be_found", repository=None, revision=None)
    assert store.state(preset) == "absent"
    with pytest.raises(PackageMissing):
        store.verify(preset, quiet)
