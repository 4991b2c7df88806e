"""Question, evidence → the weights of models/calibration: which sentence answers, and whether to answer at all.

    python -m training.decision --piaf piaf-v1.0-part.json --out models/calibration [--splits dev] [--measure untouched]

Two logistic regressions over the features that the service itself computes, on (1) questions of PIAF's part, asked of
an index of its articles, (2) the questions of training/questions on its texts, and (3) the
``tune`` half of the seeds' gold set. PIAF articles that taught the embedder are left out (``--splits dev``): its cosines
flatter there. Whether to answer is learned from (2) and (3) alone: PIAF's questions lean on the paragraph that their
writer had before them, and what refuses them refuses real ones wrongly. The threshold keeps false refusals over (2)
and (3) at ``FALSE_REFUSALS``, each question scored by weights of the decision that it had no part in; the weights of
sentences, and other questions on the same texts, did have a part.
"""

import argparse
import hashlib
import json
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from indexer.build import build
from indexer.embedder import Embedder, load_embedder
from indexer.index import Index, open_index
from indexer.manifest import Settings
from indexer.resources import resource
from service.answer import Evidence, Hit, Query
from service.calibration import Calibration, Logistic
from service.decision import FEATURES_OF_DECISION, answerable_features
from service.evidence import FEATURES, gather
from service.search import search
from service.understand import understand
from training.split import part_of

GOLD = Path(__file__).resolve().parent.parent / "eval" / "gold" / "seeds.jsonl"
FALSE_REFUSALS = 0.07
QUESTIONS = Path(__file__).resolve().parent / "questions"
WRITTEN_WEIGHT = 4.0  # of a question written as users ask, beside one of PIAF's
FOLDS = 10
Span = tuple[str, int, int]
_UNIFORM = Calibration(
    Logistic(FEATURES, tuple(1.0 if f in ("cosine", "coverage") else 0.0 for f in FEATURES), 0.0),
    Logistic(FEATURES_OF_DECISION, (0.0,) * len(FEATURES_OF_DECISION), 0.0),
    0.0,
)


@dataclass(frozen=True)
class Example:
    """A question with the spans ``(path, start, end)`` that answer it; ``hidden`` ones may not be found."""

    question: str
    spans: tuple[Span, ...]
    answerable: bool
    hidden: tuple[Span, ...] = ()
    weight: float = 1.0


@dataclass(frozen=True)
class Asked:
    """An example with what the service found for it, and which sentences are right."""

    example: Example
    query: Query
    hits: list[Hit]
    evidence: list[Evidence]
    right: NDArray[np.bool_]

    @property
    def features(self) -> tuple[float, ...]:
        """The features of the decision."""
        return answerable_features(self.query, self.hits, self.evidence)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--piaf", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--splits", nargs="+", default=["dev"])
    parser.add_argument("--measure", default="untouched")
    parser.add_argument("--scratch", type=Path, help="keep the indexes here for the next run")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        scratch = arguments.scratch or Path(temporary)
        piaf, seeds, examples, embedder = prepare(arguments.piaf, scratch)
        build(QUESTIONS / "texts", scratch / "questions-index", Settings(), resource("models") / "embedder", 2)
        others = open_index(scratch / "questions-index")
        written = ask(others, gold_examples(QUESTIONS / "questions.jsonl", "tune"), embedder)
        tune = ask(seeds, gold_examples(GOLD, "tune"), embedder)
        train = ask(piaf, [e for split in arguments.splits for e in examples[split] if e.answerable], embedder)
        held = ask(piaf, examples[arguments.measure], embedder)
    sentences = fit_sentences([*train, *written, *tune])
    natural = [rescored(one, sentences) for one in (*written, *tune)]
    answerable = fit_answerable(natural)
    threshold, unseen = find_threshold(natural)
    write(arguments.out, sentences, answerable, threshold)
    print(f"written questions and gold tune, cross-validated by question: {unseen}")
    for name, asked in (("gold tune", tune), (f"PIAF {arguments.measure}", held)):
        print(f"{name}: {report([rescored(one, sentences) for one in asked], answerable, threshold)}")


