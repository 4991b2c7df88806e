"""``ask models`` as a user runs it, with a hub on the loopback."""

import _thread
import json
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ask.main import ANSWERED, FAILED, MISUSED, app
from service.settings import load_settings
from tests.service.models.loopback_hub import COMMIT, LoopbackHub
from tests.service.models.making import FOLDER, GGUF, embedder, generator

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("COULISSES_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("COULISSES_SETTINGS", raising=False)
    monkeypatch.setenv("COLUMNS", "110")
    return tmp_path / "home"


@pytest.fixture
def ask(home):
    return lambda *arguments: CliRunner().invoke(app, ["models", *map(str, arguments)])


@pytest.fixture
def own(ask, hub: LoopbackHub, monkeypatch):
    """The command with presets of the loopback hub."""
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    presets = {preset.name: preset for preset in (generator(), embedder())}
    monkeypatch.setattr("service.models.presets.load_presets", lambda: presets)
    return ask


def settings(home):
    return tomllib.loads((home / "settings.toml").read_text(encoding="utf-8"))


def test_the_list_names_what_ships_and_what_can_be_pulled(ask):
    done = ask("list")
    assert done.exit_code == ANSWERED
    for text in (
        "coulisses-embedder",
        "fourni",
        "standard *",
        "Ministral 3 8B Instruct",
        "5,2\u00a0Go",
        "jamais essayé",
    ):
        assert text in done.stdout
    assert "smollm2 *" not in done.stdout
    assert ask().stdout == done.stdout
    english = ask("list", "--lang", "en").stdout
    assert ask("--lang", "en").stdout == ask("--lang", "en", "list").stdout == english
    assert "5.2\u00a0GB" in english
    assert "never run" in english


def test_the_list_in_json_says_where_each_comes_from(ask):
    data = json.loads(ask("list", "--json").stdout)
    by_name = {row["name"]: row for row in data["models"]}
    assert data["generator"] is None
    assert by_name["small"]["repository"] == "mistralai/Ministral-3-3B-Instruct-2512-GGUF"
    assert by_name["small"]["files"][0]["bytes"] == 2_147_023_008
    assert by_name["reader"]["state"] == "bundled"
    assert (by_name["small"]["state"], by_name["small"]["run_here"]) == ("absent", False)


def test_pull_use_and_check_a_generator(own, home):
    assert own("use", "essai").exit_code == FAILED
    done = own("pull", "essai")
    assert done.exit_code == ANSWERED, done.output
    assert "Téléchargement (307\u00a0ko) …" in done.stderr
    assert "ask models use essai" in done.stderr
    path = home / "models" / "essai" / "essai.gguf"
    assert path.read_bytes() == GGUF
    done = own("use", "essai")
    assert done.exit_code == ANSWERED, done.output
    assert settings(home) == {"generator": str(path)}
    assert "là, choisi" in own("list").stdout
    assert "essai : sain" in own("check").stdout
    path.write_bytes(GGUF[:-1] + b"X")
    done = own("check")
    assert done.exit_code == FAILED
    assert "Ne vous y fiez pas" in done.stderr
    assert "reader : sain" in done.stdout
    assert own("use", "essai").exit_code == FAILED
    assert own("pull", "essai").exit_code == ANSWERED
    assert own("check", "essai").exit_code == ANSWERED


def test_an_embedder_is_used_by_indexing(own, home):
    own("pull", "vecteurs")
    done = own("use", "vecteurs")
    assert done.exit_code == ANSWERED
    folder = home / "models" / "vecteurs"
    assert done.stdout == f"ask index --embedder {folder} --query-prompt 'query: ' --passage-prompt 'passage: '\n"
    assert not (home / "settings.toml").exists()
    assert own("check", folder).stdout == f"{folder} : sain\n"


def test_another_revision(own, home):
    assert own("pull", "essai", "--revision", "main").exit_code == ANSWERED
    assert json.loads((home / "models" / "essai" / "record.json").read_bytes())["revision"] == COMMIT
    done = own("pull", "essai", "--revision", "absente")
    assert done.exit_code == FAILED
    assert "n’a pas" in done.stderr


def test_ctrl_c_is_told_and_the_next_pull_goes_on(own, hub, home):
    def press() -> None:
        time.sleep(0.2)  # the half that was sent is written
        _thread.interrupt_main()

    hub.on_half, hub.pause = press, 0.3
    done = own("pull", "essai")
    assert done.exit_code == FAILED
    assert "Téléchargement interrompu. `ask models pull essai` le reprendra" in done.stderr
    assert "incomplet" in own("list").stdout
    hub.on_half, hub.pause = None, 0.0
    assert own("pull", "essai").exit_code == ANSWERED
    assert hub.starts[1] > 0
    assert own("check", "essai").exit_code == ANSWERED


@pytest.mark.parametrize(("lang", "text"), [("fr", "ne répond pas"), ("en", "does not answer")])
def test_a_hub_that_does_not_answer(ask, monkeypatch, lang, text):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    done = ask("pull", "small", "--lang", lang)
    assert done.exit_code == FAILED
    assert text in done.stderr
    assert "Traceback" not in done.output


def test_offline_by_choice_no_socket_is_opened(home):
    """The library's own switch, in a process of its own: it is read when the library is imported."""
    done = subprocess.run(
        [sys.executable, "-m", "ask.main", "models", "pull", "small"],
        env={"PATH": "/usr/bin:/bin", "COULISSES_HOME": str(home), "HOME": str(home), "HF_HUB_OFFLINE": "1"},
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == FAILED
    assert "HF_HUB_OFFLINE" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_name_that_is_not_known(ask):
    for command in ("pull", "use"):
        done = ask(command, "gpt-inconnu")
        assert done.exit_code == MISUSED
        assert "standard" in done.stderr
    assert ask("check", "gpt-inconnu").exit_code == FAILED


def test_a_gguf_by_its_path(ask, home, tmp_path):
    path = tmp_path / "mon modèle.gguf"
    path.write_bytes(GGUF)
    done = ask("check", path)
    assert done.exit_code == ANSWERED
    assert "rien à quoi le comparer ; SHA-256" in done.stdout
    assert ask("use", path, "--adapter", path).exit_code == ANSWERED
    assert settings(home) == {"generator": str(path), "generator_adapter": str(path)}
    assert f"Rédacteur choisi : {path}" in ask("list").stdout
    path.write_bytes(b"autre chose")
    done = ask("use", path)
    assert done.exit_code == FAILED
    assert "n’est pas un modèle utilisable" in done.stderr


def test_a_folder_by_its_path(ask, tmp_path):
    for name, data in FOLDER.items():
        (tmp_path / "e5" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "e5" / name).write_bytes(data)
    done = ask("use", tmp_path / "e5")
    assert done.stdout == f"ask index --embedder {tmp_path / 'e5'}\n"


def test_a_service_by_its_address_and_none(ask, home):
    assert ask("use", "http://127.0.0.1:8080/v1", "--model", "mistral").exit_code == ANSWERED
    assert settings(home) == {"generator": "http://127.0.0.1:8080/v1", "generator_model": "mistral"}
    assert ask("use", "none").exit_code == ANSWERED
    assert settings(home) == {"generator": "none"}
    assert "Aucun rédacteur" in ask("list").stdout


def test_the_choice_goes_to_the_settings_file_that_is_read(ask, home, tmp_path, monkeypatch):
    named = tmp_path / "ailleurs.toml"
    monkeypatch.setenv("COULISSES_SETTINGS", str(named))
    assert ask("use", "http://127.0.0.1:8080/v1").exit_code == ANSWERED
    assert load_settings(home).generator == "http://127.0.0.1:8080/v1"
    assert not (home / "settings.toml").exists()
    assert "http://127.0.0.1:8080/v1" in ask("list").stdout


@pytest.mark.parametrize(
    "address", ["http://", "http://:80", "https://a b/", "http://a:99999", "http://[", "http://a\x1b[2J"]
)
def test_an_address_that_is_none(ask, home, address):
    done = ask("use", address)
    assert done.exit_code == MISUSED
    assert "\x1b" not in done.output
    assert not (home / "settings.toml").exists()


def test_a_settings_file_that_cannot_be_read_is_told(ask, home):
    home.mkdir()
    (home / "settings.toml").write_text("generator =", encoding="utf-8")
    for arguments in (("list",), ("use", "none")):
        done = ask(*arguments)
        assert done.exit_code == FAILED
        assert "réglages" in done.stderr


def test_the_list_loads_neither_the_hub_library_nor_torch():
    code = (
        "import sys\nfrom ask.main import app\ntry:\n    app(['models'])\nexcept SystemExit:\n    pass\n"
        "loaded = {name.partition('.')[0] for name in sys.modules}\n"
        "assert not loaded & {'torch', 'huggingface_hub', 'httpx2', 'faiss', 'onnxruntime'}, loaded\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
