"""Question, evidence → the weights of models/calibration: which sentence answers, whether to answer at all, and whether
a short answer is sure enough to be shown; once with the reader, once without (the floor).

    python -m training.decision --data DATA --clones CLONES --out models/calibration [--splits dev] [--measure untouched]

A conditional logit and logistic regressions over the features that the service itself computes, on (1) questions of
PIAF's part, asked of an index of its articles, (2) the questions of training/questions on its texts, (3) the ``tune`` half
of the seeds' gold set, and (4) the held questions of training/questions, asked of an index of all its passages that stand
in repositories, a file each. PIAF articles that taught embedder and reader are left out (``--splits dev``): both flatter
there; no model learnt from the passages that answer (4). Whether to answer is learned from (2) to (4) alone: PIAF's
questions lean on the paragraph that their writer had before them, and what refuses them refuses real ones wrongly; an
answerable question whose quotes would be wrong counts half each way. The threshold keeps false refusals over (2) and (3)
at ``FALSE_REFUSALS``, each question scored by weights of the decision that it had no part in; the weights of sentences,
and other questions on the same texts, did have a part. A short answer is shown from the probability on at which
``SHORT_PRECISION`` of those shown over (1) to (4) are right.
"""

import argparse
import hashlib
import json
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from indexer.build import build
from indexer.embedder import Embedder, load_embedder
from indexer.index import Index, open_index
from indexer.manifest import Settings
from indexer.resources import resource
from service.answer import Evidence, Hit, Query
from service.calibration import Calibration, Logistic
from service.decision import (
    FEATURES_OF_DECISION,
    FEATURES_OF_SHORT,
    MOST_QUOTES,
    SHARE_OF_BEST,
    answerable_features,
    short_features,
)
from service.engine import MOST_READ, passage_to_read
from service.evidence import FEATURES, gather
from service.reader import Reader, Reading
from service.search import PASSAGES_READ, rerank, search
from service.understand import understand
from training.answers import exact_and_f1, normalised
from training.contexts import contexts, identity, repository_contexts, written
from training.split import part_of

GOLD = Path(__file__).resolve().parent.parent / "eval" / "gold" / "seeds.jsonl"
# of questions written on other texts; on the shipped ones it comes to about half of it
FALSE_REFUSALS = 0.12
SHORT_PRECISION = 0.75
SHORT_RIGHT = 0.6  # token F1 from which a short answer is right
QUESTIONS = Path(__file__).resolve().parent / "questions"
WRITTEN_WEIGHT = 4.0  # of a question written as users ask, beside one of PIAF's
UNREAD_WEIGHT = 0.5
MISSED = 0.5  # how far an answerable question whose quotes would be wrong counts as one to refuse
RIDGE = 10.0  # weight of the squared weights of sentences, beside the log-likelihood of a question
FOLDS = 10
HELD = 3  # one in three of the questions that are only reported on: reading takes its time
HELD_SHARE = 3  # and one in three of those on unread passages
IS_QUESTION = FEATURES.index("is_question")
Span = tuple[str, int, int]
_NONE = Logistic((), (), 0.0)
_UNIFORM = Calibration(
    Logistic(FEATURES, tuple(1.0 if f in ("cosine", "coverage") else 0.0 for f in FEATURES), 0.0),
    Logistic(FEATURES_OF_DECISION, (0.0,) * len(FEATURES_OF_DECISION), 0.0),
    0.0,
    _NONE,
    1.0,
)


