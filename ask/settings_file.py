"""``HOME/settings.toml``: what a person chose, with the comments they wrote beside it."""

import os
from dataclasses import dataclass
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from indexer.errors import SettingsUnwritable

NONE = "none"


@dataclass(frozen=True, slots=True)
class GeneratorChoice:
    """What writes prose: the path of a GGUF file, the address of a service, or ``"none"``.

    ``model`` is the name that a service knows its model by; ``adapter`` the path of a GGUF adapter for a file.
    """

    generator: str
    model: str | None = None
    adapter: str | None = None


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """Only the keys asked for are changed; the rest of the file stays as it was written."""

    path: Path

    def generator(self) -> str | None:
        """The generator chosen; ``None`` where nothing says. Raises ``SettingsUnwritable`` for a file that is not TOML."""
        value = self._read().get("generator")
        return None if value is None else str(value)

    def choose(self, choice: GeneratorChoice) -> None:
        """Write the choice, whole or not at all. Raises ``SettingsUnwritable``."""
        document = self._read()
        chosen = {
            "generator": choice.generator,
            "generator_model": choice.model,
            "generator_adapter": choice.adapter,
        }
        for key, value in chosen.items():
            if value is not None:
                document[key] = value
            elif key in document:
                del document[key]
        written = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with written.open("w", encoding="utf-8", newline="") as file:
                file.write(tomlkit.dumps(document))
                file.flush()
                os.fsync(file.fileno())
            written.replace(self.path)
        except OSError as error:
            raise SettingsUnwritable(path=self.path, why=error.strerror or error) from error

    def _read(self) -> tomlkit.TOMLDocument:
        try:
            with self.path.open(encoding="utf-8", newline="") as file:
                return tomlkit.parse(file.read())
        except FileNotFoundError:
            return tomlkit.document()
        except (OSError, UnicodeDecodeError, TOMLKitError) as error:
            raise SettingsUnwritable(path=self.path, why=" ".join(str(error).split())) from error
