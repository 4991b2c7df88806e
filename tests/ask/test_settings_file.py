"""``settings.toml``: only what is chosen changes."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ask.settings_file import GeneratorChoice, SettingsFile
from indexer.errors import SettingsUnwritable

WRITTEN = """# à moi
port = 9000  # le mien

generator_model = "ancien"
[limits]
questions = 3
"""


@pytest.fixture
def file(tmp_path):
    return SettingsFile(tmp_path / "home" / "settings.toml")


def read(file):
    return tomllib.loads(file.path.read_text(encoding="utf-8"))


def test_a_file_that_is_not_there_is_made(file):
    assert file.generator() is None
    file.choose(GeneratorChoice("/m/a.gguf", adapter="/m/b.gguf"))
    assert read(file) == {"generator": "/m/a.gguf", "generator_adapter": "/m/b.gguf"}
    assert file.generator() == "/m/a.gguf"


def test_comments_and_other_keys_stay_and_stale_ones_go(file):
    file.path.parent.mkdir()
    file.path.write_text(WRITTEN, encoding="utf-8", newline="")
    file.choose(GeneratorChoice("none"))
    text = file.path.read_text(encoding="utf-8")
    assert "# à moi\nport = 9000  # le mien\n" in text
    assert read(file) == {"port": 9000, "generator": "none", "limits": {"questions": 3}}
    file.choose(GeneratorChoice("http://127.0.0.1:8080/v1", model="mistral"))
    assert read(file)["generator_model"] == "mistral"
    assert read(file)["limits"] == {"questions": 3}


@settings(max_examples=40)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60))
def test_any_path_comes_back(tmp_path_factory, path):
    file = SettingsFile(tmp_path_factory.mktemp("s") / "settings.toml")
    file.choose(GeneratorChoice(path))
    assert file.generator() == path
    assert read(file) == {"generator": path}


@pytest.mark.parametrize("data", [b"generator = ", b"\xff\xfe", b"[a]\n[a]\n"])
def test_a_file_that_is_not_toml_is_told_and_left_alone(file, data):
    file.path.parent.mkdir()
    file.path.write_bytes(data)
    with pytest.raises(SettingsUnwritable):
        file.choose(GeneratorChoice("none"))
    assert file.path.read_bytes() == data


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "home").write_text("a file", encoding="utf-8")
    with pytest.raises(SettingsUnwritable):
        SettingsFile(tmp_path / "home" / "settings.toml").choose(GeneratorChoice("none"))
