"""Who may use a model now: a few at once, a few more waiting, the others turned away."""

import threading
import time
from collections.abc import Callable

from indexer.errors import GeneratorBusy

_LOOK_SECONDS = 0.02  # how often one who waits looks whether it is still wanted


class Turns:
    """Safe to use from several threads. Times are those of ``time.monotonic``."""

    def __init__(self, name: str, at_once: int = 1, waiting: int = 8) -> None:
        self._name = name
        self._places = threading.BoundedSemaphore(at_once)
        self._room = threading.BoundedSemaphore(waiting)

    def take(self, until: float, cancelled: Callable[[], bool] = lambda: False) -> bool:
        """Take a turn, to be given back; ``False`` where ``cancelled`` said so. Raises ``GeneratorBusy``."""
        if self._places.acquire(blocking=False):
            return True
        if not self._room.acquire(blocking=False):
            raise GeneratorBusy(model=self._name)
        try:
            while not self._places.acquire(timeout=_LOOK_SECONDS):
                if cancelled():
                    return False
                if time.monotonic() > until:
                    raise GeneratorBusy(model=self._name)
            return True
        finally:
            self._room.release()

    def give_back(self) -> None:
        """The turn is over."""
        self._places.release()
