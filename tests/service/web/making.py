"""An application on a real socket of the loopback, and an engine that takes its time for prose."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.types import ASGIApp

from service.answer import AnswerSentence, Drafted, Event, Finished, Quoted
from service.engine import Engine, Wishes
from service.web.listening import KEEP_ALIVE

PLAIN = Wishes()
QUESTION = "Quand la piscine est-elle ouverte ?"


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Where ``app`` is served, in a thread that has ended when the block is left."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_keep_alive=KEEP_ALIVE))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        assert not thread.is_alive()


@contextmanager
def serving(app: ASGIApp) -> Iterator[httpx.Client]:
    """A client of ``app`` while it is served."""
    with served(app) as address, httpx.Client(base_url=address, timeout=20, trust_env=False) as client:
        yield client


def until(holds: Callable[[], object], seconds: float = 20) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.01)


class Drafting(Engine):
    """A real engine whose prose comes a sentence each time that ``more`` is set; counts those under way and finished."""

    def __init__(self, engine: Engine, sentences: int = 2) -> None:
        super().__init__(engine.index, engine.embedder, engine.calibrations, engine.reader)
        self.more = threading.Semaphore(0)
        self.sentences = sentences
        self.under_way = 0
        self.finished = 0

    def answering(
        self, question: str, wishes: Wishes = PLAIN, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Event]:
        self.under_way += 1
        try:
            answer = next(Engine.answering(self, question, wishes)).answer
            yield Quoted(answer)
            for number in range(self.sentences):
                while not self.more.acquire(timeout=0.02):
                    if cancelled():
                        return
                yield Drafted(AnswerSentence(f"Phrase {number}.", (1,), True, 1.0))
            self.finished += 1
            yield Finished(answer)
        finally:
            self.under_way -= 1
