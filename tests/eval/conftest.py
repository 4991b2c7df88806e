from tests.service.conftest import seeds_engine

__all__ = ["seeds_engine"]
