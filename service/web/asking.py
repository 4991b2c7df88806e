"""``POST /ask`` and ``GET /search``: a question and its answer, whole or as a stream of events."""

import dataclasses
from collections.abc import AsyncIterator
from typing import Annotated

import anyio
import anyio.to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from fastapi.sse import EventSourceResponse, format_sse_event

from service.answer import Drafted, Event, Quoted
from service.engine import READ_SECONDS, Wishes
from service.schema import AnswerModel, AskRequest, HitModel, SearchResponse, SentenceModel
from service.serving import ServedEngine
from service.understand import LONGEST_QUESTION
from service.web.problems import PROBLEMS
from service.web.stream import last_answer, streamed

_STREAMED: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The answer; for `Accept: text/event-stream` the events `quotes`, then a `sentence` for each "
        "sentence of prose, then `done`.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


def asking(served: ServedEngine, limiter: anyio.CapacityLimiter) -> APIRouter:
    """The routes of questions."""
    router = APIRouter()

    @router.post("/ask", response_model=AnswerModel, responses={**_STREAMED, **PROBLEMS})
    async def ask(body: AskRequest, request: Request) -> Response:
        """Answer a question by quotes, each proven by its span; or refuse and say what is nearest."""
        wishes = Wishes(
            body.top_k, tuple(body.sources), body.since, explain=body.explain, history=tuple(body.history),
            read_seconds=READ_SECONDS, use_prose=body.prose,
        )  # fmt: skip
        events = await streamed(lambda gone: served.current().answering(body.question, wishes, gone.is_set), limiter)
        if _wants_events(request):
            return EventSourceResponse(_events(events), headers={"Cache-Control": "no-store"})
        return JSONResponse(AnswerModel.of(await last_answer(events)).model_dump(mode="json"))

    @router.get("/search", responses=PROBLEMS)
    async def search(
        q: Annotated[
            str, Query(max_length=LONGEST_QUESTION, description="The question.", examples=["paradoxe du back-office"])
        ],
        k: Annotated[int, Query(ge=1, le=50, description="How many passages.")] = 10,
    ) -> SearchResponse:
        """The best passages, with document, span and scores."""

        def found() -> SearchResponse:
            current = served.current()
            hits = [HitModel.of(hit) for hit in current.search(q, k, Wishes(read_seconds=READ_SECONDS))]
            return SearchResponse(question=q, index=current.index.manifest.generation, hits=hits)

        return await anyio.to_thread.run_sync(found, limiter=limiter)

    return router


async def _events(events: AsyncIterator[Event]) -> AsyncIterator[bytes]:
    """``quotes`` (the answer as it stands before any prose), each ``sentence`` once checked, then ``done``."""
    async for event in events:
        if isinstance(event, Drafted):
            data = SentenceModel.model_validate(dataclasses.asdict(event.sentence)).model_dump_json()
            yield format_sse_event(event="sentence", data_str=data)
        else:
            name = "quotes" if isinstance(event, Quoted) else "done"
            yield format_sse_event(event=name, data_str=AnswerModel.of(event.answer).model_dump_json())


def _wants_events(request: Request) -> bool:
    return "text/event-stream" in request.headers.get("accept", "")
