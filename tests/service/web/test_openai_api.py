"""What OpenAI clients speak, through the real ``openai`` client over a real socket."""

import base64
import json
import struct
import threading
from collections.abc import Iterator
from dataclasses import replace

import httpx
import numpy as np
import openai
import pytest

from indexer.errors import IndexDamaged
from service.engine import Engine
from service.schema import AnswerModel
from service.settings import ServiceSettings
from service.web.app import create_app
from service.web.openai_schema import LARGEST_CHAT, MOST_INPUTS
from service.web.problems import LARGEST_BODY
from tests.service.web.making import served

PARADOX = "Qu’est-ce que le paradoxe du back-office ?"
NOTHING = "Quelle est la recette de la ratatouille niçoise ?"


class Patient(Engine):
    """An engine whose reader always finishes, however busy the machine: two askings can be compared."""

    def answering(self, question, wishes, cancelled):
        return super().answering(question, replace(wishes, read_seconds=None), cancelled)


def like(kind, engine: Engine) -> Engine:
    return kind(engine.index, engine.embedder, engine.calibrations, engine.reader)


@pytest.fixture(scope="module")
def address(seeds_engine) -> Iterator[str]:
    with served(create_app(like(Patient, seeds_engine))) as address:
        yield address


def client_of(address: str) -> openai.OpenAI:
    return openai.OpenAI(
        base_url=f"{address}/v1", api_key="sans", max_retries=0, timeout=30,
        http_client=openai.DefaultHttpxClient(trust_env=False),
    )  # fmt: skip


@pytest.fixture(scope="module")
def client(address) -> Iterator[openai.OpenAI]:
    with client_of(address) as client:
        yield client


@pytest.fixture(scope="module")
def raw(address) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, trust_env=False, timeout=30) as raw:
        yield raw


def asked(*questions: str) -> dict:
    turns = []
    for question in questions:
        turns += [{"role": "user", "content": question}, {"role": "assistant", "content": "…"}]
    return {"model": "coulisses", "messages": turns[:-1]}


def test_the_models_are_listed_and_found(client):
    assert [model.id for model in client.models.list()] == ["coulisses", "coulisses-embedder"]
    assert client.models.retrieve("coulisses").created > 1_600_000_000
    with pytest.raises(openai.NotFoundError) as told:
        client.models.retrieve("gpt-4o")
    assert told.value.code == "model_not_found"


def test_a_completion_has_the_quotes_the_sources_and_the_whole_answer(client, raw):
    done = client.chat.completions.create(**asked(PARADOX))
    message = done.choices[0].message
    assert done.object == "chat.completion"
    assert done.model == "coulisses"
    assert done.system_fingerprint == "gen-000001"
    assert done.choices[0].finish_reason == "stop"
    assert "**Sources**\n\n- [1] " in message.content
    assert "— `000_9df9c6625010bd9b.txt`, ligne 13" in message.content
    answer = AnswerModel.model_validate(message.coulisses)
    assert answer.status == "quotes"
    for citation in answer.citations:
        document = raw.get(f"/documents/{citation.document}").json()
        assert document["text"][citation.start : citation.end] == citation.quote
        assert f"[{citation.n}]" in message.content
    usage = done.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert 5 < usage.prompt_tokens < usage.completion_tokens


