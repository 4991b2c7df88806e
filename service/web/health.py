"""``/healthz`` and ``/readyz``."""

from fastapi import APIRouter

from service.schema import HealthResponse, ReadyResponse
from service.serving import ServedEngine


def health(served: ServedEngine) -> APIRouter:
    """The routes of who watches over the process."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> HealthResponse:
        """The process is up."""
        return HealthResponse()

    @router.get("/readyz")
    async def readyz() -> ReadyResponse:
        """The index is open and the model loaded."""
        manifest = served.current().index.manifest
        return ReadyResponse(index=manifest.generation, documents=manifest.documents, passages=manifest.passages)

    return router
