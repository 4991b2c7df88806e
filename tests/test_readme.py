"""The two READMEs say the same, and what they say is so."""

import re
from pathlib import Path

from typer.testing import CliRunner

from ask.main import app

ROOT = Path(__file__).resolve().parent.parent
ENGLISH, FRENCH = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.fr.md"))


def shape(text: str) -> list[str]:
    """Headings' levels, code blocks, table rows' commands and links, in order."""
    found = []
    for match in re.finditer(
        r"^(#+) |^```(\w*)\n(.*?)^```|^\| (.*?) \|(?=[^\n]*\|$)|\]\((?!README)([^)]+)\)", text, re.M | re.S
    ):
        level, _, code, row, link = match.groups()
        found.append(level or code or (row and re.sub(r"FOLDER|DOSSIER|RUN|MESURE|NAME|NOM", "X", row)) or link)
    return [item for item in found if item not in ("command", "commande")]


def test_the_french_readme_keeps_step_with_the_english():
    assert shape(FRENCH) == shape(ENGLISH)


def test_links_lead_to_files():
    for text in (ENGLISH, FRENCH):
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            assert (ROOT / link).exists(), link


def test_every_command_and_option_of_the_readme_exists():
    commands = set(re.findall(r"`ask (index|serve|evaluate|models|mcp|--\w[\w-]*)", ENGLISH))
    helps = {
        name: CliRunner().invoke(app, [name, "--help"]).output
        for name in ("index", "serve", "evaluate", "models", "mcp", "question")
    }
    for name in commands:
        assert name in helps or name in helps["question"], name
    for option in re.findall(r"`(--\w[\w-]*)`", ENGLISH):
        assert any(option in text for text in helps.values()), option


def test_the_answer_shown_is_the_answer_given(tmp_path, monkeypatch):
    monkeypatch.setenv("COULISSES_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "80")
    shown = re.search(r"^```\n(\[1\].*?)^```", ENGLISH, re.M | re.S).group(1)
    given = CliRunner().invoke(app, ["qu'est-ce que le paradoxe du back-office"])
    assert given.exit_code == 0

    def plain(text: str) -> str:
        return " ".join(text.split())

    assert plain(shown) in plain(given.stdout)