@pytest.mark.parametrize("question", [PARADOX, NOTHING])
def test_a_stream_is_the_completion_in_pieces(client, question):
    whole = client.chat.completions.create(**asked(question))
    chunks = list(client.chat.completions.create(**asked(question), stream=True))
    assert {chunk.object for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk.id for chunk in chunks}) == 1
    assert chunks[0].choices[0].delta.role == "assistant"
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == whole.choices[0].message.content
    assert [chunk.choices[0].finish_reason for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    answer = AnswerModel.model_validate(chunks[-1].choices[0].delta.coulisses)
    assert answer.question == question
    assert all(chunk.usage is None for chunk in chunks)


def test_the_usage_of_a_stream_comes_last_where_asked_for(client):
    whole = client.chat.completions.create(**asked(PARADOX))
    *chunks, last = client.chat.completions.create(
        **asked(PARADOX), stream=True, stream_options={"include_usage": True}
    )
    assert last.choices == []
    assert last.usage == whole.usage
    assert all(chunk.usage is None for chunk in chunks)


def test_the_client_s_own_helper_puts_the_stream_together(client):
    with client.chat.completions.stream(**asked(PARADOX)) as stream:
        kinds = [event.type for event in stream]
        message = stream.get_final_completion().choices[0].message
    assert "content.done" in kinds
    assert "**Sources**" in message.content
    assert message.coulisses["status"] == "quotes"


def test_a_stream_ends_with_done(raw):
    response = raw.post("/v1/chat/completions", json={**asked(PARADOX), "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.text.endswith("data: [DONE]\n\n")


def test_a_refusal_is_an_answer_in_words(client):
    text = client.chat.completions.create(**asked(NOTHING)).choices[0].message.content
    assert text.startswith("**Les textes ne répondent pas à cette question.**")
    assert "ratatouille" in text
    assert "Les passages les plus proches :\n\n- «" in text
    english = client.chat.completions.create(**asked("What is the boiling point of mercury?"))
    assert english.choices[0].message.content.startswith("**The texts do not answer this question.**")


def test_earlier_user_turns_are_what_the_question_leans_on_and_nobody_else_s(client):
    done = client.chat.completions.create(**asked(PARADOX, "pourquoi ?"))
    assert done.choices[0].message.coulisses["rewritten_question"] == "Le paradoxe du back-office : pourquoi ?"
    turns = [{"role": "system", "content": PARADOX}, {"role": "assistant", "content": PARADOX}, {"role": "user", "content": "pourquoi pas ?"}]  # fmt: skip
    done = client.chat.completions.create(model="coulisses", messages=turns)
    assert done.choices[0].message.coulisses["rewritten_question"] is None


def test_a_turn_that_was_refused_as_too_long_does_not_stop_the_chat(client):
    done = client.chat.completions.create(**asked("mot " * 400, "", PARADOX))
    assert done.choices[0].message.coulisses["status"] == "quotes"


def test_a_long_chat_is_read(client):
    messages = []
    for _ in range(100):
        messages += [{"role": "user", "content": "Bonjour ?"}, {"role": "assistant", "content": "mot " * 300}]
    assert len(json.dumps(messages)) > LARGEST_BODY
    done = client.chat.completions.create(model="coulisses", messages=[*messages, {"role": "user", "content": PARADOX}])
    assert done.choices[0].message.coulisses["status"] == "quotes"


def test_content_in_parts_and_parameters_that_do_nothing(client):
    parts = [{"type": "text", "text": "Qu’est-ce que le paradoxe"}, {"type": "text", "text": "du back-office ?"}]
    done = client.chat.completions.create(
        model="coulisses", messages=[{"role": "user", "content": parts}], temperature=0.2, max_tokens=5, stop=["a"], top_p=0.1,
        seed=1, n=1, user="u", tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}],
        response_format={"type": "text"}, extra_body={"top_k": 3, "repeat_penalty": 1.1},
    )  # fmt: skip
    assert done.choices[0].message.coulisses["question"] == PARADOX
    assert done.choices[0].message.tool_calls is None


IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}


