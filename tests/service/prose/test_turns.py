import threading
import time

import pytest

from indexer.errors import GeneratorBusy
from service.prose.turns import Turns


def soon() -> float:
    return time.monotonic() + 5


def test_one_at_a_time():
    turns = Turns("m")
    within, most = 0, 0

    def work() -> None:
        nonlocal within, most
        assert turns.take(soon())
        within += 1
        most = max(most, within)
        time.sleep(0.01)
        within -= 1
        turns.give_back()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_too_many_waiting_are_turned_away_at_once():
    turns = Turns("m", waiting=2)
    turns.take(soon())
    waiting = [threading.Thread(target=turns.take, args=(soon(),)) for _ in range(2)]
    for thread in waiting:
        thread.start()
    time.sleep(0.05)
    start = time.monotonic()
    with pytest.raises(GeneratorBusy):
        turns.take(soon())
    assert time.monotonic() - start < 1
    for thread in waiting:
        turns.give_back()
        thread.join(0.01)
    for thread in waiting:
        thread.join()


def test_waits_no_longer_than_told_and_keeps_no_place():
    turns = Turns("m", waiting=1)
    turns.take(soon())
    for _ in range(3):
        with pytest.raises(GeneratorBusy):
            turns.take(time.monotonic() + 0.03)
    turns.give_back()
    assert turns.take(soon())


def test_a_waiting_one_may_be_cancelled():
    turns = Turns("m")
    turns.take(soon())
    assert turns.take(soon(), lambda: True) is False


def test_several_at_once_where_the_server_takes_them():
    turns = Turns("m", at_once=2)
    assert turns.take(soon())
    assert turns.take(soon())
    with pytest.raises(GeneratorBusy):
        turns.take(time.monotonic())
