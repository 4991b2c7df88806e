"""A GGUF model on this machine: the supervisor of the child process that holds it (``llama_child.py``).

One thread, the keeper, starts the child, waits for its death and starts it again. A request borrows the child; when the
child dies, hangs or refuses, the request ends with ``GeneratorFailed`` and nothing else does.
"""

import hashlib
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from collections.abc import Generator as Generation
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import service
from indexer.cores import usable_cores
from indexer.errors import GeneratorExtraMissing, GeneratorFailed, GeneratorMissing, PromptTooLong
from service.prose.frames import Frames
from service.prose.generator import Budget, Message
from service.prose.turns import Turns

DEFAULT_CONTEXT = 4096  # tokens
LOAD_SECONDS = 120.0  # a child that takes longer to load its model hangs
WAIT_SECONDS = 30.0  # for the model, where no budget says how long
COUNT_SECONDS = 10.0
GRACE_SECONDS = 2.0  # beyond a budget's seconds, before a child that says nothing is killed
FREE_SECONDS = 0.8  # that a cancelled child has to say that it is free, before it is killed
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 30.0  # seconds before a dead child is started again; doubled by each death in a row
_LOOK_SECONDS = 0.02  # how often a request looks whether it is still wanted
_ERRORS_SHOWN = 300  # characters
_CODE = Path(service.__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Usage:
    """A generation in tokens: prompt, how much of it was still known from before, text written; why it ended.

    ``reason`` is ``stop`` (the model's or the grammar's end), ``length`` or ``seconds`` (the budget's).
    """

    prompt: int
    reused: int
    written: int
    reason: str


class LlamaGenerator:
    """A ``Generator``. Loading begins at once, in the background. Safe to use from several threads.

    ``sha256`` is what the file must have; ``temperature`` above 0 draws tokens at random, for measuring. Raises
    ``GeneratorMissing`` and, for a file that is not what it should be, ``GeneratorFailed``.
    """

    def __init__(
        self, model: Path, *, adapter: Path | None = None, sha256: str | None = None, threads: int | None = None,
        context: int = DEFAULT_CONTEXT, temperature: float = 0.0, seed: int | None = None,
    ) -> None:  # fmt: skip
        self.name = model.name if adapter is None else f"{model.name} + {adapter.name}"
        if importlib.util.find_spec("llama_cpp") is None:
            raise GeneratorExtraMissing(model=self.name)
        for path in [model] if adapter is None else [model, adapter]:
            _check(path, self.name)
        if sha256 is not None:
            with model.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256.lower():
                    raise GeneratorFailed(model=self.name, why="SHA-256")
        self._settings = {
            "model": str(model.resolve()), "adapter": None if adapter is None else str(adapter.resolve()),
            "threads": threads or usable_cores(), "context": context, "temperature": temperature, "seed": seed,
        }  # fmt: skip
        self.usage: Usage | None = None  # of the last generation; none where it was cancelled
        self._turns = Turns(self.name)
        self._state = threading.Condition()
        self._starting: _Child | None = None  # loading; guarded, as all below, by _state
        self._child: _Child | None = None  # loaded and alive
        self._failure: str | None = None  # why there is none, and none soon
        self._wanted = False
        self._closed = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name=f"keeper of {self.name}", daemon=True)
        self._keeper.start()

    @property
    def context(self) -> int:
        """Tokens that prompt and answer may be; waits until the model is loaded. Raises ``GeneratorFailed``."""
        child = self._borrow(time.monotonic() + WAIT_SECONDS, lambda: False)
        assert child is not None
        self._return(child)
        return child.context

    @property
    def pid(self) -> int | None:
        """The child's process, where there is one that is ready."""
        with self._state:
            return None if self._child is None or self._child.killed else self._child.process.pid

    def count_tokens(self, messages: tuple[Message, ...], cancelled: Callable[[], bool] = lambda: False) -> int | None:
        """See ``Generator``."""
        until = time.monotonic() + WAIT_SECONDS
        if not self._turns.take(until, cancelled):
            return None
        try:
            child = self._borrow(until, cancelled)
            if child is None:
                return None
            try:
                return child.count(messages)
            finally:
                self._return(child)
        finally:
            self._turns.give_back()

    def generate(
        self, messages: tuple[Message, ...], grammar: str | None, budget: Budget,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[str]:  # fmt: skip
        """See ``Generator``. The seconds of the budget begin with the first text asked for."""
        until = time.monotonic() + budget.seconds
        if not self._turns.take(until, cancelled):
            return
        try:
            child = self._borrow(until, cancelled)
            self.usage = None
            if child is None:
                return
            try:
                self.usage = yield from child.generate(messages, grammar, budget.tokens, until, cancelled)
            finally:
                self._return(child)
        finally:
            self._turns.give_back()

    def close(self) -> None:
        """End the child and its keeper."""
        with self._state:
            self._closed.set()
            for child in (self._starting, self._child):
                if child is not None:
                    child.kill()
            self._state.notify_all()
        self._keeper.join()

    def _borrow(self, until: float, cancelled: Callable[[], bool]) -> "_Child | None":
        """The child, to be returned; ``None`` where ``cancelled`` said so. Raises ``GeneratorFailed``."""
        with self._state:
            while True:
                if self._closed.is_set():
                    raise GeneratorFailed(model=self.name, why="fermé", why_en="closed")
                if self._child is not None and not self._child.killed:
                    self._child.users += 1
                    return self._child
                if self._failure is not None:
                    self._wanted = True
                    self._state.notify_all()
                    raise GeneratorFailed(model=self.name, why=self._failure)
                if cancelled():
                    return None
                if time.monotonic() > until:
                    raise GeneratorFailed(model=self.name, why="pas chargé à temps", why_en="not loaded in time")
                self._state.wait(_LOOK_SECONDS)

    def _return(self, child: "_Child") -> None:
        with self._state:
            child.users -= 1
            child.close_when_unused()

    def _keep(self) -> None:
        """Start the child, wait for its death, start it again: soon after one death, later after several in a row.

        A model that cannot be loaded is tried again only when it is asked for. The child is started by this thread
        because its death signal is bound to the thread that started it, not to the process.
        """
        deaths = 0
        while not self._closed.is_set():
            try:
                child = _Child(self.name, self._settings)
            except OSError as error:  # no memory, no process, no descriptor left
                with self._state:
                    self._failure = str(error)
                    self._state.wait_for(self._closed.is_set, LONGEST_PAUSE)
                continue
            with self._state:
                self._starting = child
                if self._closed.is_set():
                    child.kill()
            loaded = child.load()
            with self._state:
                self._starting = None
                if loaded:
                    self._child, self._failure = child, None
                    self._state.notify_all()
            child.wait()
            deaths = 1 if child.has_served else deaths + 1
            pause = min(FIRST_PAUSE * 2 ** (deaths - 1), LONGEST_PAUSE)
            with self._state:
                self._child = None
                self._wanted = False
                if not loaded or pause > 1:
                    self._failure = child.why()
                child.ended = True
                child.close_when_unused()
                self._state.notify_all()
                self._state.wait_for(self._closed.is_set, pause)
                if not loaded:
                    self._state.wait_for(lambda: self._closed.is_set() or self._wanted)


class _Child:
    """A started process. ``users`` and ``ended`` are guarded by the supervisor's condition."""

    def __init__(self, model: str, settings: dict[str, Any]) -> None:
        self._model = model
        self._errors = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed with the child
        here, there = socket.socketpair()
        try:
            with there:
                self.process = subprocess.Popen(  # -P: nothing is imported from the folder that the service was started in
                    [sys.executable, "-P", "-m", "service.prose.llama_child"],
                    stdin=there.fileno(), stdout=self._errors, stderr=self._errors, cwd="/", env=_environment(),
                    start_new_session=True,  # Ctrl-C is for the parent, which cancels
                )  # fmt: skip
        except OSError:
            here.close()
            self._errors.close()
            raise
        self._frames = Frames(here)
        self._settings = settings
        self._exited = threading.Event()
        self._number = 0
        self.context = 0
        self.users = 0
        self.ended = False
        self.has_served = False
        self.killed = False

    def load(self) -> bool:
        """Whether the model was loaded; if not, the process is at its end."""
        try:
            self._frames.send(self._settings, COUNT_SECONDS)
            self.context = self._frames.receive(LOAD_SECONDS)["context"]
        except (OSError, EOFError, ValueError):
            self.kill()
            return False
        return True

    def wait(self) -> None:
        """Until the process has ended."""
        self.process.wait()
        self._exited.set()

    def kill(self) -> None:
        """At once, whatever it does; no request is given to it any more."""
        self.killed = True
        self.process.kill()

    def close_when_unused(self) -> None:
        """Close what belongs to an ended process when no request reads from it any more."""
        if self.ended and self.users == 0:
            self._frames.close()
            self._errors.close()

    def why(self) -> str:
        """What ended the process: its last words, or the signal."""
        self._exited.wait(1)
        errors = self._errors.fileno()
        lines = os.pread(errors, 4000, max(0, os.fstat(errors).st_size - 4000)).decode("utf-8", "replace").split("\n")
        said = " · ".join([line.strip() for line in lines if line.strip()][-3:])
        code = self.process.returncode
        how = signal.Signals(-code).name if code is not None and code < 0 else f"exit {code}"
        return f"{how}: {said}"[:_ERRORS_SHOWN] if said else how

    def count(self, messages: tuple[Message, ...]) -> int:
        """See ``Generator.count_tokens``."""
        number = self._ask({"do": "count", "messages": _plain(messages)})
        frame = self._hear(number, time.monotonic() + COUNT_SECONDS)
        assert frame is not None
        return int(frame["tokens"])

    def generate(
        self,
        messages: tuple[Message, ...],
        grammar: str | None,
        tokens: int,
        until: float,
        cancelled: Callable[[], bool],
    ) -> Generation[str, None, Usage | None]:
        """See ``Generator.generate``; ``until`` is of ``time.monotonic``. Returns the ``Usage``."""
        number = self._ask(
            {"do": "generate", "messages": _plain(messages), "grammar": grammar, "tokens": tokens,
             "seconds": until - time.monotonic()}
        )  # fmt: skip
        ended = False
        try:
            while (frame := self._hear(number, until + GRACE_SECONDS, cancelled)) is not None:
                if "end" in frame:
                    ended = True
                    return Usage(frame["prompt"], frame["reused"], frame["written"], frame["end"])
                self.has_served = True
                yield frame["text"]
            return None
        except GeneratorFailed:
            ended = True
            raise
        finally:
            if not ended:
                self._free(number)

    def _ask(self, request: dict[str, Any]) -> int:
        self._number += 1
        try:
            self._frames.send({**request, "id": self._number}, GRACE_SECONDS)
        except ValueError as error:
            raise GeneratorFailed(model=self._model, why=str(error)) from error
        except OSError as error:
            self.kill()
            raise GeneratorFailed(model=self._model, why=self.why()) from error
        return self._number

    def _hear(self, number: int, until: float, cancelled: Callable[[], bool] = lambda: False) -> dict[str, Any] | None:
        """The next frame of request ``number``; ``None`` once ``cancelled`` says so. Kills a child that says nothing.

        Raises ``GeneratorFailed``, also for what the child refuses.
        """
        while not cancelled():
            try:
                frame = self._frames.receive(_LOOK_SECONDS)
            except TimeoutError:
                if time.monotonic() > until:
                    self.kill()
                    raise GeneratorFailed(
                        model=self._model, why="pas de réponse à temps", why_en="no answer in time"
                    ) from None
                continue
            except (EOFError, OSError, ValueError) as error:
                self.kill()
                raise GeneratorFailed(model=self._model, why=self.why()) from error
            if frame["id"] != number:
                continue  # the rest of a request given up
            if "error" not in frame:
                return frame
            if frame["tokens"] is not None:
                raise PromptTooLong(model=self._model, tokens=frame["tokens"], limit=frame["limit"])
            raise GeneratorFailed(model=self._model, why=frame["error"])
        return None

    def _free(self, number: int) -> None:
        """Tell the child to stop; wait until it says that it has, or kill it."""
        try:
            self._frames.send({"do": "cancel", "id": number}, FREE_SECONDS)
            end = time.monotonic() + FREE_SECONDS
            while True:
                frame = self._frames.receive(max(end - time.monotonic(), 0))
                if frame["id"] == number and "text" not in frame:
                    return
        except (EOFError, OSError, ValueError):
            self.kill()


def _plain(messages: tuple[Message, ...]) -> list[tuple[str, str]]:
    return [(message.role, message.content) for message in messages]


def _check(path: Path, model: str) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise GeneratorMissing(model=model, why=error) from error
    if magic != b"GGUF":
        raise GeneratorFailed(model=model, why=f"{path}: GGUF ?")


def _environment() -> dict[str, str]:
    """Of the parent's environment the child needs nothing but where to find libraries; no key of anyone's goes there."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "HOME") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(_CODE),
        "PYTHONUTF8": "1",
        "GGML_NO_BACKTRACE": "1",  # an abort would start a debugger
    }
