"""What the tests of models share: two presets of our own and their files."""

from service.models.presets import Preset, PresetFile
from tests.service.models.loopback_hub import COMMIT, sha

GGUF = b"GGUF" + (3).to_bytes(4, "little") + bytes(16) + bytes(range(256)) * 1200
CONFIG = b'{"model_type": "essai"}'
FILES = {"essai.gguf": GGUF}
FOLDER = {"modules.json": b"[]", "1_Pooling/config.json": CONFIG, "model.safetensors": GGUF[::-1]}


def generator(**changes: object) -> Preset:
    fields: dict[str, object] = {
        "name": "essai", "kind": "generator", "title": "Essai", "repository": "essai/modele", "revision": COMMIT,
        "files": (PresetFile("essai.gguf", len(GGUF), sha(GGUF)),), "licence": "MIT", "languages": ("fr",),
        "memory": 1.0, "context": 512, "run_here": True,
    }  # fmt: skip
    return Preset(**(fields | changes))  # type: ignore[arg-type]


def embedder(**changes: object) -> Preset:
    files = tuple(PresetFile(name) for name in FOLDER)
    return generator(
        name="vecteurs", kind="embedder", files=files, query_prompt="query: ", passage_prompt="passage: ", **changes
    )