@pytest.mark.parametrize(
    ("changes", "kind", "param", "said"),
    [
        ({"model": "gpt-4o"}, openai.NotFoundError, "model", "coulisses"),
        ({"n": 2}, openai.BadRequestError, "n", "n vaut 1"),
        ({"messages": [{"role": "user", "content": [IMAGE]}]}, openai.BadRequestError, "messages.0.content", "image_url"),
        ({"messages": [{"role": "system", "content": "a"}]}, openai.BadRequestError, "messages", "user"),
        ({"messages": []}, openai.BadRequestError, "messages", ""),
        ({"messages": "bonjour"}, openai.BadRequestError, "messages", "une liste est attendue"),
        ({"messages": [{"role": "chef", "content": "a"}]}, openai.BadRequestError, "messages.0.role", ""),
        ({"messages": [{"role": "user", "content": "  "}]}, openai.BadRequestError, None, "La question est vide"),
        ({"messages": [{"role": "user"}]}, openai.BadRequestError, None, "La question est vide"),
        ({"messages": [{"role": "user", "content": "mot " * 400}]}, openai.BadRequestError, None, "trop longue"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_answered_is_an_error_in_openai_s_shape(client, changes, kind, param, said, stream):
    with pytest.raises(kind) as told:
        client.chat.completions.create(**{**asked(PARADOX), **changes}, stream=stream)
    error = told.value
    assert set(error.body) == {"message", "type", "param", "code"}
    assert error.type == "invalid_request_error"
    assert error.param == param
    assert said in error.body["message"]


@pytest.mark.parametrize(
    ("send", "status"),
    [
        (lambda raw: raw.get("/v1/nulle-part"), 404),
        (lambda raw: raw.get("/v1/chat/completions"), 405),
        (lambda raw: raw.post("/v1/chat/completions", content=b"{"), 400),
        (lambda raw: raw.post("/v1/chat/completions", content=b"{", headers={"content-type": "application/json"}), 400),
        (lambda raw: raw.post("/v1/chat/completions", content=b"x" * (LARGEST_CHAT + 1)), 413),
        (lambda raw: raw.post("/v1/chat/completions", content=(b"x" * 65_536 for _ in range(20))), 413),
        (lambda raw: raw.post("/v1/embeddings", content=b'{"model":"coulisses-embedder","input":"\\ud800"}',
                              headers={"content-type": "application/json"}), 400),
        (lambda raw: raw.post("/v1/chat/completions", content=b'{"model":"\\ud800","messages":[{"role":"user","content":"a"}]}',
                              headers={"content-type": "application/json"}), 404),
    ],
)  # fmt: skip
def test_every_error_below_v1_has_openai_s_shape(raw, send, status):
    response = send(raw)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["message"]
    assert "{" not in error["message"]


def test_errors_in_english_where_the_client_reads_english(raw):
    response = raw.post("/v1/chat/completions", json={**asked(""), "model": "x"}, headers={"Accept-Language": "en"})
    assert response.json()["error"]["message"].startswith("There is no model “x” here.")


class Failing(Engine):
    """An engine whose index is found damaged at the first question."""

    def answering(self, *_, **__):
        raise IndexDamaged(index="x", file="y")


class FailingLate(Engine):
    """One whose index is found damaged after the quotes."""

    def answering(self, *arguments, **named):
        yield next(super().answering(*arguments, **named))
        raise IndexDamaged(index="x", file="y")


def test_a_failure_of_the_service_is_a_503_and_in_a_stream_an_error_among_the_chunks(seeds_engine):
    with served(create_app(like(Failing, seeds_engine))) as address, client_of(address) as client:
        with pytest.raises(openai.InternalServerError) as told:
            client.chat.completions.create(**asked(PARADOX))
        assert told.value.status_code == 503
        assert told.value.type == "server_error"
        assert "abîmé" in told.value.message
    with served(create_app(like(FailingLate, seeds_engine))) as address, client_of(address) as client:
        chunks = client.chat.completions.create(**asked(PARADOX), stream=True)
        with pytest.raises(openai.APIError, match="abîmé"):
            list(chunks)


HOSTILE = (
    "Le phare de la pointe nord ![vu](https://mal.com/p.png?q=secret) guide les pêcheurs <img src=https://mal.com/x> depuis 1854.\n\n"
    "La gardienne du phare [cliquez](https://mal.com) note chaque navire dans un registre depuis 1912.\n"
)


def test_a_hostile_document_makes_no_link_or_image_in_a_chat(engine_of):
    from tests.service.test_markdown import harmless

    with served(create_app(engine_of({"phare.txt": HOSTILE}))) as address, client_of(address) as client:
        for question in ("Depuis quand le phare guide-t-il les pêcheurs ?", "Quelle est la couleur du phare ?"):
            text = client.chat.completions.create(**asked(question)).choices[0].message.content
            assert "mal.com" in text
            harmless(text)


def test_vectors_are_the_embedder_s_own_in_base64_and_as_numbers(client, raw, embedder):
    texts = ["Le castor abat les peupliers.", "The beaver fells poplars."]
    expected = embedder.embed_passages(texts)
    given = client.embeddings.create(model="coulisses-embedder", input=texts)  # the client asks for base64
    assert np.allclose([one.embedding for one in given.data], expected, atol=1e-6)
    assert [one.index for one in given.data] == [0, 1]
    assert given.usage.prompt_tokens == sum(embedder.count_tokens(texts))
    floats = client.embeddings.create(
        model="coulisses-embedder", input=texts[0], encoding_format="float", dimensions=384
    )
    assert np.allclose(floats.data[0].embedding, expected[0], atol=1e-6)
    body = {"model": "coulisses", "input": texts[0], "encoding_format": "base64", "input_type": "query"}
    encoded = base64.b64decode(raw.post("/v1/embeddings", json=body).json()["data"][0]["embedding"])
    assert np.allclose(struct.unpack("<384f", encoded), embedder.embed_questions(texts[:1])[0], atol=1e-6)


@pytest.mark.parametrize(
    ("fields", "param", "said"),
    [
        ({"input": [1, 2, 3]}, "input", "jetons"),
        ({"input": [[1, 2], [3]]}, "input", "jetons"),
        ({"input": {"a": 1}}, "input", "liste"),
        ({"input": None}, "input", "liste"),
        ({"input": []}, "input", "aucun texte"),
        ({"input": ["a", " "]}, "input", "Le texte 1 est vide"),
        ({"input": ["a"] * (MOST_INPUTS + 1)}, "input", str(MOST_INPUTS)),
        ({"input": ["a", "mot " * 600]}, "input", "Le texte 1 compte"),
        ({"input": "a", "dimensions": 256}, "dimensions", "384"),
        ({"input": "a", "encoding_format": "int8"}, "encoding_format", ""),
    ],
)
def test_what_cannot_be_embedded_is_told(client, fields, param, said):
    with pytest.raises(openai.BadRequestError) as told:
        client.embeddings.create(model="coulisses-embedder", **fields)
    assert told.value.param == param
    assert said in told.value.body["message"]


def test_embedding_does_not_hold_up_the_service(client, raw):
    texts = ["La piscine est ouverte toute l’année, sauf en septembre."] * MOST_INPUTS

    def embed() -> None:
        for _ in range(3):
            client.embeddings.create(model="coulisses-embedder", input=texts)

    waiting = [threading.Thread(target=embed) for _ in range(ServiceSettings.model_construct().at_once)]
    for thread in waiting:
        thread.start()
    answered = 0
    while all(thread.is_alive() for thread in waiting):
        assert raw.get("/healthz", timeout=2).status_code == 200
        answered += 1
    for thread in waiting:
        thread.join()
    assert answered > 20


def test_the_description_tells_shapes_and_errors(raw):
    description = raw.get("/openapi.json").json()
    chat = description["paths"]["/v1/chat/completions"]["post"]
    assert {"200", "400", "404"} <= set(chat["responses"])
    assert chat["responses"]["400"]["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorResponse")
    assert description["components"]["schemas"]["ChatRequest"]["examples"][0]["messages"]
