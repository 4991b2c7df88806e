"""Encoder folder → figures: PIAF retrieval, STS correlation, French→English retrieval.

    python -m training.measure --data DIR [--english] FOLDER [FOLDER …]

FOLDER holds tokenizer.json and model.onnx, or model.safetensors. STSB and PUD are only ever measured, never trained on.
With --english, a second line for PIAF's questions that have an English wording, in English; english.py measures the
whole search with them.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from training.encoder import Encode, open_encoder
from training.split import PARTS, part_of
from training.wordings import PIAF_ENGLISH, read_wordings

Runs = NDArray[np.int64]


@dataclass(frozen=True)
class Retrieval:
    """Passages, questions, and for each question the row of its passage and its article's part of the split."""

    passages: list[str]
    questions: list[str]
    gold: NDArray[np.int64]
    parts: NDArray[np.str_]


def read_piaf(data: Path, english: bool = False) -> Retrieval:
    """PIAF's part: 354 paragraphs, 1,784 questions; the candidates are always all paragraphs.

    ``english``: the 1,014 questions of dev and untouched, in English.
    """
    wordings = read_wordings(PIAF_ENGLISH)
    passages: list[str] = []
    rows: list[tuple[str, int, str]] = []
    for article in json.loads((data / "qa/piaf-v1.0-part.json").read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            part = part_of(article["title"])
            if english:
                asked = [wordings[q["id"]].question for q in paragraph["qas"] if q["id"] in wordings]
            else:
                asked = [q["question"] for q in paragraph["qas"]]
            rows += [(question, len(passages), part) for question in asked]
            passages.append(paragraph["context"])
    questions, gold, parts = zip(*rows, strict=True)
    return Retrieval(passages, list(questions), np.array(gold), np.array(parts))


def scores(runs: Runs, gold: NDArray[np.int64]) -> tuple[float, float]:
    """MRR@10 and R@10 of rankings [questions, ≥10] against one right passage each."""
    hit = runs[:, :10] == gold[:, None]
    return float((hit / np.arange(1, 11)).sum(1).mean()), float(hit.any(1).mean())


def retrieval_figures(runs: Runs, piaf: Retrieval) -> dict[str, tuple[float, float]]:
    """The two scores on all questions and on each part of the split that has any."""
    figures = {"all": scores(runs, piaf.gold)}
    for part in PARTS:
        chosen = piaf.parts == part
        if chosen.any():
            figures[part] = scores(runs[chosen], piaf.gold[chosen])
    return figures


def dense_runs(encode: Encode, piaf: Retrieval) -> Runs:
    """The ten nearest passages of each question, by cosine."""
    similarity = encode(piaf.questions) @ encode(piaf.passages).T
    return np.argsort(-similarity, axis=1, kind="stable")[:, :10]


def lexical_runs(piaf: Retrieval) -> Runs:
    """BM25 with French stop words and the Snowball stemmer: the baseline to stand beside."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("french")

    def tokens(texts: list[str]) -> object:
        return bm25s.tokenize(texts, stopwords="fr", stemmer=stemmer, show_progress=False)

    index = bm25s.BM25()
    index.index(tokens(piaf.passages), show_progress=False)
    return np.asarray(index.retrieve(tokens(piaf.questions), k=10, show_progress=False)[0], dtype=np.int64)


def similarity_figures(encode: Encode, data: Path) -> dict[str, float]:
    """Spearman correlation on STSB dev, French (machine-translated) and English (found back by alignment)."""
    rows = [r.split("\t") for r in (data / "parallel/stsb-dev.scores.fr.tsv").read_text("utf-8").splitlines()]
    pairs = [r.split("\t") for r in (data / "parallel/stsb-dev.en-fr.tsv").read_text("utf-8").splitlines()]
    english = {french: en for en, french in pairs}
    figures = {}
    for language in ("fr", "en"):
        kept = [r for r in rows if language == "fr" or (r[0] in english and r[1] in english)]
        left, right = ([r[i] if language == "fr" else english[r[i]] for r in kept] for i in (0, 1))
        cosine = (encode(left) * encode(right)).sum(1)
        figures[f"STSB-{language} dev"] = float(spearmanr(cosine, [float(r[2]) for r in kept]).statistic)
    return figures


def translation_figures(encode: Encode, data: Path) -> dict[str, float]:
    """Share of the 1,000 PUD sentences whose nearest sentence in the other language is their translation."""
    pairs = [r.split("\t") for r in (data / "parallel/pud.en-fr.tsv").read_text("utf-8").splitlines()]
    english, french = encode([p[0] for p in pairs]), encode([p[1] for p in pairs])
    similarity, own = french @ english.T, np.arange(len(pairs))
    return {
        "PUD fr→en": float((similarity.argmax(1) == own).mean()),
        "PUD en→fr": float((similarity.argmax(0) == own).mean()),
    }


def report(name: str, figures: dict[str, tuple[float, float]], rest: dict[str, float]) -> str:
    """One line of figures."""
    retrieval = "  ".join(f"{part} {mrr:.3f}/{recall:.3f}" for part, (mrr, recall) in figures.items())
    return f"{name}: PIAF MRR@10/R@10 {retrieval}  " + "  ".join(f"{k} {v:.3f}" for k, v in rest.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, required=True, help="the shared data folder (parallel/, qa/)")
    parser.add_argument("--piaf-only", action="store_true")
    parser.add_argument("--bm25", action="store_true", help="print the lexical baseline first")
    parser.add_argument("--english", action="store_true", help="PIAF's questions in English too")
    parser.add_argument("--max-tokens", type=int, default=512)
    args = parser.parse_args()
    piaf = read_piaf(args.data)
    if args.bm25:
        print(report("BM25", retrieval_figures(lexical_runs(piaf), piaf), {}), flush=True)
    for folder in args.folders:
        encode = open_encoder(folder, args.max_tokens)
        rest: dict[str, float] = {}
        if not args.piaf_only:
            rest = similarity_figures(encode, args.data) | translation_figures(encode, args.data)
        print(report(folder.name, retrieval_figures(dense_runs(encode, piaf), piaf), rest), flush=True)
        if args.english:
            english = read_piaf(args.data, english=True)
            print(report(f"{folder.name}, en", retrieval_figures(dense_runs(encode, english), english), {}), flush=True)


if __name__ == "__main__":
    main()
