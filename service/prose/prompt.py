"""A question and its quotes to what the model reads. The words are in ``prompts/``, one file a language.

The system turn never changes, so that a server reuses what it computed for it. What comes from documents and from the
person is put on one line each, and its own « [3] » becomes « (3) »: it can neither open an item nor cite.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from indexer.errors import PromptFaulty
from service.answer import Citation
from service.prose.generator import Message

LANGUAGES = ("fr", "en")
PLACEHOLDERS = frozenset({"evidence", "question"})
_TURNS = re.compile(r"^\[(\w+)\]\n", re.MULTILINE)
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_NUMBERED = re.compile(r"\[\s*(\d[\d\s,;–-]*)\]")


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is told in one language: the turn that never changes, and the one with question and evidence."""

    system: str
    user: Template

    def messages(self, question: str, citations: Sequence[Citation]) -> tuple[Message, ...]:
        """The turns for a question and the quotes to answer from, numbered as they are cited."""
        evidence = "\n".join(f"[{citation.n}] {one_line(citation.quote)}" for citation in citations)
        filled = self.user.substitute(evidence=evidence, question=one_line(question))
        return Message("system", self.system), Message("user", filled)


def load_prompts(folder: Path) -> dict[str, Prompt]:
    """The prompts by language. Raises ``PromptFaulty``."""
    return {lang: _load(folder / f"draft.{lang}.txt") for lang in LANGUAGES}


def one_line(text: str) -> str:
    """Text of a document or a person as an item of the prompt: one line, without numbers in square brackets."""
    plain = " ".join(_INVISIBLE.sub("", re.sub(r"\s", " ", text)).split())
    return _NUMBERED.sub(r"(\1)", plain).replace("<|", "< |").replace("|>", "| >")


def _load(path: Path) -> Prompt:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptFaulty(path=path, why=error) from error
    _, *parts = _TURNS.split(text)
    if parts[::2] != ["system", "user"]:
        raise PromptFaulty(path=path, why=f"[system], [user] ≠ {parts[::2]}")
    system, user = (part.strip() for part in parts[1::2])
    template = Template(user)
    if not template.is_valid() or set(template.get_identifiers()) != PLACEHOLDERS:
        raise PromptFaulty(path=path, why=f"{sorted(PLACEHOLDERS)} ≠ {sorted(template.get_identifiers())}")
    if not system or "$" in system:
        raise PromptFaulty(path=path, why="[system]")
    return Prompt(system, template)
