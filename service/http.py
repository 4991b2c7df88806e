"""The HTTP service: questions, search, documents. Made by a constructor; nothing global."""

import socket
from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Annotated

import anyio
import anyio.to_thread
import uvicorn
from fastapi import Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from indexer.errors import CoulissesError, DocumentChanged, DocumentUnknown, RequestError, ServiceUnstartable
from service.answer import Answer
from service.engine import READ_SECONDS, Engine, Wishes
from service.proof import current_text
from service.schema import (
    AnswerModel,
    AskRequest,
    DocumentResponse,
    HealthResponse,
    HitModel,
    Problem,
    ReadyResponse,
    SearchResponse,
    SpanModel,
)
from service.serving import ServedEngine
from service.understand import LONGEST_QUESTION

LARGEST_BODY = 65_536  # bytes
AT_ONCE = 2  # questions answered at the same time; the others wait their turn

_PROBLEMS: dict[int | str, dict[str, object]] = {
    422: {"model": Problem, "description": "What was sent is not valid.", "content": {"application/problem+json": {}}}
}
_UNKNOWN: dict[int | str, dict[str, object]] = {
    404: {"model": Problem, "description": "There is no such document.", "content": {"application/problem+json": {}}}
}
_STREAMED: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The answer; for `Accept: text/event-stream` the events `quotes` then `done`.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}
_TITLES = {
    "fr": {400: "Requête illisible", 404: "Introuvable", 410: "Document changé", 405: "Méthode refusée", 406: "Format refusé",
           413: "Requête trop grande", 422: "Requête non valable", 500: "Échec du service", 503: "Service indisponible"},
    "en": {400: "Unreadable request", 404: "Not found", 410: "Document changed", 405: "Method not allowed", 406: "Not acceptable",
           413: "Request too large", 422: "Invalid request", 500: "Service failure", 503: "Service unavailable"},
}  # fmt: skip
_DETAILS = {
    "fr": {
        400: "La requête n’est pas lisible ; envoyez du JSON en UTF-8.",
        404: "Cette adresse n’existe pas. Voyez /openapi.json.",
        405: "Cette adresse n’accepte pas cette méthode. Voyez /openapi.json.",
        413: f"Le corps dépasse {LARGEST_BODY} octets. Raccourcissez la question.",
        422: "Corrigez les champs nommés dans « errors ».", "json": "Le corps n’est pas du JSON valable.",
        500: "Le service a échoué sur cette requête ; réessayez, et signalez-le si cela se répète.",
        "span": "Le passage demandé ({start}–{end}) sort du document, long de {length} caractères.",
    },
    "en": {
        400: "The request cannot be read; send JSON in UTF-8.",
        404: "There is nothing at this address. See /openapi.json.",
        405: "This address does not take that method. See /openapi.json.",
        413: f"The body exceeds {LARGEST_BODY} bytes. Shorten the question.",
        422: "Mend the fields named in “errors”.", "json": "The body is not valid JSON.",
        500: "The service failed on this request; try again, and report it if it happens again.",
        "span": "The span asked for ({start}–{end}) lies outside the document, {length} characters long.",
    },
}  # fmt: skip
_FAULTS = {
    "model_attributes_type": (
        "envoyez un objet JSON, avec Content-Type: application/json",
        "send a JSON object, with Content-Type: application/json",
    ),
    "missing": ("champ obligatoire absent", "required field missing"),
    "extra_forbidden": ("champ inconnu", "unknown field"),
    "string_type": ("un texte est attendu", "a string is expected"),
    "int_type": ("un entier est attendu", "an integer is expected"),
    "int_parsing": ("un entier est attendu", "an integer is expected"),
    "bool_type": ("vrai ou faux est attendu", "true or false is expected"),
    "list_type": ("une liste est attendue", "a list is expected"),
    "greater_than_equal": ("au moins {ge}", "at least {ge}"),
    "less_than_equal": ("au plus {le}", "at most {le}"),
    "string_too_long": ("au plus {max_length} caractères", "at most {max_length} characters"),
    "string_too_short": ("au moins {min_length} caractère", "at least {min_length} character"),
    "too_long": ("au plus {max_length} éléments", "at most {max_length} items"),
    "string_pattern_mismatch": (
        "forme attendue : AAAA, AAAA-MM ou AAAA-MM-JJ",
        "expected: YYYY, YYYY-MM or YYYY-MM-DD",
    ),
}


