"""What the tests of models share: a store, and progress that remembers."""

from collections.abc import Callable

import pytest

from service.models.hub import Hub
from service.models.store import Store
from tests.service.models.loopback_hub import LoopbackHub


class Quiet:
    """Progress that remembers what it was told."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, int, list[int]]] = []

    def stage(self, name: str, total: int) -> Callable[[int], None]:
        told: list[int] = []
        self.stages.append((name, total, told))
        return told.append

    def done(self, name: str) -> list[tuple[int, int]]:
        """Total and sum of what was told, for each stage of that name."""
        return [(total, sum(told)) for stage, total, told in self.stages if stage == name]


@pytest.fixture
def client(hub: LoopbackHub) -> Hub:
    return Hub(hub.endpoint)


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "models")


@pytest.fixture
def quiet() -> Quiet:
    return Quiet()
