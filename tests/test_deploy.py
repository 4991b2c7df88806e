"""What lies in ``deploy/`` and ``docs/operate.md`` says what is so."""

import configparser
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from ask.main import app
from service.settings import PREFIX, ServiceSettings
from service.web.drain import LAST_EVENTS

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
UNIT = (DEPLOY / "coulisses.service").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
OPERATE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
NOT_SETTINGS = {"COULISSES_HOME", "COULISSES_SETTINGS", "COULISSES_LANG"}


def settings_table() -> list[str]:
    """The rows of the settings, as ``docs/operate.md`` must have them."""
    rows = []
    for name, field in ServiceSettings.model_fields.items():
        told = field.default
        default = "" if told in (None, ()) else str(told).lower() if isinstance(told, bool) else str(told)
        rows.append(f"| `{name}` | {f'`{default}`' if default else ''} | {field.description} |")
    return rows


def test_the_table_of_settings_is_that_of_the_class():
    assert re.findall(r"^\| `\w+` \| .*$", OPERATE.partition("## Metrics")[0], re.M) == settings_table()


@pytest.mark.parametrize("text", [DOCKERFILE, UNIT, (DEPLOY / "compose.yaml").read_text(encoding="utf-8"), OPERATE])
def test_every_variable_named_is_read(text):
    named = set(re.findall(r"\bCOULISSES_[A-Z_]+[A-Z]", text))
    assert named <= {f"{PREFIX}{name}".upper() for name in ServiceSettings.model_fields} | NOT_SETTINGS


def test_every_command_and_option_named_exists():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read_string(UNIT)
    commands = [shlex.split(unit["Service"]["ExecStart"]), *re.findall(r'CMD \["ask", "(\w+)"\]', DOCKERFILE)]
    assert commands[0][0].endswith("/ask")
    for words in (commands[0][1:], [commands[1]], COMPOSE["services"]["index"]["command"][1:2]):
        assert CliRunner().invoke(app, [*words, "--help"]).exit_code == 0
    for command, option in re.findall(r"ask (serve|index|evaluate)[^`\n]*?(--[a-z-]+)", OPERATE):
        assert option in CliRunner().invoke(app, [command, "--help"]).output


def test_whatever_stops_the_service_waits_longer_than_it_drains():
    most = ServiceSettings.model_fields["drain_seconds"].default + LAST_EVENTS
    assert int(re.search(r"TimeoutStopSec=(\d+)", UNIT).group(1)) > most
    assert int(COMPOSE["services"]["service"]["stop_grace_period"].removesuffix("s")) > most


def test_the_containers_hold_few_rights_and_need_a_key():
    assert "USER 10001" in DOCKERFILE
    for service in COMPOSE["services"].values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "./texts:/texts:ro" in service["volumes"]
    assert ":?" in COMPOSE["services"]["service"]["environment"]["COULISSES_API_KEY"]
    assert COMPOSE["services"]["service"]["ports"] == ["127.0.0.1:8765:8765"]


def test_the_image_takes_what_the_package_is_made_of():
    kept = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")}
    made = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel, project = made["tool"]["hatch"]["build"]["targets"]["wheel"], made["project"]
    needed = {*wheel["packages"], *wheel["force-include"], project["readme"], *project["license-files"]}
    assert kept >= {*needed, "pyproject.toml"}
    assert all((ROOT / name).exists() for name in kept)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_the_unit_is_one_that_systemd_knows(tmp_path):
    unit = tmp_path / "coulisses.service"
    unit.write_text(UNIT.replace("/opt/coulisses/bin/ask serve", "/bin/true"), encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "coulisses.service" not in done.stderr
