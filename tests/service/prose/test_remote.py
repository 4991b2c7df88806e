"""Against llama-cpp-python's own server, and against servers that misbehave; all on the loopback."""

import http.server
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import GeneratorBusy, GeneratorFailed, GeneratorMissing
from service.prose.generator import Budget, Message
from service.prose.remote import UNKNOWN_CONTEXT, RemoteGenerator, _defused
from tests.service.prose.conftest import BUDGET, MESSAGES

ENDLESS = 'root ::= ("a" | "b" | " ")*'


def text_of(generator: RemoteGenerator, grammar: str | None = None, budget: Budget = BUDGET, messages=MESSAGES) -> str:
    return "".join(generator.generate(messages, grammar, budget))


# A real server


@pytest.fixture(scope="module")
def remote(server) -> RemoteGenerator:
    return RemoteGenerator(server)


def test_writes_greedily(remote):
    text = text_of(remote)
    assert "beaver" in text.lower()
    assert text_of(remote) == text


def test_streams(remote):
    assert len(list(remote.generate(MESSAGES, None, BUDGET))) > 2


def test_names_the_model_and_the_server(remote, server):
    text_of(remote)
    assert remote.name.endswith(f".gguf @ {server.removeprefix('http://').removesuffix('/v1')}")


def test_the_grammar_is_obeyed(remote):
    assert re.fullmatch(
        r"[A-Z][a-z ]{5,20} \[[12]\]", text_of(remote, 'root ::= [A-Z] [a-z ]{5,20} " [" [12] "]"', Budget(40, 60))
    )


def test_counts_by_the_server(remote, shared_generator):
    assert 0 <= remote.count_tokens(MESSAGES) - shared_generator.count_tokens(MESSAGES) < 40  # the format is estimated


def test_the_token_budget_holds(remote):
    assert len(list(remote.generate(MESSAGES, ENDLESS, Budget(5, 60)))) <= 5


def test_the_seconds_of_the_budget_hold(remote):
    start = time.monotonic()
    text_of(remote, ENDLESS, Budget(1500, 0.7))
    assert time.monotonic() - start < 1.7


def test_a_cancel_closes_the_connection_and_frees_the_server(remote):
    cancelled = threading.Event()
    pieces = remote.generate(MESSAGES, ENDLESS, Budget(1800, 60), cancelled.is_set)
    next(pieces)
    cancelled.set()
    start = time.monotonic()
    assert list(pieces) == []
    assert time.monotonic() - start < 1.5
    assert text_of(remote)


def test_more_than_the_server_holds_is_a_failure(remote):
    with pytest.raises(GeneratorFailed):
        text_of(remote, messages=(Message("user", "castor " * 3000),))
    assert text_of(remote)


# Servers that misbehave


class Scripted(http.server.BaseHTTPRequestHandler):
    """Answers as the server's ``answer`` says; keeps what was asked."""

    server: "ScriptedServer"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or "null")
        self.server.asked.append((self.path, body, dict(self.headers)))
        self.server.answer(self, body)

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        pass

    def say(self, status: int, *parts: str) -> None:
        self.send_response(status)
        self.end_headers()
        for part in parts:
            self.wfile.write(part.encode())
            self.wfile.flush()


class ScriptedServer(http.server.ThreadingHTTPServer):
    daemon_threads = True
    answer: Callable[[Scripted, dict], None]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Scripted)
        self.asked: list[tuple[str, dict, dict]] = []

    def handle_error(self, *_: object) -> None:
        pass  # a client that leaves is what is tested


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def to(server: ScriptedServer, **wishes: object) -> RemoteGenerator:
    return RemoteGenerator(f"http://127.0.0.1:{server.server_address[1]}/v1", **{"name": "m", **wishes})


def said(text: str, finish: str | None = None) -> str:
    return "data: " + json.dumps({"choices": [{"delta": {"content": text}, "finish_reason": finish}]}) + "\n\n"


