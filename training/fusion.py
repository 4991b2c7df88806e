"""How to fuse dense and lexical search: reciprocal rank fusion beside convex combinations, on development questions.

    python -m training.fusion --piaf piaf-v1.0-part.json [--splits dev untouched] [--scratch DIR]

Prints MRR@10 and R@10 of each over passages, for questions of PIAF's part and for the ``tune`` half of the gold set.
"""

import argparse
import tempfile
from pathlib import Path

from indexer.build import build
from indexer.embedder import Embedder, load_embedder
from indexer.index import Index, open_index
from indexer.manifest import Settings
from indexer.resources import resource
from service.search import DEPTH, fuse, lexical_terms
from service.understand import understand
from training.decision import GOLD, Example, gold_examples, overlaps, write_articles

Ranking = list[int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--piaf", type=Path, required=True)
    parser.add_argument("--splits", nargs="+", default=["dev", "untouched"])
    parser.add_argument("--scratch", type=Path)
    arguments = parser.parse_args()
    model = resource("models") / "embedder"
    embedder = load_embedder(Settings().embedder, model, 2)
    with tempfile.TemporaryDirectory() as temporary:
        scratch = arguments.scratch or Path(temporary)
        articles, examples = write_articles(arguments.piaf, scratch / "piaf")
        build(articles, scratch / "piaf-index", Settings(), model, 2)
        build(resource("seeds"), scratch / "seeds-index", Settings(), model, 2)
        piaf = [e for split in arguments.splits for e in examples[split] if e.answerable]
        compare("PIAF " + "+".join(arguments.splits), open_index(scratch / "piaf-index"), piaf, embedder)
        gold = [e for e in gold_examples(GOLD, "tune") if e.answerable]
        compare("gold tune", open_index(scratch / "seeds-index"), gold, embedder)


def compare(name: str, index: Index, examples: list[Example], embedder: Embedder) -> None:
    """Print one line for each fusion."""
    rankings: dict[str, list[Ranking]] = {}
    relevant: list[set[int]] = []
    for example in examples:
        query = understand(example.question, index, embedder)
        dense = index.passages.search(query.vector, DEPTH)
        lexical = index.lexical.search(lexical_terms(query), DEPTH)
        relevant.append(_relevant(example, index))
        for k in (10, 60):
            rankings.setdefault(f"RRF k={k}", []).append(reciprocal_rank(dense, lexical, k))
        for weight in (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0):
            fused = [hit.passage for hit in fuse(query, index, dense, lexical, weight)]
            rankings.setdefault(f"convex, dense weight {weight}", []).append(fused)
    print(f"{name}, {len(examples)} questions, {index.manifest.passages} passages")
    for fusion, ranked in rankings.items():
        ranks = [
            next((r for r, passage in enumerate(ranking[:10], 1) if passage in right), 0)
            for ranking, right in zip(ranked, relevant, strict=True)
        ]
        mrr = sum(1 / rank for rank in ranks if rank) / len(ranks)
        print(f"  {fusion:<26} MRR@10 {mrr:.3f}  R@10 {sum(rank > 0 for rank in ranks) / len(ranks):.3f}")


def reciprocal_rank(dense: list[tuple[int, float]], lexical: list[tuple[int, float]], k: int) -> Ranking:
    """Reciprocal rank fusion (Cormack, Clarke and Büttcher 2009)."""
    scores: dict[int, float] = {}
    for leg in (dense, lexical):
        for rank, (passage, _) in enumerate(leg, 1):
            scores[passage] = scores.get(passage, 0.0) + 1 / (k + rank)
    return sorted(scores, key=lambda passage: (-scores[passage], passage))


def _relevant(example: Example, index: Index) -> set[int]:
    numbers = {document.path: document.number for document in index.corpus.documents()}
    found = set()
    for path in {span[0] for span in example.spans}:
        for passage in index.corpus.passages(numbers[path]):
            sentences = index.corpus.sentences(passage.first, passage.last)
            if overlaps(index, passage.document, sentences[0].start, sentences[-1].end, example.spans):
                found.add(passage.id)
    return found


if __name__ == "__main__":
    main()
