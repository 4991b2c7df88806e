"""A preset from the loopback hub to the store: whole, verified, recorded, or told why not."""

import errno
import json
import threading

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.errors import (
    HubLacks,
    HubRefused,
    HubUnreachable,
    PackageMissing,
    PresetNotPulled,
    PullBusy,
    PulledFileUnexpected,
    PulledModelDamaged,
    PullNoRoom,
    PullUnwritable,
)
from service.models.hub import Hub
from service.models.presets import PresetFile
from service.models.pull import pull
from service.models.store import RECORD
from tests.service.models.loopback_hub import COMMIT, OTHER, sha
from tests.service.models.making import FOLDER, GGUF, Quiet, embedder, generator


def leftovers(store, name="essai"):
    return [path for path in (store.folder / name).rglob("*") if ".part-" in str(path)]


def test_a_generator_arrives_whole_verified_and_recorded(store, client, quiet):
    preset = generator()
    assert store.state(preset) == "absent"
    record, received = pull(preset, store, client, quiet)
    assert received == len(GGUF)
    assert (store.folder / "essai" / "essai.gguf").read_bytes() == GGUF
    assert (record.repository, record.revision) == ("essai/modele", COMMIT)
    assert [(file.name, file.size, file.sha256, file.attested) for file in record.files] == [
        ("essai.gguf", len(GGUF), sha(GGUF), "preset")
    ]
    assert store.record(preset) == record
    assert store.state(preset) == "present"
    assert store.verify(preset, quiet) == 1
    assert quiet.done("fetch") == [(len(GGUF), len(GGUF))]
    assert quiet.done("verify") == [(len(GGUF), len(GGUF))] * 2
    assert not leftovers(store)


def test_a_folder_of_files_arrives_with_its_folders_and_says_who_attests_each(store, client, quiet):
    record, _ = pull(embedder(), store, client, quiet)
    for name, data in FOLDER.items():
        assert (store.folder / "vecteurs" / name).read_bytes() == data
    attested = {file.name: file.attested for file in record.files}
    assert attested == {"modules.json": "none", "1_Pooling/config.json": "none", "model.safetensors": "hub"}


def test_what_is_there_is_not_received_again(store, client, quiet, hub):
    first, _ = pull(generator(), store, client, quiet)
    asked = len(hub.starts)
    assert pull(generator(), store, client, quiet) == (first, 0)
    assert len(hub.starts) == asked


def test_a_branch_is_resolved_to_its_commit(store, client, quiet):
    record, _ = pull(generator(), store, client, quiet, "main")
    assert record.revision == COMMIT


def test_another_revision_replaces_the_first_and_needs_not_the_presets_checksums(store, client, quiet):
    pull(generator(), store, client, quiet)
    record, _ = pull(generator(), store, client, quiet, OTHER)
    assert record.revision == OTHER
    assert [file.attested for file in record.files] == ["hub"]
    assert (store.folder / "essai" / "essai.gguf").read_bytes() == GGUF + b"!"
    assert store.verify(generator(), quiet) == 1


def test_another_revision_that_does_not_arrive_leaves_the_first(store, client, quiet, hub):
    pull(generator(), store, client, quiet)
    hub.cut_after, hub.cuts = 0, 99
    with pytest.raises(HubUnreachable):
        pull(generator(), store, client, quiet, OTHER)
    assert store.verify(generator(), quiet) == 1
    assert (store.folder / "essai" / "essai.gguf").read_bytes() == GGUF


def test_a_broken_connection_is_gone_on_with_in_the_same_pull(store, client, quiet, hub):
    hub.cut_after, hub.cuts = 100_000, 2
    pull(generator(), store, client, quiet)
    assert hub.starts == [0, 100_000, 200_000]
    assert quiet.done("fetch") == [(len(GGUF), len(GGUF))]


def test_a_connection_that_stays_broken_is_told_and_the_next_pull_goes_on(store, client, quiet, hub):
    hub.cut_after, hub.cuts = 0, 99
    with pytest.raises(HubUnreachable, match="ne répond pas"):
        pull(generator(), store, client, quiet)
    assert store.state(generator()) == "partial"
    hub.cut_after, hub.cuts = 150_000, 1
    with pytest.raises(KeyboardInterrupt):
        pull(generator(), store, client, Stopping(150_000))
    with pytest.raises(PresetNotPulled):
        store.verify(generator(), quiet)
    hub.cuts, hub.asked[:] = 0, []
    again = Quiet()
    _, received = pull(generator(), store, client, again)
    assert hub.starts == [150_000]
    assert received == len(GGUF) - 150_000
    assert again.done("fetch") == [(len(GGUF), len(GGUF))]
    assert store.verify(generator(), quiet) == 1


