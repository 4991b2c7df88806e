"""Generations on disk: whole or not there, whatever happens when."""

import multiprocessing
import shutil
from pathlib import Path

import pytest

from indexer.analysis import FrenchAnalyser
from indexer.build import build
from indexer.errors import IndexBusy, IndexDamaged, IndexUnwritable
from indexer.generation import checksums, generation_name, new_generation, verify, writer_lock
from indexer.index import Index, open_index
from indexer.manifest import Settings, read_manifest


class Killed(BaseException):
    """The process ends here."""


def paths_of(index: Index) -> list[str]:
    return [document.path for document in index.corpus.documents()]


def generations(location: Path) -> list[str]:
    return sorted(path.name for path in location.iterdir() if path.is_dir())


# One writer


def test_one_process_writes_at_a_time(tmp_path: Path) -> None:
    with writer_lock(tmp_path / "index"), pytest.raises(IndexBusy), writer_lock(tmp_path / "index"):
        pass
    with writer_lock(tmp_path / "index"):  # let go of
        pass


def _holds(
    location: str, ready: "multiprocessing.synchronize.Event", done: "multiprocessing.synchronize.Event"
) -> None:
    with writer_lock(Path(location)):
        ready.set()
        done.wait(20)


def test_a_build_beside_another_process_is_refused(folder: Path, small_index: Path, bundled_model: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, done = context.Event(), context.Event()
    other = context.Process(target=_holds, args=(str(small_index), ready, done))
    other.start()
    try:
        assert ready.wait(20)
        with pytest.raises(IndexBusy):
            build(folder, small_index, Settings(), bundled_model, threads=1)
    finally:
        done.set()
        other.join(20)
    assert open_index(small_index).manifest.documents == 3


def test_the_lock_is_let_go_of_when_the_work_fails(tmp_path: Path) -> None:
    with pytest.raises(Killed), writer_lock(tmp_path):
        raise Killed
    with writer_lock(tmp_path):
        pass


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexUnwritable, match="file"), writer_lock(tmp_path / "file" / "index"):
        pass


# Names


def test_generations_are_numbered_on_and_leftovers_cleared(tmp_path: Path) -> None:
    for name in ("gen-000003", "tmp-000009", "gen-xyz"):
        (tmp_path / name).mkdir()
    (tmp_path / "CURRENT").write_text("gen-000005 abc")
    folder = new_generation(tmp_path)
    assert generation_name(folder) == "gen-000006"
    assert generations(tmp_path) == ["gen-000003", "gen-xyz", "tmp-000006"]


# Crashes

STEPS = [
    "indexer.build.new_generation",
    "indexer.build.write_lexical",
    "indexer.build.write_corpus",
    "indexer.build.write_passage_vectors",
    "indexer.build.write_half_vectors",
    "indexer.build.checksums",
    "indexer.manifest.Manifest.write",
    "indexer.generation._sync",
    "pathlib.Path.rename",
    "pathlib.Path.replace",
]


@pytest.mark.usefixtures("counting")
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_any_step_leaves_the_old_generation(
    step: str,
    when: str,
    folder: Path,
    small_index: Path,
    bundled_model: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (folder / "neuf.txt").write_text("Le tramway est revenu après un siècle.")
    with monkeypatch.context() as patch:
        target, _, name = step.rpartition(".")
        real = getattr(_resolve(target), name)

        def dies(*args: object, **kwargs: object) -> object:
            if when == "after":
                real(*args, **kwargs)
            raise Killed

        patch.setattr(step, dies)
        with pytest.raises(Killed):
            build(folder, small_index, Settings(), bundled_model, threads=2)
    made = (step, when) == ("pathlib.Path.replace", "after")  # from here on the new one is current
    assert paths_of(open_index(small_index)) == _names(folder, made)
    report = build(folder, small_index, Settings(), bundled_model, threads=2)
    assert paths_of(open_index(small_index)) == _names(folder, True)
    assert report.changed is not made
    if step not in ("indexer.build.new_generation", "indexer.build.write_lexical"):  # nothing was embedded by then
        assert report.embedded == 0  # the journal had kept what the crash cut short
    assert not list(small_index.glob("tmp-*"))


def _resolve(name: str) -> object:
    import importlib

    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        module, _, attribute = name.rpartition(".")
        return getattr(importlib.import_module(module), attribute)


def _names(folder: Path, new: bool) -> list[str]:
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    return sorted(name for name in names if new or name != "neuf.txt")


@pytest.mark.usefixtures("counting")
def test_a_full_disk_is_told_and_leaves_the_old_generation(
    folder: Path, small_index: Path, bundled_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (folder / "neuf.txt").write_text("Le tramway est revenu après un siècle.")
    monkeypatch.setattr("indexer.build.write_passage_vectors", full)
    with pytest.raises(IndexUnwritable, match="No space left"):
        build(folder, small_index, Settings(), bundled_model, threads=2)
    assert "neuf.txt" not in paths_of(open_index(small_index))


# The one before


@pytest.mark.usefixtures("counting")
def test_the_generation_before_is_kept_for_those_who_still_read_it(
    folder: Path, tmp_path: Path, bundled_model: Path, analyser: FrenchAnalyser
) -> None:
    location = tmp_path / "index"
    build(folder, location, Settings(), bundled_model, threads=2)
    reader = open_index(location)
    (folder / "vélo.txt").unlink()
    build(folder, location, Settings(), bundled_model, threads=2)
    assert generations(location) == ["gen-000001", "gen-000002"]
    assert "vélo.txt" in paths_of(reader)
    assert reader.lexical.search([(analyser.terms("vélos")[0], 1.0)], 5)
    (folder / "castor.md").unlink()
    build(folder, location, Settings(), bundled_model, threads=2)
    assert generations(location) == ["gen-000002", "gen-000003"]
    assert read_manifest(location).generation == "gen-000003"


# Verification


def test_every_file_of_a_generation_has_its_checksum(small_index: Path) -> None:
    manifest = read_manifest(small_index)
    folder = verify(small_index, manifest)
    assert checksums(folder) == manifest.checksums
    assert {"corpus.sqlite", "passages.faiss", "sentences.npy", "lexical/meta.json"} <= set(manifest.checksums)


@pytest.mark.parametrize("name", ["corpus.sqlite", "passages.faiss", "sentences.npy", "lexical/meta.json", "lexical"])
def test_a_file_that_is_gone_is_told_by_name(small_index: Path, name: str) -> None:
    path = small_index / "gen-000001" / name
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    with pytest.raises(IndexDamaged, match=name):
        verify(small_index, read_manifest(small_index))
