"""The end of a service, as the system asks for it: a signal to a process."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.service.web.making import QUESTION, until

ROOT = Path(__file__).resolve().parents[3]

# A real service whose prose takes a second and a half (SLOW) or does not end (STUCK).
SERVICE = """
import sys, time, threading
from pathlib import Path
from service.answer import AnswerSentence, Drafted, Finished, Quoted
from service.engine import Engine, open_engine
from service.settings import load_settings
from service.web.app import run
from service.web.drain import exit_on_sigterm

class Prose(Engine):
    def answering(self, question, wishes=None, cancelled=lambda: False):
        answer = next(Engine.answering(self, question)).answer
        yield Quoted(answer)
        for number in range(15 if sys.argv[2] == "SLOW" else 10**6):
            time.sleep(0.1)
            yield Drafted(AnswerSentence(str(number), (1,), True, 1.0))
        yield Finished(answer)

engine = open_engine(Path(sys.argv[1]))
exit_on_sigterm()
run(Prose(engine.index, engine.embedder, engine.calibrations, engine.reader), load_settings(Path(sys.argv[1])))
"""


@dataclass(frozen=True, slots=True)
class Service:
    process: subprocess.Popen[str]
    client: httpx.Client

    def stream(self) -> "Stream":
        return Stream(self.client)


class Stream:
    """A stream of events read in a thread: their names and data, and how it ended."""

    def __init__(self, client: httpx.Client) -> None:
        self.events: list[tuple[str, str]] = []
        self.whole = False
        self._client = client
        self.thread = threading.Thread(target=self._read)
        self.thread.start()

    def _read(self) -> None:
        headers = {"Accept": "text/event-stream"}
        with self._client.stream("POST", "/ask", json={"question": QUESTION}, headers=headers) as response:
            for line in response.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    self.events.append((value, ""))
                elif name == "data":
                    self.events[-1] = (self.events[-1][0], value)
        self.whole = True


@contextmanager
def service(location: Path, prose: str, **settings: str) -> Iterator[Service]:
    environment = {"PATH": os.environ["PATH"], "COULISSES_PORT": "0"}
    environment |= {f"COULISSES_{name.upper()}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVICE, str(location), prose], cwd=ROOT, env=environment, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        address = process.stdout.readline().strip()
        with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
            yield Service(process, client)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_lets_streams_end_with_their_last_event_and_lets_no_one_in(small_location, number):
    with service(small_location, "SLOW") as served:
        streams = [served.stream() for _ in range(2)]
        until(lambda: all(stream.events for stream in streams))
        served.process.send_signal(number)
        for stream in streams:
            stream.thread.join(20)
            assert stream.whole
            names = [name for name, _ in stream.events]
            assert names == ["quotes", *["sentence"] * 15, "done"]
            assert json.loads(stream.events[-1][1])["status"] == "quotes"
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{served.client.base_url}/healthz", trust_env=False)
        assert served.process.wait(10) == (0 if number == signal.SIGTERM else -signal.SIGINT)
        lines = [json.loads(line) for line in served.process.stderr.read().splitlines() if line.startswith("{")]
        assert [line["status"] for line in lines if line["logger"] == "coulisses.request"] == [200, 200]


def test_an_answer_that_does_not_end_is_told_that_the_service_stops(small_location):
    with service(small_location, "STUCK", drain_seconds="0.5", at_once="1", wait_seconds="60") as served:
        stream = served.stream()
        until(lambda: len(stream.events) > 1)
        waiting = served.stream()
        time.sleep(0.3)
        served.process.terminate()
        stream.thread.join(20)
        waiting.thread.join(20)
        assert stream.whole
        name, data = stream.events[-1]
        assert name == "error"
        assert json.loads(data)["status"] == 503
        assert "s’arrête" in json.loads(data)["detail"]
        assert served.process.wait(15) == 0


def test_it_says_that_it_is_not_ready_before_it_closes_its_door(small_location):
    with service(small_location, "SLOW", unready_seconds="1.5") as served:
        assert served.client.get("/readyz").status_code == 200
        served.process.terminate()
        until(lambda: served.client.get("/readyz").status_code == 503, seconds=5)
        assert served.client.get("/readyz").json()["title"] == "Service indisponible"
        assert served.client.get("/readyz").headers["retry-after"] == "5"
        assert served.client.get("/healthz").status_code == 200
        assert served.client.get("/search?q=piscine").status_code == 200
        assert served.process.wait(15) == 0


def test_an_idle_connection_outlives_the_seconds_that_httpx_keeps_one(small_location):
    with service(small_location, "SLOW") as served:
        kept = httpx.Limits(keepalive_expiry=60)
        with httpx.Client(base_url=served.client.base_url, trust_env=False, limits=kept) as client:
            first, second = (client_port(client, after) for after in (0, 5.5))
        assert first == second


def client_port(client: httpx.Client, after: float) -> int:
    time.sleep(after)
    with client.stream("GET", "/healthz") as response:
        response.read()
        return response.extensions["network_stream"].get_extra_info("client_addr")[1]
