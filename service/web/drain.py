"""The end of a service: not ready first, then no new connection, then what is under way ends within its time."""

import asyncio
import math
import signal
import socket
from dataclasses import dataclass
from types import FrameType

import uvicorn

from service.web.admission import Admission

LAST_EVENTS = 5  # seconds that the last events have to leave once all has been told to end


@dataclass(slots=True)
class Drain:
    """``begun`` from the moment that the service was asked to stop."""

    begun: bool = False


class DrainingServer(uvicorn.Server):
    """A server whose ``SIGTERM`` and ``SIGINT`` let every answer end: with its own end, or told that the service stops."""

    def __init__(
        self, config: uvicorn.Config, drain: Drain, admission: Admission, unready_seconds: float, drain_seconds: float
    ) -> None:
        super().__init__(config)
        config.timeout_graceful_shutdown = math.ceil(drain_seconds) + LAST_EVENTS
        self._drain = drain
        self._admission = admission
        self._unready_seconds = unready_seconds
        self._drain_seconds = drain_seconds

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal begins the drain; a second ``SIGINT`` ends at once."""
        self._drain.begun = True
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Wait for who asks whether it is ready, close the door, and let what is under way end."""
        self._drain.begun = True
        await asyncio.sleep(self._unready_seconds)
        late = asyncio.get_running_loop().call_later(self._drain_seconds, self._admission.stop)
        await super().shutdown(sockets)
        late.cancel()


def exit_on_sigterm() -> None:
    """Let a ``SIGTERM`` that the server has dealt with end the process by ``SystemExit``, so that what is open is closed."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)
