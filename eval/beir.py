"""A folder in BEIR's format to texts and questions: each document of the corpus a text, whole where it is relevant.

``corpus.jsonl``: ``{"_id", "title", "text"}``; ``queries.jsonl``: ``{"_id", "text"}``; ``qrels/<part>.tsv``: query, document
and score, under a line of titles. A score above 0 is relevant; how far above is not kept.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.exchange import Exchange, file_name, indexed, merged
from eval.gold import WHOLE_DOCUMENTS, GoldQuestion, GoldSpan
from eval.rows import language, split_for
from indexer.errors import ImportUnreadable

_PARTS = ("test", "dev", "train")  # the first that there is
_EMPTY = ("documents que l’on ne peut pas indexer", "documents that cannot be indexed")
_UNANSWERED = ("questions dont aucun document n’est indexé", "questions of which no document is indexed")


def read_beir(folder: Path, part: str | None = None) -> Exchange:
    """The corpus and the questions that one part of the judgements is of (by default test, else dev, else train).

    Raises ``ImportUnreadable``.
    """
    texts: dict[str, str] = {}
    names: dict[str, str] = {}
    left_out: Counter[tuple[str, str]] = Counter()
    taken: set[str] = set()
    try:
        for document in _lines(folder / "corpus.jsonl"):
            name = file_name(str(document["_id"]), taken)
            text = _text(document)
            if indexed(name, text) is None:
                left_out[_EMPTY] += 1
                continue
            taken.add(name.lower())
            names[str(document["_id"])] = name
            texts[name] = text
        relevant = _judgements(folder, part)
        queries = {str(query["_id"]): " ".join(query["text"].split()) for query in _lines(folder / "queries.jsonl")}
        lang = language(" ".join(queries[query] for query in relevant if query in queries))
        questions = list(_questions(relevant, queries, names, texts, lang))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ImportUnreadable(path=folder, why=f"{type(error).__name__} {error}") from error
    left_out[_UNANSWERED] += len(relevant) - len(questions)
    kept, _ = merged(questions)
    if not kept:
        raise ImportUnreadable(path=folder, why="aucune question", why_en="no question")
    return Exchange(texts, tuple(kept), {why: count for why, count in left_out.items() if count})


def _text(document: dict[str, Any]) -> str:
    title, text = " ".join((document.get("title") or "").split()), document["text"].strip()
    return "\n\n".join(part for part in (title, text) if part).lstrip("\ufeff") + "\n"


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            if line.strip():
                yield json.loads(line)


def _judgements(folder: Path, part: str | None) -> dict[str, list[str]]:
    """The relevant documents of each question, in the order of the file."""
    parts = [part] if part else [*_PARTS, *sorted(path.stem for path in (folder / "qrels").glob("*.tsv"))]
    path = next((p for one in parts if (p := folder / "qrels" / f"{one}.tsv").is_file()), None)
    if path is None:
        raise FileNotFoundError(f"qrels/{part or '*'}.tsv")
    relevant: defaultdict[str, list[str]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        if line.strip():
            query, document, score = line.split("\t")[:3]
            if float(score) > 0:
                relevant[query].append(document)
    return dict(relevant)


def _questions(
    relevant: dict[str, list[str]], queries: dict[str, str], names: dict[str, str], texts: dict[str, str], lang: str
) -> Iterator[GoldQuestion]:
    for query, documents in relevant.items():
        files = [names[document] for document in documents if document in names]
        spans = tuple(_whole(file, texts[file]) for file in dict.fromkeys(files))
        if spans and queries.get(query):
            yield GoldQuestion(query, queries[query], WHOLE_DOCUMENTS, lang, split_for(spans, "", ()), True, spans, ())


def _whole(file: str, text: str) -> GoldSpan:
    whole = text.rstrip("\n")
    return GoldSpan(file, 0, len(whole), whole)
