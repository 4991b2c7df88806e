"""The presets: models that are known to suit, with where they come from and what their files must be."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from indexer.errors import ModelDamaged, PresetUnknown

SHIPPED = Path(__file__).with_name("presets.toml")
_KINDS = (".gguf", ".safetensors", ".json", ".txt", ".model", ".jinja")  # nothing that is unpickled or run


def _safe_name(name: str) -> str:
    """A path below the model's folder, whoever wrote it. Raises ``ValueError``."""
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts) or parts[0].startswith(".") or set(name) & set('\\:\0\n"'):
        raise ValueError(f"not a plain relative name: {name!r}")
    if not name.endswith(_KINDS):
        raise ValueError(f"not a kind of file that models are made of: {name!r}")
    return name


FileName = Annotated[str, AfterValidator(_safe_name), Field(max_length=200)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Commit = Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, config=_STRICT)
class PresetFile:
    """A file of a preset; size in bytes and SHA-256 where a public record gives them."""

    name: FileName
    size: Annotated[int, Field(gt=0)] | None = None
    sha256: Sha256 | None = None


@dataclass(frozen=True, slots=True, config=_STRICT)
class Preset:
    """A model that can be pulled, or that an installed Python package holds.

    ``repository`` and ``revision`` (a commit) tell where on the hub it is, ``package`` the name by which the Python
    package that holds it is imported: one or the other. ``memory`` is an estimate in GB (10⁹ bytes), ``context`` the
    tokens that the model reads at most. The prompts are those that go before questions and passages (embedders);
    ``run_here`` tells whether it was ever run by those who wrote Coulisses.
    """

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,40}$")]
    kind: Literal["generator", "embedder"]
    title: str
    files: Annotated[tuple[PresetFile, ...], Field(min_length=1)]
    licence: Literal["Apache-2.0", "MIT"]
    languages: tuple[str, ...]
    memory: Annotated[float, Field(gt=0)]
    context: Annotated[int, Field(gt=0)]
    run_here: bool
    repository: Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+$")] | None = None
    revision: Commit | None = None
    package: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_]*$")] | None = None
    query_prompt: str | None = None
    passage_prompt: str | None = None
    note_fr: str = ""
    note_en: str = ""

    def __post_init__(self) -> None:
        if (self.repository is None) == (self.package is None) or (self.repository is None) != (self.revision is None):
            raise ValueError(f"{self.name}: either a repository with its revision, or a package")
        names = [file.name for file in self.files]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.name}: a file named twice")
        if self.kind == "generator" and not (len(names) == 1 and names[0].endswith(".gguf")):
            raise ValueError(f"{self.name}: a generator is one GGUF file")

    @property
    def size(self) -> int:
        """Bytes of the files whose size is known: all of them, or all that weigh."""
        return sum(file.size or 0 for file in self.files)


def load_presets(path: Path = SHIPPED) -> dict[str, Preset]:
    """The presets by name, in the order of the file. Raises ``ModelDamaged`` when the file is not as it shipped."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
        presets = TypeAdapter(tuple[Preset, ...]).validate_python(
            tuple({"name": name} | table for name, table in tables.items())
        )
    except (OSError, tomllib.TOMLDecodeError, TypeError, ValidationError) as error:
        raise ModelDamaged(path=path, why=" ".join(str(error).split())[:200]) from error
    return {preset.name: preset for preset in presets}


def find_preset(presets: dict[str, Preset], name: str) -> Preset:
    """The preset of that name. Raises ``PresetUnknown``."""
    try:
        return presets[name]
    except KeyError as error:
        raise PresetUnknown(preset=name, known=", ".join(presets)) from error
