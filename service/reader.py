"""A question and a passage to what answers in it: how far each sentence does, and its short answer.

The bundled cross-encoder (``models/reader``) reads « [CLS] question [SEP] title [SEP] passage [SEP] » and gives four
numbers a token: start and end of the short answer, and how far the token belongs to a sentence that answers; those of
[CLS] stand for "nothing here answers" (Devlin et al. 2019). A sentence's log-odds are the mean over its tokens less the
number of [CLS]: they compare across passages. The fourth was of use to its training
alone (``training/judged.py``).
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.embedder import bundled_fingerprint, check_files

if TYPE_CHECKING:
    from tokenizers import Tokenizer

QUESTION_TOKENS, TITLE_TOKENS = 64, 24
LONGEST_ANSWER = 24  # tokens
UNREAD = -12.0  # log-odds of a sentence that did not fit
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PassageText:
    """A passage to read; ``sentences`` are spans of ``text``."""

    title: str
    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """A span of the passage's text, with its log-odds against "nothing here answers"."""

    start: int
    end: int
    log_odds: float


@dataclass(frozen=True, slots=True)
class Reading:
    """Of each sentence of a passage: log-odds that it answers, and the best short answer inside it."""

    log_odds: tuple[float, ...]
    short: tuple[ShortAnswer | None, ...]


@dataclass(frozen=True, slots=True)
class Packed:
    """A question and a passage as tokens: ids and types of all, offsets and sentence of each of the text's tokens."""

    ids: list[int]
    types: list[int]
    first: int
    offsets: list[Span]
    sentence: list[int]


class PassageReader(Protocol):
    """Reads passages with a question in view."""

    name: str

    def read(self, question: str, passages: Sequence[PassageText], deadline: float | None = None) -> list[Reading]:
        """What answers in each passage. Past ``deadline`` (``time.monotonic``) no further one is begun: the list is
        then shorter than ``passages``, by its end; the first is always read."""
        ...


class Reader:
    """The bundled reader: onnxruntime and tokenizers, no torch. ``threads`` passages are read side by side."""

    def __init__(self, folder: Path, threads: int) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        check_files(folder)
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.name = f"{config['name']}@{bundled_fingerprint(folder)}"
        self._longest = int(config["max_tokens"])
        self._threads = threads
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session: onnxruntime.InferenceSession = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def read(self, question: str, passages: Sequence[PassageText], deadline: float | None = None) -> list[Reading]:
        def one(number: int) -> Reading | None:
            if number and deadline is not None and monotonic() > deadline:
                return None
            passage = passages[number]
            packed = pack(self._tokenizer, question, passage, self._longest)
            return unpack(self._run(packed), packed, passage)

        with ThreadPoolExecutor(self._threads) as pool:
            readings = list(pool.map(one, range(len(passages))))
        kept: list[Reading] = []
        for reading in readings:
            if reading is None:
                break
            kept.append(reading)
        return kept

    def _run(self, packed: Packed) -> NDArray[np.float32]:
        ids = np.asarray([packed.ids], np.int64)
        fed = {
            "input_ids": ids,
            "token_type_ids": np.asarray([packed.types], np.int64),
            "attention_mask": np.ones_like(ids),
        }
        output: Any = self._session.run(["scores"], fed)[0]
        return np.asarray(output[0], np.float32)


def pack(
    tokenizer: "Tokenizer", question: str, passage: PassageText, longest: int, most: int = QUESTION_TOKENS
) -> Packed:
    """One question, of at most ``most`` tokens, and passage as tokens; what exceeds ``longest`` is cut off the
    passage's end."""
    cls, sep = tokenizer.encode("").ids  # what the tokenizer puts around a text
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:most]
    named = tokenizer.encode(passage.title, add_special_tokens=False).ids[:TITLE_TOKENS]
    body = tokenizer.encode(passage.text, add_special_tokens=False)
    head = [cls, *asked, sep, *named, sep]
    room = longest - len(head) - 1
    offsets = list(body.offsets)[:room]
    ids = [*head, *body.ids[:room], sep]
    types = [0] * (len(asked) + 2) + [1] * (len(ids) - len(asked) - 2)
    sentence = []
    at = 0
    for begin, _ in offsets:
        while at + 1 < len(passage.sentences) and passage.sentences[at + 1][0] <= begin:
            at += 1
        sentence.append(at)
    return Packed(ids, types, len(head), offsets, sentence)


def unpack(scores: NDArray[np.float32], packed: Packed, passage: PassageText) -> Reading:
    """The model's numbers (tokens, 4) to log-odds and short answers of each sentence."""
    tokens = scores[packed.first : packed.first + len(packed.offsets)]
    nothing = float(scores[0, 2])
    no_span = float(scores[0, 0] + scores[0, 1])
    belongs = np.asarray(packed.sentence)
    log_odds: list[float] = []
    short: list[ShortAnswer | None] = []
    for number in range(len(passage.sentences)):
        inside = np.flatnonzero(belongs == number)
        if not len(inside):
            log_odds.append(UNREAD)
            short.append(None)
            continue
        first, last = int(inside[0]), int(inside[-1]) + 1
        log_odds.append(float(tokens[first:last, 2].mean()) - nothing)
        # a heading or a caption between two sentences is read with the one before it, and is no part of its quote
        whole = [packed.offsets[place][1] <= passage.sentences[number][1] for place in range(first, last)]
        within = first + max(sum(whole), 1)
        begin, end, score = _best_span(tokens[first:within, 0], tokens[first:within, 1])
        start, stop = packed.offsets[first + begin][0], packed.offsets[first + end][1]
        start, stop = _whole_words(passage.text, start, stop, passage.sentences[number])
        short.append(ShortAnswer(start, stop, score - no_span))
    return Reading(tuple(log_odds), tuple(short))


def _best_span(starts: NDArray[np.float32], ends: NDArray[np.float32]) -> tuple[int, int, float]:
    """First and last token of the best span of at most ``LONGEST_ANSWER`` tokens, and its sum of numbers."""
    total = starts[:, None] + ends[None, :]
    rows = np.arange(len(starts))
    length = rows[None, :] - rows[:, None]
    total = np.where((length >= 0) & (length < LONGEST_ANSWER), total, -np.inf)
    at = int(np.argmax(total))
    return at // len(ends), at % len(ends), float(total.flat[at])


def _whole_words(text: str, start: int, end: int, sentence: Span) -> Span:
    """Widened to whole words inside the sentence; a bracket or guillemet without its other half is left out."""
    while start > sentence[0] and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < sentence[1] and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    for opening, closing in ("()", "«»", "“”", "[]"):
        inside = text[start:end]
        if inside.startswith(opening) and closing not in inside:
            start += 1
        elif inside.endswith(closing) and opening not in inside:
            end -= 1
    while start < end and text[start] in " \u00a0\u202f\n,;:.":
        start += 1
    while end > start and text[end - 1] in " \u00a0\u202f\n,;:.":
        end -= 1
    return start, end
