"""A file in SQuAD's format (v1, v2; FQuAD, PIAF) to texts and questions: one text an article, answers in whole sentences.

``{"data": [{"title", "paragraphs": [{"context", "qas": [{"id", "question", "answers": [{"text", "answer_start"}],
"is_impossible"}]}]}]}``. Of several answers the first gives the fact; each gives its place.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.exchange import Exchange, file_name, indexed, merged
from eval.gold import GoldQuestion, GoldSpan
from eval.rows import language
from eval.texts import Text, split_of
from indexer.errors import ImportUnreadable
from indexer.sentences import split_sentences

_UNREADABLE = ("articles que l’on ne peut pas indexer", "articles that cannot be indexed")
_MISPLACED = (
    "questions dont la réponse n’est pas dans leur paragraphe",
    "questions whose answer is not in their paragraph",
)
_CONTRADICTED = (
    "questions sans réponse ici, mais qui en ont une ailleurs",
    "questions without an answer here that have one elsewhere",
)


def read_squad(path: Path) -> Exchange:
    """The articles and questions of a file. Raises ``ImportUnreadable``."""
    texts: dict[str, str] = {}
    questions: list[GoldQuestion] = []
    left_out: Counter[tuple[str, str]] = Counter()
    taken: set[str] = set()
    try:
        articles = json.loads(path.read_text(encoding="utf-8"))["data"]
        lang = language(" ".join(one["question"] for article in articles for one, _ in _asked(article)))
        for article in articles:
            name = file_name(str(article.get("title") or ""), taken)
            whole, starts = _text(article)
            text = indexed(name, whole)
            if text is None:
                left_out[_UNREADABLE] += 1
                continue
            texts[name] = whole
            taken.add(name.lower())
            for asked, paragraph in _asked(article):
                question = _question(asked, text, starts[paragraph], article["paragraphs"][paragraph]["context"], lang)
                if question:
                    questions.append(question)
                else:
                    left_out[_MISPLACED] += 1
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise ImportUnreadable(path=path, why=f"{type(error).__name__} {error}") from error
    kept, contradicted = merged(questions)
    if not kept:
        raise ImportUnreadable(path=path, why="aucune question", why_en="no question")
    left_out[_CONTRADICTED] += contradicted
    return Exchange(texts, tuple(kept), {why: count for why, count in left_out.items() if count})


def _asked(article: dict[str, Any]) -> Iterator[tuple[dict[str, Any], int]]:
    """The questions of an article, each with the number of its paragraph."""
    for number, paragraph in enumerate(article["paragraphs"]):
        for asked in paragraph["qas"]:
            yield asked, number


def _text(article: dict[str, Any]) -> tuple[str, list[int]]:
    """The title and the paragraphs, parted by empty lines, and where each paragraph begins."""
    # a mark at the head of a file would be taken for its byte order mark
    whole = " ".join(str(article.get("title") or "").lstrip("\ufeff").split())
    starts: list[int] = []
    for paragraph in article["paragraphs"]:
        whole += "\n\n" if whole else ""
        starts.append(len(whole))
        whole += paragraph["context"]
    return f"{whole}\n", starts


def _question(asked: dict[str, Any], text: Text, start: int, context: str, lang: str) -> GoldQuestion | None:
    """A question at its place in the article, ``None`` where none of its answers is found in its paragraph."""
    impossible = bool(asked.get("is_impossible"))
    places = [] if impossible else [_place(answer, context) for answer in asked["answers"]]
    found = [place for place in places if place]
    wording = " ".join(asked["question"].split())
    if not wording or (not impossible and not found):
        return None
    spans = tuple(dict.fromkeys(_widened(text, start, context, place) for place in found))
    return GoldQuestion(
        id=str(asked["id"]),
        question=wording,
        kind="near_miss" if impossible else "fact",
        lang=lang,
        split=split_of(text.path),
        answerable=not impossible,
        spans=spans,
        facts=tuple(context[a:b] for a, b in found[:1]),
    )


def _place(answer: dict[str, Any], context: str) -> tuple[int, int] | None:
    """Where an answer stands in its paragraph: where it is said to, else at the nearest place where it does."""
    words, said = answer["text"].strip(), int(answer["answer_start"])
    if not words:
        return None
    starts: list[int] = []
    while (start := context.find(words, starts[-1] + 1 if starts else 0)) != -1:
        starts.append(start)
    if not starts:
        return None
    start = min(starts, key=lambda one: abs(one - said))
    return start, start + len(words)


def _widened(text: Text, start: int, context: str, place: tuple[int, int]) -> GoldSpan:
    """The whole sentences that hold ``context[place]``, as the indexer splits them, within the paragraph."""
    first, last = start + place[0], start + place[1]
    sentences = [one for paragraph in text.paragraphs for one in paragraph.sentences]
    held = [one for one in sentences if one.start < last and one.end > first]
    if not held or held[0].start > first or held[-1].end < last:  # left out of what is indexed
        held = [
            one
            for one in split_sentences(text.text, start, start + len(context))
            if one.start < last and one.end > first
        ]
    a, b = min(held[0].start, first), max(held[-1].end, last)
    return GoldSpan(text.path, a, b, text.text[a:b])
