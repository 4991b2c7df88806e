"""A chat client that people use, as they use it: ``llm`` (llm.datasette.io), in processes of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.web.app import create_app
from tests.service.web.making import served

PARADOX = "Qu’est-ce que le paradoxe du back-office ?"


@pytest.fixture(scope="module")
def llm(seeds_engine, tmp_path_factory) -> Iterator[Callable[..., subprocess.CompletedProcess]]:
    """Run ``llm`` with this service as its only extra model."""
    home = tmp_path_factory.mktemp("llm")
    with served(create_app(seeds_engine)) as address:
        model = f'- model_id: textes\n  model_name: coulisses\n  api_base: "{address}/v1"\n'
        absent = f'- model_id: absent\n  model_name: gpt-4o\n  api_base: "{address}/v1"\n'
        Path(home, "extra-openai-models.yaml").write_text(model + absent, encoding="utf-8")

        def run(*arguments: str) -> subprocess.CompletedProcess:
            return subprocess.run(
                [sys.executable, "-m", "llm", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                env={**os.environ, "LLM_USER_PATH": str(home), "NO_PROXY": "127.0.0.1"}, timeout=120, check=False,
            )  # fmt: skip

        yield run


def test_a_question_then_a_follow_up_of_the_same_chat(llm):
    first = llm("-m", "textes", "--system", "Réponds en vers.", PARADOX)
    assert first.returncode == 0, first.stderr
    assert "plus on se libère des temps" in first.stdout
    assert "[1]" in first.stdout
    assert "— `000_9df9c6625010bd9b.txt`, ligne 13" in first.stdout
    then = llm("--continue", "--no-stream", "pourquoi ?")
    assert then.returncode == 0, then.stderr
    assert "`000_9df9c6625010bd9b.txt`" in then.stdout


def test_an_error_is_read_by_the_user(llm):
    wrong = llm("-m", "absent", PARADOX)
    assert wrong.returncode != 0
    assert "Le modèle « gpt-4o » n’existe pas ici. Prenez coulisses" in wrong.stderr
