"""A model behind an address: any server that speaks OpenAI's chat completions (vLLM, llama.cpp, Ollama, …)."""

import http.client
import json
import math
import queue
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from indexer.errors import GeneratorFailed, GeneratorMissing
from service.prose.generator import Budget, Message
from service.prose.turns import Turns

UNKNOWN_CONTEXT = 4096  # tokens, where neither the choice nor the server says
CONNECT_SECONDS, ASK_SECONDS = 5.0, 30.0
BYTES_PER_TOKEN = 2.5  # of French text, at least: for servers that do not count
FORMAT_TOKENS = 8  # that a chat format adds to a message, at most
_LARGEST_ANSWER = 1 << 22  # bytes
_LOOK_SECONDS = 0.02
_SHOWN = 200  # characters of what a server says went wrong

# What a chat format may use as a mark: <|im_start|>, <s>, </s>, <start_of_turn>, <｜User｜>, [INST], [/INST] …
_MARK = re.compile(r"<(?=[|｜/a-zA-Z_])|\[(?=/?[A-Z_]{2,}\])")


class _Refused(Exception):
    """A server's answer that is not 200."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"HTTP {status}: {said}" if said else f"HTTP {status}")
        self.status = status


class RemoteGenerator:
    """A ``Generator``. Nothing is sent before the first request. Safe to use from several threads.

    ``address`` is up to the ``/v1``. Raises ``GeneratorMissing`` where it is none. The grammar is sent in the ways that
    llama.cpp's, llama-cpp-python's and vLLM's servers know; a server that knows none writes freely, so the caller checks
    what it gets. Servers read their chat format and the contents as one text: what looks like a mark in a content is
    broken by a space.
    """

    def __init__(
        self, address: str, *, name: str | None = None, key: str | None = None, at_once: int = 1,
        context: int | None = None, temperature: float = 0.0, seed: int | None = None,
    ) -> None:  # fmt: skip
        self._server = _Server(address, key)
        self._model = name
        self._context = context
        self._sampling = {"temperature": temperature} if seed is None else {"temperature": temperature, "seed": seed}
        self._takes_grammar = True
        self._count: Callable[[tuple[Message, ...]], int] | None = None
        self._turns = Turns(self._server.shown, at_once)

    @property
    def name(self) -> str:
        """The model's name and the server's."""
        return f"{self._model} @ {self._server.shown}" if self._model else self._server.shown

    @property
    def context(self) -> int:
        """What was chosen, else what the server says. Raises ``GeneratorFailed``."""
        if self._context is None:
            self._context = self._find_context() or UNKNOWN_CONTEXT
        return self._context

    def count_tokens(self, messages: tuple[Message, ...], cancelled: Callable[[], bool] = lambda: False) -> int:
        """Counted by the server where it can (vLLM, llama.cpp, llama-cpp-python), else estimated, rather too high."""
        messages = _defused(messages)
        if self._count is not None:
            return self._count(messages)
        for count in (self._count_vllm, self._count_llama_cpp, self._count_llama_cpp_python):
            try:
                tokens = count(messages)
            except (_Refused, LookupError, TypeError, ValueError):
                continue
            self._count = count
            return tokens
        self._count = _estimate
        return _estimate(messages)

    def generate(
        self, messages: tuple[Message, ...], grammar: str | None, budget: Budget,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Iterator[str]:  # fmt: skip
        """See ``Generator``. To cancel closes the connection: that is how these servers are told."""
        until = time.monotonic() + budget.seconds
        if not self._turns.take(until, cancelled):
            return
        try:
            free = {
                "model": self._named(), "messages": _wire(_defused(messages)), "max_tokens": budget.tokens, "stream": True,
                **self._sampling,
            }  # fmt: skip
            if grammar is None or not self._takes_grammar:
                yield from self._stream(free, until, cancelled)
                return
            try:
                yield from self._stream(
                    {**free, "grammar": grammar, "structured_outputs": {"grammar": grammar}}, until, cancelled
                )
            except _Refused as error:
                if error.status not in (400, 422):
                    raise
                yield from self._stream(free, until, cancelled)  # is it the grammar that the server does not take?
                self._takes_grammar = False
        except _Refused as error:
            raise GeneratorFailed(model=self.name, why=error) from error
        finally:
            self._turns.give_back()

    def close(self) -> None:
        """Nothing is kept open between requests."""

    def _stream(self, body: dict[str, Any], until: float, cancelled: Callable[[], bool]) -> Iterator[str]:
        """The text of one answer. Raises ``_Refused`` before any text, ``GeneratorFailed``."""
        whole = False
        for line in self._server.lines("POST", "/chat/completions", body, until, cancelled):
            field, _, data = line.partition(b":")
            if field != b"data":
                continue
            if data.strip() == b"[DONE]":
                return
            try:
                event = json.loads(data)
                if "error" in event:
                    raise GeneratorFailed(model=self.name, why=str(event["error"])[:_SHOWN])
                for choice in event["choices"][:1]:
                    if text := choice["delta"].get("content"):
                        yield str(text)
                    whole = whole or choice.get("finish_reason") is not None
            except (ValueError, LookupError, TypeError, AttributeError) as error:
                raise GeneratorFailed(model=self.name, why=f"not a chat completion: {error!r}"[:_SHOWN]) from error
        if not whole and not cancelled() and time.monotonic() < until:
            raise GeneratorFailed(model=self.name, why="liaison rompue", why_en="the connection was lost")

    def _named(self) -> str:
        """The model to ask for: the first that the server has, where none was chosen."""
        if self._model is None:
            try:
                self._model = str(self._server.ask("GET", "/models")["data"][0]["id"])
            except (LookupError, TypeError, ValueError) as error:
                raise GeneratorFailed(model=self.name, why=f"/models: {error!r}") from error
        return self._model

    def _find_context(self) -> int | None:
        """vLLM says it with its models, llama.cpp's server with its properties."""
        try:
            for model in self._server.ask("GET", "/models")["data"]:
                if self._model in (None, model["id"]) and "max_model_len" in model:
                    return int(model["max_model_len"])
            return int(self._server.ask("GET", "/props", root=True)["default_generation_settings"]["n_ctx"])
        except (_Refused, LookupError, TypeError, ValueError):
            return None

    def _count_vllm(self, messages: tuple[Message, ...]) -> int:
        body = {"model": self._named(), "messages": _wire(messages)}
        return int(self._server.ask("POST", "/tokenize", body, root=True)["count"])

    def _count_llama_cpp(self, messages: tuple[Message, ...]) -> int:
        prompt = self._server.ask("POST", "/apply-template", {"messages": _wire(messages)}, root=True)["prompt"]
        body = {"content": prompt, "add_special": True, "parse_special": True}
        return len(self._server.ask("POST", "/tokenize", body, root=True)["tokens"])

    def _count_llama_cpp_python(self, messages: tuple[Message, ...]) -> int:
        body = {"input": "\n".join(message.content for message in messages)}
        counted = int(self._server.ask("POST", "/extras/tokenize/count", body, root=True)["count"])
        return counted + FORMAT_TOKENS * (len(messages) + 1)


