"""``ask index`` while serving: no request fails, the new text is found, and every citation is of its own generation."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import httpx

from indexer.build import build
from indexer.manifest import Settings
from service.web.app import create_app
from tests.conftest import write_folder
from tests.service.conftest import MODEL
from tests.service.web.making import served

ROOT = Path(__file__).resolve().parents[3]
SWAPS = 3
QUESTION = "Depuis quand le phare de la pointe nord guide-t-il les pêcheurs ?"


def text_of(number: int) -> str:
    """What the folder says when the generation of that number is made: the same, elsewhere in the file."""
    moulins = "Le moulin de la colline moud le blé des fermes voisines. " * number
    return f"{moulins}\n\nLe phare de la pointe nord guide les pêcheurs depuis {1800 + number} par tous les temps.\n"


class Asking(threading.Thread):
    """Asks over and over until told to stop, and keeps what came back."""

    def __init__(self, address: str, path: str, body: dict) -> None:
        super().__init__(daemon=True)
        self.stop = threading.Event()
        self.answers: list[dict] = []
        self.failures: list[str] = []
        self._address, self._path, self._body = address, path, body

    def run(self) -> None:
        with httpx.Client(base_url=self._address, trust_env=False, timeout=60) as client:
            while not self.stop.is_set():
                try:
                    response = client.post(self._path, json=self._body)
                except httpx.HTTPError as error:
                    self.failures.append(repr(error))
                    continue
                if response.status_code == 200:
                    data = response.json()
                    self.answers.append(data if self._path == "/ask" else data["choices"][0]["message"]["coulisses"])
                else:
                    self.failures.append(response.text)


def test_the_index_is_changed_under_those_who_ask(engine_of):
    engine = engine_of({"phare.txt": text_of(1)})
    folder, location = Path(engine.index.manifest.folder), engine.index.location
    with served(create_app(engine)) as address:
        chat = {"model": "coulisses", "messages": [{"role": "user", "content": QUESTION}]}
        askers = [Asking(address, "/ask", {"question": QUESTION}), Asking(address, "/v1/chat/completions", chat)]
        for asker in askers:
            asker.start()
        for number in range(2, 2 + SWAPS):
            write_folder(folder, {"phare.txt": text_of(number)})
            if number == 2:  # once as a user does it, in a process of its own
                subprocess.run(
                    [sys.executable, "-m", "ask.main", "index", str(folder), "--index", str(location)], cwd=ROOT, check=True,
                    env={**os.environ, "COULISSES_HOME": str(location.parent / "home")}, capture_output=True, timeout=120,
                )  # fmt: skip
            else:
                build(folder, location, Settings(), MODEL, 1)
            found = httpx.post(f"{address}/ask", json={"question": QUESTION}, timeout=60, trust_env=False).json()
            while found["index"] != f"gen-{number:06}":  # another request is opening it
                found = httpx.post(f"{address}/ask", json={"question": QUESTION}, timeout=60, trust_env=False).json()
            assert str(1800 + number) in found["answer"]
        for asker in askers:
            asker.stop.set()
        for asker in askers:
            asker.join(timeout=60)
    assert [asker.failures for asker in askers] == [[], []]
    answers = [answer for asker in askers for answer in asker.answers]
    assert {answer["index"] for answer in answers} >= {"gen-000001", f"gen-{1 + SWAPS:06}"}
    for answer in answers:
        text = text_of(int(answer["index"].removeprefix("gen-")))
        for citation in [*answer["citations"], *answer["nearest"]]:
            assert text[citation["start"] : citation["end"]] == citation["quote"]
        # between the change of the file and the new generation the old text is set aside, never quoted
        assert answer["citations"] or answer["stale"] == ["phare.txt"]
