"""Reader folder → figures on PIAF: which sentence, which words, which paragraph.

    python -m training.reader_measure --data DATA --part dev FOLDER [FOLDER …]

FOLDER holds tokenizer.json and model.onnx, or model.safetensors with head.safetensors. Right sentence first and among
two, and short answers (SQuAD's exact match and F1, French articles left out), are of the gold paragraph alone;
passages are those that the embedder and BM25 find first, put in order by the reader.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from service.reader import PassageText, Reader, Reading, pack, unpack
from training.answers import exact_and_f1
from training.encoder import open_encoder
from training.measure import lexical_runs, read_piaf, scores
from training.reader import LONGEST, load
from training.reader_texts import cut, piaf

Read = Callable[[str, PassageText], Reading]
DEPTH = 10  # passages put in order


def torch_reader(folder: Path) -> Read:
    """Read with PyTorch in float32."""
    reader, tokenizer = load(folder)
    reader.train(False)
    tokenizer.no_padding()
    tokenizer.no_truncation()

    @torch.inference_mode()
    def read(question: str, passage: PassageText) -> Reading:
        packed = pack(tokenizer, question, passage, LONGEST)
        ids, types = torch.tensor([packed.ids]), torch.tensor([packed.types])
        return unpack(reader(ids, types, torch.ones_like(ids))[0].numpy(), packed, passage)

    return read


def onnx_reader(folder: Path) -> Read:
    """Read the way the service does."""
    reader = Reader(folder, 1)
    return lambda question, passage: reader.read(question, [passage])[0]


def gold_paragraph(read: Read, data: Path, part: str) -> dict[str, float]:
    """Which sentence and which words, the right paragraph given."""
    first, second, exact, f1, best_f1 = [], [], [], [], []
    for one in piaf(data / "qa/piaf-v1.0-part.json", part):
        reading = read(one.question, PassageText(one.title, one.text, one.sentences))
        order = sorted(range(len(one.sentences)), key=lambda i: (-reading.log_odds[i], i))
        first.append(order[0] == one.sentence)
        second.append(one.sentence in order[:2])
        short = reading.short[order[0]]
        overall = max((s for s in reading.short if s), key=lambda s: s.log_odds)
        em, f = exact_and_f1(one.text[short.start : short.end] if short else "", one.answers)
        exact.append(em)
        f1.append(f)
        best_f1.append(exact_and_f1(one.text[overall.start : overall.end], one.answers)[1])
    names = ("sentence first", "among two", "exact match", "F1", "F1, best span anywhere")
    return {
        name: float(np.mean(values)) for name, values in zip(names, (first, second, exact, f1, best_f1), strict=True)
    }


def passages(
    read: Read, data: Path, part: str, embedder: Path, weights: Sequence[float]
) -> dict[str, tuple[float, float]]:
    """MRR@10 and R@10 of the hybrid ranking, and of it put in order by the reader with each weight."""
    asked = read_piaf(data)
    texts = [PassageText("", text, cut(text)) for text in asked.passages]
    encode = open_encoder(embedder)
    chosen = np.flatnonzero(asked.parts == part)
    cosine = encode([asked.questions[i] for i in chosen]) @ encode(asked.passages).T
    bm25 = lexical_runs(asked)[chosen]
    runs: dict[str, list[list[int]]] = {"first stage": [], **{f"reader {weight}": [] for weight in weights}}
    for row, question in enumerate(chosen):
        base = 0.8 * (cosine[row] + 1) / (cosine[row].max() + 1)
        for rank, passage in enumerate(bm25[row]):
            base[passage] += 0.2 / (1 + rank)
        order = np.argsort(-base, kind="stable")[:DEPTH]
        odds = np.array([max(read(asked.questions[question], texts[i]).log_odds) for i in order])
        runs["first stage"].append([int(i) for i in order])
        for weight in weights:
            total = (1 - weight) * base[order] + weight / (1 + np.exp(-odds))
            runs[f"reader {weight}"].append([int(i) for i in order[np.argsort(-total, kind="stable")]])
    return {name: scores(np.array(run), asked.gold[chosen]) for name, run in runs.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--part", default="dev")
    parser.add_argument("--embedder", type=Path, help="rank passages too, found with this embedder")
    parser.add_argument("--weights", type=float, nargs="+", default=[0.1, 0.3, 0.5, 0.8])
    arguments = parser.parse_args()
    for folder in arguments.folders:
        read = onnx_reader(folder) if (folder / "model.onnx").exists() else torch_reader(folder)
        told = gold_paragraph(read, arguments.data, arguments.part)
        print(folder, arguments.part, "; ".join(f"{name} {value:.3f}" for name, value in told.items()), flush=True)
        if arguments.embedder:
            for name, (mrr, recall) in passages(
                read, arguments.data, arguments.part, arguments.embedder, arguments.weights
            ).items():
                print(f"  {name}: MRR@10 {mrr:.3f}, R@10 {recall:.3f}", flush=True)


if __name__ == "__main__":
    main()
