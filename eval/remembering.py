"""Models that do nothing twice: for measuring many variants over the same texts and questions."""

from collections.abc import Sequence

import numpy as np

from indexer.embedder import Embedder, Progress, Vectors
from service.reader import PassageReader, PassageText, Reading


class RememberingEmbedder:
    """An embedder that embeds no passage, sentence or word twice."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: dict[str, Vectors] = {}
        self.fingerprint = embedder.fingerprint
        self.dimension = embedder.dimension
        self.max_tokens = embedder.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._embedder.count_tokens(texts)

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.embed_questions(texts)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        new = list(dict.fromkeys(text for text in texts if text not in self._vectors))
        self._vectors.update(zip(new, self._embedder.embed_passages(new, progress), strict=True))
        vectors = [self._vectors[text] for text in texts]
        return np.stack(vectors) if vectors else np.zeros((0, self.dimension), np.float32)


class RememberingReader:
    """A reader that reads no passage twice with the same question: what it says depends on these two alone."""

    def __init__(self, reader: PassageReader) -> None:
        self._reader = reader
        self._readings: dict[tuple[str, PassageText], Reading] = {}
        self.name = reader.name

    def read(self, question: str, passages: Sequence[PassageText], deadline: float | None = None) -> list[Reading]:
        new = [one for one in dict.fromkeys(passages) if (question, one) not in self._readings]
        for passage, reading in zip(new, self._reader.read(question, new, deadline) if new else [], strict=False):
            self._readings[question, passage] = reading
        read: list[Reading] = []
        for passage in passages:
            if (question, passage) not in self._readings:
                break
            read.append(self._readings[question, passage])
        return read
