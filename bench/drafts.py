"""How well planted errors in drafted sentences are caught, and how many right ones are dropped.

    python bench/drafts.py [--split tune|held] [--misses]

``eval/drafts.jsonl`` holds the drafts: written by hand from the quotes, each right or with one planted error. The checker was
made by looking at those of split ``tune``; those of ``held``, from other documents, were written after it.
"""

import argparse
import collections
import json
import time
from pathlib import Path

from indexer.embedder import OnnxEmbedder
from indexer.resources import resource
from service.answer import Citation
from service.prose.check import Checker

DRAFTS = Path(__file__).resolve().parent.parent / "eval" / "drafts.jsonl"


def citation(n: int, quote: dict[str, str], title: str | None) -> Citation:
    return Citation(
        n, "", title, None, None, None, "", None, None, None, 0, 0, quote["quote"], quote["before"], quote["after"], 1.0
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=["tune", "held"])
    parser.add_argument("--misses", action="store_true", help="show what was wrongly shown or dropped")
    wanted = parser.parse_args()
    embedder = OnnxEmbedder(resource("models") / "embedder", threads=1)
    kinds: dict[tuple[str, bool, str], list[bool]] = collections.defaultdict(list)
    spent = []
    for line in DRAFTS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if wanted.split and row["split"] != wanted.split:
            continue
        citations = [citation(n, quote, row["title"]) for n, quote in enumerate(row["quotes"], 1)]
        checker = Checker(row["question"], row.get("lang", "fr"), citations, embedder)
        begin = time.perf_counter()
        verdict = checker.check(row["draft"], row["citations"])
        spent.append(time.perf_counter() - begin)
        kinds[row["split"], row["supported"], row["kind"]].append(verdict.supported == row["supported"])
        if wanted.misses and verdict.supported != row["supported"]:
            told = "SHOWN  " if verdict.supported else "DROPPED"
            print(f"{told} {row['kind']}: {row['draft']}")
            print(f"        {', '.join(verdict.reasons)} ({', '.join(verdict.words)})")
            for n in row["citations"]:
                print(f"        [{n}] {row['quotes'][n - 1]['quote'][:300]}")
    for split in ("tune", "held"):
        for supported, what in ((False, "planted errors caught"), (True, "right sentences kept")):
            rows = {kind: found for (s, label, kind), found in kinds.items() if s == split and label == supported}
            if not rows:
                continue
            total, good = sum(map(len, rows.values())), sum(sum(found) for found in rows.values())
            print(f"{split}: {what} {good}/{total} = {good / total:.1%}")
            print("   ", "  ".join(f"{kind} {sum(found)}/{len(found)}" for kind, found in sorted(rows.items())))
    print(f"milliseconds a sentence, first of its answer: median {sorted(spent)[len(spent) // 2] * 1000:.1f}")


if __name__ == "__main__":
    main()
