"""``/v1/models``, ``/v1/chat/completions`` and ``/v1/embeddings``: what every OpenAI client speaks.

The text of a completion is Markdown (service/markdown.py); the whole answer stands beside it as ``coulisses``.
"""

import base64
import datetime
import functools
import json
import secrets
import time
from collections.abc import AsyncGenerator, Sequence
from typing import Annotated, Any

import anyio
import anyio.to_thread
import numpy as np
from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response
from fastapi.sse import format_sse_event

from indexer.embedder import Embedder
from indexer.errors import CoulissesError
from service.answer import Answer, Event, Finished
from service.engine import READ_SECONDS, Wishes
from service.markdown import Teller
from service.schema import AnswerModel
from service.serving import ServedEngine
from service.understand import LONGEST_QUESTION
from service.web.admission import Admission
from service.web.openai_schema import (
    CHAT_MODEL,
    EMBEDDING_MODEL,
    MOST_INPUTS,
    AnsweredMessage,
    ChatCompletion,
    ChatRequest,
    Choice,
    Embedding,
    EmbeddingRequest,
    EmbeddingResponse,
    EmbeddingUsage,
    ErrorResponse,
    Model,
    ModelList,
    Usage,
)
from service.web.problems import Refused, language_of, openai_error
from service.web.stream import EventStream, streamed

_MOST_HISTORY = 20  # questions before the last that it may lean on
_EMBEDDED_AT_ONCE = 8  # texts, between which a question may have its turn
_WORDS = {
    "fr": {
        "model": "Le modèle « {model} » n’existe pas ici. Prenez {known} (voir /v1/models).",
        "parts": "Seul du texte peut être lu, pas une partie de type « {type} ». Envoyez des parties de type « text ».",
        "user": "Il n’y a pas de message de rôle « user » : la question est le dernier d’entre eux.",
        "n": "Il n’y a qu’une réponse par question : n vaut 1.",
        "input": "Envoyez un texte ou une liste de textes ; les listes de nombres (jetons) ne sont pas lues.",
        "empty": "Le texte {n} est vide.", "none": "Il n’y a aucun texte.",
        "many": "{count} textes : au plus {limit} par requête. Envoyez-les en plusieurs fois.",
        "long": "Le texte {n} compte {tokens} jetons, le modèle en lit {limit}. Coupez-le.",
        "undecodable": "Le texte {n} n’est pas de l’UTF-8 valable.",
        "dimensions": "Les vecteurs ont {dimension} dimensions, ni plus ni moins.",
    },
    "en": {
        "model": "There is no model “{model}” here. Use {known} (see /v1/models).",
        "parts": "Only text can be read, not a part of type “{type}”. Send parts of type “text”.",
        "user": "There is no message of role “user”: the question is the last of them.",
        "n": "There is one answer to a question: n is 1.",
        "input": "Send a text or a list of texts; lists of numbers (tokens) are not read.",
        "empty": "Text {n} is empty.", "none": "There is no text.",
        "many": "{count} texts: at most {limit} in one request. Send them in several.",
        "long": "Text {n} has {tokens} tokens, the model reads {limit}. Split it.",
        "undecodable": "Text {n} is not valid UTF-8.",
        "dimensions": "The vectors have {dimension} dimensions, no more and no fewer.",
    },
}  # fmt: skip
_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorResponse, "description": said}
    for status, said in ((400, "The request is not valid."), (404, "There is no such model."))
}
_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; with `stream` its chunks, then `[DONE]`.",
        "content": {"text/event-stream": {}},
    }
}
_Lang = Annotated[str, Depends(language_of)]


