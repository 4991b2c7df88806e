"""What the tests of models share: two presets of our own and their files, and progress that remembers."""

from collections.abc import Callable
from typing import Any

from service.models.presets import Preset, PresetFile
from tests.service.models.loopback_hub import COMMIT, sha

GGUF = b"GGUF" + (3).to_bytes(4, "little") + bytes(16) + bytes(range(256)) * 1200
CONFIG = b'{"model_type": "essai"}'
FILES = {"essai.gguf": GGUF}
FOLDER = {"modules.json": b"[]", "1_Pooling/config.json": CONFIG, "model.safetensors": GGUF[::-1]}


def generator(**changes: object) -> Preset:
    fields: dict[str, Any] = {
        "name": "essai", "kind": "generator", "title": "Essai", "repository": "essai/modele", "revision": COMMIT,
        "files": (PresetFile("essai.gguf", len(GGUF), sha(GGUF)),), "licence": "MIT", "languages": ("fr",),
        "memory": 1.0, "context": 512, "run_here": True,
    }  # fmt: skip
    return Preset(**(fields | changes))


def embedder(**changes: object) -> Preset:
    files = tuple(PresetFile(name) for name in FOLDER)
    return generator(
        name="vecteurs", kind="embedder", files=files, query_prompt="query: ", passage_prompt="passage: ", **changes
    )


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
