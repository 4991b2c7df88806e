from pathlib import Path

import pytest

from service.engine import Engine, open_engine


@pytest.fixture(scope="session")
def small_engine(small_location: Path) -> Engine:
    """An engine over three short texts."""
    return open_engine(small_location)
