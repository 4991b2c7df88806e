"""The service over a real socket of the loopback."""

import json
import socket
from collections.abc import Iterator

import httpx
import pytest

from indexer.errors import ServiceUnstartable
from service.settings import ServiceSettings
from service.web.app import create_app, run
from service.web.problems import LARGEST_BODY
from tests.service.web.making import serving

PARADOX = "Qu’est-ce que le paradoxe du back-office ?"


@pytest.fixture(scope="module")
def client(seeds_engine) -> Iterator[httpx.Client]:
    with serving(create_app(seeds_engine)) as client:
        yield client


def problem(response: httpx.Response, status: int) -> dict:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    data = response.json()
    assert data["status"] == status
    assert data["title"]
    assert data["detail"]
    return data


def test_ask_answers_by_quotes_that_are_in_the_document(client):
    answer = client.post("/ask", json={"question": PARADOX}).json()
    assert answer["status"] == "quotes"
    citation = answer["citations"][0]
    document = client.get(f"/documents/{citation['document']}").json()
    assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert document["span"] is None


def test_ask_as_events_gives_the_quotes_then_the_answer(client):
    response = client.post("/ask", json={"question": PARADOX}, headers={"Accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = [dict(line.split(": ", 1) for line in block.splitlines()) for block in response.text.strip().split("\n\n")]
    assert [event["event"] for event in events] == ["quotes", "done"]
    quotes, done = (json.loads(event["data"]) for event in events)
    assert quotes == done
    assert done["status"] == "quotes"


def test_a_refusal_is_an_answer_too(client):
    response = client.post("/ask", json={"question": "Quelle est la recette de la ratatouille niçoise ?"})
    assert response.status_code == 200
    assert response.json()["status"] == "refused"
    assert response.json()["nearest"]


def test_search(client):
    found = client.get("/search", params={"q": "travail gratuit", "k": 3}).json()
    assert len(found["hits"]) == 3
    assert found["index"] == "gen-000001"
    assert "gratuit" in found["hits"][0]["matched"]


def test_a_document_with_a_span_to_highlight(client):
    citation = client.post("/ask", json={"question": PARADOX}).json()["citations"][0]
    span = {"start": citation["start"], "end": citation["end"]}
    document = client.get(f"/documents/{citation['document']}", params=span).json()
    assert document["span"] == {**span, "line": citation["line"], "quote": citation["quote"]}


def test_health_and_readiness(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["documents"] == 5


def test_no_page_of_the_framework_that_would_load_scripts_from_the_network(client):
    for address in ("/docs", "/redoc"):
        assert "openapi.json" in problem(client.get(address), 404)["detail"]


def test_openapi_describes_every_address_and_gives_an_example(client):
    description = client.get("/openapi.json").json()
    assert set(description["paths"]) == {
        "/ask", "/search", "/examples", "/documents", "/documents/{document_id}", "/healthz", "/metrics", "/readyz",
        "/v1/models", "/v1/models/{model}", "/v1/chat/completions", "/v1/embeddings",
    }  # fmt: skip
    assert description["components"]["schemas"]["AskRequest"]["examples"][0]["question"]
    assert "text/event-stream" in description["paths"]["/ask"]["post"]["responses"]["200"]["content"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "question : champ obligatoire absent"),
        ({"question": 12}, "question : un texte est attendu"),
        ({"question": "a", "top_k": 99}, "top_k : au plus 50"),
        ({"question": "a", "top_k": "dix"}, "top_k : un entier est attendu"),
        ({"question": "a", "color": "red"}, "color : champ inconnu"),
        ({"question": "a", "since": "hier"}, "since : forme attendue : AAAA, AAAA-MM ou AAAA-MM-JJ"),
    ],
)
def test_a_field_that_is_not_valid_is_named_in_french(client, body, said):
    assert said in problem(client.post("/ask", json=body), 422)["errors"]


@pytest.mark.parametrize(
    ("send", "status", "said"),
    [
        (lambda c: c.post("/ask", json={"question": "  "}), 422, "La question est vide"),
        (lambda c: c.post("/ask", json={"question": "a", "sources": ["absent"]}), 422, "absent"),
        (lambda c: c.post("/ask", content=b"{", headers={"content-type": "application/json"}), 422, "JSON"),
        (lambda c: c.get("/search", params={"q": "?"}), 422, "La question est vide"),
        (lambda c: c.get("/documents/0123456789ab"), 404, "0123456789ab"),
        (lambda c: c.get("/documents/..%2f..%2fetc%2fpasswd"), 404, ""),
        (lambda c: c.get("/nulle-part"), 404, "adresse"),
        (lambda c: c.get("/ask"), 405, "méthode"),
        (lambda c: c.post("/ask", content=b"x" * (LARGEST_BODY + 1)), 413, "octets"),
    ],
)
def test_bad_input_gets_a_problem_in_french(client, send, status, said):
    assert said in problem(send(client), status)["detail"]


def test_a_span_outside_the_document_is_a_problem(client):
    citation = client.post("/ask", json={"question": PARADOX}).json()["citations"][0]
    for start, end in ((5, 5), (10, 3), (0, 10**9)):
        response = client.get(f"/documents/{citation['document']}", params={"start": start, "end": end})
        assert "sort du document" in problem(response, 422)["detail"]


def test_a_body_without_declared_length_is_stopped_too(client):
    response = client.post("/ask", content=(b"x" * 1024 for _ in range(LARGEST_BODY // 1024 + 2)))
    assert response.status_code == 413


def test_problems_in_english_where_the_client_reads_english(client):
    response = client.post("/ask", json={"question": ""}, headers={"Accept-Language": "en-GB,en;q=0.8"})
    assert "The question is empty" in problem(response, 422)["detail"]


def test_a_port_in_use_is_told(seeds_engine):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServiceUnstartable, match=str(port)):
            run(seeds_engine, ServiceSettings.model_construct(port=port))


def test_a_turn_of_a_chat_is_asked_with_the_questions_before_it(client):
    answer = client.post("/ask", json={"question": "pourquoi ?", "history": [PARADOX]}).json()
    assert answer["rewritten_question"] == "Le paradoxe du back-office : pourquoi ?"
    problem(client.post("/ask", json={"question": PARADOX, "history": ["x" * 1001]}), 422)


def test_a_question_too_long_is_told_the_limit_that_the_schema_publishes(client):
    errors = problem(client.post("/ask", json={"question": "mot " * 600}), 422)["errors"]
    assert errors == ["question : au plus 1000 caractères"]
    schema = client.get("/openapi.json").json()["components"]["schemas"]["AskRequest"]
    assert schema["properties"]["question"]["maxLength"] == 1000
