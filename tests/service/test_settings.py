import os

import pytest

from indexer.errors import SettingInvalid, SettingsUnreadable, SettingUnknown
from service.settings import ServiceSettings, load_settings

KEY = "clé-de-seize-lettres-ou-plus"


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in os.environ:
        if name.startswith("COULISSES_"):
            monkeypatch.delenv(name)


def test_without_anything_the_service_keeps_to_the_loopback(tmp_path):
    settings = load_settings(tmp_path)
    assert (settings.host, settings.port, settings.api_key, settings.generator) == ("127.0.0.1", 8765, None, None)
    assert not settings.log_questions
    assert settings == ServiceSettings.model_construct()


def test_options_stand_over_the_environment_over_the_file_over_the_defaults(tmp_path, monkeypatch):
    (tmp_path / "settings.toml").write_text(
        'port = 1\nqueue = 2\nrate = 3\ntrusted_hosts = ["a.example"]\n', encoding="utf-8"
    )
    monkeypatch.setenv("COULISSES_PORT", "10")
    monkeypatch.setenv("COULISSES_QUEUE", "20")
    monkeypatch.setenv("COULISSES_GENERATOR", "")  # an empty variable is none
    settings = load_settings(tmp_path, {"port": 100, "host": None})
    assert (settings.port, settings.queue, settings.rate, settings.at_once) == (100, 20, 3, 2)
    assert settings.trusted_hosts == ("a.example",)
    assert settings.generator is None


def test_the_file_may_be_named_and_must_then_be_there(tmp_path, monkeypatch):
    elsewhere = tmp_path / "ailleurs.toml"
    monkeypatch.setenv("COULISSES_SETTINGS", str(elsewhere))
    with pytest.raises(SettingsUnreadable, match=r"ailleurs\.toml"):
        load_settings(tmp_path)
    elsewhere.write_text('generator = "smollm2"', encoding="utf-8")
    assert load_settings(tmp_path).generator == "smollm2"


def test_a_list_in_the_environment_is_parted_by_commas(tmp_path, monkeypatch):
    monkeypatch.setenv("COULISSES_TRUSTED_HOSTS", "a.example, *.b.example,")
    assert load_settings(tmp_path).trusted_hosts == ("a.example", "*.b.example")


@pytest.mark.parametrize(
    ("written", "said", "english"),
    [
        ("port = 99999", "« port »", "at most 65535"),
        ('port = "x"', "un entier est attendu", "an integer"),
        ("rate = 1.5", "un entier est attendu", "an integer"),
        ("queue = -1", "au moins 0", "at least 0"),
        ("drain_seconds = nan", "nombre", "number"),
        ("host = 3", "un texte est attendu", "a string"),
        ("listen_anywhere = 'peut-être'", "vrai ou faux", "true or false"),
        ("log_level = 'fort'", "'debug', 'info', 'warning', 'error'", "expected"),
        ("api_key = 'court'", "au moins 16 caractères", "at least 16"),
        ("generator_threads = 0", "au moins 1", "at least 1"),
        ("trusted_hosts = [1]", "un texte est attendu", "a string"),
    ],
)
def test_a_wrong_value_is_told_with_its_field_and_its_source(tmp_path, written, said, english):
    (tmp_path / "settings.toml").write_text(written, encoding="utf-8")
    with pytest.raises(SettingInvalid) as told:
        load_settings(tmp_path)
    assert said in str(told.value)
    assert str(tmp_path / "settings.toml") in str(told.value)
    assert english in told.value.sentence("en")


def test_the_source_is_the_variable_or_the_option_that_gave_the_value(tmp_path, monkeypatch):
    (tmp_path / "settings.toml").write_text("port = 1", encoding="utf-8")
    monkeypatch.setenv("COULISSES_PORT", "loin")
    with pytest.raises(SettingInvalid, match="COULISSES_PORT"):
        load_settings(tmp_path)
    with pytest.raises(SettingInvalid, match="--port"):
        load_settings(tmp_path, {"port": -1})


def test_unknown_keys_of_the_file_are_named(tmp_path):
    (tmp_path / "settings.toml").write_text("prot = 1\nhots = 2\nport = 3\n", encoding="utf-8")
    with pytest.raises(SettingUnknown, match="hots, prot") as told:
        load_settings(tmp_path)
    assert "trusted_hosts" in str(told.value)


@pytest.mark.parametrize("content", [b"port =", b"\xff\xfe", b"[port]\n[port]\n"])
def test_a_file_that_cannot_be_read_is_told(tmp_path, content):
    (tmp_path / "settings.toml").write_bytes(content)
    with pytest.raises(SettingsUnreadable, match=r"settings\.toml"):
        load_settings(tmp_path)


def test_a_generator_makes_a_longer_wait_worth_it():
    assert ServiceSettings.model_construct().longest_wait == 1.2
    assert ServiceSettings.model_construct(generator="none").longest_wait == 1.2
    assert ServiceSettings.model_construct(generator="m").longest_wait == 60
    assert ServiceSettings.model_construct(generator="m", wait_seconds=3.0).longest_wait == 3


def test_a_key_shows_in_no_text(tmp_path, monkeypatch):
    monkeypatch.setenv("COULISSES_API_KEY", KEY)
    settings = load_settings(tmp_path)
    assert settings.api_key.get_secret_value() == KEY
    assert KEY not in repr(settings) + str(settings.model_dump())
    monkeypatch.setenv("COULISSES_API_KEY", "trop-court")
    with pytest.raises(SettingInvalid) as told:
        load_settings(tmp_path)
    assert "trop-court" not in str(told.value)
    assert told.value.__suppress_context__
