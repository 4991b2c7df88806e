"""The manifest of the current generation: whole and of this format, or refused."""

import dataclasses
import hashlib
import json
from pathlib import Path

import pytest

from indexer.embedder import EmbedderChoice
from indexer.errors import IndexDamaged, IndexFormatUnknown, IndexNotFound
from indexer.manifest import FORMAT, Settings, read_manifest, sha256_of
from indexer.passages import PassageSizes


def rewrite(index: Path, **changes: object) -> None:
    """Change fields of the manifest (``None`` removes one) and let its checksum hold."""
    name = (index / "CURRENT").read_text().split()[0]
    fields = json.loads((index / name / "manifest.json").read_text())
    fields = {key: value for key, value in {**fields, **changes}.items() if value is not None}
    (index / name / "manifest.json").write_text(json.dumps(fields))
    digest = hashlib.sha256((index / name / "manifest.json").read_bytes()).hexdigest()
    (index / "CURRENT").write_text(f"{name} {digest}\n")


def test_the_manifest_tells_what_the_index_holds(small_index: Path, small_source: Path) -> None:
    manifest = read_manifest(small_index)
    assert manifest.generation == "gen-000001"
    assert manifest.folder == str(small_source.resolve())
    assert manifest.settings == Settings()
    assert manifest.documents == 3
    assert manifest.sources == {
        path.relative_to(small_source).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in small_source.rglob("*")
        if path.is_file()
    }
    assert manifest.skipped == ()
    assert manifest.vectors == "flat"


def test_a_manifest_comes_back_as_it_was_written(small_index: Path, tmp_path: Path) -> None:
    manifest = read_manifest(small_index)
    name = small_index / manifest.generation
    (tmp_path / "again").mkdir()
    manifest.write(tmp_path / "again")
    assert (tmp_path / "again" / "manifest.json").read_bytes() == (name / "manifest.json").read_bytes()


def test_settings_differ_when_anything_in_them_does() -> None:
    assert Settings() == Settings()
    assert Settings(EmbedderChoice("un/modele")) != Settings()
    assert Settings(sizes=PassageSizes(words=100)) != Settings()
    assert Settings(analysis="fr-0") != Settings()


def test_an_index_older_than_the_analyser_s_rules_has_them_all(small_index: Path) -> None:
    settings = dataclasses.asdict(Settings())
    del settings["rules"]
    rewrite(small_index, settings=settings)
    assert read_manifest(small_index).settings == Settings()


def test_no_index_is_told(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound, match="nowhere"):
        read_manifest(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "current",
    [b"", b"\n", b"gen-", b"gen-000009 abc", b"xyz abc", b"../gen-000001 abc", b"gen-000001", b"gen-000001 abc", b"\xff\xfe", b"\0" * 70,
     b"gen-\0\0\0\0\0\0 abc"],
)  # fmt: skip
def test_a_garbled_pointer_is_told(small_index: Path, current: bytes) -> None:
    (small_index / "CURRENT").write_bytes(current)
    with pytest.raises(IndexDamaged):
        read_manifest(small_index)


def test_a_pointer_that_is_a_folder_is_told(small_index: Path) -> None:
    (small_index / "CURRENT").unlink()
    (small_index / "CURRENT").mkdir()
    with pytest.raises(IndexDamaged, match="CURRENT"):
        read_manifest(small_index)


@pytest.mark.parametrize("found", [FORMAT + 1, FORMAT - 1, "1"])
def test_another_format_is_told(small_index: Path, found: object) -> None:
    rewrite(small_index, format=found)
    with pytest.raises(IndexFormatUnknown) as caught:
        read_manifest(small_index)
    assert caught.value.fields == {"index": small_index, "found": found, "expected": FORMAT}


@pytest.mark.parametrize(
    "changes", [{"settings": None}, {"passages": None}, {"colour": "blue"}, {"settings": {"sizes": {}}}]
)
def test_fields_that_are_not_those_of_the_format_are_told(small_index: Path, changes: dict[str, object]) -> None:
    rewrite(small_index, **changes)
    with pytest.raises(IndexDamaged, match=r"manifest\.json"):
        read_manifest(small_index)


def test_the_checksum_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 3_000_000)
    assert sha256_of(tmp_path / "a") == hashlib.sha256(b"x" * 3_000_000).hexdigest()
