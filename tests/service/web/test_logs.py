import io
import json
import logging
import sys

import pytest

from service.settings import ServiceSettings
from service.web.app import create_app
from service.web.logs import JsonFormatter, log_as_json
from tests.service.web.making import QUESTION, Drafting, serving

CANARY = "zorglub4807"


class Broken(Drafting):
    """Fails with the question in its error, as a library may."""

    def answering(self, question, wishes=None, cancelled=lambda: False):
        raise RuntimeError(f"cannot answer {question}")


@pytest.fixture
def logged(monkeypatch):
    """Where the service logs, as lines of JSON; the loggers are put back afterwards."""
    stream = io.StringIO()

    def begin(level: str = "info", texts: bool = False) -> None:
        log_as_json(level, texts, stream)

    loggers = [logging.getLogger(name) for name in ("coulisses", "uvicorn")]
    before = [(logger.handlers, logger.level, logger.propagate) for logger in loggers]
    yield begin, lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    for logger, (handlers, level, propagate) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def requests(lines: list[dict]) -> list[dict]:
    return [line for line in lines if line["logger"] == "coulisses.request"]


def test_each_request_is_one_line_with_its_route_and_times_and_not_its_question(small_engine, logged):
    begin, lines = logged
    begin()
    with serving(create_app(small_engine)) as client:
        client.post("/ask", json={"question": f"{QUESTION} {CANARY}"})
        client.post("/ask", json={"question": CANARY, "top_k": CANARY})
        client.get(f"/search?q={CANARY}")
        client.get(f"/documents/{CANARY}")
        client.get(f"/{CANARY}")
        client.request("ZORGLUB4807", "/ask", headers={"X-Request-ID": f"{CANARY}!"})
    told = requests(lines())
    assert [(line["method"], line["route"], line["status"]) for line in told] == [
        ("POST", "/ask", 200), ("POST", "/ask", 422), ("GET", "/search", 200), ("GET", "/documents/{document_id}", 404),
        ("GET", "-", 404), ("OTHER", "/ask", 405),
    ]  # fmt: skip
    answered = told[0]
    assert answered["answer"] in ("quotes", "refused")
    assert answered["index"] == "gen-000001"
    assert {"understand", "search", "total"} <= set(answered["timings"])
    assert answered["duration_ms"] >= answered["timings"]["total"] * 0.9
    assert CANARY not in json.dumps(lines()).replace(told[5]["request_id"], "")


def test_the_question_is_logged_where_the_operator_says_so(small_engine, logged):
    begin, lines = logged
    begin(texts=True)
    with serving(create_app(small_engine, ServiceSettings.model_construct(log_questions=True))) as client:
        client.post("/ask", json={"question": QUESTION})
    assert requests(lines())[0]["question"] == QUESTION


@pytest.mark.parametrize("texts", [False, True])
def test_a_failure_is_told_by_its_class_and_place_and_by_its_text_only_where_texts_are_logged(
    small_engine, logged, texts
):
    begin, lines = logged
    begin(texts=texts)
    with serving(create_app(Broken(small_engine), ServiceSettings.model_construct(log_questions=texts))) as client:
        response = client.post("/ask", json={"question": CANARY}, headers={"X-Request-ID": "mien-1"})
    assert response.status_code == 500
    assert response.json()["title"] == "Échec du service"
    assert response.headers["x-request-id"] == "mien-1"
    assert CANARY not in response.text
    failure = next(line for line in lines() if line["message"] == "failure")
    assert (failure["error"], failure["request_id"], failure["level"]) == ("RuntimeError", "mien-1", "error")
    assert any("answering" in frame for frame in failure["at"])
    assert (CANARY in json.dumps(lines())) is texts


@pytest.mark.parametrize("given", ["abc", "A-1.b_c", "0" * 64])
def test_a_valid_request_id_is_kept(small_engine, given):
    with serving(create_app(small_engine)) as client:
        assert client.get("/healthz", headers={"X-Request-ID": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a b", "é", '"', "-a", "0" * 65, "a;b", "<script>"])
def test_another_gets_a_new_one(small_engine, given):
    with serving(create_app(small_engine)) as client:
        first, second = (
            client.get("/healthz", headers={"X-Request-ID": given.encode()}).headers["x-request-id"] for _ in range(2)
        )
        assert given not in (first, second)
        assert first != second


def test_refusals_have_an_id_too(small_engine):
    with serving(create_app(small_engine)) as client:
        assert client.get("/search", headers={"Host": "evil.test"}).headers["x-request-id"]


def test_a_line_stays_one_line_whatever_it_says():
    record = logging.LogRecord("x", logging.INFO, "", 1, "deux\nlignes\r \x1b[31m %s", ("été",), None)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert "\x1b" not in line
    assert json.loads(line)["message"] == "deux\nlignes\r \x1b[31m été"


def test_an_error_without_texts_shows_no_line_of_source():
    try:
        raise ValueError(CANARY)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "failure", (), sys.exc_info())
    assert CANARY not in JsonFormatter().format(record)
    assert json.loads(JsonFormatter(texts=True).format(record))["error_text"] == CANARY
