"""English wordings of French questions: `questions/piaf-en.tsv` (PIAF's dev and untouched parts) and the gold set's.

A line is the question's id, its English wording and, for a turn of a chat, the English wordings of the questions asked
before it, oldest first; tabs between.
"""

from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
PIAF_ENGLISH = _ROOT / "training" / "questions" / "piaf-en.tsv"
GOLD_ENGLISH = _ROOT / "eval" / "gold" / "seeds-en.tsv"


@dataclass(frozen=True)
class Wording:
    """A question, and what the same user asked before it, oldest first."""

    question: str
    history: tuple[str, ...] = ()


def read_wordings(path: Path) -> dict[str, Wording]:
    """Wordings by id, in the file's order. Raises ``ValueError`` on an id without a wording or seen before."""
    wordings: dict[str, Wording] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        id, *asked = line.split("\t")
        if not asked or not all(text.strip() for text in asked) or id in wordings:
            raise ValueError(f"{path}:{number}: {line}")
        wordings[id] = Wording(asked[0], tuple(asked[1:]))
    return wordings
