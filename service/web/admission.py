"""Who may have the engine and when: some at once, some waiting their turn, the rest told when to come back."""

import asyncio
import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from indexer.errors import ServiceBusy, ServiceStopping
from service.web.access import PROBES
from service.web.problems import refusal

T = TypeVar("T")
LONGEST_WAIT = 60  # seconds that ``Retry-After`` tells at most
MOST_CLIENTS = 10_000  # whose rate is remembered


class Admission:
    """``at_once`` questions are answered at the same time, ``queue`` others wait in the order they came.

    Nor does anyone wait whose turn is unlikely to come within ``seconds``, as the last answers went: on a slow machine
    a long queue would only make every answer late. A place is given back when its question's thread has ended, not
    before: the threads are what the limit is for.
    """

    def __init__(self, at_once: int, queue: int, seconds: float = math.inf) -> None:
        self._limiter = anyio.CapacityLimiter(at_once)
        self._threads = anyio.CapacityLimiter(at_once)
        self._queue = queue
        self._seconds = seconds
        self._took = 0.5  # seconds that a place was held, a moving average
        self._stops: set[Callable[[], object]] = set()
        self._stopped = False
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def answering(self) -> int:
        """Questions being answered."""
        return self._limiter.borrowed_tokens

    @property
    def waiting(self) -> int:
        """Questions waiting for a place."""
        return self._limiter.statistics().tasks_waiting

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place and hold it. Raises ``ServiceBusy`` when too many wait, ``ServiceStopping`` at the end."""
        if self._stopped:
            raise ServiceStopping()
        if self._limiter.available_tokens < 1:
            wait = (self.waiting + 1) / self._limiter.total_tokens * self._took
            if self.waiting >= self._queue or wait > self._seconds:
                raise ServiceBusy(seconds=min(LONGEST_WAIT, max(1, math.ceil(wait))))
        async with self._limiter:
            start = time.monotonic()
            try:
                yield
            finally:
                self._took += 0.2 * (time.monotonic() - start - self._took)

    async def run(self, call: Callable[[], T]) -> T:
        """What ``call`` returns, made in a thread, at a place of its own."""
        async with self.place():
            return await self.thread(call)

    async def thread(self, call: Callable[[], T]) -> T:
        """What ``call`` returns, made in a thread, at the place that one holds."""
        return await anyio.to_thread.run_sync(call, limiter=self._threads)

    def task(self, work: Coroutine[object, object, None]) -> "asyncio.Task[None]":
        """Begin a task that may outlast who began it, since a thread cannot be left before it ends."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @contextmanager
    def told(self, stop: Callable[[], object]) -> Iterator[None]:
        """Have ``stop`` called when the time that a stop leaves has run out."""
        self._stops.add(stop)
        try:
            yield
        finally:
            self._stops.discard(stop)

    def stop(self) -> None:
        """Let no one in any more, and tell all who are answered or wait to end now."""
        self._stopped = True
        for stop in list(self._stops):
            stop()


class Rates:
    """``rate`` requests a minute for each client, all at once or spread (the generic cell rate algorithm).

    Remembers at most ``MOST_CLIENTS``: past that, those not seen for longest begin anew.
    """

    def __init__(self, rate: int) -> None:
        self._interval = 60 / rate
        self._full: OrderedDict[str, float] = OrderedDict()  # when each client's allowance is whole again

    def wait(self, client: str, now: float) -> float:
        """Count a request of ``client`` at ``now`` seconds: 0 when it may pass, else the seconds until one may."""
        full = max(self._full.pop(client, now), now) + self._interval
        early = full - now - 60
        passes = early <= 1e-9
        self._full[client] = full if passes else full - self._interval
        while len(self._full) > MOST_CLIENTS:
            self._full.popitem(last=False)
        return 0 if passes else early


class RateLimit:
    """429 with ``Retry-After`` for a client that sends more than its share; those who probe the service are not counted."""

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self._app = app
        self._rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] not in PROBES:
            wait = self._rates.wait(client_of(scope), time.monotonic())
            if wait:
                headers = {"Retry-After": str(math.ceil(wait))}
                await refusal(Request(scope), 429, headers=headers)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def client_of(scope: Scope) -> str:
    """Whom a request counts for: the address, or the network of 64 bits that one subscriber has in IPv6."""
    host = str((scope.get("client") or ("",))[0])
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host
