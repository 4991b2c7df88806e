"""The HTTP service, put together by a constructor; nothing global."""

import sys
from collections.abc import Callable
from importlib.metadata import version

import uvicorn
from fastapi import FastAPI

from indexer.errors import ServiceExposed
from service.engine import Engine
from service.serving import ServedEngine
from service.settings import ServiceSettings
from service.web.access import Access, is_loopback
from service.web.admission import Admission, RateLimit, Rates
from service.web.asking import asking
from service.web.body import Body
from service.web.documents import documents
from service.web.drain import Drain, DrainingServer
from service.web.examples import examples
from service.web.health import health
from service.web.listening import KEEP_ALIVE, address, listen
from service.web.logs import Requests, log_as_json
from service.web.metrics import Metrics, metrics
from service.web.openai_api import openai_api
from service.web.page import SecurityHeaders, page
from service.web.problems import translate_errors


def create_app(
    engine: Engine,
    settings: ServiceSettings | None = None,
    *,
    local_key: str | None = None,
    admission: Admission | None = None,
    drain: Drain | None = None,
) -> FastAPI:
    """The application over an open engine; without ``settings`` as it is by default, whatever the environment says.

    ``local_key`` opens the service beside the settings' key, for the user's own commands. ``admission`` and ``drain``
    are given by who stops the service.
    """
    settings = settings or ServiceSettings.model_construct()
    admission = admission or Admission(settings.at_once, settings.queue, settings.longest_wait)
    app = FastAPI(
        title="Coulisses",
        summary="Question a folder of French texts: exact quotes, or a useful refusal.",
        version=version("coulisses"),
        docs_url=None,  # FastAPI's pages load their scripts from the network; /openapi.json needs none
        redoc_url=None,
    )
    served = ServedEngine(engine)
    counted = Metrics(served, admission)
    app.include_router(page())
    app.include_router(asking(served, admission))
    app.include_router(examples(served, admission))
    app.include_router(documents(served))
    app.include_router(openai_api(served, admission))
    app.include_router(health(served, drain or Drain()))
    app.include_router(metrics(counted))
    translate_errors(app)
    # the last added is the first that a request meets
    app.add_middleware(Body, seconds=settings.body_seconds)
    key = settings.api_key.get_secret_value() if settings.api_key else None
    keys = [one for one in (key, local_key) if one] if key else []
    app.add_middleware(Access, keys=keys, host=settings.host, hosts=settings.trusted_hosts)
    if settings.rate:
        app.add_middleware(RateLimit, rates=Rates(settings.rate))
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Requests, ended=counted.ended, log_questions=settings.log_questions)
    return app


def run(
    engine: Engine,
    settings: ServiceSettings,
    local_key: str | None = None,
    listening: Callable[[str], object] = lambda address: None,
) -> None:
    """Serve until stopped. ``listening`` is told the address once it can be called.

    Raises ``ServiceUnstartable`` when the address cannot be listened on, ``ServiceExposed`` when it should not be.
    """
    host = settings.host
    if not (is_loopback(host) or settings.api_key or settings.listen_anywhere):
        raise ServiceExposed(host=host)
    listener = listen(host, settings.port)
    log_as_json(settings.log_level, settings.log_questions, sys.stderr)
    admission, drain = Admission(settings.at_once, settings.queue, settings.longest_wait), Drain()
    app = create_app(engine, settings, local_key=local_key, admission=admission, drain=drain)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_keep_alive=KEEP_ALIVE,
        proxy_headers=bool(settings.trusted_proxies), forwarded_allow_ips=list(settings.trusted_proxies),
    )  # fmt: skip
    server = DrainingServer(config, drain, admission, settings.unready_seconds, settings.drain_seconds)
    where = address(host, listener)
    listening(where)
    print(where, flush=True)
    server.run(sockets=[listener])
