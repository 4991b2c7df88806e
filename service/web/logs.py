"""One line of JSON for each request and event of the service; never the text of a question unless told to."""

import json
import logging
import re
import secrets
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TextIO

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.answer import Answer
from service.web.problems import refusal

REQUEST_ID = "X-Request-ID"
GONE = 499  # the status that stands for a client that left before its answer
_VALID_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_LOG = logging.getLogger("coulisses.request")


@dataclass(slots=True)
class Record:
    """What is known of a request when it ends. ``route`` is the template of its address, so that there are few.

    ``seconds`` last until the end of the response; ``answer`` is there where one was made.
    """

    id: str
    method: str
    route: str = "-"
    status: int = GONE
    seconds: float = 0.0
    answer: Answer | None = None


RECORD: ContextVar[Record | None] = ContextVar("record", default=None)
"""The record of the request that the running task answers."""


class Requests:
    """Gives each request an id, echoed in the response, and a line in the log; tells ``ended`` its record.

    A failure that nothing translated becomes a problem with status 500 here, where its id is known.
    """

    def __init__(self, app: ASGIApp, ended: Callable[[Record], None], log_questions: bool) -> None:
        self._app = app
        self._ended = ended
        self._log_questions = log_questions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        request_id = given if _VALID_ID.fullmatch(given) else secrets.token_hex(8)
        record = Record(request_id, scope["method"] if scope["method"] in _METHODS else "OTHER")
        started = ended = False
        status = GONE

        async def pass_on(message: Message) -> None:
            nonlocal started, ended, status
            if message["type"] == "http.response.start":
                started, status = True, message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = record.id
            await send(message)
            ended = ended or (message["type"] == "http.response.body" and not message.get("more_body", False))

        token = RECORD.set(record)
        start = time.perf_counter()
        try:
            await self._app(scope, receive, pass_on)
        except Exception:
            _LOG.exception("failure", extra={"fields": {"request_id": record.id}})
            if started:
                raise  # the client sees its response end short
            await refusal(Request(scope), 500)(scope, receive, pass_on)
        finally:
            RECORD.reset(token)
            record.status = status if ended else GONE
            record.seconds = time.perf_counter() - start
            record.route = _route(scope)
            self._tell(record)
            self._ended(record)

    def _tell(self, record: Record) -> None:
        fields: dict[str, Any] = {
            "request_id": record.id, "method": record.method, "route": record.route, "status": record.status,
            "duration_ms": round(record.seconds * 1000, 1),
        }  # fmt: skip
        if record.answer is not None:
            fields |= {"answer": record.answer.status, "index": record.answer.index, "timings": record.answer.timings}
            if self._log_questions:
                fields["question"] = record.answer.question
        _LOG.info("request", extra={"fields": fields})


def _route(scope: Scope) -> str:
    """The template of the address, ``"-"`` where none matched."""
    return str(getattr(scope.get("route"), "path", "-"))


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON. An error is told by its class and where it rose; by its text only with ``texts``.

    What an error says may hold the question.
    """

    def __init__(self, texts: bool = False) -> None:
        super().__init__()
        self._texts = texts

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage(),
        }  # fmt: skip
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[0] is not None:
            frames = traceback.extract_tb(record.exc_info[2])
            line["error"] = record.exc_info[0].__name__
            line["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
            if self._texts:
                line["error_text"] = str(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def log_as_json(level: str, texts: bool, stream: TextIO) -> None:
    """Let the service and its server log as lines of JSON on ``stream``, from ``level`` on."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter(texts))
    for name in ("coulisses", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level.upper())
        logger.propagate = False
