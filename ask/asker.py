"""Who answers a question at the terminal: a service that runs over the same index, else the command itself."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ask.edge import Lang, open_chosen
from ask.places import places
from ask.show import note
from service.answer import Answer

if TYPE_CHECKING:
    from ask.running import RunningService
    from service.engine import Engine

_SERVED = {"fr": "Répondu par le service {address}.", "en": "Answered by the service at {address}."}


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer, and its line of JSON where a service has made it already."""

    answer: Answer
    line: str | None = None

    def json(self) -> str:
        """The answer as one line of JSON."""
        if self.line is not None:
            return self.line
        from service.schema import AnswerModel

        return AnswerModel.of(self.answer).model_dump_json()


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
    alone: bool
    _service: "RunningService | None" = field(default=None, init=False)
    _engine: "Engine | None" = field(default=None, init=False)

    def __post_init__(self) -> None:
        where = places()
        if not self.alone and self.use_reader and (where.home / "services").is_dir():
            from ask.running import running

            self._service = running(where, self.index)

    def ask(self, question: str) -> Asked:
        """The answer. Raises like ``Engine.ask`` and ``open_engine``."""
        if self._service is not None:
            wanted = {"question": question, "top_k": self.top_k, "sources": self.sources, "since": self.since,
                      "explain": self.explain}  # fmt: skip
            told = self._service.ask(wanted, self.lang)
            if told is not None:
                if self.explain:
                    note(_SERVED[self.lang].format(address=self._service.address))
                return Asked(told.answer, told.json)
            self._service = None
        from service.engine import READ_SECONDS, Wishes

        self._engine = self._engine or open_chosen(self.index, self.lang)
        wishes = Wishes(
            self.top_k, self.sources, self.since, explain=self.explain, use_reader=self.use_reader,
            read_seconds=READ_SECONDS,
        )  # fmt: skip
        return Asked(self._engine.ask(question, wishes))
