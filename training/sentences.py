"""What the bundled generator learns from: a question, the sentences found for it, and the short answer written of one.

training/questions/sentences.jsonl names the text of each (``contexts.py``, or a paragraph of PIAF's train half), the
beginnings of the sentences that it is shown, which of them answers, and the answer: one sentence in that one's words,
written for this project.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from training.contexts import QUESTIONS, contexts, paragraphs
from training.reader_texts import cut


@dataclass(frozen=True, slots=True)
class Written:
    """``sentences[n - 1]`` answers ``question``; ``answer`` says so in a sentence. ``group``: the text they are of."""

    question: str
    sentences: tuple[str, ...]
    n: int
    answer: str
    group: str


def sentences(data: Path, clones: Path | None) -> Iterator[Written]:
    """The written answers whose text is at hand; one whose sentences cannot be found in it again is left out."""
    texts = {
        **dict(paragraphs(data)),
        **{name: text for name, (_, text) in contexts(data, clones)},
    }
    found = {name: [" ".join(text[a:b].split()) for a, b in cut(text)] for name, text in texts.items()}
    for line in (QUESTIONS / "sentences.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        of_text = found.get(row["context"], [])
        shown = [next((s for s in of_text if s.startswith(beginning)), None) for beginning in row["sentences"]]
        if shown and all(shown):
            yield Written(row["question"], tuple(s for s in shown if s), row["n"], row["answer"], row["context"])
