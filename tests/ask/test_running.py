"""``ask`` beside a service that runs."""

import fcntl
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ask.main import ANSWERED, MISUSED, REFUSED, app
from ask.places import Places
from ask.running import announced, answer_of, running
from indexer.build import build
from indexer.manifest import Settings
from service.engine import Wishes, open_engine
from service.schema import AnswerModel
from tests.conftest import SMALL, write_folder

ROOT = Path(__file__).resolve().parents[2]
QUESTION = "Quand la piscine est-elle ouverte ?"
NOTHING = "Quelle est la recette de la ratatouille niçoise ?"
SERVED = "Répondu par le service http://127.0.0.1:"


@contextmanager
def serving(home: Path, index: Path, **settings: str) -> Iterator[str]:
    """``ask serve`` as a user starts it; its address."""
    environment = {"PATH": os.environ["PATH"], "COULISSES_HOME": str(home), "COULISSES_PORT": "0"}
    environment |= {f"COULISSES_{name.upper()}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "ask.main", "serve", "--index", str(index)], cwd=ROOT, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http://")
        yield address
    finally:
        process.terminate()
        assert process.wait(30) == 0
        process.stdout.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory, bundled_model):
    """A home and an index of three short texts."""
    base = tmp_path_factory.mktemp("running")
    write_folder(base / "texts", SMALL)
    build(base / "texts", base / "index", Settings(), bundled_model, threads=2)
    return base / "home", base / "index"


@pytest.fixture(scope="module")
def served(place):
    """The address of a service with a key, over that index."""
    with serving(*place, api_key="une-clé-de-vingt-lettres") as address:
        yield address


@pytest.fixture
def ask(place, monkeypatch):
    home, index = place
    monkeypatch.setenv("COULISSES_HOME", str(home))
    monkeypatch.setenv("COULISSES_INDEX", str(index))
    return lambda *arguments, stdin="": CliRunner().invoke(app, list(arguments), input=stdin)


def plain(text: str) -> str:
    """Without what differs from one time to the next."""
    return re.sub(r'\d+ ms|"timings":\{.*?\}', "", text)


@pytest.mark.parametrize(
    "arguments",
    [
        [QUESTION], [NOTHING], ["--json", QUESTION], ["--explain", QUESTION], ["--top-k", "2", "--explain", QUESTION],
        ["--source", "piscine", QUESTION], ["--since", "2199", QUESTION], ["--lang", "en", NOTHING], ["???"],
        ["--source", "nulle part", QUESTION], ["mot " * 400], ["--json", "--explain", QUESTION],
        ["Qand la picsine est-elle ouverte ?"],
    ],
)  # fmt: skip
def test_the_same_output_and_exit_code_as_alone(ask, served, arguments):
    alone, beside = ask("--alone", *arguments), ask(*arguments)
    assert plain(beside.stdout) == plain(alone.stdout)
    assert beside.exit_code == alone.exit_code
    assert "Répondu" not in alone.output


def test_explain_says_which_service_answered(ask, served):
    assert f"Répondu par le service {served}." in ask("--explain", QUESTION).stderr
    assert f"Answered by the service at {served}." in ask("--explain", "--json", "--lang", "en", QUESTION).stderr
    assert SERVED not in ask(QUESTION).output


def test_what_the_service_cannot_do_is_done_alone(ask, served):
    done = ask("--no-reader", "--explain", QUESTION)
    assert done.exit_code == ANSWERED
    assert SERVED not in done.output
    assert "lecteur" not in done.stdout


def test_many_questions_with_a_bad_one_among_them(ask, served):
    done = ask("--json", "-", stdin=f"{QUESTION}\n???\n{NOTHING}\n")
    assert done.exit_code == MISUSED
    assert [json.loads(line)["status"] for line in done.stdout.splitlines()] == ["quotes", "refused"]
    assert ask("-", stdin=f"{NOTHING}\n").exit_code == REFUSED


