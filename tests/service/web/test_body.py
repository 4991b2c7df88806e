import json
import socket
import time

import httpx
import pytest

from service.settings import ServiceSettings
from service.web.app import create_app
from service.web.problems import LARGEST_BODY
from tests.service.web.making import QUESTION, Drafting, serving, until


def raw(client: httpx.Client, head: str, body: bytes = b"") -> socket.socket:
    """A connection that has sent this and may send more."""
    url = client.base_url
    connection = socket.create_connection((url.host, url.port), timeout=20)
    connection.sendall(f"{head}\r\nHost: {url.host}:{url.port}\r\n".encode() + body)
    return connection


def asked(client: httpx.Client, question: str = QUESTION, accept: str = "application/json") -> socket.socket:
    body = json.dumps({"question": question}).encode()
    head = f"Content-Type: application/json\r\nAccept: {accept}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return raw(client, "POST /ask HTTP/1.1", head + body)


def test_a_body_that_does_not_come_in_time_is_408(small_engine):
    with serving(create_app(small_engine, ServiceSettings.model_construct(body_seconds=0.2))) as client:
        with raw(client, "POST /ask HTTP/1.1", b"Content-Length: 50\r\n\r\n{") as slow:
            assert slow.recv(4096).startswith(b"HTTP/1.1 408")
        assert client.post("/ask", json={"question": QUESTION}).status_code == 200


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_too_large_is_a_problem_declared_or_not(small_engine, declared):
    content = b"x" * (LARGEST_BODY + 1)
    with serving(create_app(small_engine)) as client:
        told = client.post("/ask", content=content if declared else iter([content]))
        assert told.status_code == 413
        assert told.json()["status"] == 413
        exact = client.post("/ask", content=iter([b"x" * LARGEST_BODY]))
        assert exact.status_code == 422


def test_a_client_that_leaves_while_it_waits_leaves_the_queue(small_engine):
    engine = Drafting(small_engine)
    with serving(create_app(engine, ServiceSettings.model_construct(at_once=1, queue=3, wait_seconds=60.0))) as client:

        def gauges(processing: int, waiting: int) -> bool:
            text = client.get("/metrics").text
            return f"processing {processing}.0" in text and f"waiting {waiting}.0" in text

        first = asked(client)
        until(lambda: engine.under_way == 1)
        waiting = [asked(client), asked(client, accept="text/event-stream")]
        until(lambda: gauges(1, 2))
        for connection in waiting:
            connection.close()
        until(lambda: gauges(1, 0))
        first.close()
        until(lambda: gauges(0, 0))
        assert engine.finished == 0
        text = client.get("/metrics").text
        assert 'coulisses_requests_total{method="POST",route="/ask",status="499"} 3.0' in text


def test_a_client_that_leaves_a_stream_stops_the_model(small_engine):
    engine = Drafting(small_engine)
    with serving(create_app(engine)) as client:
        stream = asked(client, accept="text/event-stream")
        until(lambda: b"event: quotes" in stream.recv(65536))
        stream.close()
        until(lambda: engine.under_way == 0, seconds=2)
        assert engine.finished == 0


def test_requests_one_after_the_other_on_a_connection_are_all_answered(small_engine):
    with serving(create_app(small_engine)) as client:
        one = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        with raw(client, "GET /healthz HTTP/1.1", b"\r\n" + one + one) as pipelined:
            heard, deadline = b"", time.monotonic() + 10
            while heard.count(b'{"status":"ok"}') < 3 and time.monotonic() < deadline:
                heard += pipelined.recv(65536)
        assert heard.count(b"HTTP/1.1 200") == 3
