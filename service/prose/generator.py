"""What writes: a language model, in a child process or behind an address."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """A turn of the chat that the model is given. Whatever ``content`` holds is text: it never makes control tokens."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Budget:
    """What a generation may cost at most: tokens written, seconds from the call to the last token."""

    tokens: int
    seconds: float


class Generator(Protocol):
    """One request at a time; a second waits for a bounded while, then ``GeneratorBusy`` is raised."""

    @property
    def name(self) -> str:
        """Tells the model, in an answer's ``models``."""
        ...

    @property
    def context(self) -> int:
        """How many tokens prompt and answer may be together. Raises ``GeneratorFault``: whoever holds the model says it."""
        ...

    def count_tokens(self, messages: tuple[Message, ...], cancelled: Callable[[], bool]) -> int | None:
        """The tokens of the prompt that these messages make; ``None`` where ``cancelled`` said so while it waited.

        Raises ``GeneratorFault``.
        """
        ...

    def generate(
        self, messages: tuple[Message, ...], grammar: str | None, budget: Budget, cancelled: Callable[[], bool]
    ) -> Iterator[str]:
        """The text as it comes, greedily; ends at the model's end, at the budget, or soon after ``cancelled`` says so.

        ``grammar`` is GBNF, or ``None``. Raises the classes under ``GeneratorFault``: the caller falls back to quotes.
        """
        ...

    def close(self) -> None:
        """End the child, or the connections."""
        ...
