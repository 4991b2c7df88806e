"""The child process that holds a GGUF model; nothing else imports llama_cpp.

It speaks with the service over the socket that is its standard input (``frames.py``). First it is told what to load and
answers ``ready``, then it serves one request after another; ``cancel`` is heard at any moment. It ends when the other
side closes. Whatever goes wrong in here, up to an abort of llama.cpp, ends this process and no other.
"""

import codecs
import ctypes
import os
import queue
import resource
import secrets
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
from jinja2.sandbox import ImmutableSandboxedEnvironment

from service.prose.frames import Frames

BATCH = 512  # tokens of a prompt read by one call; what a cancelled call has read is read again
ROLES = ("system", "user", "assistant")
_LARGEST_FILE = 1 << 20  # bytes that this process may write to a file: its errors
_TRIED = 64  # likeliest tokens that a grammar is asked about before it is asked about all


class Refused(Exception):
    """A request that cannot be served; the process goes on. ``tokens`` where there are too many."""

    def __init__(self, why: str, tokens: int | None = None) -> None:
        super().__init__(why)
        self.tokens = tokens


@dataclass(slots=True)
class Usage:
    """What one generation read, found read already, and wrote, in tokens; why it ended.

    ``reason``: ``stop`` (the model's or the grammar's end), ``length``, ``seconds`` or ``cancelled``.
    """

    prompt: int = 0
    reused: int = 0
    written: int = 0
    reason: str = "stop"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one generation may cost: tokens, the moment (``time.monotonic``) it ends at, and who may end it before."""

    tokens: int
    until: float
    cancelled: Callable[[], bool] = field(default=lambda: False)

    def reached(self) -> str | None:
        """Why to stop now, if so."""
        if self.cancelled():
            return "cancelled"
        return "seconds" if time.monotonic() > self.until else None


class LoadedModel:
    """A GGUF with its context of ``context`` tokens. One thread at a time. Raises ``Refused`` where it cannot be loaded.

    ``temperature`` 0 is greedy; above it tokens are drawn at random, from ``seed`` on.
    """

    def __init__(
        self, model: str, adapter: str | None, threads: int, context: int, temperature: float, seed: int | None
    ) -> None:
        import llama_cpp

        self._llama = llama = llama_cpp
        self._log = llama.llama_log_callback(_keep_errors)  # kept as long as the library may call it
        llama.llama_log_set(self._log, ctypes.c_void_p(0))
        llama.llama_backend_init()
        loading = llama.llama_model_default_params()
        loading.use_extra_bufts = not _has_amx()
        self._model = llama.llama_model_load_from_file(os.fsencode(model), loading)
        if not self._model:
            raise Refused("llama_model_load_from_file")
        self._vocab = llama.llama_model_get_vocab(self._model)
        self.context = min(context, llama.llama_model_n_ctx_train(self._model))
        params = llama.llama_context_default_params()
        params.n_ctx, params.n_batch, params.n_ubatch = self.context, BATCH, BATCH
        params.n_threads = params.n_threads_batch = threads
        self._context = llama.llama_init_from_model(self._model, params)
        if not self._context:
            raise Refused("llama_init_from_model")
        self._memory = llama.llama_get_memory(self._context)
        if adapter is not None:
            self._adapt(adapter)
        template = llama.llama_model_chat_template(self._model, None)
        if template is None:
            raise Refused("no chat template in the file")
        self._template = _compiled(template.decode("utf-8"))
        self._size = llama.llama_vocab_n_tokens(self._vocab)
        ends = [token for token in range(self._size) if llama.llama_vocab_is_eog(self._vocab, token)]
        controls = [token for token in range(self._size) if llama.llama_vocab_is_control(self._vocab, token)]
        self._ends = frozenset(ends)
        self._controls = frozenset(controls + ends)
        self._never = np.array(sorted(set(controls) - self._ends), np.int64)  # control tokens are never written
        self._temperature = temperature
        self._random = np.random.default_rng(seed)
        self._read: list[int] = []  # the tokens that the context holds
        self._stop: Callable[[], bool] = lambda: False
        self._abort = llama.ggml_abort_callback(lambda _: self._stop())
        self._no_abort = llama.ggml_abort_callback()
        self._decode([self._start_token()])  # the first call is slow: not the first request's
        self._forget()

    def tokenize(self, text: str, *, special: bool) -> list[int]:
        """The tokens of ``text``; only with ``special`` do names of control tokens become control tokens."""
        data = text.encode("utf-8", "replace")
        if not data:
            return []
        arguments = (self._vocab, data, len(data))
        count = -self._llama.llama_tokenize(*arguments, None, 0, False, special)
        tokens = (self._llama.llama_token * count)()
        self._llama.llama_tokenize(*arguments, tokens, count, False, special)
        return list(tokens)

    def prompt(self, messages: list[tuple[str, str]]) -> list[int]:
        """The tokens that these messages (role, content) make in the model's own chat format.

        The format is rendered around names that nobody can guess; then each content takes its place, as plain text.
        """
        rendered, names = self._render(messages)
        pieces: list[tuple[str, str]] = []  # what the format says, and the content after it
        for name, (_, content) in zip(names, messages, strict=True):
            before, rendered = rendered.split(name)
            pieces.append((before, content))
        said = [self.tokenize(before, special=True) for before, _ in pieces] + [self.tokenize(rendered, special=True)]
        marks = self._controls | {token for tokens in said for token in tokens if self._is_mark(token)}
        prompt = list(said[0])
        for (_, content), after in zip(pieces, said[1:], strict=True):
            prompt += self.plain(content, marks) + after
        if self._llama.llama_vocab_get_add_bos(self._vocab) and prompt[:1] != [self._start_token()]:
            prompt.insert(0, self._start_token())
        return prompt

    def plain(self, text: str, marks: frozenset[int]) -> list[int]:
        """The tokens of ``text``, none of them in ``marks``: some models have marks that any text makes."""
        tokens = self.tokenize(text, special=False)
        if marks.isdisjoint(tokens):
            return tokens
        plain: list[int] = []
        for token in tokens:
            if token not in marks:
                plain.append(token)
                continue
            mark = self._piece(token, special=True).decode("utf-8", "replace")
            if len(mark) > 1:
                plain += self.plain(mark[:1], marks) + self.plain(mark[1:], marks)
        return plain

    def generate(self, prompt: list[int], grammar: str | None, limits: Limits, usage: Usage) -> Iterator[str]:
        """The text that follows ``prompt``, as it comes; ``usage`` is filled on the way. Raises ``Refused``."""
        usage.prompt = len(prompt)
        if len(prompt) + limits.tokens > self.context:
            raise Refused("too long", len(prompt) + limits.tokens)
        sampler = self._grammar(grammar)
        try:
            usage.reused = self._reuse(prompt)
            if self._read_prompt(prompt[usage.reused :], limits):
                yield from self._write(sampler, limits, usage)
            else:
                usage.reason = limits.reached() or "cancelled"
        finally:
            if sampler is not None:
                self._llama.llama_sampler_free(sampler)

    def _write(self, grammar: Any, limits: Limits, usage: Usage) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while usage.written < limits.tokens:
            token = self._choose(grammar)
            if token in self._ends:
                usage.reason = "stop"
                break
            usage.written += 1
            usage.reason = "length"
            if grammar is not None:
                self._llama.llama_sampler_accept(grammar, token)
            if text := decoder.decode(self._piece(token)):
                yield text
            if reason := limits.reached():
                usage.reason = reason
                break
            if usage.written < limits.tokens:
                self._decode([token])
        if text := decoder.decode(b"", final=True):
            yield text

    def _choose(self, grammar: Any) -> int:
        """The best token, of those that the grammar allows.

        With a temperature the scores get Gumbel noise: then the best is a fair draw, and the best that is allowed is a
        fair draw from what is allowed.
        """
        pointer = self._llama.llama_get_logits_ith(self._context, -1)
        scores = np.ctypeslib.as_array(pointer, shape=(self._size,))
        scores[self._never] = -np.inf
        if self._temperature > 0:
            scores = scores / self._temperature + self._random.gumbel(size=self._size).astype(np.float32)
        best = int(scores.argmax())
        if grammar is None or self._allowed(grammar, np.array([best]))[0]:
            return best
        likely = np.argpartition(scores, -_TRIED)[-_TRIED:] if self._size > _TRIED else np.arange(self._size)
        for some in (likely, np.arange(self._size)):
            allowed = some[self._allowed(grammar, some) & (scores[some] > -np.inf)]
            if len(allowed):
                return int(allowed[scores[allowed].argmax()])
        raise Refused("the grammar allows no token")

    def _allowed(self, grammar: Any, tokens: Any) -> Any:
        """Which of ``tokens`` may come next: an array of booleans of the same length."""
        llama = self._llama
        data = np.zeros(len(tokens), [("id", np.int32), ("logit", np.float32), ("p", np.float32)])
        data["id"] = tokens
        pointer = data.ctypes.data_as(llama.llama_token_data_p)
        array = llama.llama_token_data_array(data=pointer, size=len(tokens), selected=-1, sorted=False)
        llama.llama_sampler_apply(grammar, ctypes.byref(array))
        return data["logit"] == 0

    def _grammar(self, grammar: str | None) -> Any:
        if grammar is None:
            return None
        rules = grammar.encode("utf-8", "replace")
        if not rules.strip() or b"\0" in rules:
            raise Refused("the grammar is empty")  # which llama.cpp takes for none
        sampler = self._llama.llama_sampler_init_grammar(self._vocab, rules, b"root")
        if not sampler:
            raise Refused("the grammar cannot be read")
        return sampler

    def _reuse(self, prompt: list[int]) -> int:
        """How many tokens of ``prompt`` the context holds already; it forgets what comes after them."""
        shared = 0
        for held, wanted in zip(self._read, prompt[:-1], strict=False):  # the last is read again, for its logits
            if held != wanted:
                break
            shared += 1
        if not self._llama.llama_memory_seq_rm(self._memory, 0, shared, -1):
            self._forget()  # recurrent models cannot go back in part
        del self._read[shared:]
        return len(self._read)

    def _read_prompt(self, tokens: list[int], limits: Limits) -> bool:
        """Read the prompt; ``False`` where the limits ended it."""
        self._stop = lambda: limits.reached() is not None
        self._llama.llama_set_abort_callback(self._context, self._abort, ctypes.c_void_p(0))
        try:
            for start in range(0, len(tokens), BATCH):
                if self._stop() or not self._decode(tokens[start : start + BATCH]):
                    return False
            return True
        finally:  # it costs too much to be asked at each step of each token written
            self._llama.llama_set_abort_callback(self._context, self._no_abort, ctypes.c_void_p(0))

    def _decode(self, tokens: list[int]) -> bool:
        """``False`` where it was aborted. Raises ``Refused``."""
        llama = self._llama
        array = (llama.llama_token * len(tokens))(*tokens)
        code = llama.llama_decode(self._context, llama.llama_batch_get_one(array, len(tokens)))
        if code == 0:
            self._read += tokens
        elif code != 2:
            self._forget()
            raise Refused(f"llama_decode {code}")
        return bool(code == 0)

    def _forget(self) -> None:
        self._llama.llama_memory_clear(self._memory, True)
        self._read.clear()

    def _adapt(self, adapter: str) -> None:
        llama = self._llama
        loaded = llama.llama_adapter_lora_init(self._model, os.fsencode(adapter))
        if not loaded:
            raise Refused("llama_adapter_lora_init")
        adapters, scales = (llama.llama_adapter_lora_p_ctypes * 1)(loaded), (ctypes.c_float * 1)(1.0)
        if llama.llama_set_adapters_lora(self._context, adapters, 1, scales):
            raise Refused("llama_set_adapters_lora")

    def _render(self, messages: list[tuple[str, str]]) -> tuple[str, list[str]]:
        """The chat format around one unguessable name for each message's content. Raises ``Refused``."""
        names = [secrets.token_hex(16) for _ in messages]
        turns = [{"role": role, "content": name} for (role, _), name in zip(messages, names, strict=True)]
        attempts = [turns]
        if [role for role, _ in messages[:2]] == ["system", "user"]:  # some formats know no system
            attempts.append([{"role": "user", "content": f"{names[0]}\n\n{names[1]}"}, *turns[2:]])
        why = "the chat format does not take these messages"
        for attempt in attempts:
            try:
                rendered = self._template.render(
                    messages=attempt, add_generation_prompt=True, enable_thinking=False,
                    bos_token=self._name(self._start_token()),
                    eos_token=self._name(self._llama.llama_vocab_eos(self._vocab)),
                )  # fmt: skip
            except (jinja2.TemplateError, TypeError, ValueError, LookupError) as error:
                why = f"chat format: {error}"
                continue
            places = [rendered.find(name) for name in names]
            if -1 not in places and places == sorted(places) and all(rendered.count(name) == 1 for name in names):
                return rendered, names
        raise Refused(why)

    def _is_mark(self, token: int) -> bool:
        attributes = self._llama.LLAMA_TOKEN_ATTR_CONTROL | self._llama.LLAMA_TOKEN_ATTR_USER_DEFINED
        return bool(self._llama.llama_vocab_get_attr(self._vocab, token) & attributes)

    def _start_token(self) -> int:
        start = int(self._llama.llama_vocab_bos(self._vocab))
        return start if start >= 0 else 0

    def _name(self, token: int) -> str:
        return self._piece(token, special=True).decode("utf-8", "replace") if token >= 0 else ""

    def _piece(self, token: int, *, special: bool = False) -> bytes:
        """The bytes of a token, which may be a part of a character; a control token has none without ``special``."""
        room = 64
        while True:
            buffer = ctypes.create_string_buffer(room)
            length = self._llama.llama_token_to_piece(self._vocab, token, buffer, room, 0, special)
            if length >= 0:
                return buffer.raw[:length]
            room = -length


