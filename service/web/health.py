"""``/healthz`` and ``/readyz``: open to whoever watches over the process, without a key and without a lock."""

from fastapi import APIRouter

from indexer.errors import ServiceStopping
from service.schema import HealthResponse, ReadyResponse
from service.serving import ServedEngine
from service.web.drain import Drain
from service.web.problems import GUARDED


def health(served: ServedEngine, drain: Drain) -> APIRouter:
    """The routes of who watches over the process."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> HealthResponse:
        """The process is up."""
        return HealthResponse()

    @router.get("/readyz", responses={503: GUARDED[503]})
    async def readyz() -> ReadyResponse:
        """The index is open and the model loaded; 503 once the service is stopping."""
        if drain.begun:
            raise ServiceStopping()
        manifest = served.held.index.manifest
        return ReadyResponse(index=manifest.generation, documents=manifest.documents, passages=manifest.passages)

    return router
