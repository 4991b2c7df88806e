"""A generator that writes what it is told to: for tests of everything around a model."""

from collections.abc import Callable, Iterator

from indexer.errors import GeneratorFault
from service.prose.generator import Budget, Message


class Scripted:
    """Writes ``text`` in pieces of ``piece`` characters; raises ``fault`` in the place of the ``|`` of its text.

    A token is a word. ``asked`` keeps what it was asked.
    """

    def __init__(
        self, text: str, *, context: int = 4096, piece: int = 3, fault: GeneratorFault | KeyboardInterrupt | None = None
    ) -> None:
        self.name = "scripted@0"
        self.context = context
        self.asked: list[tuple[tuple[Message, ...], str | None, Budget]] = []
        self.written = ""
        self._text = text
        self._piece = piece
        self._fault = fault

    def count_tokens(self, messages: tuple[Message, ...], cancelled: Callable[[], bool] = lambda: False) -> int:
        return sum(len(message.content.split()) for message in messages)

    def generate(
        self, messages: tuple[Message, ...], grammar: str | None, budget: Budget, cancelled: Callable[[], bool]
    ) -> Iterator[str]:
        self.asked.append((messages, grammar, budget))
        text, _, rest = self._text.partition("|")
        for start in range(0, len(text), self._piece):
            if cancelled():
                return
            self.written += text[start : start + self._piece]
            yield text[start : start + self._piece]
        if self._fault is not None:
            raise self._fault
        yield rest

    def close(self) -> None:
        """Nothing to end."""