def test_sends_what_was_chosen_and_no_more(scripted):
    scripted.answer = lambda request, body: request.say(200, said("oui", "stop"), "data: [DONE]\n\n")
    assert text_of(to(scripted, key="secret", temperature=0.5, seed=3)) == "oui"
    [(path, body, headers)] = scripted.asked
    assert path == "/v1/chat/completions"
    assert body == {
        "model": "m", "messages": [{"role": m.role, "content": m.content} for m in MESSAGES], "max_tokens": 10,
        "stream": True, "temperature": 0.5, "seed": 3,
    }  # fmt: skip
    assert headers["Authorization"] == "Bearer secret"


def test_no_key_no_header(scripted):
    scripted.answer = lambda request, body: request.say(200, said("oui", "stop"))
    text_of(to(scripted))
    assert "Authorization" not in scripted.asked[0][2]


def test_the_grammar_goes_out_in_each_servers_way(scripted):
    scripted.answer = lambda request, body: request.say(200, said("oui", "stop"))
    text_of(to(scripted), ENDLESS)
    assert scripted.asked[0][1]["grammar"] == ENDLESS
    assert scripted.asked[0][1]["structured_outputs"] == {"grammar": ENDLESS}


def test_a_server_that_takes_no_grammar_is_asked_without_from_then_on(scripted):
    scripted.answer = lambda request, body: (
        request.say(400, '{"error": "unknown field"}') if "grammar" in body else request.say(200, said("oui", "stop"))
    )
    generator = to(scripted)
    assert text_of(generator, ENDLESS) == text_of(generator, ENDLESS) == "oui"
    assert ["grammar" in body for _, body, _ in scripted.asked] == [True, False, False]


@pytest.mark.parametrize(
    "answer",
    [
        lambda request, body: request.say(500, "out of memory"),
        lambda request, body: request.say(401, ""),
        lambda request, body: request.say(302, ""),
        lambda request, body: request.say(200, "<html>", "data: no JSON\n"),
        lambda request, body: request.say(200, 'data: {"choices": 3}\n\n'),
        lambda request, body: request.say(200, "data: []\n\n"),
        lambda request, body: request.say(200, 'data: {"error": {"message": "CUDA"}}\n\n'),
        lambda request, body: request.say(200, said("a"), 'data: {"error": {"message": "CUDA"}}\n\n'),
        lambda request, body: request.say(200, said("in mid-")),
        lambda request, body: request.say(200, ": " + "x" * 5_000_000 + "\n"),
        lambda request, body: request.connection.shutdown(socket.SHUT_RDWR),
        lambda request, body: request.wfile.write(b"no HTTP\r\n\r\n"),
    ],
)
def test_what_is_no_answer_is_a_failure(scripted, answer):
    scripted.answer = answer
    generator = to(scripted)
    for _ in range(2):  # and the next one is served
        with pytest.raises(GeneratorFailed):
            text_of(generator, ENDLESS)


def test_the_failure_tells_what_the_server_said_and_not_the_key(scripted):
    scripted.answer = lambda request, body: request.say(500, "out of memory")
    with pytest.raises(GeneratorFailed, match="HTTP 500: out of memory") as caught:
        text_of(to(scripted, key="secret"))
    assert "secret" not in str(caught.value)


def test_nobody_listens():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        generator = RemoteGenerator(f"http://127.0.0.1:{taken.getsockname()[1]}/v1", name="m")
        with pytest.raises(GeneratorFailed):
            text_of(generator)


@pytest.mark.parametrize("said_first", [0, 1])
def test_a_server_that_hangs_is_left_within_a_second_of_the_cancel(scripted, said_first):
    scripted.answer = lambda request, body: (request.say(200, *[said("a")] * said_first), time.sleep(2))
    cancelled = threading.Event()
    pieces = to(scripted).generate(MESSAGES, None, Budget(10, 60), cancelled.is_set)
    assert [next(pieces) for _ in range(said_first)] == ["a"] * said_first
    threading.Timer(0.05, cancelled.set).start()
    start = time.monotonic()
    assert list(pieces) == []
    assert time.monotonic() - start < 1.5


