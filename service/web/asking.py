"""``POST /ask`` and ``GET /search``: a question and its answer, whole or as a stream of events."""

import dataclasses
from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from fastapi.sse import format_sse_event

from indexer.errors import CoulissesError
from service.answer import Drafted, Event, Quoted
from service.engine import READ_SECONDS, Wishes
from service.schema import AnswerModel, AskRequest, HitModel, SearchResponse, SentenceModel
from service.serving import ServedEngine
from service.understand import LONGEST_QUESTION
from service.web.admission import Admission
from service.web.problems import PROBLEMS, language_of, problem
from service.web.stream import EventStream, last_answer, streamed

_STREAMED: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The answer; for `Accept: text/event-stream` the events `quotes`, then a `sentence` for each "
        "sentence of prose, then `done`; or `error`, with a problem, where it cannot go on.",
        "content": {"text/event-stream": {}},
    }
}


def asking(served: ServedEngine, admission: Admission) -> APIRouter:
    """The routes of questions."""
    router = APIRouter()

    @router.post("/ask", response_model=AnswerModel, responses={**_STREAMED, **PROBLEMS})
    async def ask(body: AskRequest, request: Request) -> Response:
        """Answer a question by quotes, each proven by its span; or refuse and say what is nearest."""
        wishes = Wishes(
            body.top_k, tuple(body.sources), body.since, explain=body.explain, history=tuple(body.history),
            read_seconds=READ_SECONDS, use_prose=body.prose,
        )  # fmt: skip
        events = await streamed(lambda gone: served.current().answering(body.question, wishes, gone.is_set), admission)
        if _wants_events(request):
            return EventStream(_events(events, language_of(request)))
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

        return await admission.run(found)

    return router


async def _events(events: AsyncGenerator[Event], lang: str) -> AsyncGenerator[bytes]:
    """``quotes`` (the answer before any prose), each ``sentence`` once checked, then ``done``; or ``error``, a problem."""
    try:
        async for event in events:
            if isinstance(event, Drafted):
                data = SentenceModel.model_validate(dataclasses.asdict(event.sentence)).model_dump_json()
                yield format_sse_event(event="sentence", data_str=data)
            else:
                name = "quotes" if isinstance(event, Quoted) else "done"
                yield format_sse_event(event=name, data_str=AnswerModel.of(event.answer).model_dump_json())
    except CoulissesError as error:
        yield _error(503, lang, error.sentence(lang))
    except Exception:
        yield _error(500, lang, None)
        raise
    finally:
        await events.aclose()


def _error(status: int, lang: str, detail: str | None) -> bytes:
    return format_sse_event(event="error", data_str=bytes(problem(status, lang, detail).body).decode())


def _wants_events(request: Request) -> bool:
    return "text/event-stream" in request.headers.get("accept", "")
