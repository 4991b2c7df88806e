from collections.abc import Iterator
from pathlib import Path

import pytest

from service.engine import Engine, open_engine
from service.web.app import create_app
from tests.service.web.making import served


@pytest.fixture(scope="session")
def small_engine(small_location: Path) -> Engine:
    """An engine over three short texts."""
    return open_engine(small_location)


@pytest.fixture(scope="module")
def small_service(small_engine: Engine) -> Iterator[str]:
    """Where the service over three short texts is."""
    with served(create_app(small_engine)) as address:
        yield address