class Server:
    """Serves requests one by one; hears ``cancel``, and the end of the other side, in a thread of its own."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self._requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._cancelled = -1  # the last request that was cancelled; their numbers grow

    def listen(self) -> None:
        """Hear requests until the other side closes, then end the process, whatever it is doing."""
        try:
            while True:
                request = self._frames.receive()
                if request["do"] == "cancel":
                    self._cancelled = request["id"]
                else:
                    self._requests.put(request)
        except (EOFError, OSError):
            os._exit(0)

    def serve(self, model: LoadedModel) -> None:
        """Answer requests until the process ends."""
        while True:
            request = self._requests.get()
            number = request["id"]
            try:
                messages = [(str(role), str(content)) for role, content in request["messages"]]
                if any(role not in ROLES for role, _ in messages):
                    raise Refused("unknown role")
                prompt = model.prompt(messages)
                if request["do"] == "count":
                    self._frames.send({"id": number, "end": "counted", "tokens": len(prompt)})
                    continue
                until = time.monotonic() + request["seconds"]
                limits = Limits(request["tokens"], until, partial(self._is_cancelled, number))
                usage = Usage()
                for text in model.generate(prompt, request["grammar"], limits, usage):
                    self._frames.send({"id": number, "text": text})
                self._frames.send({"id": number, "end": usage.reason, "prompt": usage.prompt, "reused": usage.reused,
                                   "written": usage.written})  # fmt: skip
            except Refused as error:
                self._frames.send({"id": number, "error": str(error), "tokens": error.tokens, "limit": model.context})

    def _is_cancelled(self, number: int) -> bool:
        return self._cancelled >= number


def main() -> None:
    """Load and serve. Ends with the process that started it."""
    parent = socket.socket(fileno=os.dup(0))
    os.dup2(2, 1)  # whatever a library prints belongs to the errors
    _end_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    frames = Frames(parent)
    settings = frames.receive()
    server = Server(frames)
    threading.Thread(target=server.listen, daemon=True).start()
    try:
        model = LoadedModel(**settings)
    except Refused as error:
        sys.exit(str(error))
    frames.send({"ready": True, "context": model.context})
    server.serve(model)


def _end_with_parent() -> None:
    """Be killed when the thread that started this process is gone, and be the first to go where memory runs out.

    Linux only; elsewhere the end of the socket must do.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        set_death_signal, set_no_new_privileges = 1, 38  # prctl
        libc.prctl(set_death_signal, signal.SIGKILL, 0, 0, 0)
        libc.prctl(set_no_new_privileges, 1, 0, 0, 0)
        with suppress(OSError):  # some containers have it read-only
            Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")


def _has_amx() -> bool:
    """Whether llama.cpp would use AMX: its code for it crashes on virtual machines (ggml-org/llama.cpp#20824)."""
    cpu = Path("/proc/cpuinfo")
    return cpu.is_file() and "amx_int8" in cpu.read_text(encoding="ascii", errors="replace")


def _keep_errors(level: int, text: bytes, _: Any) -> None:
    """llama.cpp's log: its errors go to the error stream, whose end the supervisor tells; the rest is noise."""
    if level == 4:  # ggml.h: GGML_LOG_LEVEL_ERROR
        sys.stderr.write(text.decode("utf-8", "replace"))
        sys.stderr.flush()


def _compiled(template: str) -> jinja2.Template:
    """The chat format of the file, which may come from anyone: a sandbox (CVE-2024-34359)."""

    def refuse(why: str) -> None:
        raise jinja2.TemplateError(why)

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.globals.update(raise_exception=refuse, strftime_now=time.strftime)
    try:
        return environment.from_string(template)
    except jinja2.TemplateError as error:
        raise Refused(f"chat format: {error}") from error


if __name__ == "__main__":
    main()
