"""The settings of the service: options over environment over file over defaults, each fault told with its source."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from indexer.errors import SettingInvalid, SettingsUnreadable, SettingUnknown

PREFIX = "COULISSES_"
LEAST_KEY = 16  # characters
NO_GENERATOR = "none"  # what `ask models use none` writes
_WRITTEN = "_written"  # what the file holds, on its way to its place among the sources
_EXPECTED = {
    "int_parsing": ("un entier est attendu", "an integer is expected"),
    "int_type": ("un entier est attendu", "an integer is expected"),
    "int_from_float": ("un entier est attendu", "an integer is expected"),
    "float_parsing": ("un nombre est attendu", "a number is expected"),
    "float_type": ("un nombre est attendu", "a number is expected"),
    "finite_number": ("un nombre fini est attendu", "a finite number is expected"),
    "bool_parsing": ("vrai ou faux est attendu", "true or false is expected"),
    "bool_type": ("vrai ou faux est attendu", "true or false is expected"),
    "string_type": ("un texte est attendu", "a string is expected"),
    "path_type": ("un chemin est attendu", "a path is expected"),
    "greater_than_equal": ("au moins {ge}", "at least {ge}"),
    "less_than_equal": ("au plus {le}", "at most {le}"),
    "string_too_short": ("au moins {min_length} caractères", "at least {min_length} characters"),
    "too_short": ("au moins {min_length} caractères", "at least {min_length} characters"),
    "literal_error": ("attendu : {expected}", "expected: {expected}"),
}


def _listed(value: object) -> object:
    """``"a, b"`` of an environment variable as a list."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]


class ServiceSettings(BaseSettings):
    """What whoever operates the service may set. Seconds and counts; lists are comma-separated in the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, allow_inf_nan=False
    )

    host: Annotated[str, Field(min_length=1, description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="Port to listen on; 0 takes a free one.")] = 8765
    index: Annotated[Path | None, Field(description="Folder of the index; without it, the last one indexed.")] = None
    api_key: Annotated[
        SecretStr | None,
        Field(
            min_length=LEAST_KEY,
            description="Key that clients send as `Authorization: Bearer …`; 16 characters or more.",
        ),
    ] = None
    listen_anywhere: Annotated[
        bool, Field(description="Listen beyond the loopback without a key: something else guards the access.")
    ] = False
    trusted_hosts: Annotated[
        Names,
        Field(description="Names that clients may call the service by, beside the loopback’s; `*.example.org` too."),
    ] = ()
    trusted_proxies: Annotated[
        Names, Field(description="Addresses of reverse proxies whose `X-Forwarded-For` is believed.")
    ] = ()
    rate: Annotated[
        int,
        Field(ge=0, le=1_000_000, description="Requests a minute for each client, all at once or spread; 0: no limit."),
    ] = 600
    at_once: Annotated[int, Field(ge=1, le=64, description="Questions answered at the same time.")] = 2
    queue: Annotated[int, Field(ge=0, le=10_000, description="Questions that may wait; the next gets 503.")] = 8
    wait_seconds: Annotated[
        float | None,
        Field(
            ge=0,
            le=3600,
            description="Expected wait above which a question gets 503; without it, 1.2, or 60 with a generator.",
        ),
    ] = None
    body_seconds: Annotated[
        float, Field(ge=0.1, le=3600, description="Time that a client has to send its request’s body.")
    ] = 10
    unready_seconds: Annotated[
        float, Field(ge=0, le=3600, description="At a stop: time between `/readyz` failing and the door closing.")
    ] = 0
    drain_seconds: Annotated[
        float, Field(ge=0, le=3600, description="At a stop: time that answers under way have to end.")
    ] = 20
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="From which level on is logged.")
    ] = "info"
    log_questions: Annotated[bool, Field(description="Write the text of questions, and of errors, to the log.")] = False
    generator: Annotated[
        str | None,
        Field(
            min_length=1,
            description="Model that writes prose: a preset’s name, a GGUF file, an http(s) address, or `none`.",
        ),
    ] = None
    generator_adapter: Annotated[Path | None, Field(description="Adapter (LoRA) for a GGUF generator.")] = None
    generator_model: Annotated[
        str | None, Field(min_length=1, description="Name of the model at the generator’s address.")
    ] = None
    generator_key: Annotated[SecretStr | None, Field(min_length=1, description="Key for the generator’s address.")] = (
        None
    )
    generator_threads: Annotated[
        int | None, Field(ge=1, le=1024, description="Threads of a local generator; without it, all cores.")
    ] = None

    @property
    def longest_wait(self) -> float:
        """``wait_seconds``, or what suits quotes alone, or prose that takes its time."""
        if self.wait_seconds is not None:
            return self.wait_seconds
        return 1.2 if self.generator in (None, NO_GENERATOR) else 60.0

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options, then the environment, then the file, whose content comes in beside the options."""
        written = init_settings.init_kwargs.pop(_WRITTEN, {}) if isinstance(init_settings, InitSettingsSource) else {}
        return init_settings, env_settings, InitSettingsSource(settings_cls, written)


def settings_file(home: Path) -> Path:
    """The file named by ``COULISSES_SETTINGS``, else ``settings.toml`` in ``home``."""
    named = os.environ.get(f"{PREFIX}SETTINGS")
    return Path(named) if named else home / "settings.toml"


def load_settings(home: Path, options: Mapping[str, object] | None = None) -> ServiceSettings:
    """The settings, with ``options`` (of the command line; ``None`` is "not given") over all else.

    Raises ``SettingsUnreadable``, ``SettingUnknown`` and ``SettingInvalid``.
    """
    path = settings_file(home)
    written = _read(path)
    unknown = sorted(set(written) - set(ServiceSettings.model_fields))
    if unknown:
        raise SettingUnknown(path=path, names=", ".join(unknown), known=", ".join(ServiceSettings.model_fields))
    given: dict[str, Any] = {name: value for name, value in (options or {}).items() if value is not None}
    try:
        return ServiceSettings(**(given | {_WRITTEN: written}))
    except ValidationError as error:
        _tell(error, given, path)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if f"{PREFIX}SETTINGS" in os.environ:
            raise SettingsUnreadable(path=path, why=error.strerror) from error
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsUnreadable(path=path, why=error) from error


def _tell(error: ValidationError, given: Mapping[str, object], path: Path) -> NoReturn:
    fault = error.errors()[0]
    name = str(fault["loc"][0])
    variable = f"{PREFIX}{name}".upper()
    if name in given:
        source = f"--{name.replace('_', '-')}"
    else:
        source = variable if any(os.environ[one] for one in os.environ if one.upper() == variable) else str(path)
    french, english = _EXPECTED.get(fault["type"], ("valeur non valable", "invalid value"))
    context = {key: str(value).replace(" or ", ", ") for key, value in fault.get("ctx", {}).items()}
    why, why_en = french.format(**context), english.format(**context)
    raise SettingInvalid(name=name, source=source, why=why, why_en=why_en) from None  # the cause holds the value
