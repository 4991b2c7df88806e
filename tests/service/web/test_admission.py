import asyncio
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import ServiceBusy, ServiceStopping
from service.settings import ServiceSettings
from service.web.admission import MOST_CLIENTS, Admission, Rates, client_of
from service.web.app import create_app
from tests.service.web.making import QUESTION, Drafting, serving, until


def test_some_at_once_some_waiting_the_rest_told_when_to_come_back():
    async def scene() -> None:
        admission = Admission(2, 1)
        release = threading.Event()
        held = [asyncio.create_task(admission.run(release.wait)) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert (admission.answering, admission.waiting) == (2, 1)
        with pytest.raises(ServiceBusy) as busy:
            await admission.run(release.wait)
        assert busy.value.fields["seconds"] >= 1
        release.set()
        assert await asyncio.gather(*held) == [True] * 3
        assert (admission.answering, admission.waiting) == (0, 0)

    asyncio.run(scene())


def test_who_gives_up_waiting_leaves_the_queue_and_the_next_keeps_its_turn():
    async def scene() -> None:
        admission = Admission(1, 2)
        release = threading.Event()
        done: list[str] = []
        first = asyncio.create_task(admission.run(release.wait))
        await asyncio.sleep(0.02)
        second = asyncio.create_task(admission.run(lambda: done.append("second")))
        third = asyncio.create_task(admission.run(lambda: done.append("third")))
        await asyncio.sleep(0.02)
        second.cancel()
        await asyncio.sleep(0.02)
        assert admission.waiting == 1
        release.set()
        await asyncio.gather(first, third)
        assert done == ["third"]
        assert admission.answering == 0

    asyncio.run(scene())


def test_no_one_waits_whose_turn_would_come_too_late():
    async def scene() -> None:
        admission = Admission(1, 100, 1.2)
        release = threading.Event()
        held = [asyncio.create_task(admission.run(release.wait)) for _ in range(3)]  # half a second each, it thinks
        await asyncio.sleep(0.02)
        assert admission.waiting == 2
        with pytest.raises(ServiceBusy):
            await admission.run(release.wait)
        release.set()
        await asyncio.gather(*held)
        for _ in range(40):  # quick answers make it trust its own quickness
            await admission.run(lambda: None)
        release.clear()
        held = [asyncio.create_task(admission.run(release.wait)) for _ in range(20)]
        await asyncio.sleep(0.02)
        assert admission.waiting == 19
        release.set()
        await asyncio.gather(*held)

    asyncio.run(scene())


def test_once_stopped_no_one_is_let_in():
    async def scene() -> None:
        admission = Admission(1, 1)
        told: list[str] = []
        with admission.told(lambda: told.append("stop")):
            admission.stop()
        admission.stop()
        assert told == ["stop"]
        with pytest.raises(ServiceStopping):
            await admission.run(lambda: None)

    asyncio.run(scene())


@given(
    rate=st.integers(1, 60),
    gaps=st.lists(st.floats(0, 90, allow_nan=False), min_size=1, max_size=200),
)
def test_no_client_gets_more_than_its_share_in_any_time(rate, gaps):
    rates, now, passed = Rates(rate), 1000.0, []
    for gap in gaps:
        now += gap
        wait = rates.wait("a", now)
        assert 0 <= wait <= 60 / rate + 1e-6
        if not wait:
            passed.append(now)
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            assert last - first + 1 <= rate + (passed[last] - passed[first]) * rate / 60 + 1e-6


@given(rate=st.integers(1, 200))
def test_a_whole_minutes_share_may_come_at_once_and_whoever_waits_as_told_passes(rate):
    rates = Rates(rate)
    assert not any(rates.wait("a", 5.0) for _ in range(rate))
    wait = rates.wait("a", 5.0)
    assert wait > 0
    assert rates.wait("b", 5.0) == 0
    assert rates.wait("a", 5.0 + wait) == 0


def test_only_so_many_clients_are_remembered():
    rates = Rates(1)
    for number in range(MOST_CLIENTS + 50):
        rates.wait(str(number), 1.0)
    assert rates.wait(str(MOST_CLIENTS + 49), 1.0) > 0
    assert rates.wait("0", 1.0) == 0
    assert len(rates._full) == MOST_CLIENTS


def test_a_client_is_an_address_or_a_network_of_ipv6():
    assert client_of({"client": ("10.0.0.1", 5)}) == "10.0.0.1"
    assert client_of({"client": ("2001:db8::1", 5)}) == client_of({"client": ("2001:db8::ffff:1", 5)})
    assert client_of({"client": ("2001:db8:0:1::1", 5)}) != client_of({"client": ("2001:db8::1", 5)})
    assert client_of({"client": None}) == ""


def test_over_its_rate_a_client_gets_429_but_probes_answer(small_engine):
    with serving(create_app(small_engine, ServiceSettings.model_construct(rate=2))) as client:
        codes = [client.get("/rien").status_code for _ in range(4)]
        assert codes == [404, 404, 429, 429]
        told = client.get("/search?q=piscine")
        assert 1 <= int(told.headers["retry-after"]) <= 31
        assert told.headers["content-type"] == "application/problem+json"
        assert client.get("/readyz").status_code == 200


def test_a_full_queue_is_503_with_retry_after_and_an_answer_later(small_engine):
    engine = Drafting(small_engine, sentences=1)
    with serving(create_app(engine, ServiceSettings.model_construct(at_once=1, queue=1, wait_seconds=60.0))) as client:
        answers: list[int] = []

        def ask() -> None:
            answers.append(client.post("/ask", json={"question": QUESTION}).status_code)

        threads = [threading.Thread(target=ask) for _ in range(2)]
        for thread in threads:
            thread.start()
        until(lambda: "coulisses_questions_waiting 1.0" in client.get("/metrics").text)
        for send in (
            lambda: client.post("/ask", json={"question": QUESTION}),
            lambda: client.post("/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"}),
            lambda: client.get("/search?q=piscine"),
        ):
            busy = send()
            assert busy.status_code == 503
            assert int(busy.headers["retry-after"]) >= 1
            assert "Réessayez" in busy.json()["detail"]
        engine.more.release(2)
        for thread in threads:
            thread.join(20)
        assert answers == [200, 200]