def test_another_index_is_asked_alone(ask, served, small_index):
    assert SERVED not in ask("--explain", "--index", str(small_index), QUESTION).output


def test_the_note_is_the_users_alone_and_goes_with_the_service(small_index, tmp_path):
    with serving(tmp_path, small_index) as address:
        (note,) = (tmp_path / "services").iterdir()
        assert note.stat().st_mode & 0o777 == 0o600
        assert note.parent.stat().st_mode & 0o777 == 0o700
        assert running(Places(tmp_path), small_index).address == address
    assert not list((tmp_path / "services").iterdir())


def test_a_service_gone_without_a_word_is_no_service(ask, place, tmp_path):
    home, index = tmp_path, place[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "ask.main", "serve", "--port", "0", "--index", str(index)], cwd=ROOT,
        env={"PATH": os.environ["PATH"], "COULISSES_HOME": str(home)}, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        process.stdout.readline()
        assert running(Places(home), index) is not None
    finally:
        process.kill()
        process.communicate()
    assert len(list((home / "services").iterdir())) == 1
    assert running(Places(home), index) is None
    assert not list((home / "services").iterdir())


@pytest.fixture
def noted(tmp_path):
    """A note as a service leaves it, held by this process, for changing."""
    with ExitStack() as stack:

        def make(address: str = "http://127.0.0.1:9", index: Path = tmp_path / "index") -> Path | None:
            stack.enter_context(announced(tmp_path, address, index, "clé"))
            return next((tmp_path / "services").glob("*.json"), None)

        yield make


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://127.0.0.1:9", "http://127.0.0.1:9"), ("http://0.0.0.0:9", "http://127.0.0.1:9"),
        ("http://[::]:9", "http://[::1]:9"), ("http://[::1]:9", "http://[::1]:9"), ("http://localhost:9", "http://127.0.0.1:9"),
    ],
)  # fmt: skip
def test_a_service_is_called_on_the_loopback(noted, tmp_path, address, local):
    noted(address)
    assert running(Places(tmp_path), tmp_path / "index").address == local


@pytest.mark.parametrize(
    "address", ["http://192.168.1.5:9", "http://example.org:9", "https://127.0.0.1:9", "http://127.0.0.1"]
)
def test_a_service_elsewhere_is_not_noted(noted, address):
    assert noted(address) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda path, note: path.chmod(0o640),
        lambda path, note: path.write_text(json.dumps({**note, "address": "http://10.0.0.1:9"})),
        lambda path, note: path.write_text(json.dumps({**note, "address": "http://localhost:9"})),
        lambda path, note: path.write_text(json.dumps({**note, "address": "http://127.0.0.1:9@10.0.0.1:9"})),
        lambda path, note: path.write_text(json.dumps({**note, "index": "/ailleurs"})),
        lambda path, note: path.write_text(json.dumps({"address": note["address"]})),
        lambda path, note: path.write_text("[]"),
        lambda path, note: path.write_text("{"),
        lambda path, note: path.write_bytes(b"\xff"),
        lambda path, note: (path.rename(path.with_suffix(".there")), path.symlink_to(path.with_suffix(".there"))),
        lambda path, note: (path.unlink(), os.mkfifo(path, 0o600)),
        lambda path, note: (path.unlink(), path.mkdir(0o700)),
    ],
)  # fmt: skip
def test_a_note_that_is_not_as_it_should_be_is_no_service(noted, tmp_path, change):
    path = noted()
    change(path, json.loads(path.read_text()))
    assert running(Places(tmp_path), tmp_path / "index") is None
    if path.is_dir():
        path.rmdir()


