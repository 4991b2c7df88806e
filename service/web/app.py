"""The HTTP service, put together by a constructor; nothing global."""

import socket
from importlib.metadata import version

import anyio
import uvicorn
from fastapi import FastAPI
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from indexer.errors import ServiceUnstartable
from service.engine import Engine
from service.serving import ServedEngine
from service.web.asking import asking
from service.web.documents import documents
from service.web.examples import examples
from service.web.health import health
from service.web.page import SecurityHeaders, page
from service.web.problems import LARGEST_BODY, DeclaredSize, translate_errors

AT_ONCE = 2  # questions answered at the same time; the others wait their turn


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
    app.include_router(page())
    app.include_router(asking(served, limiter))
    app.include_router(examples(served, limiter))
    app.include_router(documents(served))
    app.include_router(health(served))
    translate_errors(app)
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_BODY)
    app.add_middleware(DeclaredSize)
    app.add_middleware(SecurityHeaders)
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
