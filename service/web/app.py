"""The HTTP service, put together by a constructor; nothing global."""

from importlib.metadata import version

import anyio
import uvicorn
from fastapi import FastAPI

from service.engine import Engine
from service.serving import ServedEngine
from service.web.asking import asking
from service.web.documents import documents
from service.web.health import health
from service.web.listening import address, listen
from service.web.openai_api import openai_api
from service.web.problems import BodySize, translate_errors

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
    app.include_router(asking(served, limiter))
    app.include_router(documents(served))
    app.include_router(openai_api(served, limiter))
    app.include_router(health(served))
    translate_errors(app)
    app.add_middleware(BodySize)
    return app


def run(engine: Engine, host: str, port: int) -> None:
    """Serve until stopped. Raises ``ServiceUnstartable`` when the address cannot be listened on."""
    listener = listen(host, port)
    server = uvicorn.Server(uvicorn.Config(create_app(engine), log_level="info", access_log=False))
    print(address(host, listener), flush=True)
    server.run(sockets=[listener])
