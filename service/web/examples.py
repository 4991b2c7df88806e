"""``GET /examples``: a few questions that the texts answer, for whoever does not know yet what to ask."""

import functools
import re
from collections.abc import Iterator
from itertools import chain, islice, zip_longest

import anyio
import anyio.to_thread
from fastapi import APIRouter

from indexer.analysis import fold
from indexer.index import Index
from service.engine import READ_SECONDS, Engine, Wishes
from service.schema import ExamplesResponse
from service.serving import ServedEngine
from service.web.admission import Admission

MOST_EXAMPLES = 4
MOST_TRIED = 8  # questions put to the engine in search of them
_LOOKED_AT = 400  # sentences of a document looked at for questions
_WORDS, _CHARACTERS = 4, 110  # least words and most characters of a question offered
_QUESTION = re.compile(r"(?:^[\"“]?|[:–—]\s)\s*([A-ZÀ-Þ][^?:;.!\"\[\]]+\?)[\"”]?\s*$")
# Both read folded questions: what is asked with a question word or an inversion …
_ASKS = re.compile(
    r"^(?:(?:a|en|de|par|pour|dans|avec) )?(?:qu'est|que|quoi|quel|qui|comment|pourquoi|combien|quand|ou|est-ce|what|who|why|"
    r"how|when|where|which|is|are|does|do)\b|-(?:t-)?(?:ils?|elles?|on)\b"
)
# … and what the sentences before it would have to explain.
_LEANS = re.compile(
    r"^(?:mais|et|or|donc|and|but|so)\b|"
    r"^(?:quel(?:le)?s?|comment|pourquoi|quand|que|combien)(?: \w+)? \w+-(?:t-)?(?:ils?|elles?)\b|"
    r"\b(?:s'en|cet(?:te)?|ces|ce (?!que|qui|dont)\w+|vous|nos|vos|votre|notre|cela|this|these|that|you|your)\b"
)
_SITE = re.compile(r"\s+[-–—|]\s+[^-–—|]*$")  # « Titre - Nom du site »


def examples(served: ServedEngine, admission: Admission) -> APIRouter:
    """The route of example questions: found at the first request of a generation, then kept."""
    router = APIRouter()
    found: dict[str, tuple[str, ...]] = {}
    one_at_a_time = anyio.Lock()

    @router.get("/examples")
    async def example_questions() -> ExamplesResponse:
        """Questions that stand in the texts, or are made of their titles, each tried: the texts answer it."""
        async with one_at_a_time:
            engine = served.current()
            generation = engine.index.manifest.generation
            if generation not in found:
                questions = await _answered(engine, admission)
                found.clear()
                found[generation] = questions
            return ExamplesResponse(index=generation, questions=list(found[generation]))

    return router


async def _answered(engine: Engine, admission: Admission) -> tuple[str, ...]:
    """The first candidates that the engine answers. Between two of them the questions of readers have their turn."""

    def answers(question: str) -> bool:
        return engine.ask(question, Wishes(read_seconds=READ_SECONDS, use_prose=False)).status != "refused"

    candidates = await anyio.to_thread.run_sync(lambda: list(islice(_candidates(engine.index), MOST_TRIED)))
    chosen: list[str] = []
    for question in candidates:
        if len(chosen) == MOST_EXAMPLES:
            break
        if await admission.run(functools.partial(answers, question)):
            chosen.append(question)
    return tuple(chosen)


def _candidates(index: Index) -> Iterator[str]:
    """Questions that stand in the texts, then of the titles; a document's turn comes after the other documents'."""
    documents = [document.number for document in index.corpus.documents()][:MOST_TRIED]
    asked = [list(islice(_questions(index, number), MOST_TRIED)) for number in documents]
    titled = [list(islice(_of_titles(index, number), MOST_EXAMPLES)) for number in documents]
    seen: set[str] = set()
    for question in chain(*zip_longest(*asked), *zip_longest(*titled)):
        if question is not None and fold(question) not in seen:
            seen.add(fold(question))
            yield question


def _questions(index: Index, document: int) -> Iterator[str]:
    """Sentences that ask, stand alone, and are neither too short nor too long to be read at a glance."""
    text = index.corpus.text(document)
    passages = index.corpus.passages(document)
    if not passages:
        return
    first = passages[0].first
    for sentence in index.corpus.sentences(first, min(passages[-1].last, first + _LOOKED_AT)):
        match = _QUESTION.search(" ".join(text[sentence.start : sentence.end].split()))
        if match and _stands_alone(match[1]):
            yield match[1]


def _of_titles(index: Index, document: int) -> Iterator[str]:
    """« Que disent les textes sur … ? » for each title and heading of a document."""
    for passage in index.corpus.passages(document):
        for named in (passage.heading, passage.title):
            title = _SITE.sub("", " ".join((named or "").split()))
            if title[:1].isalnum() and not title.endswith(("?", "…", "...")) and len(title) <= _CHARACTERS:
                yield f"Que disent les textes sur « {title} » ?"


def _stands_alone(question: str) -> bool:
    folded = fold(question)
    return (
        len(question.split()) >= _WORDS and len(question) <= _CHARACTERS
        and _ASKS.search(folded) is not None and _LEANS.search(folded) is None
    )  # fmt: skip
