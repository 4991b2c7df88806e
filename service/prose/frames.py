"""JSON objects over a socket, each behind its length: what the service and the child that holds the model say."""

import json
import select
import socket
import struct
import threading
import time
from typing import Any

LARGEST_FRAME = 16_000_000  # bytes
_LENGTH = struct.Struct(">I")


class Frames:
    """One end of a conversation. ``send`` may be called from several threads, ``receive`` from one at a time."""

    def __init__(self, end: socket.socket) -> None:
        end.setblocking(False)  # waiting is done by poll: a socket's own timeout would be that of all its threads
        self._socket = end
        self._received = bytearray()
        self._sending = threading.Lock()

    def send(self, frame: dict[str, Any], seconds: float | None = None) -> None:
        """Raises ``TimeoutError`` where nobody reads, ``OSError`` where nobody will, ``ValueError`` for too large a frame."""
        data = json.dumps(frame).encode("ascii")
        if len(data) > LARGEST_FRAME:
            raise ValueError(f"{len(data)} bytes")
        rest = memoryview(_LENGTH.pack(len(data)) + data)
        with self._sending:
            while rest:
                try:
                    rest = rest[self._socket.send(rest) :]
                except BlockingIOError:
                    self._wait(select.POLLOUT, seconds)

    def receive(self, seconds: float | None = None) -> dict[str, Any]:
        """The next frame. Raises ``TimeoutError`` (what came in part is kept), ``EOFError``, ``OSError``, ``ValueError``."""
        end = None if seconds is None else time.monotonic() + seconds
        while (frame := self._whole()) is None:
            try:
                data = self._socket.recv(1 << 16)
            except BlockingIOError:
                self._wait(select.POLLIN, None if end is None else max(end - time.monotonic(), 0))
                continue
            if not data:
                raise EOFError
            self._received += data
        return frame

    def close(self) -> None:
        """Close the socket; the other side receives ``EOFError``."""
        self._socket.close()

    def _wait(self, event: int, seconds: float | None) -> None:
        poll = select.poll()
        poll.register(self._socket, event)
        if not poll.poll(None if seconds is None else seconds * 1000):
            raise TimeoutError

    def _whole(self) -> dict[str, Any] | None:
        if len(self._received) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._received)
        if length > LARGEST_FRAME:
            raise ValueError(f"{length} bytes")
        end = _LENGTH.size + length
        if len(self._received) < end:
            return None
        frame = json.loads(bytes(self._received[_LENGTH.size : end]))
        del self._received[:end]
        if not isinstance(frame, dict):
            raise ValueError("not an object")
        return frame