def openai_api(served: ServedEngine, admission: Admission) -> APIRouter:
    """The routes below ``/v1``."""
    router = APIRouter(prefix="/v1", responses=_ERRORS)

    @router.get("/models")
    def models() -> ModelList:
        """The chat model, and the embedder."""
        return ModelList(data=[_model(name, served) for name in (CHAT_MODEL, EMBEDDING_MODEL)])

    @router.get("/models/{model}")
    def model(model: str, lang: _Lang) -> Model:
        """One of them."""
        _check_model(model, (CHAT_MODEL, EMBEDDING_MODEL), lang)
        return _model(model, served)

    @router.post("/chat/completions", response_model=ChatCompletion, responses=_STREAMED)
    async def chat_completions(body: ChatRequest, lang: _Lang) -> Response:
        """Answer the last user turn of a chat by proven quotes, or refuse and say what is nearest."""
        _check_model(body.model, (CHAT_MODEL,), lang)
        if body.n is not None and body.n != 1:
            raise Refused(400, _WORDS[lang]["n"], "n")
        question, history = _turns(body, lang)
        wishes = Wishes(history=history, read_seconds=READ_SECONDS)
        current = await anyio.to_thread.run_sync(served.current)  # opening a new generation takes a moment
        events = await streamed(lambda gone: current.answering(question, wishes, gone.is_set), admission)
        completion = _Completion(body, current.embedder, (*history, question), lang)
        if body.stream:
            return EventStream(completion.chunks(events))
        return JSONResponse((await completion.whole(events)).model_dump(mode="json"))

    @router.post("/embeddings")
    async def embeddings(body: EmbeddingRequest, lang: _Lang) -> EmbeddingResponse:
        """Vectors of the index's own embedder, at most 128 texts at once."""
        # a client with one setting for both may name the chat model
        _check_model(body.model, (EMBEDDING_MODEL, CHAT_MODEL), lang)
        texts = _texts(body.input, lang)
        embedder = (await anyio.to_thread.run_sync(served.current)).embedder
        if body.dimensions is not None and body.dimensions != embedder.dimension:
            raise Refused(400, _WORDS[lang]["dimensions"].format(dimension=embedder.dimension), "dimensions")
        counts = await anyio.to_thread.run_sync(embedder.count_tokens, texts)
        for n, tokens in enumerate(counts):
            if tokens > embedder.max_tokens:
                said = _WORDS[lang]["long"].format(n=n, tokens=tokens, limit=embedder.max_tokens)
                raise Refused(400, said, "input", "context_length_exceeded")
        embed = embedder.embed_questions if body.input_type == "query" else embedder.embed_passages
        data: list[Embedding] = []
        for start in range(0, len(texts), _EMBEDDED_AT_ONCE):
            batch = texts[start : start + _EMBEDDED_AT_ONCE]
            vectors = await admission.run(functools.partial(embed, batch))
            for vector in vectors:
                data.append(Embedding(index=len(data), embedding=_encoded(vector, body.encoding_format or "float")))
        usage = EmbeddingUsage(prompt_tokens=sum(counts), total_tokens=sum(counts))
        return EmbeddingResponse(data=data, model=body.model, usage=usage)

    return router


def _model(name: str, served: ServedEngine) -> Model:
    made = datetime.datetime.fromisoformat(served.current().index.manifest.created)
    return Model(id=name, created=int(made.timestamp()))


def _check_model(model: str, known: tuple[str, ...], lang: str) -> None:
    """Strict: a client that names another model most likely means to talk to another server."""
    if model not in known:
        said = _WORDS[lang]["model"].format(model=model, known=" / ".join(known))
        raise Refused(404, said, "model", "model_not_found")


def _turns(body: ChatRequest, lang: str) -> tuple[str, tuple[str, ...]]:
    """The question, and the questions before it. Turns that could not be asked when they came are left out."""
    turns = []
    for n, message in enumerate(body.messages):
        if message.role != "user":
            continue
        if isinstance(message.content, list):
            for part in message.content:
                if part.type != "text":
                    raise Refused(400, _WORDS[lang]["parts"].format(type=part.type), f"messages.{n}.content")
            turns.append("\n".join(part.text or "" for part in message.content))
        else:
            turns.append(message.content or "")
    if not turns:
        raise Refused(400, _WORDS[lang]["user"], "messages")
    before = [turn for turn in turns[:-1] if turn.strip() and len(turn) <= LONGEST_QUESTION]
    return turns[-1], tuple(before[-_MOST_HISTORY:])


