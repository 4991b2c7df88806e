"""PIAF's part, split by article: train half, dev quarter, untouched quarter, fixed by a hash of the title.

`python -m training.split --data DIR` prints the table kept in piaf-split.tsv.
"""

import argparse
import hashlib
import json
from pathlib import Path

PARTS = ("train", "dev", "untouched")


def part_of(title: str) -> str:
    """The part an article belongs to: first byte of the title's SHA-256, below 128, below 192, or the rest."""
    byte = hashlib.sha256(title.encode("utf-8")).digest()[0]
    return PARTS[0] if byte < 128 else PARTS[1] if byte < 192 else PARTS[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the shared data folder (qa/)")
    args = parser.parse_args()
    print("# part\tparagraphs\tquestions\ttitle")
    for article in json.loads((args.data / "qa/piaf-v1.0-part.json").read_text(encoding="utf-8"))["data"]:
        paragraphs = article["paragraphs"]
        questions = sum(len(p["qas"]) for p in paragraphs)
        print(f"{part_of(article['title'])}\t{len(paragraphs)}\t{questions}\t{article['title']}")


if __name__ == "__main__":
    main()