@dataclass(frozen=True)
class Example:
    """A question with the spans ``(path, start, end)`` that answer it; ``hidden`` ones may not be found.

    ``short`` are wordings of the short answer, or facts that it must hold.
    """

    question: str
    spans: tuple[Span, ...]
    answerable: bool
    hidden: tuple[Span, ...] = ()
    weight: float = 1.0
    short: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """An example with what the service found for it, which sentences are right, and which short answers."""

    example: Example
    query: Query
    hits: list[Hit]
    evidence: list[Evidence]
    right: NDArray[np.bool_]
    short_right: NDArray[np.bool_]
    wordings: tuple[str, ...]  # of the short answers

    @property
    def features(self) -> tuple[float, ...]:
        """The features of the decision."""
        return answerable_features(self.query, self.hits, self.evidence)

    @property
    def shown(self) -> list[int]:
        """The places of the quotes that would be shown; ``service.decision.choose`` but for likenesses."""
        told = [place for place, one in enumerate(self.evidence) if not one.features[IS_QUESTION]][:MOST_QUOTES]
        return [place for place in told if self.evidence[place].score >= SHARE_OF_BEST * self.evidence[told[0]].score]

    @property
    def shows_right(self) -> bool:
        """Whether one of the quotes that would be shown answers."""
        return bool(self.right[self.shown].any())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--clones", type=Path, required=True, help="holds OWNER+NAME/repo, a bare clone each")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--reader", type=Path, default=resource("models") / "reader")
    parser.add_argument("--splits", nargs="+", default=["dev"])
    parser.add_argument("--measure", default="untouched")
    parser.add_argument("--scratch", type=Path, help="keep the indexes here for the next run")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        scratch = arguments.scratch or Path(temporary)
        piaf, seeds, examples, embedder = prepare(arguments.data / "qa/piaf-v1.0-part.json", scratch)
        build(QUESTIONS / "texts", scratch / "questions-index", Settings(), resource("models") / "embedder", 2)
        others = open_index(scratch / "questions-index")
        texts, held = write_held(arguments.data, arguments.clones, scratch / "held")
        build(texts, scratch / "held-index", Settings(), resource("models") / "embedder", 2)
        passages = open_index(scratch / "held-index")
        found = {}
        for name, reader in (("floor", None), ("read", Reader(arguments.reader, 2))):
            found[name] = Lessons(
                train=ask(piaf, [e for s in arguments.splits for e in examples[s] if e.answerable], embedder, reader),
                natural=[
                    *ask(others, gold_examples(QUESTIONS / "questions.jsonl", "tune"), embedder, reader),
                    *ask(seeds, gold_examples(GOLD, "tune"), embedder, reader),
                ],
                unread=ask(passages, held[::HELD_SHARE], embedder, reader),
                held=ask(piaf, [e for e in examples[arguments.measure] if e.answerable][::HELD], embedder, reader),
            )
    write(arguments.out, {name: calibrate(name, lessons) for name, lessons in found.items()})


@dataclass(frozen=True)
class Lessons:
    """PIAF's questions to learn from, those asked as users ask, those on passages that no model read, PIAF's untouched ones."""

    train: list[Asked]
    natural: list[Asked]
    unread: list[Asked]
    held: list[Asked]


def calibrate(name: str, lessons: Lessons) -> Calibration:
    """Fit all three, print how they do on questions that they did not learn from."""
    sentences = fit_sentences([*lessons.train, *lessons.natural, *lessons.unread])
    natural = [rescored(one, sentences) for one in lessons.natural]
    unread = [rescored(one, sentences) for one in lessons.unread]
    answerable = fit_answerable([*natural, *unread])
    threshold, unseen = find_threshold(natural, unread)
    print(f"{name}: cross-validated by question: {unseen}")
    train = [rescored(one, sentences) for one in [*lessons.train, *lessons.unread]]
    held = [rescored(one, sentences) for one in lessons.held]
    short, short_threshold, told = fit_short([*train, *natural], answerable, threshold)
    for title, asked in (("written and gold tune", natural), ("unread passages", unread), ("PIAF held", held)):
        print(f"{name}: {title}: {report(asked, answerable, threshold)}")
    print(f"{name}: short answers: {told}")
    return Calibration(sentences, answerable, threshold, short, short_threshold)


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
                short = tuple(a["text"] for a in qa["answers"])
                examples.setdefault(part_of(article["title"]), []).extend(
                    [
                        Example(qa["question"], spans, True, short=short),
                        Example(qa["question"], (), False, hidden=(whole,)),
                    ]
                )
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder, examples


