"""A llama model out of its GGUF file, in torch, with LoRA adapters to be taught; and those as a GGUF file of their own.

The base stays as it is quantised (its weights are taken out of their blocks once): the adapters learn beside what will run
(QLoRA's idea, Dettmers et al. 2023; LoRA: Hu et al. 2021). Weights keep GGUF's layout, whose rotary embedding turns
neighbouring pairs, so that nothing is permuted on the way back.
"""

from collections.abc import Iterator
from pathlib import Path

import gguf
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

PROJECTIONS = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")


class Adapted(nn.Module):
    """A frozen matrix (out, in) and its adapter: x·Wᵀ + x·Aᵀ·Bᵀ·alpha/rank."""

    def __init__(self, weight: torch.Tensor, rank: int, alpha: float) -> None:
        super().__init__()
        self.register_buffer("weight", weight.to(torch.bfloat16), persistent=False)
        self.a = nn.Parameter(torch.randn(rank, weight.shape[1]) / rank)
        self.b = nn.Parameter(torch.zeros(weight.shape[0], rank))
        self.scale = alpha / rank

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.linear(x, self.weight) + F.linear(F.linear(x, self.a), self.b) * self.scale


class Block(nn.Module):
    """Attention with grouped heads, and the gated feed-forward network."""

    def __init__(
        self, weights: dict[str, torch.Tensor], heads: int, shared: int, eps: float, rank: int, alpha: float
    ) -> None:
        super().__init__()
        self.heads, self.shared, self.eps = heads, shared, eps
        self.register_buffer("attn_norm", weights["attn_norm"], persistent=False)
        self.register_buffer("ffn_norm", weights["ffn_norm"], persistent=False)
        self.projections = nn.ModuleDict({name: Adapted(weights[name], rank, alpha) for name in PROJECTIONS})

    def forward(self, x: torch.Tensor, turns: tuple[torch.Tensor, torch.Tensor], ahead: torch.Tensor) -> torch.Tensor:
        batch, length, width = x.shape
        p = self.projections
        h = normed(x, self.attn_norm, self.eps)
        q, k, v = (
            p[name](h).view(batch, length, heads, -1).transpose(1, 2)
            for name, heads in (("attn_q", self.heads), ("attn_k", self.shared), ("attn_v", self.shared))
        )
        q, k = rotated(q, turns), rotated(k, turns)
        repeat = self.heads // self.shared
        k, v = k.repeat_interleave(repeat, 1), v.repeat_interleave(repeat, 1)
        # the fused attention's way back is slow in bfloat16 on a CPU
        scores = (q @ k.transpose(-1, -2)).float() * q.shape[-1] ** -0.5 + ahead
        attended = scores.softmax(-1).to(v.dtype) @ v
        x = x + p["attn_output"](attended.transpose(1, 2).reshape(batch, length, width))
        h = normed(x, self.ffn_norm, self.eps)
        return x + p["ffn_down"](F.silu(p["ffn_gate"](h)) * p["ffn_up"](h))


class Llama(nn.Module):
    """Tokens (batch, length) to vectors (batch, length, width); ``logits`` tells what comes after some of them."""

    def __init__(self, path: Path, rank: int, alpha: float) -> None:
        super().__init__()
        reader = gguf.GGUFReader(path)
        self.architecture = str(reader.fields["general.architecture"].contents())
        assert self.architecture == "llama", self.architecture
        number = {key: float(reader.fields[f"llama.{key}"].contents()) for key in (
            "block_count", "attention.head_count", "attention.head_count_kv", "attention.layer_norm_rms_epsilon",
            "rope.freq_base", "embedding_length")}  # fmt: skip
        tensors = {
            tensor.name.removesuffix(".weight"): torch.from_numpy(
                gguf.dequantize(tensor.data, tensor.tensor_type).astype(np.float32, copy=True)
            )
            for tensor in reader.tensors
        }
        heads, shared = int(number["attention.head_count"]), int(number["attention.head_count_kv"])
        self.eps, self.base = number["attention.layer_norm_rms_epsilon"], number["rope.freq_base"]
        self.size = int(number["embedding_length"]) // heads
        self.rank, self.alpha = rank, alpha
        self.register_buffer("embedding", tensors["token_embd"].to(torch.bfloat16), persistent=False)
        head = tensors.get("output", tensors["token_embd"])
        self.register_buffer("output", head.to(torch.bfloat16), persistent=False)
        self.register_buffer("output_norm", tensors["output_norm"], persistent=False)
        self.blocks = nn.ModuleList(
            Block({name: tensors[f"blk.{n}.{name}"] for name in (*PROJECTIONS, "attn_norm", "ffn_norm")},
                  heads, shared, self.eps, rank, alpha)
            for n in range(int(number["block_count"]))
        )  # fmt: skip

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        places = torch.arange(tokens.shape[1], dtype=torch.float32)
        rates = self.base ** (-torch.arange(0, self.size, 2, dtype=torch.float32) / self.size)
        angles = torch.outer(places, rates)
        turns = angles.cos(), angles.sin()
        ahead = torch.full((tokens.shape[1], tokens.shape[1]), -1e9).triu(1)  # what comes later is not seen
        x = F.embedding(tokens, self.embedding)
        for block in self.blocks:
            x = block(x, turns, ahead)
        return normed(x, self.output_norm, self.eps)

    def logits(self, vectors: torch.Tensor) -> torch.Tensor:
        """Of vectors (number, width): logits (number, vocabulary)."""
        return F.linear(vectors, self.output)

    def adapters(self) -> Iterator[tuple[str, Adapted]]:
        """Name in the GGUF file and adapter of every projection."""
        for n, block in enumerate(self.blocks):
            for name, projection in block.projections.items():
                yield f"blk.{n}.{name}.weight", projection


def normed(x: torch.Tensor, weight: torch.Tensor, eps: float) -> torch.Tensor:
    """Root-mean-square normalisation."""
    wide = x.float()
    return (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + eps) * weight).to(x.dtype)


def rotated(x: torch.Tensor, turns: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """Rotary position embedding of neighbouring pairs."""
    cos, sin = turns
    even, odd = x[..., 0::2].float(), x[..., 1::2].float()
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2).to(x.dtype)


def write_adapter(model: Llama, path: Path, name: str) -> None:
    """The adapters as a GGUF file that llama.cpp loads beside the base, in half precision."""
    writer = gguf.GGUFWriter(path, model.architecture)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string("general.name", name)
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", model.alpha)
    for tensor, adapter in model.adapters():
        writer.add_tensor(f"{tensor}.lora_a", adapter.a.detach().float().numpy().astype(np.float16))
        writer.add_tensor(f"{tensor}.lora_b", adapter.b.detach().float().numpy().astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