def prepare(piaf: Path, scratch: Path) -> tuple[Index, Index, dict[str, list[Example]], Embedder]:
    """Indexes of PIAF's articles and of the seeds, PIAF's examples by split, and the bundled embedder."""
    model = resource("models") / "embedder"
    articles, examples = write_articles(piaf, scratch / "piaf")
    build(articles, scratch / "piaf-index", Settings(), model, 2)
    build(resource("seeds"), scratch / "seeds-index", Settings(), model, 2)
    embedder = load_embedder(Settings().embedder, model, 2)
    return open_index(scratch / "piaf-index"), open_index(scratch / "seeds-index"), examples, embedder


def write_articles(piaf: Path, folder: Path) -> tuple[Path, dict[str, list[Example]]]:
    """Each article as a text file; examples by split: each question as it is, then with its paragraph hidden."""
    folder.mkdir(parents=True, exist_ok=True)
    examples: dict[str, list[Example]] = {}
    for article in json.loads(piaf.read_text(encoding="utf-8"))["data"]:
        name = hashlib.sha256(article["title"].encode()).hexdigest()[:10] + ".txt"
        text = article["title"].replace("_", " ") + "\n"
        for paragraph in article["paragraphs"]:
            start = len(text) + 1
            text += "\n" + paragraph["context"] + "\n"
            whole = (name, start, len(text))
            for qa in paragraph["qas"]:
                spans = tuple(
                    (name, start + a["answer_start"], start + a["answer_start"] + len(a["text"])) for a in qa["answers"]
                )
                examples.setdefault(part_of(article["title"]), []).extend(
                    [Example(qa["question"], spans, True), Example(qa["question"], (), False, hidden=(whole,))]
                )
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder, examples


