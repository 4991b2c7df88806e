"""A real model: the small GGUF of the extra ``llm``; real generators over it; a real server with it on the loopback."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from service.prose.generator import Budget, Message
from service.prose.llama import LlamaGenerator
from service.prose.open import packaged_model

MESSAGES = (
    Message("system", "You answer in one short sentence."),
    Message("user", "What does a beaver build?"),
)
BUDGET = Budget(tokens=10, seconds=60)


@pytest.fixture(scope="session")
def model() -> Path:
    """A real GGUF. CI must have it; elsewhere its extra, which takes a compiler, may be left out."""
    path = packaged_model()
    if (path is None or find_spec("llama_cpp") is None) and not os.environ.get("CI"):
        pytest.skip('needs a compiler: pip install -e ".[dev-llm]"')
    assert path is not None, 'pip install -e ".[dev-llm]"'
    return path


@pytest.fixture(scope="session")
def shared_generator(model: Path) -> Iterator[LlamaGenerator]:
    """For tests that leave the child alive."""
    generator = LlamaGenerator(model, threads=1, context=2048)  # two wait for each other where others work too
    yield generator
    generator.close()


@pytest.fixture
def opened(model: Path) -> Iterator[Callable[..., LlamaGenerator]]:
    """Open generators over the real model, closed at the end."""
    made: list[LlamaGenerator] = []

    def make(path: Path = model, **wishes: object) -> LlamaGenerator:
        made.append(LlamaGenerator(path, **{"threads": 1, "context": 2048, **wishes}))
        return made[-1]

    yield make
    for generator in made:
        generator.close()


# The server of llama-cpp-python as it is, but for AMX, which crashes it on virtual machines (see llama_child.py).
SERVER = """
import llama_cpp.llama_cpp as low
defaults = low.llama_model_default_params
def without_amx():
    params = defaults()
    params.use_extra_bufts = False
    return params
low.llama_model_default_params = without_amx
from llama_cpp.server.__main__ import main
main()
"""


@pytest.fixture(scope="session")
def server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of llama-cpp-python's own server with the small model."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER, "--model", str(model), "--port", str(port), "--n_ctx", "2048", "--n_threads", "1",
             "--n_threads_batch", "1"],
            stdout=output, stderr=output,
        )  # fmt: skip
    try:
        end = time.monotonic() + 60
        while not _answers(port):
            assert process.poll() is None, log.read_text(errors="replace")[-2000:]
            assert time.monotonic() < end
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/v1/models")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
