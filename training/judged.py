"""Sentences that say what others say, or do not: what the reader learns support from.

``questions/drafts.jsonl`` holds drafts written for this project from one to three sentences of a context of contexts.py,
right ones and ones with one error, often twins: {"context", "cited": the first characters of each cited sentence,
"draft", "supported", "kind"}. ``UNTOUCHED`` holds those of other texts, by somebody who knew neither the checker nor the
other drafts: nothing is fitted or chosen on them.

``questions/drafts-prompted.jsonl`` holds drafts as a careful small model writes them under the service's own prompt, by
writers who did not know the checker: {"part": one of ``PARTS``, "context", "question", "evidence": the beginnings of
the sentences shown to it, "cited": their numbers, "draft", "supported", "kind"}. ``dev`` and ``untouched`` are of the
prompt before the one that says to copy, ``copied-…`` of that one.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.proof import after, before
from training.contexts import QUESTIONS, contexts, held_contexts
from training.reader_texts import cut

UNTOUCHED = "drafts-untouched.jsonl"
PROMPTED = "drafts-prompted.jsonl"
PARTS = ("dev", "untouched", "copied-dev", "copied-untouched")


@dataclass(frozen=True)
class Judged:
    """A draft, the sentences that were shown to its writer with the title of their text, and whether those that it cites
    (``numbers``, all where there are none) support it. ``around`` is what stands before and behind each of them, as the
    service tells its citations."""

    draft: str
    title: str
    cited: tuple[str, ...]
    supported: bool
    kind: str
    context: str
    question: str = ""
    numbers: tuple[int, ...] = ()
    around: tuple[tuple[str, str], ...] = ()


def judged(data: Path, clones: Path | None, *, held: bool = False, file: str = "drafts.jsonl") -> Iterator[Judged]:
    """The written drafts whose context is at hand, of contexts that teach or of those that are held; one whose sentence no
    longer stands in its context is left out."""
    held_ones = held_contexts()
    texts = {key: text for key, text in contexts(data, clones).items() if (key in held_ones) == held}
    for line in (QUESTIONS / file).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["context"] not in texts:
            continue
        title, text = texts[row["context"]]
        sentences = [text[start:end] for start, end in cut(text)]
        cited = [next((one for one in sentences if one.startswith(begins)), None) for begins in row["cited"]]
        held = tuple(one for one in cited if one is not None)
        if len(held) == len(cited):
            yield Judged(row["draft"], title, held, row["supported"], row["kind"], row["context"])


def prompted(data: Path, clones: Path | None, part: str) -> Iterator[Judged]:
    """The drafts under the prompt of one of ``PARTS`` whose context is at hand."""
    texts = contexts(data, clones)
    for line in (QUESTIONS / PROMPTED).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["part"] != part or row["context"] not in texts:
            continue
        title, text = texts[row["context"]]
        places = [next((span for span in cut(text) if text.startswith(b, span[0])), None) for b in row["evidence"]]
        shown = [span for span in places if span is not None]
        if len(shown) == len(places):
            yield Judged(
                row["draft"], title, tuple(text[start:end] for start, end in shown), row["supported"], row["kind"],
                row["context"], row["question"], tuple(row["cited"]),
                tuple((before(text, 0, start), after(text, end, len(text))) for start, end in shown),
            )  # fmt: skip
