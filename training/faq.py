"""Questions and answers of French public bodies' FAQs: cut from public repositories, searched with several encoders.

    python -m training.faq --clones CLONES models/embedder [ENCODER …]

No text is kept here. training/questions/faq.jsonl names each file, at a commit, with its licence and how its pairs are
cut; ``clones`` holds a bare clone ``owner+name/repo`` of each repository. Nothing is trained or tuned on the pairs.

What is searched is all answers, without their questions. The first folder is also measured as the service searches:
one document per answer, in an index of its own. An answer of more than 180 words is as near as its nearest 180 words.
"""

import argparse
import hashlib
import json
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from indexer.analysis import fold
from training.contexts import plain

SOURCES = Path(__file__).with_name("questions") / "faq.jsonl"
SHA256 = "48836c0a51ffad7d9eb37e674993026722ac330bf26d3174bffd27b6c4e03530"  # of the pairs that the figures in README.md are of
LEAST_WORDS = 8  # of an answer
PASSAGE_WORDS = 180
DEPTH = 100  # answers that each leg gives to a fusion
RRF_K = 60
SAMPLES = 2000
PARTS = ("dev", "untouched")

Runs = NDArray[np.int64]
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
# What is no text in Markdown, HTML, JSX, Vue, Jinja and Slim; what separates blocks becomes a space.
_SYNTAX = (
    (re.compile(r"(?:\\r|\\n)+"), "\n"),
    (re.compile(r"<!--.*?-->|\{/\*.*?\*/\}|\{%.*?%\}|<(script|style|svg)\b.*?</\1>", re.DOTALL), " "),
    (re.compile(r"\{\s*(['\"`])([^'\"`{}]*)\1\s*\}"), r"\2"),
    (re.compile(r"\$?\{[^{}]*\}"), ""),
    (re.compile(r"\$?\{[^{}]*\}"), ""),  # once more: braces within braces
    (re.compile(r"^(?::[a-z-]+:.*|br|\.\. .*)$", re.MULTILINE), ""),
    (re.compile(r"^(?:[-*+|>]|\d+\.|#+) ", re.MULTILINE), ""),
    (re.compile(r"</?>|`"), ""),
    (re.compile(r"</?(?:p|div|ul|ol|li|br|h\d|t[rdh]|table|section|figure|figcaption|details|summary)\b[^>]*>"), " "),
)
_ITALIC = re.compile(r"(?<!\w)([*_])(\S|\S[^*_]*\S)\1(?!\w)")
_COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
_STRING = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|`((?:[^`\\]|\\.)*)`", re.DOTALL)
_PLUS = re.compile(r"\s*\+\s*(?=['\"`])")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_FRONT = re.compile(r"\A---\s*\n(.*?)\n---[ \t]*\n(.*)\Z", re.DOTALL)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Pair:
    """A question with its answer, without markup, each on one line."""

    repository: str
    question: str
    answer: str


def part_of(repository: str) -> str:
    """``dev`` or ``untouched``: the first byte of the SHA-256 of the repository's name, below 128 or not."""
    return PARTS[hashlib.sha256(repository.encode()).digest()[0] >= 128]


def read_pairs(clones: Path) -> list[Pair]:
    """All pairs whose repository is at hand, in the order of the sources.

    Left out: answers of fewer than ``LEAST_WORDS`` words; pairs whose question or answer stood before, case and accents
    aside.
    """
    found: list[Pair] = []
    seen: set[str] = set()
    for line in SOURCES.read_text(encoding="utf-8").splitlines():
        source = json.loads(line)
        clone = clones / source["repository"].replace("/", "+") / "repo"
        if not clone.is_dir():
            continue
        shown = subprocess.run(
            ["git", "-C", str(clone), "show", f"{source['commit']}:{source['path']}"],
            check=True,
            capture_output=True,
            encoding="utf-8",
        ).stdout
        for question, answer in cut(shown, source):
            keys = {fold(question), fold(answer)}
            if question and len(_WORD.findall(answer)) >= LEAST_WORDS and not keys & seen:
                seen |= keys
                found.append(Pair(source["repository"], question, answer))
    return found


def identity(pairs: Iterable[Pair]) -> str:
    """SHA-256 of the pairs, in order."""
    digest = hashlib.sha256()
    for pair in pairs:
        digest.update(f"{pair.repository}\t{pair.question}\t{pair.answer}\n".encode())
    return digest.hexdigest()