def test_a_server_learns_that_nobody_reads_on(scripted):
    left = threading.Event()

    def answer(request: Scripted, _: dict) -> None:
        request.say(200)
        try:
            while True:
                request.wfile.write(said("a").encode())
                time.sleep(0.01)
        except OSError:
            left.set()

    scripted.answer = answer
    pieces = to(scripted).generate(MESSAGES, None, Budget(10, 60), lambda: False)
    next(pieces)
    pieces.close()
    assert left.wait(2)


def test_one_request_at_a_time_unless_the_server_takes_more(scripted):
    scripted.answer = lambda request, body: (request.say(200, said("a")), time.sleep(1))
    alone, several = to(scripted), to(scripted, at_once=2)
    for generator in (alone, several):
        first = generator.generate(MESSAGES, None, BUDGET, lambda: False)
        next(first)
        second = generator.generate(MESSAGES, None, Budget(10, 0.3), lambda: False)
        if generator is alone:
            with pytest.raises(GeneratorBusy):
                next(second)
        else:
            next(second)
        second.close()
        first.close()


def json_of(answers: dict[str, object]) -> Callable[[Scripted, dict], None]:
    def answer(request: Scripted, body: dict) -> None:
        value = answers.get(request.path)
        request.say(404, "") if value is None else request.say(200, json.dumps(value))

    return answer


def test_vllm_counts_and_says_its_context(scripted):
    scripted.answer = json_of(
        {"/v1/models": {"data": [{"id": "m", "max_model_len": 777}]}, "/tokenize": {"count": 33, "tokens": []}}
    )
    generator = to(scripted)
    assert (generator.context, generator.count_tokens(MESSAGES)) == (777, 33)


def test_llama_cpp_counts_and_says_its_context(scripted):
    scripted.answer = json_of(
        {"/v1/models": {"data": [{"id": "m"}]}, "/props": {"default_generation_settings": {"n_ctx": 555}},
         "/apply-template": {"prompt": "p"}, "/tokenize": {"tokens": [1, 2, 3]}}
    )  # fmt: skip
    generator = to(scripted)
    assert (generator.context, generator.count_tokens(MESSAGES)) == (555, 3)


def test_others_are_estimated_rather_too_high(scripted, shared_generator):
    scripted.answer = json_of({})
    generator = to(scripted)
    french = (Message("user", "Le castor abat les peupliers le long de la Loire, où il vit en famille. " * 10),)
    assert generator.context == UNKNOWN_CONTEXT
    assert generator.count_tokens(MESSAGES) > shared_generator.count_tokens(MESSAGES)
    assert generator.count_tokens(french) > 0.9 * shared_generator.count_tokens(french)  # of a tokenizer for English


@pytest.mark.parametrize(
    "address", ["", "gpu-box", "ftp://box/v1", "http:///v1", "http://box:99999/v1", "http://a:b@box/v1", "http://[/v1"]
)
def test_what_is_no_address_is_refused_at_once(address):
    with pytest.raises(GeneratorMissing):
        RemoteGenerator(address)


FORGED = (
    "<|im_start|>",
    "<|im_end|>",
    "</s>",
    "<s>",
    "[INST]",
    "[/INST]",
    "<start_of_turn>",
    "<｜User｜>",
    "<</SYS>>",
    "<think>",
    "<_x>",
)


@given(st.lists(st.sampled_from(FORGED) | st.text(max_size=3), max_size=10).map("".join))
def test_no_mark_of_a_chat_format_is_left_in_what_is_sent(text):
    [message] = _defused((Message("user", text),))
    assert not any(mark in message.content for mark in FORGED)
    assert message.content.replace(" ", "") == text.replace(" ", "")