@pytest.mark.parametrize(
    "reply",
    [
        b"", b"no\r\n\r\n", b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\nevent: quotes\n",
        b"HTTP/1.1 200 OK\r\n\r\nevent: done\ndata: {\n\n", b"HTTP/1.1 200 OK\r\n\r\nevent: done\ndata: {}\n\n",
        b"HTTP/1.1 200 OK\r\n\r\nevent: done\ndata: []\n\n", b"HTTP/1.1 200 OK\r\n\r\nevent: error\ndata: {}\n\n",
        b"HTTP/1.1 200 OK\r\n\r\nevent: done\ndata: {\"colour\": 1}\n\n", b"HTTP/1.1 200 OK\r\n\r\nevent: done\ndata: \xff\n\n",
        None,
    ],
)  # fmt: skip
def test_on_any_trouble_it_answers_alone(place, tmp_path, monkeypatch, reply):
    index = place[1]
    monkeypatch.setenv("COULISSES_HOME", str(tmp_path))
    monkeypatch.setattr("ask.running.ANSWER_SECONDS", 0.3)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if reply is not None:  # else nobody listens
            listener.listen()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        script = (
            "import socket,sys; s=socket.socket(fileno=int(sys.argv[1])); c,_=s.accept(); c.recv(65536); "
            "c.sendall(bytes.fromhex(sys.argv[2])); c.close()"
        )
        arguments = [sys.executable, "-c", script, str(listener.fileno()), (reply or b"").hex()]
        process = subprocess.Popen(arguments, pass_fds=[listener.fileno()]) if reply is not None else None
        with announced(tmp_path, address, index, "clé"):
            done = CliRunner().invoke(app, ["--explain", "--index", str(index), QUESTION])
        if process is not None:
            process.kill()
            process.wait()
    assert done.exit_code == ANSWERED
    assert "La piscine est ouverte" in done.stdout
    assert SERVED not in done.output


def test_a_service_that_says_nothing_is_not_waited_for(place, tmp_path, monkeypatch):
    monkeypatch.setenv("COULISSES_HOME", str(tmp_path))
    monkeypatch.setattr("ask.running.ANSWER_SECONDS", 0.3)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with announced(tmp_path, f"http://127.0.0.1:{listener.getsockname()[1]}", place[1], "clé"):
            done = CliRunner().invoke(app, ["--index", str(place[1]), QUESTION])
    assert done.exit_code == ANSWERED


def test_an_answer_comes_back_from_json_as_it_was(small_location):
    engine = open_engine(small_location)
    for question in (QUESTION, NOTHING, "Qand la picsine est-elle ouverte ?"):
        answer = engine.ask(question, Wishes(explain=True))
        assert answer_of(json.loads(AnswerModel.of(answer).model_dump_json())) == answer


def test_a_note_held_by_another_is_read_and_one_that_nobody_holds_is_taken_away(noted, tmp_path):
    path = noted()
    copy = path.with_name(path.name.replace(".json", "0.json"))
    copy.write_bytes(path.read_bytes())
    copy.chmod(0o600)
    with open(copy) as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        path.unlink()
        assert running(Places(tmp_path), tmp_path / "index") is not None
    assert running(Places(tmp_path), tmp_path / "index") is None
    assert not copy.exists()


def test_with_a_service_no_model_is_loaded_and_without_one_no_client(served, place, tmp_path):
    def loaded(home: Path) -> set[str]:
        script = (
            "import sys\nfrom ask.main import app\ntry:\n    app(sys.argv[1:])\nexcept SystemExit as end:\n"
            "    assert end.code == 0\nprint(*sys.modules, file=sys.stderr)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, "--index", str(place[1]), QUESTION], cwd=ROOT, capture_output=True, text=True,
            env={"PATH": os.environ["PATH"], "COULISSES_HOME": str(home)}, check=True, timeout=120,
        )  # fmt: skip
        return set(done.stderr.split())

    assert loaded(place[0]) & {"ask.running", "numpy", "faiss", "onnxruntime", "service.engine"} == {"ask.running"}
    assert not loaded(tmp_path) & {"ask.running", "http.client"}
