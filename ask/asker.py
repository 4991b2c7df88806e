"""Who answers a question at the terminal: a service that runs over the same index, else the command itself."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ask.edge import Lang, ServiceLost, open_chosen
from ask.places import places
from ask.show import note
from indexer.errors import GeneratorFault, PresetNotPulled, PresetUnknown, ServiceUnheard
from service.answer import Answer, Event, Finished

if TYPE_CHECKING:
    from ask.running import RunningService
    from service.engine import Engine

_SERVED = {"fr": "Répondu par le service {address}.", "en": "Answered by the service at {address}."}


@dataclass(slots=True)
class Asker:
    """Asks a running service as long as all goes well; from the first trouble on, and where it cannot, alone.

    The engine is opened at the first question that needs it. A service has its reader: who wants none asks alone.
    """

    index: Path | None
    lang: Lang
    top_k: int
    sources: tuple[str, ...]
    since: str | None
    explain: bool
    use_reader: bool
    use_prose: bool
    alone: bool
    _service: "RunningService | None" = field(default=None, init=False)
    _engine: "Engine | None" = field(default=None, init=False)

    def __post_init__(self) -> None:
        where = places()
        if not self.alone and self.use_reader and (where.home / "services").is_dir():
            from ask.running import running

            self._service = running(where, self.index)

    def ask(self, question: str) -> Answer:
        """The whole answer. Raises like ``answering``."""
        *_, last = self.answering(question)
        assert isinstance(last, Finished)
        return last.answer

    def answering(self, question: str) -> Iterator[Event]:
        """The answer as it comes. Raises like ``Engine.answering`` and ``open_engine``."""
        if self._service is not None:
            shown = False
            try:
                for event in self._service.answering(self._wanted(question), self.lang):
                    if self.explain and not shown:
                        note(_SERVED[self.lang].format(address=self._service.address))
                    shown = True
                    yield event
            except ServiceLost:
                self._service = None
                if shown:
                    raise ServiceUnheard() from None
            else:
                return
        from service.engine import READ_SECONDS, Wishes

        self._engine = self._engine or self._opened()
        wishes = Wishes(
            self.top_k, self.sources, self.since, explain=self.explain, use_reader=self.use_reader,
            read_seconds=READ_SECONDS, use_prose=self.use_prose,
        )  # fmt: skip
        yield from self._engine.answering(question, wishes)

    def close(self) -> None:
        """End the generator's process, where one was opened."""
        if self._engine is not None and self._engine.generator is not None:
            self._engine.generator.close()

    def _wanted(self, question: str) -> dict[str, object]:
        return {
            "question": question, "top_k": self.top_k, "sources": self.sources, "since": self.since,
            "explain": self.explain, "prose": self.use_prose,
        }  # fmt: skip

    def _opened(self) -> "Engine":
        """The engine, with the generator that the settings name. One that cannot be had is told: the quotes hold."""
        engine = open_chosen(self.index, self.lang)
        home = places().home
        if not self.use_prose or not names_a_generator(home):
            return engine
        from service.prose.chosen import generator_choice
        from service.prose.open import open_generator
        from service.settings import load_settings

        settings = load_settings(home)
        try:
            choice = generator_choice(settings, home / "models")
            return engine if choice is None else engine.writing(open_generator(choice))
        except (GeneratorFault, PresetNotPulled, PresetUnknown) as error:
            note(error.sentence(self.lang))
            return engine


def names_a_generator(home: Path) -> bool:
    """Whether the settings may name one: where nothing is set they need not be loaded, which takes a moment."""
    return (home / "settings.toml").exists() or any(
        os.environ.get(f"COULISSES_{name}") for name in ("SETTINGS", "GENERATOR")
    )
