"""``GET /metrics``: what the service does, for Prometheus. A registry for each application; few labels, all bounded."""

import asyncio
from collections.abc import Iterator

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric

from service.answer import Prose
from service.serving import ServedEngine
from service.web.admission import Admission
from service.web.logs import Record
from service.web.problems import GUARDED

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2)
_STAGE_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 6.4, 25.6)


class Metrics:
    """Counts what has ended; what is under way is read when asked for."""

    def __init__(self, served: ServedEngine, admission: Admission) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "coulisses_requests", "Requests ended; status 499: the client left.", ("method", "route", "status"),
            registry=self.registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "coulisses_request_seconds", "From the first byte of a request to the last of its response.", ("route",),
            buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self._stages = Histogram(
            "coulisses_stage_seconds", "Time of a stage of an answer.", ("stage",), buckets=_STAGE_SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self._answers = Counter(
            "coulisses_answers",
            "Answers made: by quotes, by prose (answered), refused.",
            ("status",),
            registry=self.registry,
        )
        self._sentences = Counter(
            "coulisses_prose_sentences", "Sentences that a model drafted: shown, or dropped by the check.", ("outcome",),
            registry=self.registry,
        )  # fmt: skip
        self._reasons = Counter(
            "coulisses_prose_dropped", "Why sentences were dropped; one may be for several reasons.", ("reason",),
            registry=self.registry,
        )  # fmt: skip
        self._faults = Counter(
            "coulisses_prose_faults", "Answers whose drafting a fault ended: the quotes stood.", ("kind",),
            registry=self.registry,
        )  # fmt: skip
        self.registry.register(_Now(served, admission))
        ProcessCollector(registry=self.registry)

    def ended(self, record: Record) -> None:
        """Count a request, and the answer made for it."""
        self._requests.labels(record.method, record.route, record.status).inc()
        self._seconds.labels(record.route).observe(record.seconds)
        if record.answer is not None:
            self._answers.labels(record.answer.status).inc()
            for stage, milliseconds in record.answer.timings.items():
                self._stages.labels(stage).observe(milliseconds / 1000)
            if record.answer.prose is not None:
                self._count(record.answer.prose)

    def _count(self, prose: Prose) -> None:
        self._sentences.labels("shown").inc(prose.drafted - prose.dropped)
        self._sentences.labels("dropped").inc(prose.dropped)
        for reason, count in prose.reasons:
            self._reasons.labels(str(reason)).inc(count)
        if prose.fault is not None:
            self._faults.labels(prose.fault.kind).inc()


class _Now:
    """What is so at the moment: questions under way and waiting, and the index."""

    def __init__(self, served: ServedEngine, admission: Admission) -> None:
        self._served = served
        self._admission = admission

    def collect(self) -> Iterator[Metric]:
        """The gauges as they stand."""
        manifest = self._served.held.index.manifest
        for name, told, value in (
            ("coulisses_questions_processing", "Questions being answered.", self._admission.answering),
            ("coulisses_questions_waiting", "Questions waiting for a place.", self._admission.waiting),
            ("coulisses_tasks", "Tasks of the event loop: flat while the load is.", len(asyncio.all_tasks())),
            ("coulisses_index_documents", "Documents of the index.", manifest.documents),
            ("coulisses_index_passages", "Passages of the index.", manifest.passages),
        ):
            yield GaugeMetricFamily(name, told, value)
        yield InfoMetricFamily("coulisses_index", "The index that answers.", {"generation": manifest.generation})


def metrics(counted: Metrics) -> APIRouter:
    """The route of who measures the service. Needs the key where there is one."""
    router = APIRouter()

    @router.get(
        "/metrics",
        response_class=Response,
        responses={
            200: {"description": "Prometheus’ text format.", "content": {"text/plain": {"schema": {"type": "string"}}}},
            **GUARDED,
        },
    )
    async def read() -> Response:
        """Counters, gauges and histograms in the text format of Prometheus."""
        return Response(generate_latest(counted.registry), media_type=CONTENT_TYPE_LATEST)

    return router
