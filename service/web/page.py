"""``GET /``: the page of the chat, its modules and its style, and the headers that keep them to themselves."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FOLDER = Path(__file__).with_name("page")
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_INDEX = "index.html"

SECURITY_HEADERS = {
    # Trusted Types: in a browser that knows them, not even a mistake of ours can turn a text into markup.
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the page as it is sent; ``etag`` changes with its bytes."""

    body: bytes
    media_type: str
    etag: str


def page() -> APIRouter:
    """The routes of the page. Its files are few and small: they are read once."""
    router = APIRouter(include_in_schema=False)
    files = {path.name: _file(path) for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES}
    index = files.pop(_INDEX)

    @router.api_route("/", methods=["GET", "HEAD"])
    def root(if_none_match: Annotated[str, Header()] = "") -> Response:
        return _sent(index, if_none_match)

    @router.api_route("/page/{name}", methods=["GET", "HEAD"])
    def asset(name: str, if_none_match: Annotated[str, Header()] = "") -> Response:
        if name not in files:
            raise HTTPException(404)
        return _sent(files[name], if_none_match)

    return router


def _file(path: Path) -> _File:
    body = path.read_bytes()
    return _File(body, _TYPES[path.suffix], f'"{hashlib.sha256(body).hexdigest()[:32]}"')


def _sent(file: _File, if_none_match: str) -> Response:
    # "no-cache" keeps a copy and asks each time: one small round trip, and never a page of two versions
    headers = {"ETag": file.etag, "Cache-Control": "no-cache"}
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    if file.etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(file.body, media_type=file.media_type, headers=headers)


class SecurityHeaders:
    """Adds ``SECURITY_HEADERS`` to every response that has none of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sent if scope["type"] == "http" else send)
