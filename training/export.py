"""Encoder (safetensors), or reader where a head lies beside it → the shipped folder, and back.

    python -m training.export FOLDER --out models/embedder --data DIR [--compression rows] [--version 0.1.0]
    python -m training.export --back models/embedder --out DIR

The way back rebuilds a sentence-transformers folder (fp32, dequantised) from the ONNX file alone.
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

from training.graph import COMPRESSIONS, TABLE, Compression, Shape, build
from training.weights import Int8Blocks, Int8Rows, Matrix

MAX_TOKENS = 512
READER_TOKENS = 448  # of question and passage together
DEFAULT: Compression = "rows"


def shape_of(folder: Path) -> Shape:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return Shape(
        layers=config.get("num_hidden_layers", 12),
        heads=config.get("num_attention_heads", 12),
        dimension=config.get("hidden_size", 768),
        epsilon=config.get("layer_norm_eps", 1e-12),
    )


def export(folder: Path, out: Path, compression: Compression, version: str, data: Path | None = None) -> None:
    """Write model.onnx, tokenizer.json, config.json and SHA256SUMS (CARD.md is written by hand) into `out`.

    `data`: the shared data folder; compression `rows` reads a few training texts from it to calibrate.
    """
    out.mkdir(parents=True, exist_ok=True)
    weights = load_file(folder / "model.safetensors")
    from training.smoothing import smoothing  # reads corpora and lexicons, which the way back does without

    smooth = smoothing(folder, weights, data) if compression in ("dynamic", "rows") and data else {}
    head = load_file(folder / "head.safetensors") if (folder / "head.safetensors").exists() else None
    model = build(weights, shape_of(folder), compression, smooth, head)
    onnx.checker.check_model(model)
    # Renamed into place: a reader never sees half a file.
    onnx.save(model, out / "model.onnx.part")
    (out / "model.onnx.part").replace(out / "model.onnx")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    embedder = {
        "name": "coulisses-embedder",
        "version": version,
        "dimension": shape_of(folder).dimension,
        "max_tokens": MAX_TOKENS,
        "query_prompt": "",
        "passage_prompt": "",
        "normalised": True,
        "languages": ["fr", "en"],
    }
    reader = {"name": "coulisses-reader", "version": version, "max_tokens": READER_TOKENS, "languages": ["fr", "en"]}
    config = embedder if head is None else reader
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    write_sums(out)


def write_sums(folder: Path) -> None:
    """SHA256SUMS over the folder's other files, as sha256sum prints them."""
    files = sorted(p for p in folder.iterdir() if p.is_file() and p.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.name}\n" for p in files]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def restored(model: onnx.ModelProto) -> dict[str, Matrix]:
    """The graph's initialisers as BERT weights, float32, under their usual names."""
    stored = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    weights: dict[str, Matrix] = {}
    for name, value in stored.items():
        if not name.startswith(("embeddings.", "encoder.")) or name.endswith((".scale", ".smooth")):
            continue
        scale = stored.get(f"{name}.scale")
        if scale is None:
            matrix = value.astype(np.float32)
            transposed = ".dense.weight" in name or "qkv.weight" in name
            weights[name] = matrix.T if transposed else matrix
        elif value.ndim == 3:
            weights[name] = Int8Blocks(value, scale).matrix()
        elif name == TABLE:
            weights[name] = Int8Rows(value, scale).matrix()
        else:
            signed = value.astype(np.int16) - (128 if value.dtype == np.uint8 else 0)
            matrix = Int8Rows(signed.T.astype(np.int8), scale[:, None]).matrix()
            weights[name] = matrix / stored[f"{name}.smooth"] if f"{name}.smooth" in stored else matrix
    for name in [n for n in weights if ".self.qkv." in n]:
        for part, matrix in zip(("query", "key", "value"), np.split(weights.pop(name), 3), strict=True):
            weights[name.replace("qkv", part)] = matrix
    # The graph adds the one token type to the positions.
    weights["embeddings.token_type_embeddings.weight"] = np.zeros_like(weights[TABLE][:2])
    return {name: np.ascontiguousarray(matrix, np.float32) for name, matrix in weights.items()}


def to_sentence_transformers(onnx_folder: Path, out: Path) -> None:
    """Write to `out` a folder that `SentenceTransformer(str(out))` loads: Transformer, mean Pooling, Normalize."""
    model = onnx.load(onnx_folder / "model.onnx")
    weights = restored(model)
    props = {p.key: p.value for p in model.metadata_props}
    out.mkdir(parents=True, exist_ok=True)
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    rows, dimension = weights[TABLE].shape
    shipped = json.loads((onnx_folder / "config.json").read_text(encoding="utf-8"))
    tokenizer = Tokenizer.from_file(str(onnx_folder / "tokenizer.json"))
    tokenizer.save(str(out / "tokenizer.json"))
    modules = ("Transformer", "Pooling", "Normalize")
    files: dict[str, Any] = {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": dimension,
            "intermediate_size": weights["encoder.layer.0.intermediate.dense.bias"].shape[0],
            "num_hidden_layers": int(props["layers"]),
            "num_attention_heads": int(props["heads"]),
            "layer_norm_eps": float(props["epsilon"]),
            "max_position_embeddings": weights["embeddings.position_embeddings.weight"].shape[0],
            "type_vocab_size": 2,
            "vocab_size": rows,
            "pad_token_id": tokenizer.token_to_id("[PAD]"),
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shipped["max_tokens"],
            "model_input_names": ["input_ids", "attention_mask"],
            **{f"{k}_token": f"[{k.upper()}]" for k in ("unk", "sep", "pad", "cls", "mask")},
        },
        "modules.json": [
            {
                "idx": i,
                "name": str(i),
                "path": "" if i == 0 else f"{i}_{kind}",
                "type": f"sentence_transformers.models.{kind}",
            }
            for i, kind in enumerate(modules)
        ],
        "sentence_bert_config.json": {"max_seq_length": shipped["max_tokens"], "do_lower_case": False},
        "config_sentence_transformers.json": {"similarity_fn_name": "cosine"},
        "1_Pooling/config.json": {
            "word_embedding_dimension": dimension,
            "pooling_mode_cls_token": False,
            "pooling_mode_mean_tokens": True,
            "pooling_mode_max_tokens": False,
            "pooling_mode_mean_sqrt_len_tokens": False,
        },
        "2_Normalize/config.json": {},
    }
    for name, content in files.items():
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", help="config.json, model.safetensors, tokenizer.json")
    parser.add_argument("--back", type=Path, help="the shipped folder to turn into a sentence-transformers folder")
    parser.add_argument("--sums", type=Path, help="only rewrite SHA256SUMS of this folder")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--compression", choices=COMPRESSIONS, default=DEFAULT)
    parser.add_argument("--data", type=Path, help="the shared data folder, for the calibration of `rows`")
    parser.add_argument("--version", default="0.1.0")
    args = parser.parse_args()
    if args.sums:
        write_sums(args.sums)
    elif args.back:
        to_sentence_transformers(args.back, args.out)
    else:
        export(args.folder, args.out, args.compression, args.version, args.data)


if __name__ == "__main__":
    main()