def create_app(engine: Engine) -> FastAPI:
    """The application over an open engine."""
    app = FastAPI(
        title="Coulisses",
        summary="Question a folder of French texts: exact quotes, or a useful refusal.",
        version=version("coulisses"),
        docs_url=None,  # FastAPI's pages load their scripts from the network; /openapi.json needs none
        redoc_url=None,
    )
    served = ServedEngine(engine)
    limiter = anyio.CapacityLimiter(AT_ONCE)

    def language(request: Request) -> str:
        return _language(request)

    @app.post("/ask", response_model=AnswerModel, responses={**_STREAMED, **_PROBLEMS})
    async def ask(body: AskRequest, request: Request) -> Response:
        """Answer a question by quotes, each proven by its span; or refuse and say what is nearest."""
        wishes = Wishes(
            body.top_k, tuple(body.sources), body.since, explain=body.explain, history=tuple(body.history),
            read_seconds=READ_SECONDS,
        )  # fmt: skip
        answer = await anyio.to_thread.run_sync(lambda: served.current().ask(body.question, wishes), limiter=limiter)
        if _wants_events(request):
            return EventSourceResponse(_events(answer), headers={"Cache-Control": "no-store"})
        return JSONResponse(AnswerModel.of(answer).model_dump(mode="json"))

    @app.get("/search", responses=_PROBLEMS)
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

    @app.get("/documents/{document_id}", responses={**_UNKNOWN, **_PROBLEMS})
    def document(
        document_id: str,
        lang: Annotated[str, Depends(language)],
        start: Annotated[int | None, Query(ge=0, description="Where the span to highlight begins.")] = None,
        end: Annotated[int | None, Query(ge=0, description="Where it ends, excluded.")] = None,
    ) -> DocumentResponse:
        """The whole text of a document, with a span to highlight."""
        current = served.current()
        corpus = current.index.corpus
        stored = corpus.document(document_id)
        if current_text(stored, current.index) is None:
            raise DocumentChanged(path=stored.path)
        text = corpus.text(stored.number)
        span = None
        if start is not None or end is not None:
            first, last = start or 0, len(text) if end is None else end
            if not first < last <= len(text):
                detail = _DETAILS[lang]["span"].format(start=first, end=last, length=len(text))
                raise HTTPException(422, detail)
            span = SpanModel(start=first, end=last, line=text.count("\n", 0, first) + 1, quote=text[first:last])
        metadata = stored.metadata
        return DocumentResponse(
            id=stored.id, path=stored.path, format=stored.format, title=metadata.title, author=metadata.author,
            publication=metadata.publication, date=metadata.date, url=metadata.url, sha256=stored.sha256, text=text,
            span=span,
        )  # fmt: skip

    @app.get("/healthz")
    async def healthz() -> HealthResponse:
        """The process is up."""
        return HealthResponse()

    @app.get("/readyz")
    async def readyz() -> ReadyResponse:
        """The index is open and the model loaded."""
        manifest = served.current().index.manifest
        return ReadyResponse(index=manifest.generation, documents=manifest.documents, passages=manifest.passages)

    _translate_errors(app)
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_BODY)
    app.add_middleware(_DeclaredSize)
    return app


def run(engine: Engine, host: str, port: int) -> None:
    """Serve until stopped. Raises ``ServiceUnstartable`` when the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # whoever reads the address below can connect at once
    except (OSError, OverflowError) as error:
        listener.close()
        raise ServiceUnstartable(host=host, port=port, why=error) from error
    server = uvicorn.Server(uvicorn.Config(create_app(engine), log_level="info", access_log=False))
    shown = f"[{host}]" if family == socket.AF_INET6 else host
    print(f"http://{shown}:{listener.getsockname()[1]}", flush=True)
    server.run(sockets=[listener])


async def _events(answer: Answer) -> AsyncIterator[bytes]:
    model = AnswerModel.of(answer)
    quotes = "[" + ",".join(citation.model_dump_json() for citation in model.citations) + "]"
    yield format_sse_event(event="quotes", data_str=quotes)
    yield format_sse_event(event="done", data_str=model.model_dump_json())


def _wants_events(request: Request) -> bool:
    return "text/event-stream" in request.headers.get("accept", "")


def _language(request: Request) -> str:
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "fr"


def _problem(status: int, lang: str, detail: str | None = None, errors: list[str] | None = None) -> JSONResponse:
    titles, details = _TITLES[lang], _DETAILS[lang]
    problem = Problem(
        title=titles.get(status, titles[400]), status=status, detail=detail or details.get(status, titles.get(status, "")),
        errors=errors,
    )  # fmt: skip
    return JSONResponse(
        problem.model_dump(exclude_none=True), status_code=status, media_type="application/problem+json"
    )


def _translate_errors(app: FastAPI) -> None:
    """Domain errors and framework errors become problem details in the reader's language."""

    @app.exception_handler(CoulissesError)
    async def domain(request: Request, error: CoulissesError) -> Response:
        lang = _language(request)
        status = 404 if isinstance(error, DocumentUnknown) else 410 if isinstance(error, DocumentChanged) else 0
        status = status or (422 if isinstance(error, RequestError) else 503)
        return _problem(status, lang, error.sentence(lang))

    @app.exception_handler(RequestValidationError)
    async def validation(request: Request, error: RequestValidationError) -> Response:
        lang = _language(request)
        faults = error.errors()
        if any(fault["type"] == "json_invalid" for fault in faults):
            return _problem(422, lang, _DETAILS[lang]["json"])
        return _problem(422, lang, errors=[_fault(fault, lang) for fault in faults])

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        lang = _language(request)
        known = error.status_code in _DETAILS[lang]
        response = _problem(error.status_code, lang, None if known and error.status_code != 422 else str(error.detail))
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(Exception)
    async def failure(request: Request, error: Exception) -> Response:
        return _problem(500, _language(request))


def _fault(fault: dict[str, object], lang: str) -> str:
    location = fault["loc"]
    where = (
        ".".join(str(part) for part in location if part not in ("body", "query")) if isinstance(location, tuple) else ""
    )
    french, english = _FAULTS.get(str(fault["type"]), ("valeur non valable", "invalid value"))
    context = fault.get("ctx")
    sentence = (english if lang == "en" else french).format(**(context if isinstance(context, dict) else {}))
    return f"{where} : {sentence}" if where else sentence


class _DeclaredSize:
    """Refuses a body that declares itself too large, in words; Starlette's own middleware stops the undeclared ones."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            declared = request.headers.get("content-length", "0")
            if declared.isdigit() and int(declared) > LARGEST_BODY:
                await _problem(413, _language(request))(scope, receive, send)
                return
        await self._app(scope, receive, send)
