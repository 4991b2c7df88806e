"""A synchronous way of events, made in a thread, as an asynchronous one: its reader may leave at any moment."""

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Iterator

import anyio
from fastapi.sse import EventSourceResponse
from starlette.types import Receive, Scope, Send

from indexer.errors import ServiceStopping
from service.answer import Answer, Event, Finished
from service.web.admission import Admission
from service.web.logs import RECORD

_LOG = logging.getLogger("coulisses.stream")


async def streamed(
    produce: Callable[[threading.Event], Iterator[Event]], admission: Admission
) -> AsyncGenerator[Event]:
    """The events of ``produce``, which runs in a thread and is told by its argument that nobody reads on.

    Returns when the first event is there, so that what ``produce`` raises before it is raised here, as are
    ``ServiceBusy`` and ``ServiceStopping``; the latter may also come between two events. Whoever leaves before the end
    closes what is returned.
    """
    events = _pumped(produce, admission)
    first = await anext(events)

    async def whole() -> AsyncGenerator[Event]:
        try:
            yield first
            async for event in events:
                yield event
        finally:
            await events.aclose()

    return whole()


async def last_answer(events: AsyncGenerator[Event]) -> Answer:
    """The answer that the events end with."""
    try:
        async for event in events:
            if isinstance(event, Finished):
                return event.answer
    finally:
        await events.aclose()
    raise RuntimeError("the events ended without an answer")


class EventStream(EventSourceResponse):
    """A response of server-sent events that closes its events however it ends, at once and not when memory is tidied."""

    def __init__(self, events: AsyncGenerator[bytes]) -> None:
        super().__init__(events, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await self._events.aclose()


async def _pumped(produce: Callable[[threading.Event], Iterator[Event]], admission: Admission) -> AsyncGenerator[Event]:
    gone = threading.Event()
    queue: asyncio.Queue[Event | Exception | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    begun = False

    def work() -> None:
        for event in produce(gone):
            loop.call_soon_threadsafe(queue.put_nowait, event)
            if gone.is_set():
                return

    async def answer() -> None:
        nonlocal begun
        try:
            async with admission.place():
                begun = True
                await admission.thread(work)
        except Exception as error:
            if gone.is_set():
                _LOG.warning("an answer failed after its client had left", exc_info=error)
            queue.put_nowait(error)
        else:
            queue.put_nowait(None)

    task = admission.task(answer())
    with admission.told(lambda: queue.put_nowait(ServiceStopping())):
        try:
            while (event := await queue.get()) is not None:
                if isinstance(event, Exception):
                    raise event
                if isinstance(event, Finished) and (record := RECORD.get()) is not None:
                    record.answer = event.answer
                yield event
        finally:
            gone.set()
            if not begun:
                task.cancel()  # it leaves the queue; once begun, it keeps its place until its thread has ended