class _Completion:
    """One answer in OpenAI's shapes: id, time, model and token counts, whole or as chunks."""

    def __init__(self, body: ChatRequest, embedder: Embedder, read: Sequence[str], lang: str) -> None:
        self._id = f"chatcmpl-{secrets.token_hex(12)}"
        self._created = int(time.time())
        self._body = body
        self._embedder = embedder
        self._read = read
        self._lang = lang

    async def whole(self, events: AsyncGenerator[Event]) -> ChatCompletion:
        """The answer when it is finished."""
        teller, text, answer = Teller(), "", None
        try:
            async for event in events:
                text += teller.piece(event)
                if isinstance(event, Finished):
                    answer = event.answer
        finally:
            await events.aclose()
        if answer is None:
            raise RuntimeError("the events ended without an answer")
        message = AnsweredMessage(content=text, coulisses=AnswerModel.of(answer))
        return ChatCompletion(
            id=self._id, created=self._created, model=self._body.model, system_fingerprint=answer.index,
            choices=[Choice(message=message)], usage=await self._usage(text),
        )  # fmt: skip

    async def chunks(self, events: AsyncGenerator[Event]) -> AsyncGenerator[bytes]:
        """Role, then a piece for each event, then the end with the whole answer; the token counts where asked for."""
        counted = self._body.stream_options is not None and bool(self._body.stream_options.include_usage)
        empty: dict[str, Any] = {"usage": None} if counted else {}
        teller, text = Teller(), ""
        yield self._chunk({"role": "assistant", "content": ""}, **empty)
        try:
            async for event in events:
                piece = teller.piece(event)
                text += piece
                if piece:
                    yield self._chunk({"content": piece}, **empty)
                if isinstance(event, Finished):
                    yield self._chunk(_extension(event.answer), finish_reason="stop", **empty)
        except CoulissesError as error:  # the status has been sent: clients look for an error among the chunks
            yield format_sse_event(
                data_str=bytes(openai_error(503, self._lang, error.sentence(self._lang)).body).decode()
            )
            return
        finally:
            await events.aclose()
        if counted:
            usage = await self._usage(text)
            yield self._event({"choices": [], "usage": usage.model_dump()})
        yield format_sse_event(data_str="[DONE]")

    def _chunk(self, delta: dict[str, Any], finish_reason: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return self._event({"choices": [choice], **more})

    def _event(self, fields: dict[str, Any]) -> bytes:
        head = {
            "id": self._id, "object": "chat.completion.chunk", "created": self._created, "model": self._body.model,
        }  # fmt: skip
        return format_sse_event(data_str=json.dumps({**head, **fields}, ensure_ascii=False))

    async def _usage(self, text: str) -> Usage:
        """Tokens of the questions read and of the text given, by the embedder's tokenizer."""
        *read, given = await anyio.to_thread.run_sync(self._embedder.count_tokens, [*self._read, text])
        return Usage(prompt_tokens=sum(read), completion_tokens=given, total_tokens=sum(read) + given)


def _extension(answer: Answer) -> dict[str, Any]:
    return {"coulisses": AnswerModel.of(answer).model_dump(mode="json")}


def _texts(given: Any, lang: str) -> list[str]:
    words = _WORDS[lang]
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or any(not isinstance(text, str) for text in texts):
        raise Refused(400, words["input"], "input")
    if not texts:
        raise Refused(400, words["none"], "input")
    if len(texts) > MOST_INPUTS:
        raise Refused(400, words["many"].format(count=len(texts), limit=MOST_INPUTS), "input")
    for n, text in enumerate(texts):
        if not text.strip():
            raise Refused(400, words["empty"].format(n=n), "input")
        if any("\ud800" <= letter <= "\udfff" for letter in text):  # half a surrogate pair, which JSON can hold
            raise Refused(400, words["undecodable"].format(n=n), "input")
    return texts


def _encoded(vector: np.ndarray[Any, np.dtype[np.float32]], encoding: str) -> list[float] | str:
    if encoding == "base64":
        return base64.b64encode(np.ascontiguousarray(vector, "<f4").tobytes()).decode("ascii")
    return [float(number) for number in vector]
