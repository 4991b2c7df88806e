"""Encoder → a table of what each way to store it costs: size, opening time, speed, faithfulness, retrieval.

    python -m training.compression FOLDER --data DIR [--only rows …] [--speed-only]

One thread. Speed is the best of several runs over passages of 160 tokens, one by one and sixteen together; a query
has 12. Faithfulness is the cosine to the fp32 file, and to the file's own weights computed in fp32, over Sequoia's
first sentences.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from training.encoder import load_bert, onnx_encoder, torch_encoder
from training.export import export, restored
from training.graph import COMPRESSIONS
from training.measure import dense_runs, read_piaf, scores

SENTENCES = 200


def best_seconds(run: Callable[[], object], times: int) -> float:
    """The shortest of several runs, after one to warm up."""
    run()
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        spent.append(time.perf_counter() - started)
    return min(spent)


def speed(model: Path) -> str:
    """Opening time of the session, passages per second, milliseconds per query."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    started = time.perf_counter()
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    opened = time.perf_counter() - started

    def seconds(batch: int, length: int, times: int) -> float:
        ids = np.random.default_rng(0).integers(1000, 20000, (batch, length))
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        return best_seconds(lambda: session.run(None, feed), times)

    one, many, query = seconds(1, 160, 20), seconds(16, 160, 5), seconds(1, 12, 20)
    return f"opens {opened:.2f} s  {1 / one:.0f} | {16 / many:.0f} passages/s  query {query * 1000:.1f} ms"


def faithfulness(folder: Path, shipped: Path, texts: list[str], exact: np.ndarray) -> str:
    """Cosines (mean, least) to fp32, and to the shipped weights put back into fp32."""
    got = onnx_encoder(shipped)(texts)
    with tempfile.TemporaryDirectory() as scratch:
        back = Path(scratch)
        save_file(restored(onnx.load(shipped / "model.onnx")), back / "model.safetensors")
        (back / "config.json").write_bytes((folder / "config.json").read_bytes())
        own = torch_encoder(load_bert(back), Tokenizer.from_file(str(shipped / "tokenizer.json")))(texts)
    to_exact, to_own = (got * exact).sum(1), (got * own).sum(1)
    return f"cosine to fp32 {to_exact.mean():.5f} ({to_exact.min():.5f}), own {to_own.mean():.5f} ({to_own.min():.5f})"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", nargs="+", choices=COMPRESSIONS, default=COMPRESSIONS)
    parser.add_argument("--speed-only", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(1)
    texts = (args.data / "text/sequoia.fr.txt").read_text(encoding="utf-8").splitlines()[:SENTENCES]
    piaf = read_piaf(args.data)
    encoder_of = torch_encoder(load_bert(args.folder), Tokenizer.from_file(str(args.folder / "tokenizer.json")))
    exact = np.zeros(0) if args.speed_only else encoder_of(texts)
    for compression in args.only:
        with tempfile.TemporaryDirectory() as scratch:
            shipped = Path(scratch)
            export(args.folder, shipped, compression, "trial", args.data)
            parts = [
                f"{compression}: {(shipped / 'model.onnx').stat().st_size / 1e6:.1f} MB",
                speed(shipped / "model.onnx"),
            ]
            if not args.speed_only:
                mrr, recall = scores(dense_runs(onnx_encoder(shipped), piaf), piaf.gold)
                parts += [faithfulness(args.folder, shipped, texts, exact), f"PIAF {mrr:.3f}/{recall:.3f}"]
            print("  ".join(parts), flush=True)


if __name__ == "__main__":
    main()
