from prometheus_client.parser import text_string_to_metric_families as parse

from indexer.errors import GeneratorFailed
from service.web.app import create_app
from tests.service.prose.scripted import Scripted
from tests.service.web.making import QUESTION, serving


def samples(text: str) -> dict[tuple[str, frozenset], float]:
    """Every sample by its name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in parse(text)
        for sample in family.samples
    }


def labelled(**labels: str) -> frozenset:
    return frozenset(labels.items())


def test_requests_answers_and_stages_are_counted_and_the_index_is_named(small_engine):
    with serving(create_app(small_engine)) as client:
        client.post("/ask", json={"question": QUESTION})
        client.post("/ask", json={"question": "Quelle est la recette de la ratatouille niçoise ?"})
        client.post("/ask", json={})
        response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    told = samples(response.text)
    assert told["coulisses_requests_total", labelled(method="POST", route="/ask", status="200")] == 2
    assert told["coulisses_requests_total", labelled(method="POST", route="/ask", status="422")] == 1
    assert told["coulisses_answers_total", labelled(status="quotes")] == 1
    assert told["coulisses_answers_total", labelled(status="refused")] == 1
    assert told["coulisses_request_seconds_count", labelled(route="/ask")] == 3
    assert told["coulisses_stage_seconds_count", labelled(stage="search")] == 2
    assert told["coulisses_index_info", labelled(generation="gen-000001")] == 1
    assert told["coulisses_index_documents", frozenset()] == 3
    assert told["coulisses_questions_processing", frozenset()] == 0
    assert told["coulisses_questions_waiting", frozenset()] == 0
    assert told["process_resident_memory_bytes", frozenset()] > 1_000_000


def test_labels_stay_few_whatever_is_sent(small_engine):
    with serving(create_app(small_engine)) as client:
        client.get("/metrics")
        before = len(samples(client.get("/metrics").text))
        for number in range(50):
            client.get(f"/inconnu/{number}")
            client.get(f"/documents/inconnu{number}")
            client.request(f"METHODE{number}", "/ask", headers={"X-Request-ID": f"id{number}"})
        after = samples(client.get("/metrics").text)
    assert len(after) - before < 60
    assert after["coulisses_requests_total", labelled(method="OTHER", route="/ask", status="405")] == 50


def test_each_application_counts_for_itself(small_engine):
    with serving(create_app(small_engine)) as first, serving(create_app(small_engine)) as second:
        first.post("/ask", json={"question": QUESTION})
        assert not [name for name, _ in samples(second.get("/metrics").text) if name == "coulisses_answers_total"]


def test_prose_is_counted_shown_and_dropped_and_why(small_engine):
    writer = Scripted(
        "La piscine est ouverte toute l’année, sauf en septembre. [1] Elle ferme en 1987. [1] Et|",
        fault=GeneratorFailed(model="m", why="w"),
    )
    with serving(create_app(small_engine.writing(writer))) as client:
        assert client.post("/ask", json={"question": QUESTION}).json()["status"] == "answered"
        told = samples(client.get("/metrics").text)
    assert told["coulisses_prose_sentences_total", labelled(outcome="shown")] == 1
    assert told["coulisses_prose_sentences_total", labelled(outcome="dropped")] == 1
    assert told["coulisses_prose_dropped_total", labelled(reason="number")] == 1
    assert told["coulisses_prose_faults_total", labelled(kind="GeneratorFailed")] == 1
