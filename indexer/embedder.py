"""Texts to vectors. Two implementations of one Protocol: the bundled ONNX model, and any sentence-transformers model."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from indexer.errors import HubExtraMissing, ModelDamaged, ModelNotFound, TextTooLong

Vectors = NDArray[np.float32]
Progress = Callable[[int], None]  # called with how many texts were just embedded

BUNDLED = "bundled"
_BATCH = 32  # texts that sentence-transformers takes at once


@dataclass(frozen=True, slots=True)
class EmbedderChoice:
    """Which embedder to use: ``"bundled"``, or the name or folder of a sentence-transformers model.

    The prompts go before every question and passage; ``None`` leaves the model's own.
    """

    model: str = BUNDLED
    query_prompt: str | None = None
    passage_prompt: str | None = None


class Embedder(Protocol):
    """Gives unit vectors, so that an inner product is a cosine."""

    fingerprint: str
    dimension: int
    max_tokens: int

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as a passage, prompt and special tokens included."""
        ...

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors (n, dimension). Raises ``TextTooLong`` rather than cut a text."""
        ...

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors (n, dimension) of questions, or of their words; what exceeds ``max_tokens`` is not read."""
        ...


def load_embedder(choice: EmbedderChoice, bundled: Path, threads: int) -> Embedder:
    """The chosen embedder. ``bundled`` is the folder of the bundled model.

    Raises ``ModelNotFound``, ``ModelDamaged`` or ``HubExtraMissing``.
    """
    if choice.model == BUNDLED:
        return OnnxEmbedder(bundled, threads)
    return SentenceTransformersEmbedder(choice)


def check_files(folder: Path) -> None:
    """Compare the files of a model folder with its SHA256SUMS. Raises ``ModelNotFound`` or ``ModelDamaged``."""
    for name, expected in _checksums(folder).items():
        path = folder / name
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ModelDamaged(path=path, why=error.strerror) from error
        if hashlib.sha256(data).hexdigest() != expected:
            raise ModelDamaged(path=path, why="SHA-256")


def bundled_fingerprint(folder: Path) -> str:
    """Identity of a model folder from its SHA256SUMS, without reading the weights. The card does not count."""
    sums = sorted(item for item in _checksums(folder).items() if not item[0].endswith(".md"))
    return hashlib.sha256(json.dumps(sums).encode()).hexdigest()[:16]


def _checksums(folder: Path) -> dict[str, str]:
    try:
        lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ModelNotFound(model=folder, why=error.strerror) from error
    sums = {}
    for line in lines:
        digest, _, name = line.partition("  ")
        if not re.fullmatch(r"[0-9a-f]{64}", digest) or not name:
            raise ModelDamaged(path=folder / "SHA256SUMS", why=line[:80])
        sums[name] = digest
    if not sums:
        raise ModelDamaged(path=folder / "SHA256SUMS", why="0")
    return sums


class OnnxEmbedder:
    """The bundled embedder: onnxruntime and tokenizers, no torch. ``threads`` texts are embedded side by side."""

    def __init__(self, folder: Path, threads: int) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        check_files(folder)
        self._threads = threads
        self.fingerprint = bundled_fingerprint(folder)
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.dimension = int(config["dimension"])
        self.max_tokens = int(config["max_tokens"])
        self._query_prompt = str(config["query_prompt"])
        self._passage_prompt = str(config["passage_prompt"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session: onnxruntime.InferenceSession = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(ids) for ids in self._ids(texts, self._passage_prompt)]

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        ids = self._ids(texts, self._passage_prompt)
        longest = max((len(one) for one in ids), default=0)
        if longest > self.max_tokens:
            raise TextTooLong(tokens=longest, limit=self.max_tokens)
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        # one text at a time and a text a core: faster than batches, no padding, and a vector depends on its text alone
        with ThreadPoolExecutor(self._threads) as pool:
            for row, vector in enumerate(pool.map(self._run, ids)):
                vectors[row] = vector
                if progress:
                    progress(1)
        return vectors

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        ids = self._ids(texts, self._query_prompt)
        cut = [one if len(one) <= self.max_tokens else [*one[: self.max_tokens - 1], one[-1]] for one in ids]
        longest = max(len(one) for one in cut)
        input_ids = np.zeros((len(cut), longest), np.int64)
        mask = np.zeros((len(cut), longest), np.int64)
        for row, one in enumerate(cut):
            input_ids[row, : len(one)] = one
            mask[row, : len(one)] = 1
        return self._session_run(input_ids, mask)

    def _ids(self, texts: Sequence[str], prompt: str) -> list[list[int]]:
        return [encoding.ids for encoding in self._tokenizer.encode_batch([prompt + text for text in texts])]

    def _run(self, ids: list[int]) -> Vectors:
        input_ids = np.asarray([ids], np.int64)
        vector: Vectors = self._session_run(input_ids, np.ones_like(input_ids))[0]
        return vector

    def _session_run(self, input_ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Vectors:
        output: Any = self._session.run(["embedding"], {"input_ids": input_ids, "attention_mask": mask})[0]
        return np.asarray(output, np.float32)


class SentenceTransformersEmbedder:
    """Any sentence-transformers model, from a hub or a folder, with its own prompts (extra ``hub``)."""

    def __init__(self, choice: EmbedderChoice) -> None:
        try:
            import torch
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise HubExtraMissing(model=choice.model) from error
        try:
            # layers that the checkpoint lacks (a pooler that nothing uses) are drawn at random: the same each time,
            # for the fingerprint
            with torch.random.fork_rng():
                torch.manual_seed(0)
                self._model = SentenceTransformer(choice.model, device=None)
        except (OSError, ValueError) as error:
            raise ModelNotFound(model=choice.model, why=str(error).splitlines()[0]) from error
        self._choice = choice
        self.max_tokens = int(self._model.max_seq_length or 512)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.fingerprint = self._fingerprint()

    def _fingerprint(self) -> str:
        digest = hashlib.sha256(json.dumps([self._choice.query_prompt, self._choice.passage_prompt]).encode())
        digest.update(json.dumps(self._model.prompts, sort_keys=True).encode())
        for name, tensor in sorted(self._model.state_dict().items()):
            digest.update(name.encode())
            digest.update(tensor.detach().float().cpu().numpy().tobytes())
        return digest.hexdigest()[:16]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        prompt = self._choice.passage_prompt
        if prompt is None:
            prompt = self._model.prompts.get("document") or self._model.prompts.get("passage") or ""
        if not texts:
            return []
        tokenizer = self._model.tokenizer
        return [len(ids) for ids in tokenizer([prompt + text for text in texts], verbose=False)["input_ids"]]

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        longest = max(self.count_tokens(texts), default=0)
        if longest > self.max_tokens:
            raise TextTooLong(tokens=longest, limit=self.max_tokens)
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = list(texts[start : start + _BATCH])
            vectors[start : start + len(batch)] = self._model.encode_document(
                batch, prompt=self._choice.passage_prompt, normalize_embeddings=True, show_progress_bar=False
            )
            if progress:
                progress(len(batch))
        return vectors

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors = self._model.encode_query(
            list(texts), prompt=self._choice.query_prompt, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)
