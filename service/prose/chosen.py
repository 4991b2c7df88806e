"""The settings to the generator that they name: a file, an address, or a preset that was pulled."""

from pathlib import Path

from indexer.errors import PresetNotPulled
from service.models.presets import find_preset, load_presets
from service.models.store import Store
from service.prose.open import GeneratorChoice
from service.settings import NO_GENERATOR, ServiceSettings

_ADDRESSES = ("http://", "https://")


def generator_choice(settings: ServiceSettings, models: Path) -> GeneratorChoice | None:
    """What to open, ``None`` where the settings name nothing; ``models`` is where pulled presets lie.

    Raises ``PresetUnknown`` and ``PresetNotPulled``.
    """
    named = settings.generator
    if named is None or named == NO_GENERATOR:
        return None
    if named.startswith(_ADDRESSES):
        key = settings.generator_key.get_secret_value() if settings.generator_key else None
        return GeneratorChoice(address=named, name=settings.generator_model, key=key, at_once=settings.at_once)
    path = Path(named).expanduser() if "/" in named or named.endswith(".gguf") else _of_preset(named, models)
    return GeneratorChoice(model=path, adapter=settings.generator_adapter, threads=settings.generator_threads)


def _of_preset(name: str, models: Path) -> Path:
    preset, store = find_preset(load_presets(), name), Store(models)
    if store.state(preset) != "present":
        raise PresetNotPulled(preset=name)
    return store.folder_of(preset) / preset.files[0].name