class Stopping(Quiet):
    """A person who presses Ctrl-C once so many bytes have come."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def stage(self, name, total):
        told = super().stage(name, total)
        self.come = 0

        def advance(size):
            told(size)
            self.come += size
            if self.come > self._most or (self.come == self._most and size == 0):
                raise KeyboardInterrupt

        return advance


def test_a_hub_that_sends_the_whole_file_again_is_understood(store, client, quiet, hub):
    hub.cut_after, hub.cuts, hub.ignore_range = 100_000, 1, True
    pull(generator(), store, client, quiet)
    assert (store.folder / "essai" / "essai.gguf").read_bytes() == GGUF


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(have=st.integers(0, len(GGUF) + 50), cut=st.integers(1, len(GGUF)), cuts=st.integers(0, 3))
def test_whatever_was_received_before_the_file_is_right(store, client, hub, have, cut, cuts):
    import shutil

    shutil.rmtree(store.folder, ignore_errors=True)
    part = store.folder / "essai" / f".part-{COMMIT}" / "essai.gguf"
    part.parent.mkdir(parents=True)
    part.write_bytes((GGUF + b"?" * 50)[:have])
    hub.cut_after, hub.cuts = cut, cuts
    pull(generator(), store, client, Quiet())
    assert (store.folder / "essai" / "essai.gguf").read_bytes() == GGUF


def test_other_bytes_than_announced_are_refused_and_thrown_away(store, client, quiet, hub):
    hub.served["essai.gguf"] = GGUF[:-1] + b"X"
    with pytest.raises(PulledFileUnexpected, match=r"essai\.gguf"):
        pull(generator(), store, client, quiet)
    assert store.record(generator()) is None
    assert not (store.folder / "essai" / "essai.gguf").exists()
    del hub.served["essai.gguf"]
    pull(generator(), store, client, quiet)
    assert store.verify(generator(), quiet) == 1


def test_a_file_longer_than_announced_is_stopped(store, client, quiet, hub):
    hub.served["essai.gguf"] = GGUF * 20
    with pytest.raises(PulledFileUnexpected):
        pull(generator(), store, client, quiet)
    (part,) = [path for path in leftovers(store) if path.is_file()]
    assert part.stat().st_size <= len(GGUF)


def test_what_nobody_attests_is_not_gone_on_with(store, client, quiet):
    part = store.folder / "vecteurs" / f".part-{COMMIT}" / "modules.json"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"\0\0")
    pull(embedder(), store, client, quiet)
    assert (store.folder / "vecteurs" / "modules.json").read_bytes() == FOLDER["modules.json"]


def test_a_half_written_part_with_wrong_bytes_is_refused_then_received_anew(store, client, quiet):
    part = store.folder / "essai" / f".part-{COMMIT}" / "essai.gguf"
    part.parent.mkdir(parents=True)
    part.write_bytes(bytes(5000))
    with pytest.raises(PulledFileUnexpected):
        pull(generator(), store, client, quiet)
    pull(generator(), store, client, quiet)
    assert store.verify(generator(), quiet) == 1


@pytest.mark.parametrize(
    "pinned", [PresetFile("essai.gguf", len(GGUF), "0" * 64), PresetFile("essai.gguf", 7, sha(GGUF))]
)
def test_a_hub_that_offers_another_file_than_the_preset_is_refused_before_a_byte_comes(
    store, client, quiet, hub, pinned
):
    with pytest.raises(PulledFileUnexpected):
        pull(generator(files=(pinned,)), store, client, quiet)
    assert hub.starts == []


@pytest.mark.parametrize("name", list(FOLDER))
def test_a_file_changed_after_the_pull_is_refused_and_a_pull_puts_it_back(store, client, quiet, name):
    preset = embedder()
    pull(preset, store, client, quiet)
    path = store.folder / "vecteurs" / name
    data = path.read_bytes()
    path.write_bytes(bytes([data[0] ^ 1]) + data[1:])
    with pytest.raises(PulledModelDamaged, match="SHA-256"):
        store.verify(preset, quiet)
    path.write_bytes(data + b"x")
    assert store.state(preset) == "damaged"
    with pytest.raises(PulledModelDamaged):
        store.verify(preset, quiet)
    pull(preset, store, client, quiet)
    assert path.read_bytes() == data
    assert store.verify(preset, quiet) == 3


def test_what_the_first_pull_recorded_binds_the_next_ones(store, client, quiet, hub):
    """A small file has no SHA-256 from the hub: the hub may not replace it at the same commit."""
    preset = embedder()
    pull(preset, store, client, quiet)
    hub.served["modules.json"] = b"{}"
    (store.folder / "vecteurs" / "modules.json").unlink()
    with pytest.raises(PulledFileUnexpected, match=r"modules\.json"):
        pull(preset, store, client, quiet)


def test_a_record_that_contradicts_the_preset_is_not_believed(store, client, quiet):
    pull(generator(), store, client, quiet)
    other = GGUF[:-1] + b"X"
    (store.folder / "essai" / "essai.gguf").write_bytes(other)
    record = store.folder / "essai" / RECORD
    record.write_text(record.read_text(encoding="utf-8").replace(sha(GGUF), sha(other)), encoding="utf-8")
    with pytest.raises(PulledModelDamaged):
        store.verify(generator(), quiet)
    (store.folder / "essai" / "essai.gguf").write_bytes(GGUF)
    with pytest.raises(PulledModelDamaged):  # the file is sound, the record still lies
        store.verify(generator(), quiet)
    pull(generator(), store, client, quiet)
    assert store.verify(generator(), quiet) == 1


@pytest.mark.parametrize("text", ["", "{", '{"format": 2}', "[]"])
def test_a_record_that_cannot_be_read_is_refused_and_a_pull_writes_it_anew(store, client, quiet, text, hub):
    pull(generator(), store, client, quiet)
    (store.folder / "essai" / RECORD).write_text(text, encoding="utf-8")
    assert store.state(generator()) == "damaged"
    with pytest.raises(PulledModelDamaged):
        store.verify(generator(), quiet)
    asked = len(hub.starts)
    pull(generator(), store, client, quiet)
    assert store.verify(generator(), quiet) == 1
    assert len(hub.starts) == asked  # the file itself was sound


def test_a_record_cannot_name_a_file_outside_its_folder(store, client, quiet):
    pull(generator(), store, client, quiet)
    record = store.folder / "essai" / RECORD
    data = json.loads(record.read_bytes())
    data["files"][0]["name"] = "../../secret.gguf"
    record.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(PulledModelDamaged):
        store.verify(generator(), quiet)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (404, "RepoNotFound", HubLacks),
        (401, "RepoNotFound", HubLacks),  # what the hub answers of a repository that is not there
        (404, "RevisionNotFound", HubLacks),
        (403, "GatedRepo", HubRefused),
        (403, "", HubRefused),
        (500, "", HubUnreachable),
        (503, "", HubUnreachable),
    ],
)
def test_what_a_hub_refuses_is_told(store, client, quiet, hub, status, code, error):
    hub.status, hub.code = status, code
    with pytest.raises(error):
        pull(generator(), store, client, quiet)
    assert store.state(generator()) == "absent"


@pytest.mark.parametrize("body", [b"<html>Connectez-vous</html>", b"[]", b"{}", b'{"sha": 3}'])
def test_what_is_no_hub_is_told(store, client, quiet, hub, body):
    hub.body = body
    with pytest.raises(HubUnreachable):
        pull(generator(), store, client, quiet)


def test_a_file_that_the_repository_lacks_is_named(store, client, quiet, hub):
    with pytest.raises(HubLacks, match=r"absent\.gguf"):
        pull(generator(files=(PresetFile("absent.gguf"),)), store, client, quiet)


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "http://[", "ftp://127.0.0.1"])
def test_a_hub_that_is_not_there_is_told(store, quiet, endpoint):
    with pytest.raises(HubUnreachable, match="Vérifiez le réseau"):
        pull(generator(), store, Hub(endpoint), quiet)


def test_a_preset_that_a_package_holds_is_not_pulled(store, client, quiet):
    preset = generator(package="nowhere_to_be_found", repository=None, revision=None)
    with pytest.raises(PackageMissing, match="pip install nowhere-to-be-found"):
        pull(preset, store, client, quiet)


def test_two_pulls_at_once_are_one_too_many(store, client, quiet):
    store.folder.mkdir()
    held, done = threading.Event(), threading.Event()

    def other():
        with FileLock(store.folder / ".essai.lock"):
            held.set()
            done.wait(10)

    thread = threading.Thread(target=other)
    thread.start()
    held.wait(10)
    try:
        with pytest.raises(PullBusy):
            pull(generator(), store, client, quiet)
    finally:
        done.set()
        thread.join()
    pull(generator(), store, client, quiet)


def test_a_disk_too_small_is_told_before_a_byte_comes(store, client, quiet, hub, monkeypatch):
    import shutil

    real = shutil.disk_usage
    monkeypatch.setattr(shutil, "disk_usage", lambda path: real(path)._replace(free=1000))
    with pytest.raises(PullNoRoom, match="Faites de la place"):
        pull(generator(), store, client, quiet)
    assert hub.starts == []


def test_a_disk_that_fills_up_is_told_and_what_came_is_kept(store, client, quiet, hub, monkeypatch):
    class Full(Quiet):
        def stage(self, name, total):
            super().stage(name, total)

            def advance(size):
                if size:
                    raise OSError(errno.ENOSPC, "No space left on device")

            return advance

    with pytest.raises(PullUnwritable, match="No space left"):
        pull(generator(), store, client, Full())
    assert store.state(generator()) == "partial"


def test_a_store_that_cannot_be_made_is_told(store, client, quiet):
    store.folder.write_text("a file", encoding="utf-8")
    with pytest.raises(PullUnwritable):
        pull(generator(), store, client, quiet)
