"""What the hub tells, and the bytes of a file from where they stop."""

import pytest

from indexer.errors import HubLacks, HubLibraryMissing
from service.models.hub import Hub
from tests.service.models.loopback_hub import COMMIT, sha
from tests.service.models.making import FILES, FOLDER, GGUF


def test_a_repository_is_looked_up_at_a_commit(client, hub):
    remote = client.look_up("essai/modele", "main")
    assert (remote.hub, remote.repository, remote.commit) == (hub.endpoint, "essai/modele", COMMIT)
    assert {name: file.size for name, file in remote.files.items()} == {
        name: len(data) for name, data in (FILES | FOLDER).items()
    }
    assert remote.files["essai.gguf"].sha256 == sha(GGUF)
    assert remote.files["modules.json"].sha256 is None


def test_a_revision_that_is_not_there_is_named(client):
    with pytest.raises(HubLacks, match="introuvable-revision"):
        client.look_up("essai/modele", "introuvable-revision")


def test_a_file_is_gone_on_with_where_it_ends(client, hub, tmp_path):
    remote = client.look_up("essai/modele", COMMIT)
    part = tmp_path / "part"
    part.write_bytes(GGUF[:70_000])
    told: list[int] = []
    client.fetch(remote, remote.files["essai.gguf"], part, told.append)
    assert part.read_bytes() == GGUF
    assert sum(told) == len(GGUF) - 70_000
    assert hub.starts == [70_000]


def test_a_hub_that_cannot_go_on_begins_again(client, hub, tmp_path):
    remote = client.look_up("essai/modele", COMMIT)
    part = tmp_path / "part"
    part.write_bytes(GGUF[:70_000])
    hub.ignore_range = True
    told: list[int] = []
    client.fetch(remote, remote.files["essai.gguf"], part, told.append)
    assert part.read_bytes() == GGUF
    assert sum(told) == len(GGUF) - 70_000


def test_a_whole_file_is_not_asked_for(client, hub, tmp_path):
    remote = client.look_up("essai/modele", COMMIT)
    part = tmp_path / "part"
    part.write_bytes(GGUF)
    client.fetch(remote, remote.files["essai.gguf"], part, lambda _: None)
    assert hub.starts == []


def test_without_its_library_the_way_to_install_it_is_told(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "huggingface_hub", None)
    with pytest.raises(HubLibraryMissing, match=r"coulisses\[models\]"):
        Hub()