def write_held(data: Path, clones: Path, folder: Path) -> tuple[Path, list[Example]]:
    """Each passage of a repository as a text file of its own; the examples of the held questions on some of them."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = contexts(data, clones)
    for key in repository_contexts():
        if key in texts:
            title, text = texts[key]
            (folder / f"{key}.txt").write_text(f"{title}\n\n{text}\n", encoding="utf-8", newline="")
    examples = []
    for one in written(data, clones, "held.jsonl"):
        name, shift = f"{identity(one.text)}.txt", len(one.title) + 2
        spans = ((name, one.answer[0] + shift, one.answer[1] + shift),) if one.answer else ()
        examples.append(Example(one.question, spans, bool(one.answer), (), UNREAD_WEIGHT, one.answers))
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
            short=tuple(row["facts"]),
        )
        for row in rows
        if row["split"] == split and not row.get("history")
    ]


def ask(index: Index, examples: list[Example], embedder: Embedder, reader: Reader | None) -> list[Asked]:
    """What the service finds for each example; examples for which it finds nothing are left out."""
    found = (_ask(example, index, understand(example.question, index, embedder), reader) for example in examples)
    return [one for one in found if one is not None]


def _ask(example: Example, index: Index, query: Query, reader: Reader | None) -> Asked | None:
    found = [hit for hit in search(query, index, 2 * MOST_READ) if not _shows(hit, example.hidden, index)][:MOST_READ]
    readings: dict[int, Reading] = {}
    if reader:
        texts = [passage_to_read(hit.passage, index) for hit in found]
        readings = dict(zip((hit.passage for hit in found), reader.read(query.mended, texts), strict=True))
    hits = rerank(found, {passage: max(reading.log_odds) for passage, reading in readings.items()})[:PASSAGES_READ]
    evidence = gather(query, hits, readings, index, _UNIFORM)
    if not evidence:
        return None
    right = np.array([overlaps(index, e.document, e.start, e.end, example.spans) for e in evidence])
    wordings = tuple(index.corpus.text(e.document)[e.short.start : e.short.end] if e.short else "" for e in evidence)
    short = np.array([ok and _says(wording, example.short) for ok, wording in zip(right, wordings, strict=True)])
    return Asked(example, query, hits, evidence, right, short, wordings)


def _says(wording: str, accepted: tuple[str, ...]) -> bool:
    """Whether a short answer is near enough to an accepted one, holds it in not many more words, or is a good part of it."""
    words = normalised(wording)
    for answer in accepted:
        wanted = normalised(answer)
        holds = bool(wanted) and set(wanted) <= set(words) and len(words) <= 2 * len(wanted) + 2
        part = bool(words) and set(words) <= set(wanted) and 3 * len(words) >= len(wanted)
        if holds or part or exact_and_f1(wording, [answer])[1] >= SHORT_RIGHT:
            return True
    return False


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
    """Which sentence answers: right sentences against the others of the same question.

    The weights are those of a conditional logit (McFadden 1974): a softmax over the sentences of each question, of which
    the right ones share the probability. Platt scaling over all sentences makes a probability of the sum.
    """
    taught = [one for one in asked if one.example.answerable and one.right.any()]
    x = np.array([evidence.features for one in taught for evidence in one.evidence])
    right = np.concatenate([one.right for one in taught]).astype(float)
    lengths = np.array([len(one.evidence) for one in taught])
    weight = np.array([one.example.weight for one in taught])
    mean, scale = x.mean(0), x.std(0) + 1e-6
    w = fit_conditional_logit((x - mean) / scale, right, lengths, weight / weight.mean()) / scale
    question = np.repeat(np.arange(len(taught)), lengths)
    counts = np.array([[(~one.right).sum(), one.right.sum()] for one in taught])
    each = weight[question] / counts[question, right.astype(int)]
    platt = LogisticRegression(C=1e3).fit((x @ w)[:, None], right, sample_weight=each)
    return Logistic(FEATURES, tuple(map(float, platt.coef_[0, 0] * w)), float(platt.intercept_[0]))


def fit_conditional_logit(
    x: NDArray[np.float64], right: NDArray[np.float64], lengths: NDArray[np.int64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Weights (features,) that make the right rows of each group likely, with a ridge of ``RIDGE``.

    ``x`` (rows, features), ``right`` (rows,) 0 or 1, at least one 1 in each group; groups of ``lengths`` rows lie one
    after the other and count by ``weight``.
    """
    first = np.cumsum(lengths) - lengths
    group = np.repeat(np.arange(len(lengths)), lengths)

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        sums = x @ w
        raised = np.exp(sums - np.maximum.reduceat(sums, first)[group])
        share = raised / np.add.reduceat(raised, first)[group]
        likelihood = np.add.reduceat(share * right, first)
        gradient = x.T @ ((share - share * right / likelihood[group]) * weight[group])
        return float(RIDGE * w @ w / 2 - (weight * np.log(likelihood)).sum()), gradient + RIDGE * w

    fitted: NDArray[np.float64] = minimize(loss, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x
    return fitted


def fit_answerable(asked: list[Asked]) -> Logistic:
    """Whether the texts answer. Where they do, and no right quote would be shown, neither an answer nor a refusal is
    right: ``MISSED`` of such a question counts as one to refuse."""
    rows, labels, weights = [], [], []
    for one in asked:
        weight = one.example.weight / WRITTEN_WEIGHT
        missed = MISSED if one.example.answerable and not one.shows_right else 0.0
        rows.append(one.features)
        labels.append(one.example.answerable)
        weights.append(weight * (1 - missed))
        if missed:
            rows.append(one.features)
            labels.append(False)
            weights.append(weight * missed)
    return _fit(FEATURES_OF_DECISION, rows, labels, weights)


def fit_short(asked: list[Asked], answerable: Logistic, threshold: float) -> tuple[Logistic, float, str]:
    """Whether the short answer of a quote is right, from which probability on it is shown, and what that gives.

    Each question is scored by weights that it had no part in.
    """
    rows, labels, first, question = [], [], [], []
    for number, one in enumerate(asked):
        confidence = answerable.probability(one.features)
        for place in one.shown if confidence >= threshold else ():
            if one.wordings[place]:
                best = one.evidence[one.shown[0]]
                rows.append(short_features(one.query, one.evidence[place], best, confidence, one.wordings[place]))
                labels.append(bool(one.short_right[place]))
                first.append(place == one.shown[0])
                question.append(number)
    if not rows:
        return Logistic(FEATURES_OF_SHORT, (0.0,) * len(FEATURES_OF_SHORT), 0.0), 1.0, "none without the reader"
    y = np.array(labels)
    scores = np.zeros(len(y))
    for fold in np.array_split(np.random.default_rng(0).permutation(len(asked)), FOLDS):
        inside = np.isin(question, fold)
        rest = np.flatnonzero(~inside)
        weights = _fit(FEATURES_OF_SHORT, [rows[i] for i in rest], [labels[i] for i in rest], [1.0] * len(rest))
        scores[inside] = [weights.probability(rows[i]) for i in np.flatnonzero(inside)]
    order = np.argsort(-scores)
    precision = np.cumsum(y[order]) / np.arange(1, len(y) + 1)
    good = np.flatnonzero(precision >= SHORT_PRECISION)
    last = int(good[-1]) if len(good) else 0
    shown, ahead = np.isin(np.arange(len(y)), order[: last + 1]), np.array(first)
    told = "; ".join(
        f"{name}: shown {shown[among].mean():.3f} of {among.sum()}, right {y[shown & among].mean():.3f}"
        f" (all: {y[among].mean():.3f})"
        for name, among in (("first quotes", ahead), ("quotes behind", ~ahead))
    )
    weights = _fit(FEATURES_OF_SHORT, rows, labels, [1.0] * len(rows))
    return weights, round(float(scores[order[last]]), 4), told


def _fit(
    names: tuple[str, ...],
    rows: list[tuple[float, ...]],
    labels: list[bool],
    weights: list[float],
) -> Logistic:
    x = np.array(rows)
    mean, scale = x.mean(0), x.std(0) + 1e-6
    model = LogisticRegression(C=0.3, max_iter=5000).fit((x - mean) / scale, labels, sample_weight=weights)
    w = model.coef_[0] / scale
    return Logistic(names, tuple(map(float, w)), float(model.intercept_[0] - (w * mean).sum()))


def rescored(asked: Asked, sentences: Logistic) -> Asked:
    """The same with its sentences weighed and put in order."""
    evidence = [replace(e, score=sentences.probability(e.features)) for e in asked.evidence]
    order = sorted(range(len(evidence)), key=lambda i: (-evidence[i].score, evidence[i].sentence))
    return replace(
        asked,
        evidence=[evidence[i] for i in order],
        right=asked.right[order],
        short_right=asked.short_right[order],
        wordings=tuple(asked.wordings[i] for i in order),
    )


def find_threshold(natural: list[Asked], unread: list[Asked]) -> tuple[float, str]:
    """The confidence below which ``FALSE_REFUSALS`` of the natural answerable questions lie when not learned from."""
    asked = [*natural, *unread]
    order = np.random.default_rng(0).permutation(len(asked))
    scores = np.zeros(len(asked))
    for fold in np.array_split(order, FOLDS):
        weights = fit_answerable([asked[i] for i in np.setdiff1d(order, fold)])
        for i in fold:
            scores[i] = weights.probability(asked[i].features)
    yes = np.array([one.example.answerable for one in asked])
    first = np.arange(len(asked)) < len(natural)
    threshold = round(float(np.quantile(scores[yes & first], FALSE_REFUSALS)), 4)
    told = []
    for title, part in (("written questions and gold tune", first), ("unread passages", ~first)):
        right, wrong = scores[yes & part], scores[~yes & part]
        told.append(
            f"{title}: AUC {(right[:, None] > wrong[None, :]).mean():.3f}, refused at {threshold}: answerable "
            f"{np.mean(right < threshold):.3f} of {len(right)}, unanswerable {np.mean(wrong < threshold):.3f} of {len(wrong)}"
        )
    return threshold, "; ".join(told)


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
    wins = (positive[:, None] > negative[None, :]).mean() if len(negative) else float("nan")
    refused = ", ".join(f"{name} {np.mean(s < threshold):.3f} of {len(s)}" for name, s in scores.items() if len(s))
    return (
        f"first sentence right {np.mean([o.right[0] for o in yes]):.3f}, "
        f"in three {np.mean([o.right[:3].any() for o in yes]):.3f}, "
        f"found {np.mean([o.right.any() for o in yes]):.3f}; refused: {refused}"
        + (f"; AUC {wins:.3f}" if len(negative) else "")
    )


def write(out: Path, calibrations: dict[str, Calibration]) -> None:
    """calibration.json and SHA256SUMS."""
    out.mkdir(parents=True, exist_ok=True)
    data = {
        name: {
            "sentences": _told(one.sentences),
            "answerable": _told(one.answerable),
            "threshold": one.threshold,
            "short": _told(one.short),
            "short_threshold": one.short_threshold,
        }
        for name, one in calibrations.items()
    }
    text = json.dumps(data, indent=1) + "\n"
    (out / "calibration.json").write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    (out / "SHA256SUMS").write_text(f"{digest}  calibration.json\n", encoding="utf-8")


def _told(one: Logistic) -> dict[str, object]:
    weights = {feature: round(weight, 6) for feature, weight in zip(one.features, one.weights, strict=True)}
    return {"bias": round(one.bias, 6), "weights": weights}


if __name__ == "__main__":
    main()
