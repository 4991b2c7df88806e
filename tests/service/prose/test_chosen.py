from pathlib import Path

import pytest

from indexer.errors import PresetNotPulled, PresetUnknown
from service.prose.chosen import generator_choice
from service.prose.open import GeneratorChoice
from service.settings import ServiceSettings


def choice(folder: Path, **fields) -> GeneratorChoice | None:
    return generator_choice(ServiceSettings.model_validate(fields), folder)


@pytest.mark.parametrize("fields", [{}, {"generator": "none"}])
def test_nothing_named_writes_nothing(tmp_path, fields):
    assert choice(tmp_path, **fields) is None


def test_an_address_with_its_model_and_key(tmp_path):
    found = choice(tmp_path, generator="http://gpu:8000/v1", generator_model="m", generator_key="clé", at_once=3)
    assert found == GeneratorChoice(address="http://gpu:8000/v1", name="m", key="clé", at_once=3)
    assert "clé" not in repr(found)


def test_a_file_with_its_adapter_and_threads(tmp_path):
    found = choice(tmp_path, generator="~/m.gguf", generator_adapter="a.gguf", generator_threads=1)
    assert found == GeneratorChoice(model=Path("~/m.gguf").expanduser(), adapter=Path("a.gguf"), threads=1)


def test_a_preset_must_be_known_and_pulled(tmp_path):
    with pytest.raises(PresetUnknown, match="grand"):
        choice(tmp_path, generator="grand")
    with pytest.raises(PresetNotPulled, match="ask models pull mini"):
        choice(tmp_path, generator="mini")


def test_the_packaged_model_is_a_preset_where_its_package_is_installed(tmp_path, model):
    found = choice(tmp_path, generator="smollm2")
    assert found is not None
    assert found.model == model
