import asyncio
import gc
import json
import threading
from collections.abc import Iterator

import pytest

from indexer.errors import GeneratorFailed, QuestionEmpty, ServiceStopping
from service.answer import Event, Finished, Quoted
from service.engine import Engine
from service.settings import ServiceSettings
from service.web.admission import Admission
from service.web.app import create_app
from service.web.stream import last_answer, streamed
from tests.service.web.making import QUESTION, Drafting, serving


@pytest.fixture(scope="module")
def answer(small_engine):
    return small_engine.ask(QUESTION)


async def settled(admission: Admission) -> None:
    """Wait until nobody holds or waits for a place and no task is left."""
    async with asyncio.timeout(10):
        while admission.answering or admission.waiting or len(asyncio.all_tasks()) > 1:
            await asyncio.sleep(0.01)


def test_events_come_one_by_one_and_end_with_the_answer(answer):
    async def scene() -> None:
        admission = Admission(1, 0)
        events = await streamed(lambda gone: iter([Quoted(answer), Finished(answer)]), admission)
        assert [type(event) async for event in events] == [Quoted, Finished]
        assert await last_answer(await streamed(lambda gone: iter([Finished(answer)]), admission)) is answer
        await settled(admission)

    asyncio.run(scene())


def test_what_is_raised_before_the_first_event_is_raised_to_whoever_asks():
    def produce(gone: threading.Event) -> Iterator[Event]:
        raise QuestionEmpty()
        yield

    async def scene() -> None:
        admission = Admission(1, 0)
        for _ in range(3):
            with pytest.raises(QuestionEmpty):
                await streamed(produce, admission)
        await settled(admission)

    asyncio.run(scene())


def test_events_left_early_free_the_place_once_the_thread_has_ended(answer):
    drafting, told, release = threading.Event(), threading.Event(), threading.Event()

    def produce(gone: threading.Event) -> Iterator[Event]:
        yield Quoted(answer)
        drafting.set()
        if gone.wait(10):
            told.set()
        release.wait(10)

    async def scene() -> None:
        admission = Admission(1, 0)
        events = await streamed(produce, admission)
        assert isinstance(await anext(events), Quoted)
        assert await asyncio.to_thread(drafting.wait, 5)
        await events.aclose()
        assert await asyncio.to_thread(told.wait, 5)
        assert admission.answering == 1  # the thread is still at it
        release.set()
        await settled(admission)

    asyncio.run(scene())


def test_a_stop_reaches_who_is_answered_and_who_waits_at_once(answer):
    release = threading.Event()

    def produce(gone: threading.Event) -> Iterator[Event]:
        yield Quoted(answer)
        release.wait(10)  # a model that does not listen

    async def scene() -> None:
        admission = Admission(1, 1)
        events = await streamed(produce, admission)
        await anext(events)
        waiting = asyncio.create_task(streamed(produce, admission))
        await asyncio.sleep(0.02)
        assert admission.waiting == 1
        admission.stop()
        with pytest.raises(ServiceStopping):
            await anext(events)
        with pytest.raises(ServiceStopping):
            await waiting
        release.set()
        await settled(admission)

    asyncio.run(scene())


def test_a_failure_after_its_reader_has_left_is_logged_not_lost(answer, caplog):
    drafting = threading.Event()

    def produce(gone: threading.Event) -> Iterator[Event]:
        yield Quoted(answer)
        drafting.set()
        gone.wait(10)
        raise OSError("le disque est parti")

    async def scene() -> None:
        admission = Admission(1, 0)
        events = await streamed(produce, admission)
        await anext(events)
        assert await asyncio.to_thread(drafting.wait, 5)
        await events.aclose()
        await settled(admission)

    asyncio.run(scene())
    gc.collect()
    assert "after its client had left" in caplog.text


class Failing(Drafting):
    """Its prose fails."""

    def __init__(self, engine, error: Exception) -> None:
        super().__init__(engine)
        self.error = error

    def answering(self, question, wishes=None, cancelled=lambda: False):
        yield next(Engine.answering(self, question))
        raise self.error


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (GeneratorFailed(model="m", why="w"), 503, "Le modèle de rédaction m"),
        (KeyError("question secrète"), 500, "réessayez"),
    ],
)
def test_a_stream_that_cannot_go_on_ends_with_an_error_event(small_engine, error, status, said):
    with serving(create_app(Failing(small_engine, error), ServiceSettings.model_construct())) as client:
        events: list[dict[str, str]] = []
        with client.stream(
            "POST", "/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"}
        ) as response:
            for line in response.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    events.append({"event": value})
                elif name == "data":
                    events[-1]["data"] = value
                if len(events) == 2 and not line:
                    break  # an unforeseen failure cuts the connection after its last event
        assert [event["event"] for event in events] == ["quotes", "error"]
        problem = json.loads(events[1]["data"])
        assert problem["status"] == status
        assert said in problem["detail"]
        assert "secrète" not in events[1]["data"]


def test_many_streams_left_at_once_leave_no_task_behind(answer):
    def produce(gone: threading.Event) -> Iterator[Event]:
        yield Quoted(answer)
        gone.wait(10)

    async def scene() -> None:
        admission = Admission(2, 100)
        asked = [asyncio.create_task(streamed(produce, admission)) for _ in range(40)]
        await asyncio.sleep(0.05)
        for task in asked[2:]:
            task.cancel()
        for task in asked[:2]:
            await (await task).aclose()
        await settled(admission)
        assert threading.active_count() < 20

    asyncio.run(scene())