def cut(raw: str, source: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The pairs of a file, markup removed, by the rule of its source:

    ``page``     the title of the front matter, and the page
    ``keys``     the values of the keys ``question`` and ``answer`` of one mapping in JSON or YAML, beneath the key ``under``
    ``literals`` the same in a program's text: strings (joined by ``+``), or markup within parentheses
    ``pattern``  the groups ``question`` and ``answer`` of a regular expression
    """
    question, answer = source.get("question", "question"), source.get("answer", "answer")
    found: Iterable[tuple[str, str]]
    match source["rule"]:
        case "page":
            found = _page(raw)
        case "keys":
            tree = yaml.safe_load(raw) if source["path"].endswith((".yml", ".yaml")) else json.loads(raw)
            found = _keys(tree[source["under"]] if "under" in source else tree, question, answer)
        case "literals":
            found = _literals(_COMMENT.sub("", raw), question, answer)
        case "pattern":
            pattern = re.compile(source["pattern"], re.DOTALL | re.MULTILINE)
            found = ((one["question"], one["answer"]) for one in pattern.finditer(raw))
        case rule:
            raise ValueError(rule)
    for one, other in found:
        yield text_of(one), text_of(other)


def text_of(raw: str) -> str:
    """What a reader sees of a piece of Markdown, HTML or JSX, on one line."""
    raw = _INDENT.sub("", raw)
    for pattern, instead in _SYNTAX:
        raw = pattern.sub(instead, raw)
    return " ".join(_ITALIC.sub(r"\2", plain(raw)).split())


def _page(raw: str) -> Iterator[tuple[str, str]]:
    front, body = _FRONT.findall(raw.lstrip("\ufeff\n "))[0]
    title = str(yaml.safe_load(front)["title"])
    yield title, body.strip().removeprefix(f"# {title}")


def _keys(tree: Any, question: str, answer: str) -> Iterator[tuple[str, str]]:
    if isinstance(tree, list):
        for item in tree:
            yield from _keys(item, question, answer)
    elif isinstance(tree, dict):
        if isinstance(tree.get(question), str) and isinstance(tree.get(answer), str):
            yield tree[question], tree[answer]
        for value in tree.values():
            yield from _keys(value, question, answer)


def _literals(raw: str, question: str, answer: str) -> Iterator[tuple[str, str]]:
    key = re.compile(rf"\b({question}|{answer})\s*:\s*(?=['\"`(])")
    waiting: dict[str, str] = {}
    position = 0
    while match := key.search(raw, position):
        if match[1] in waiting:
            raise ValueError(f"no {question} with its {answer} before {raw[match.start() : match.start() + 80]!r}")
        waiting[match[1]], position = _value(raw, match.end())
        if len(waiting) == 2:
            yield waiting[question], waiting[answer]
            waiting = {}


def _value(raw: str, start: int) -> tuple[str, int]:
    """The value that begins at ``start``, and where it ends."""
    if raw[start] == "(":
        depth = 0
        for position in range(start, len(raw)):
            depth += {"(": 1, ")": -1}.get(raw[position], 0)
            if depth == 0:
                return raw[start + 1 : position], position + 1
        raise ValueError(raw[start : start + 80])
    parts: list[str] = []
    while match := _STRING.match(raw, start):
        parts.append(_ESCAPE.sub(_unescaped, next(group for group in match.groups() if group is not None)))
        start = match.end()
        if plus := _PLUS.match(raw, start):
            start = plus.end()
    return "".join(parts), start


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else {"n": "\n", "t": " ", "\n": ""}.get(match[2], match[2])


def passages_of(answers: list[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Answers to their passages of at most ``PASSAGE_WORDS`` words, and the row of each passage's answer."""
    passages, rows = [], []
    for row, answer in enumerate(answers):
        words = answer.split()
        for first in range(0, len(words), PASSAGE_WORDS):
            passages.append(" ".join(words[first : first + PASSAGE_WORDS]))
            rows.append(row)
    return passages, np.array(rows, np.int64)


def dense_runs(folder: Path, pairs: list[Pair]) -> Runs:
    """The ``DEPTH`` nearest answers of each question by cosine: [questions, DEPTH]."""
    from training.encoder import open_encoder

    encode = open_encoder(folder)
    passages, rows = passages_of([pair.answer for pair in pairs])
    similarity = encode([pair.question for pair in pairs]) @ encode(passages).T
    best = np.maximum.reduceat(similarity, np.searchsorted(rows, np.arange(len(pairs))), axis=1)
    return np.argsort(-best, axis=1, kind="stable")[:, :DEPTH]


def lexical_runs(pairs: list[Pair]) -> Runs:
    """BM25 with French stop words and the Snowball stemmer: [questions, DEPTH]."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("french")

    def tokens(texts: list[str]) -> object:
        return bm25s.tokenize(texts, stopwords="fr", stemmer=stemmer, show_progress=False)

    index = bm25s.BM25()
    index.index(tokens([pair.answer for pair in pairs]), show_progress=False)
    found = index.retrieve(tokens([pair.question for pair in pairs]), k=min(DEPTH, len(pairs)), show_progress=False)[0]
    return np.asarray(found, dtype=np.int64)


def fused_runs(dense: Runs, lexical: Runs) -> Runs:
    """Reciprocal rank fusion of two rankings: [questions, DEPTH]."""
    from training.fusion import reciprocal_rank

    def leg(run: Runs) -> list[tuple[int, float]]:
        return [(int(answer), 0.0) for answer in run]

    ranked = [reciprocal_rank(leg(one), leg(other), RRF_K) for one, other in zip(dense, lexical, strict=True)]
    return np.array([ranking[: dense.shape[1]] for ranking in ranked], np.int64)


def service_runs(folder: Path, pairs: list[Pair], weights: tuple[float, ...]) -> tuple[list[Runs], int]:
    """The ten best answers by the service's own search at each dense weight, −1 where there are fewer; and how many
    answers the index holds. Each answer is a text file; its passages are as the indexer splits them."""
    from indexer.build import build
    from indexer.embedder import load_embedder
    from indexer.index import open_index
    from indexer.manifest import Settings
    from service.search import fuse, lexical_terms
    from service.understand import understand

    with tempfile.TemporaryDirectory() as temporary:
        texts = Path(temporary) / "texts"
        texts.mkdir()
        for row, pair in enumerate(pairs):
            (texts / f"{row:04}.txt").write_text(pair.answer + "\n", encoding="utf-8", newline="")
        build(texts, Path(temporary) / "index", Settings(), folder, 2)
        index = open_index(Path(temporary) / "index")
        embedder = load_embedder(Settings().embedder, folder, 2)
        rows = {
            passage.id: int(document.path.removesuffix(".txt"))
            for document in index.corpus.documents()
            for passage in index.corpus.passages(document.number)
        }
        runs = np.full((len(weights), len(pairs), 10), -1, np.int64)
        for number, pair in enumerate(pairs):
            query = understand(pair.question, index, embedder)
            dense = index.passages.search(query.vector, DEPTH)
            lexical = index.lexical.search(lexical_terms(query), DEPTH)
            for which, weight in enumerate(weights):
                hits = fuse(query, index, dense, lexical, weight)
                answers = list(dict.fromkeys(rows[hit.passage] for hit in hits))[:10]
                runs[which, number, : len(answers)] = answers
    return list(runs), len(set(rows.values()))


def reciprocal_ranks(runs: Runs) -> NDArray[np.float64]:
    """1/rank of each question's own answer among the first ten, else 0; question and answer have one row."""
    hit = runs[:, :10] == np.arange(len(runs))[:, None]
    return np.asarray((hit / np.arange(1, hit.shape[1] + 1)).sum(1), np.float64)


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """95 % of the means of ``SAMPLES`` draws of the questions, with replacement, seed 0."""
    drawn = np.random.default_rng(0).integers(0, len(values), (SAMPLES, len(values)))
    low, high = np.quantile(values[drawn].mean(1), (0.025, 0.975))
    return float(low), float(high)


def figures(ranks: NDArray[np.float64]) -> str:
    """MRR@10 and R@10, each with its interval."""
    shown = []
    for values in (ranks, (ranks > 0).astype(np.float64)):
        low, high = interval(values)
        shown.append(f"{values.mean():.3f} [{low:.3f}, {high:.3f}]")
    return " / ".join(shown)


def main() -> None:
    from service.search import DENSE_WEIGHT

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", help="encoders; the service is measured with the first")
    parser.add_argument("--clones", type=Path, required=True, help="a folder of bare clones owner+name/repo")
    args = parser.parse_args()
    pairs = read_pairs(args.clones)
    same = "the same" if identity(pairs) == SHA256 else "NOT the same"
    print(f"{len(pairs)} pairs, SHA-256 {identity(pairs)}: {same} as those of README.md", flush=True)
    rankings = {f"dense, {folder.name}": dense_runs(folder, pairs) for folder in args.folders}
    first = next(iter(rankings.values()))
    rankings["BM25, French stemming"] = lexical_runs(pairs)
    rankings[f"RRF k={RRF_K} of BM25 and the first"] = fused_runs(first, rankings["BM25, French stemming"])
    weights = (1.0, 0.0, DENSE_WEIGHT)
    searched, held = service_runs(args.folders[0], pairs, weights)
    names = ("dense leg", "lexical leg", f"convex, dense weight {DENSE_WEIGHT}")
    rankings |= {f"service: {name}": runs for name, runs in zip(names, searched, strict=True)}
    print(f"The service's index holds {held} of the answers. MRR@10 / R@10 [95 % of draws of the questions]")
    ranks = {name: reciprocal_ranks(runs) for name, runs in rankings.items()}
    repositories = np.array([pair.repository for pair in pairs])
    parts = np.array([part_of(repository) for repository in repositories])
    for part in ("all", *PARTS):
        chosen = np.ones(len(pairs), bool) if part == "all" else parts == part
        print(f"{part}: {chosen.sum()} pairs of {len(set(repositories[chosen]))} repositories")
        for name, values in ranks.items():
            print(f"  {name:<36} {figures(values[chosen])}")
    print("MRR@10 by repository: " + " | ".join(ranks))
    for repository in sorted(set(repositories)):
        chosen = repositories == repository
        shown = " | ".join(f"{values[chosen].mean():.3f}" for values in ranks.values())
        print(f"  {repository} ({part_of(repository)}, {chosen.sum()}): {shown}")


if __name__ == "__main__":
    main()
