"""Texts → unit vectors, two ways: from fp32 safetensors (PyTorch) or from the shipped ONNX file."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

Vectors = NDArray[np.float32]
Encode = Callable[[list[str]], Vectors]

MAX_TOKENS = 512


def load_bert(folder: Path) -> BertModel:
    """The encoder of a folder that holds config.json and model.safetensors, ready to run."""
    config = BertConfig(**json.loads((folder / "config.json").read_text(encoding="utf-8")))
    # Written-out attention: its backward pass is three times faster on a CPU than the fused one.
    config._attn_implementation = "eager"
    bert = BertModel(config, add_pooling_layer=False)
    weights = {k.removeprefix("bert."): v for k, v in load_file(folder / "model.safetensors").items()}
    weights = {k: v for k, v in weights.items() if not k.startswith("pooler.") and "position_ids" not in k}
    bert.load_state_dict(weights)
    bert.train(False)
    return bert


def save_bert(bert: BertModel, tokenizer: Tokenizer, folder: Path) -> None:
    """Write config.json, model.safetensors and tokenizer.json."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in bert.state_dict().items()}, folder / "model.safetensors")
    config = {k: v for k, v in bert.config.to_diff_dict().items() if not k.startswith("_")}
    (folder / "config.json").write_text(json.dumps(config, indent=1, default=str) + "\n", encoding="utf-8")
    tokenizer.save(str(folder / "tokenizer.json"))


def pooled(bert: BertModel, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean of the last layer over real tokens, L2-normalised: [batch, length] int64 twice → [batch, dimension]."""
    states = bert(input_ids=ids, attention_mask=mask)[0].float()
    weights = mask.unsqueeze(-1).float()
    mean = (states * weights).sum(1) / weights.sum(1)
    return torch.nn.functional.normalize(mean, dim=-1)


def batches(
    tokenizer: Tokenizer, texts: list[str], size: int, max_tokens: int
) -> Iterator[tuple[list[int], NDArray[np.int64], NDArray[np.int64]]]:
    """Texts of like length together: (their positions, ids [batch, length], mask [batch, length])."""
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    encoded = [e.ids for e in tokenizer.encode_batch(texts)]
    order = sorted(range(len(texts)), key=lambda i: len(encoded[i]))
    pad = tokenizer.token_to_id("[PAD]")
    for start in range(0, len(order), size):
        chosen = order[start : start + size]
        longest = max(len(encoded[i]) for i in chosen)
        ids = np.full((len(chosen), longest), pad, np.int64)
        mask = np.zeros_like(ids)
        for row, i in enumerate(chosen):
            ids[row, : len(encoded[i])] = encoded[i]
            mask[row, : len(encoded[i])] = 1
        yield chosen, ids, mask


def torch_encoder(bert: BertModel, tokenizer: Tokenizer, max_tokens: int = MAX_TOKENS, size: int = 32) -> Encode:
    """Encode with PyTorch in float32."""

    @torch.inference_mode()
    def encode(texts: list[str]) -> Vectors:
        out = np.zeros((len(texts), bert.config.hidden_size), np.float32)
        for rows, ids, mask in batches(tokenizer, texts, size, max_tokens):
            out[rows] = pooled(bert, torch.from_numpy(ids), torch.from_numpy(mask)).numpy()
        return out

    return encode


def onnx_encoder(folder: Path, max_tokens: int = MAX_TOKENS, size: int = 16, threads: int = 1) -> Encode:
    """Encode with onnxruntime, the way the service does."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def encode(texts: list[str]) -> Vectors:
        out: Vectors | None = None
        for rows, ids, mask in batches(tokenizer, texts, size, max_tokens):
            vectors = session.run(["embedding"], {"input_ids": ids, "attention_mask": mask})[0]
            if out is None:
                out = np.zeros((len(texts), vectors.shape[1]), np.float32)
            out[rows] = vectors
        assert out is not None, "no text"
        return out

    return encode


def open_encoder(folder: Path, max_tokens: int = MAX_TOKENS) -> Encode:
    """The encoder of a folder: the ONNX file where there is one, else the safetensors."""
    if (folder / "model.onnx").exists():
        return onnx_encoder(folder, max_tokens)
    return torch_encoder(load_bert(folder), Tokenizer.from_file(str(folder / "tokenizer.json")), max_tokens)