class _Server:
    """What is at an address, asked over one connection a request; redirects and proxies are not followed."""

    def __init__(self, address: str, key: str | None) -> None:
        try:
            parts = urlsplit(address)
            self._host, self._port, self._tls = parts.hostname or "", parts.port, parts.scheme == "https"
        except ValueError as error:
            raise GeneratorMissing(model=address, why=error) from error
        if parts.scheme not in ("http", "https") or not self._host or parts.username or parts.query or parts.fragment:
            raise GeneratorMissing(model=parts.hostname or "—", why="http(s)://…/v1 ?")
        self._base = parts.path.rstrip("/")
        self.shown = parts.netloc
        self._headers = {"Content-Type": "application/json", "Connection": "close"}
        if key is not None:
            self._headers["Authorization"] = f"Bearer {key}"

    def ask(self, method: str, path: str, body: object = None, *, root: bool = False) -> Any:
        """The JSON answered; ``root`` where the path is beside the ``/v1``.

        Raises ``_Refused``, ``ValueError``, ``GeneratorFailed``.
        """
        until = time.monotonic() + ASK_SECONDS
        answer = b"".join(self.lines(method, path, body, until, lambda: False, root=root))
        if time.monotonic() > until:
            raise GeneratorFailed(model=self.shown, why="pas de réponse à temps", why_en="no answer in time")
        return json.loads(answer)

    def lines(
        self, method: str, path: str, body: object, until: float, cancelled: Callable[[], bool], *, root: bool = False
    ) -> Iterator[bytes]:
        """The lines answered, as they come, until ``until`` or ``cancelled``. Raises ``_Refused``, ``GeneratorFailed``."""
        path = (self._base.removesuffix("/v1") if root else self._base) + path
        kind = http.client.HTTPSConnection if self._tls else http.client.HTTPConnection
        call = _Call(kind(self._host, self._port, timeout=CONNECT_SECONDS))
        data = None if body is None else json.dumps(body).encode("ascii")
        threading.Thread(target=call.run, args=(method, path, data, self._headers, until), daemon=True).start()
        refused: int | None = None
        said = b""
        try:
            while not cancelled() and time.monotonic() < until:
                try:
                    came = call.came.get(timeout=_LOOK_SECONDS)
                except queue.Empty:
                    continue
                match came:
                    case None:
                        if refused is not None:
                            raise _Refused(refused, said.decode("utf-8", "replace")[:_SHOWN])
                        return
                    case Exception():
                        raise GeneratorFailed(model=self.shown, why=f"{came!r}"[:_SHOWN]) from came
                    case int():
                        refused = None if came == http.HTTPStatus.OK else came
                    case bytes() if refused is None:
                        yield came
                    case bytes():
                        said += came
        finally:
            call.close()


