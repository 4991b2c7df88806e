"""The engine of a running service: taken anew when the index has a new generation, without a failed request."""

import logging
import threading
from pathlib import Path

from indexer.errors import CoulissesError
from indexer.manifest import CURRENT
from service.engine import Engine, reopen_engine

_LOG = logging.getLogger("coulisses")


class ServedEngine:
    """Gives the engine of the current generation. A new one that cannot be opened leaves the old one serving."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._location: Path = engine.index.location
        self._pointer = ""
        pointer = self._read_pointer()
        if pointer.startswith(f"{engine.index.manifest.generation} "):  # else it changed since the engine was opened
            self._pointer = pointer
        self._lock = threading.Lock()

    def current(self) -> Engine:
        """The engine to ask now."""
        pointer = self._read_pointer()
        if pointer != self._pointer and self._lock.acquire(blocking=False):
            try:
                self._engine = reopen_engine(self._engine)
            except CoulissesError as error:
                # the old generation still answers, and its proofs are still compared with the files
                _LOG.warning("the new generation was not taken up: %s", error.sentence("en"))
            finally:
                self._pointer = pointer
                self._lock.release()
        return self._engine

    @property
    def held(self) -> Engine:
        """The engine in use, without a look at whether there is a newer one: never waits."""
        return self._engine

    def _read_pointer(self) -> str:
        try:
            return (self._location / CURRENT).read_text(encoding="ascii")
        except OSError:
            return self._pointer  # between two renames, or gone: what is open goes on
