import socket
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.prose.frames import LARGEST_FRAME, Frames


@pytest.fixture
def ends():
    here, there = socket.socketpair()
    with here, there:
        yield Frames(here), there


@settings(max_examples=50)
@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers() | st.none())), st.integers(1, 50))
def test_frames_come_as_they_were_sent_however_they_are_cut(frames, cut):
    here, there = socket.socketpair()
    tap, sink = socket.socketpair()
    with here, there, tap, sink:
        sender, receiver = Frames(here), Frames(sink)
        for frame in frames:
            sender.send(frame)
        here.shutdown(socket.SHUT_WR)
        received = []
        while data := there.recv(cut):
            tap.send(data)
            try:
                received.append(receiver.receive(0))
            except TimeoutError:
                continue
        tap.close()
        received += [receiver.receive(1) for _ in frames[len(received) :]]
        with pytest.raises(EOFError):
            receiver.receive(1)
        assert received == frames


def test_lone_surrogates_travel(ends):
    frames, there = ends
    frames.send({"text": "\ud800"})
    assert Frames(there).receive(1) == {"text": "\ud800"}


def test_waits_no_longer_than_told(ends):
    with pytest.raises(TimeoutError):
        ends[0].receive(0.05)


def test_a_frame_larger_than_the_socket_holds_is_sent_whole(ends):
    frames, there = ends
    large = {"text": "é" * 500_000}
    thread = threading.Thread(target=frames.send, args=(large,))
    thread.start()
    assert Frames(there).receive(10) == large
    thread.join()


def test_nobody_reads(ends):
    with pytest.raises(TimeoutError):
        ends[0].send({"text": "x" * 5_000_000}, seconds=0.05)


def test_too_large_either_way(ends):
    frames, there = ends
    with pytest.raises(ValueError, match="bytes"):
        frames.send({"text": "x" * LARGEST_FRAME})
    there.send(b"\xff\xff\xff\xff")
    with pytest.raises(ValueError, match="bytes"):
        frames.receive(1)


@pytest.mark.parametrize("data", [b"\0\0\0\2[]", b"\0\0\0\1{", b"\0\0\0\1\xff"])
def test_what_is_no_object_is_refused(ends, data):
    frames, there = ends
    there.send(data)
    with pytest.raises(ValueError):
        frames.receive(1)