class _Call:
    """One request, made in a thread of its own: ``came`` gets the status, the lines, what went wrong, and ``None``."""

    def __init__(self, connection: http.client.HTTPConnection) -> None:
        self.came: queue.SimpleQueue[int | bytes | Exception | None] = queue.SimpleQueue()
        self._connection = connection
        self._socket: socket.socket | None = None
        self._closed = threading.Event()

    def run(self, method: str, path: str, body: bytes | None, headers: dict[str, str], until: float) -> None:
        """Send and read all, until done or closed."""
        try:
            self._connection.connect()
            self._socket = self._connection.sock  # the connection forgets it, the response keeps it
            if self._closed.is_set():
                return
            self._socket.settimeout(max(until - time.monotonic(), 0.001))
            self._connection.request(method, path, body, headers)
            with self._connection.getresponse() as response:
                self.came.put(response.status)
                size = 0
                while line := response.readline(_LARGEST_ANSWER):
                    size += len(line)
                    if size > _LARGEST_ANSWER:
                        raise ValueError(f"more than {_LARGEST_ANSWER} bytes")
                    self.came.put(line)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.came.put(error)
        finally:
            self._connection.close()
            self.came.put(None)

    def close(self) -> None:
        """Break the connection, whatever it waits for."""
        self._closed.set()
        if self._socket is not None:
            with suppress(OSError):  # it has ended by itself
                self._socket.shutdown(socket.SHUT_RDWR)


def _wire(messages: tuple[Message, ...]) -> list[dict[str, str]]:
    return [{"role": message.role, "content": message.content} for message in messages]


def _defused(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """The messages without anything that a chat format could take for a mark of its own."""
    return tuple(Message(message.role, _MARK.sub(lambda mark: mark[0] + " ", message.content)) for message in messages)


def _estimate(messages: tuple[Message, ...]) -> int:
    sizes = (len(message.content.encode("utf-8", "replace")) for message in messages)
    return FORMAT_TOKENS + sum(math.ceil(size / BYTES_PER_TOKEN) + FORMAT_TOKENS for size in sizes)
