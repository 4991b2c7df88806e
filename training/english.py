"""The same questions in French and in English, asked of French passages: what English costs the search.

    python -m training.english --data DATA [--only piaf|gold] [--read] FOLDER [FOLDER …]

FOLDER is an embedder as shipped (models/embedder). PIAF's parts are asked of an index of its articles, the gold set's
halves of one of the seeds, through ``Engine.search``: dense search alone, the hybrid, and with ``--read`` the hybrid put
in order by the reader, which is what the service does. R@10 is the share of a question's relevant passages among the ten
first, MRR@10 the reciprocal rank of the first of them, as in ``ask evaluate``. The last columns are the difference of
R@10 in points, and its 95 % interval over texts drawn again.
"""

import argparse
import dataclasses
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.bootstrap import interval, means, resample
from eval.gold import SEEDS_GOLD, SPLITS, GoldQuestion, GoldSpan, load_gold
from eval.run import cluster_of, relevant_passages
from indexer.build import build
from indexer.embedder import OnnxEmbedder
from indexer.index import open_index
from indexer.manifest import Settings
from indexer.resources import resource
from service.calibration import load_calibrations
from service.engine import Engine, Wishes
from service.reader import Reader
from training.split import part_of
from training.wordings import GOLD_ENGLISH, PIAF_ENGLISH, Wording, read_wordings

DEPTH = 10
PARTS = ("dev", "untouched")  # of PIAF: the train half taught the embedder
WAYS = {
    "dense": Wishes(dense_weight=1.0, use_reader=False),
    "hybrid": Wishes(use_reader=False),
    "hybrid, read": Wishes(),
}


@dataclass(frozen=True)
class Pair:
    """A question in its French and in its English wording."""

    french: GoldQuestion
    english: GoldQuestion


def piaf_pairs(piaf: Path, folder: Path) -> dict[str, list[Pair]]:
    """PIAF's questions by part, and its articles written to ``folder``, a text file each."""
    folder.mkdir(parents=True)
    wordings = read_wordings(PIAF_ENGLISH)
    pairs: dict[str, list[Pair]] = {part: [] for part in PARTS}
    for number, article in enumerate(json.loads(piaf.read_text(encoding="utf-8"))["data"]):
        name, part = f"{number:03}.txt", part_of(article["title"])
        text = article["title"].replace("_", " ") + "\n"
        for paragraph in article["paragraphs"]:
            start = len(text) + 1
            text += "\n" + paragraph["context"] + "\n"
            if part in PARTS:
                pairs[part] += [_pair(_question(qa, name, part, start), wordings[qa["id"]]) for qa in paragraph["qas"]]
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return pairs


def _question(qa: dict, file: str, part: str, start: int) -> GoldQuestion:
    spans = (
        GoldSpan(file, start + a["answer_start"], start + a["answer_start"] + len(a["text"]), a["text"])
        for a in qa["answers"]
    )
    return GoldQuestion(qa["id"], qa["question"], "piaf", "fr", part, True, tuple(spans), ())


def gold_pairs(split: str) -> list[Pair]:
    """The French questions of one half of the gold set that the seeds answer."""
    wordings = read_wordings(GOLD_ENGLISH)
    asked = [question for question in load_gold(SEEDS_GOLD, split) if question.answerable and question.lang == "fr"]
    return [_pair(question, wordings[question.id]) for question in asked]


def _pair(french: GoldQuestion, wording: Wording) -> Pair:
    english = dataclasses.replace(french, question=wording.question, history=wording.history, lang="en")
    return Pair(french, english)


def scores(question: GoldQuestion, engine: Engine, wishes: Wishes) -> tuple[float, float]:
    """MRR@10 and R@10 of one question; 0 where no passage of the index holds an answer."""
    relevant = frozenset().union(*(relevant_passages(span, engine.index) for span in question.spans))
    found = engine.search(question.question, DEPTH, dataclasses.replace(wishes, history=question.history))
    ranks = [rank for rank, hit in enumerate(found, 1) if hit.passage in relevant]
    return (1 / ranks[0], len(ranks) / len(relevant)) if ranks else (0.0, 0.0)


def lines(name: str, pairs: list[Pair], engine: Engine, ways: list[str]) -> Iterator[str]:
    """One line of the table for each way to search."""
    resampling = resample([cluster_of(pair.french, engine.index) for pair in pairs])
    for way in ways:
        french = _all([pair.french for pair in pairs], engine, way)
        english = _all([pair.english for pair in pairs], engine, way)
        difference = 100 * (english - french)
        low, high = interval(means(difference, resampling)[:, 1]) or (np.nan, np.nan)
        told = "  ".join(f"{mrr:.3f} {recall:.3f}" for mrr, recall in (french.mean(0), english.mean(0)))
        yield f"{name:<16} {len(pairs):4} {way:<13} {told}  {difference[:, 1].mean():+5.1f} [{low:+.1f} {high:+.1f}]"


def _all(questions: list[GoldQuestion], engine: Engine, way: str) -> NDArray[np.float64]:
    """(questions, 2): MRR@10 and R@10."""
    return np.array([scores(question, engine, WAYS[way]) for question in questions])


def engine_of(texts: Path, location: Path, model: Path, embedder: OnnxEmbedder, reader: Reader | None) -> Engine:
    """An engine over an index of a folder, made with this embedder."""
    build(texts, location, Settings(), model, 2, embedder=embedder)
    return Engine(open_index(location), embedder, load_calibrations(resource("models") / "calibration"), reader)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, required=True, help="the shared data folder (qa/)")
    parser.add_argument("--only", choices=("piaf", "gold"), help="one of the two sets")
    parser.add_argument("--read", action="store_true", help="with the bundled reader too: much slower")
    arguments = parser.parse_args()
    ways = [way for way in WAYS if arguments.read or not WAYS[way].use_reader]
    reader = Reader(resource("models") / "reader", 2) if arguments.read else None
    for model in arguments.folders:
        embedder = OnnxEmbedder(model, 2)
        print(f"{model}\n{'':36}fr MRR@10 R@10  en MRR@10 R@10  R@10, en − fr")
        with tempfile.TemporaryDirectory() as scratch:
            asked: list[tuple[str, list[Pair], Engine]] = []
            if arguments.only != "gold":
                pairs = piaf_pairs(arguments.data / "qa/piaf-v1.0-part.json", Path(scratch) / "piaf")
                engine = engine_of(Path(scratch) / "piaf", Path(scratch) / "piaf-index", model, embedder, reader)
                asked += [(f"PIAF {part}", pairs[part], engine) for part in PARTS]
            if arguments.only != "piaf":
                engine = engine_of(resource("seeds"), Path(scratch) / "seeds-index", model, embedder, reader)
                asked += [(f"gold {split}", gold_pairs(split), engine) for split in SPLITS]
            for name, questions, engine in asked:
                for line in lines(name, questions, engine, ways):
                    print(line, flush=True)


if __name__ == "__main__":
    main()
