"""A synchronous way of events, made in a thread, as an asynchronous one: its reader may leave at any moment."""

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator

import anyio
import anyio.to_thread

from service.answer import Answer, Event, Finished


async def streamed(
    produce: Callable[[threading.Event], Iterator[Event]], limiter: anyio.CapacityLimiter
) -> AsyncIterator[Event]:
    """The events of ``produce``, which runs in a thread of ``limiter`` and is told by its argument that nobody reads on.

    Returns when the first event is there, so that what ``produce`` raises before it is raised here.
    """
    events = _pumped(produce, limiter)
    first = await anext(events)

    async def whole() -> AsyncIterator[Event]:
        try:
            yield first
            async for event in events:
                yield event
        finally:
            await events.aclose()

    return whole()


async def last_answer(events: AsyncIterator[Event]) -> Answer:
    """The answer that the events end with."""
    async for event in events:
        if isinstance(event, Finished):
            return event.answer
    raise RuntimeError("the events ended without an answer")


async def _pumped(
    produce: Callable[[threading.Event], Iterator[Event]], limiter: anyio.CapacityLimiter
) -> AsyncGenerator[Event]:
    gone = threading.Event()
    queue: asyncio.Queue[Event | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def work() -> None:
        try:
            for event in produce(gone):
                loop.call_soon_threadsafe(queue.put_nowait, event)
        finally:
            loop.call_soon_threadsafe(queue.put_nowait, None)

    thread = asyncio.create_task(anyio.to_thread.run_sync(work, limiter=limiter))
    try:
        while (event := await queue.get()) is not None:
            yield event
        await thread
    finally:
        gone.set()
        with anyio.CancelScope(shield=True):  # its place is given back when the thread has ended, not before
            await asyncio.wait([thread])
