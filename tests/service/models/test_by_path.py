"""A model by its path: a GGUF, the folder of one, the folder of an embedder, and what is none of these."""

import hashlib

import pytest

from indexer.errors import ModelDamaged, ModelFileUnsuitable
from service.models.by_path import look
from tests.service.models.making import FOLDER, GGUF


def folder_of(path, files):
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def test_a_gguf_and_a_folder_that_holds_one(tmp_path, monkeypatch):
    path = folder_of(tmp_path, {"un modèle.gguf": GGUF}) / "un modèle.gguf"
    assert (look(path).kind, look(path).path) == ("generator", path)
    assert look(tmp_path) == look(path)
    monkeypatch.chdir(tmp_path)
    assert look(path.relative_to(tmp_path)).path == path


def test_the_folder_of_an_embedder(tmp_path):
    found = look(folder_of(tmp_path, FOLDER))
    assert (found.kind, found.path) == ("embedder", tmp_path)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"a.gguf": GGUF, "b.gguf": GGUF},
        {"config.json": b"{}", "pytorch_model.bin": b"\x80"},
        {"modules.json": b"[]", "pytorch_model.bin": b"\x80"},
        {"a.gguf": b""},
        {"a.gguf": b"GGU"},
        {"a.gguf": GGUF[:20]},
        {"a.gguf": b"PK\x03\x04" + bytes(40)},
        {"a.gguf": b"GGUF\x01\0\0\0" + bytes(40)},
    ],
)
def test_what_is_none_of_these(tmp_path, files):
    with pytest.raises(ModelFileUnsuitable):
        look(folder_of(tmp_path, files))


def test_what_is_not_there(tmp_path):
    with pytest.raises(ModelFileUnsuitable):
        look(tmp_path / "absent.gguf")


def test_the_sums_of_a_folder_are_believed_only_when_they_hold(tmp_path):
    folder_of(tmp_path, FOLDER)
    (tmp_path / "SHA256SUMS").write_text(
        "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in FOLDER.items()), encoding="ascii"
    )
    assert look(tmp_path).kind == "embedder"
    (tmp_path / "modules.json").write_bytes(b"{}")
    with pytest.raises(ModelDamaged):
        look(tmp_path)
