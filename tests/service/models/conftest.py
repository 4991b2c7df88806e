"""What the tests of models share: a store, and progress that remembers."""

import pytest

from service.models.hub import Hub
from service.models.store import Store
from tests.service.models.loopback_hub import LoopbackHub
from tests.service.models.making import Quiet


@pytest.fixture
def client(hub: LoopbackHub) -> Hub:
    return Hub(hub.endpoint)


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "models")


@pytest.fixture
def quiet() -> Quiet:
    return Quiet()