def gold_examples(path: Path, split: str) -> list[Example]:
    """The questions of one half of a gold set."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Example(
            row["question"],
            tuple((s["file"], s["start"], s["end"]) for s in row["spans"]),
            row["answerable"],
            weight=WRITTEN_WEIGHT,
        )
        for row in rows
        if row["split"] == split
    ]


def ask(index: Index, examples: list[Example], embedder: Embedder) -> list[Asked]:
    """What the service finds for each example; examples for which it finds nothing are left out."""
    found = (_ask(example, index, understand(example.question, index, embedder)) for example in examples)
    return [one for one in found if one is not None]


def _ask(example: Example, index: Index, query: Query) -> Asked | None:
    hits = [hit for hit in search(query, index, 16) if not _shows(hit, example.hidden, index)][:8]
    evidence = gather(query, hits, index, _UNIFORM)
    if not evidence:
        return None
    right = np.array([overlaps(index, e.document, e.start, e.end, example.spans) for e in evidence])
    return Asked(example, query, hits, evidence, right)


def _shows(hit: Hit, spans: tuple[Span, ...], index: Index) -> bool:
    if not spans:
        return False
    passage = index.corpus.passage(hit.passage)
    sentences = index.corpus.sentences(passage.first, passage.last)
    return overlaps(index, passage.document, sentences[0].start, sentences[-1].end, spans)


def overlaps(index: Index, document: int, start: int, end: int, spans: tuple[Span, ...]) -> bool:
    """Whether a stretch of a document and one of the spans share at least half of the shorter."""
    if not spans:
        return False
    path = index.corpus.document_at(document).path
    return any(
        path == p and min(end, b) - max(start, a) >= min(0.5 * (b - a), 0.5 * (end - start)) for p, a, b in spans
    )


def fit_sentences(asked: list[Asked]) -> Logistic:
    """Which sentence answers: right sentences against the others of the same question."""
    rows, labels, weights = [], [], []
    for one in asked:
        if one.example.answerable and one.right.any():
            for evidence, right in zip(one.evidence, one.right, strict=True):
                rows.append(evidence.features)
                labels.append(bool(right))
                weights.append(one.example.weight * (1 / one.right.sum() if right else 1 / (~one.right).sum()))
    return _fit(FEATURES, rows, labels, weights)


def fit_answerable(asked: list[Asked]) -> Logistic:
    """Whether the texts answer."""
    labels = [one.example.answerable for one in asked]
    return _fit(FEATURES_OF_DECISION, [one.features for one in asked], labels, [1.0] * len(asked), strength=0.03)


def _fit(
    names: tuple[str, ...],
    rows: list[tuple[float, ...]],
    labels: list[bool],
    weights: list[float],
    strength: float = 0.3,
) -> Logistic:
    x = np.array(rows)
    mean, scale = x.mean(0), x.std(0) + 1e-6
    model = LogisticRegression(C=strength, max_iter=5000).fit((x - mean) / scale, labels, sample_weight=weights)
    w = model.coef_[0] / scale
    return Logistic(names, tuple(map(float, w)), float(model.intercept_[0] - (w * mean).sum()))


def rescored(asked: Asked, sentences: Logistic) -> Asked:
    """The same with its sentences weighed and put in order."""
    evidence = [replace(e, score=sentences.probability(e.features)) for e in asked.evidence]
    order = sorted(range(len(evidence)), key=lambda i: (-evidence[i].score, evidence[i].sentence))
    return replace(asked, evidence=[evidence[i] for i in order], right=asked.right[order])


def find_threshold(natural: list[Asked]) -> tuple[float, str]:
    """The confidence below which ``FALSE_REFUSALS`` of the answerable questions lie when they are not learned from."""
    order = np.random.default_rng(0).permutation(len(natural))
    scores = np.zeros(len(natural))
    for fold in np.array_split(order, FOLDS):
        rest = [natural[i] for i in np.setdiff1d(order, fold)]
        weights = fit_answerable(rest)
        for i in fold:
            scores[i] = weights.probability(natural[i].features)
    yes = np.array([one.example.answerable for one in natural])
    threshold = round(float(np.quantile(scores[yes], FALSE_REFUSALS)), 4)
    auc = float((scores[yes][:, None] > scores[~yes][None, :]).mean())
    return (
        threshold,
        f"AUC {auc:.3f}, refused at {threshold}: answerable {np.mean(scores[yes] < threshold):.3f} of "
        + (f"{yes.sum()}, unanswerable {np.mean(scores[~yes] < threshold):.3f} of {(~yes).sum()}"),
    )


def report(asked: list[Asked], answerable: Logistic, threshold: float) -> str:
    """First-sentence accuracy, refusals both ways, and the area under the ROC curve of the decision."""
    yes = [one for one in asked if one.example.answerable]
    scores = {
        name: np.array([answerable.probability(one.features) for one in asked if chosen(one.example)])
        for name, chosen in (
            ("answerable", lambda e: e.answerable),
            ("unanswerable", lambda e: not e.answerable),
            ("hidden", lambda e: bool(e.hidden)),
        )
    }
    positive, negative = scores["answerable"], scores["unanswerable"]
    auc = float((positive[:, None] > negative[None, :]).mean() + 0.5 * (positive[:, None] == negative[None, :]).mean())
    refused = ", ".join(f"{name} {np.mean(s < threshold):.3f} of {len(s)}" for name, s in scores.items() if len(s))
    return (
        f"first sentence right {np.mean([o.right[0] for o in yes]):.3f}, "
        f"in three {np.mean([o.right[:3].any() for o in yes]):.3f}, "
        f"found {np.mean([o.right.any() for o in yes]):.3f}; refused: {refused}; AUC {auc:.3f}"
    )


def write(out: Path, sentences: Logistic, answerable: Logistic, threshold: float) -> None:
    """calibration.json and SHA256SUMS."""
    out.mkdir(parents=True, exist_ok=True)
    data = {
        name: {
            "bias": round(one.bias, 6),
            "weights": {feature: round(weight, 6) for feature, weight in zip(one.features, one.weights, strict=True)},
        }
        for name, one in (("sentences", sentences), ("answerable", answerable))
    }
    text = json.dumps(data | {"threshold": threshold}, indent=1) + "\n"
    (out / "calibration.json").write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    (out / "SHA256SUMS").write_text(f"{digest}  calibration.json\n", encoding="utf-8")


if __name__ == "__main__":
    main()
