"""Where HNSW pays: exact search beside HNSW on real sentence vectors, more and more of them.

    python bench/vectors.py TEXT_FILE [--sizes 1000 10000]

Embeds the lines of a text file (one French sentence or paragraph a line) and prints, for each size, the build time, the
median search time, the recall of HNSW's first ten, and the bytes on disk. ``EXACT_UP_TO`` in indexer/vectors.py rests
on such a run.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from indexer.embedder import OnnxEmbedder
from indexer.resources import resource
from indexer.vectors import PassageVectors, write_passage_vectors

QUESTIONS = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 5_000, 10_000])
    arguments = parser.parse_args()
    lines = [line.strip() for line in arguments.text.read_text(encoding="utf-8").splitlines() if len(line.strip()) > 40]
    lines = list(dict.fromkeys(lines))[: max(arguments.sizes) + QUESTIONS]
    embedder = OnnxEmbedder(resource("models") / "embedder", 2)
    vectors = embedder.embed_passages(lines)
    questions, vectors = vectors[:QUESTIONS], vectors[QUESTIONS:]
    print(f"{'vectors':>8} {'kind':>5} {'build s':>8} {'search ms':>10} {'recall@10':>10} {'MB':>7}")
    with tempfile.TemporaryDirectory() as scratch:
        for size in arguments.sizes:
            exact: list[set[int]] = []
            for kind, limit in (("flat", size), ("hnsw", 0)):
                path = Path(scratch, f"{kind}.faiss")
                start = time.perf_counter()
                write_passage_vectors(path, vectors[:size], exact_up_to=limit)
                built = time.perf_counter() - start
                index = PassageVectors(path, embedder.dimension)
                times, found = [], []
                for question in questions:
                    start = time.perf_counter()
                    hits = index.search(question, 10)
                    times.append(time.perf_counter() - start)
                    found.append({passage for passage, _ in hits})
                exact = exact or found
                recall = np.mean([len(a & b) / len(a) for a, b in zip(exact, found, strict=True)])
                print(f"{size:>8} {kind:>5} {built:>8.2f} {statistics.median(times) * 1000:>10.2f} {recall:>10.3f} "
                      f"{path.stat().st_size / 1e6:>7.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
