"""Encoder → the divisors that even out its channels before they are quantised.

A few channels of a BERT's layers are tens of times larger than the rest and would eat up an int8 scale. Dividing a
channel by s and multiplying the weights by s changes nothing in fp32 and spares the small ones (SmoothQuant, Xiao et
al., 2022: s = activation^α / weight^(1−α)).
"""

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training.corpora import parallel
from training.encoder import load_bert, torch_encoder
from training.weights import Matrix

ALPHA = 0.7
TEXTS, SEED = 150, 0
INPUTS = {"attention.self": ("query", "key", "value"), "intermediate.dense": ("",)}


def calibration_texts(data: Path) -> list[str]:
    """Training texts of every corpus, half French, half English."""
    random = np.random.default_rng(SEED)
    corpora = [parallel(data, name) for name in ("blog", "docs", "laws")]
    return [c[i][k % 2] for c in corpora for k, i in enumerate(random.integers(len(c), size=TEXTS // len(corpora)))]


def largest_activations(folder: Path, texts: list[str]) -> dict[str, Matrix]:
    """The largest magnitude of each channel that enters a product after a layer normalisation, [inputs] each."""
    bert = load_bert(folder)
    largest: dict[str, torch.Tensor] = {}

    def watch(name: str) -> None:
        def hook(_: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            seen = inputs[0].detach().abs().flatten(0, -2).amax(0)
            largest[name] = torch.maximum(largest[name], seen) if name in largest else seen

        bert.get_submodule(name).register_forward_pre_hook(hook)

    for i in range(bert.config.num_hidden_layers):
        for part, inner in INPUTS.items():
            watch(f"encoder.layer.{i}.{part}" + (f".{inner[0]}" if inner[0] else ""))
    torch_encoder(bert, Tokenizer.from_file(str(folder / "tokenizer.json")), size=8)(texts)
    return {name.removesuffix(".query"): seen.numpy() for name, seen in largest.items()}


def smoothing(folder: Path, weights: dict[str, Matrix], data: Path) -> dict[str, NDArray[np.float32]]:
    """Product's name → divisors [inputs], of mean one."""
    divisors = {}
    for name, activation in largest_activations(folder, calibration_texts(data)).items():
        inner = next(parts for part, parts in INPUTS.items() if name.endswith(part))
        rows = [np.abs(weights[f"{name}.{p}.weight".replace("..", ".")]).max(0) for p in inner]
        weight = np.maximum(np.stack(rows).max(0), 1e-5)
        raw = np.maximum(activation, 1e-5) ** ALPHA / weight ** (1 - ALPHA)
        divisors[name] = (raw / raw.mean()).astype(np.float32)
    return divisors
