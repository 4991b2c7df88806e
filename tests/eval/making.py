"""Questions and answers made for a test."""

import itertools

from eval.costs import Costs, Step
from eval.figures import Scored
from eval.gold import GoldQuestion, GoldSpan
from eval.run import Asked, Outcome
from service.answer import Answer, AnswerSentence, Citation, Explanation

_NUMBERS = itertools.count()


def citation(path="a.txt", start=0, end=10, quote="x" * 10, n=1) -> Citation:
    return Citation(n, "id", None, None, None, None, path, None, None, 1, start, end, quote, "", "", 0.9)


def answer(citations=(), sentences=None, status=None, lang="fr", confidence=0.5) -> Answer:
    """An answer in quotes, or of these sentences."""
    if sentences is None:
        sentences = [AnswerSentence(one.quote, (one.n,), True, one.score) for one in citations]
    return Answer(
        "?", status or ("quotes" if citations else "refused"), lang, " ".join(one.text for one in sentences),
        tuple(sentences), tuple(citations), (), (), (), (), (), None, confidence, (), {"search": 2.0, "total": 5.0}, {"embedder": "e"},
        "gen-000001",
    )  # fmt: skip


def asked(
    spans=((0, 10),), citations=(), status=None, hits=(), relevant=(), kind="fact", fact=(), answerable=True, name=None,
    cluster=None, would_show=None, sentences=None, lang="fr", answer_lang="fr", confidence=0.5, split="tune", paths=(),
) -> Asked:  # fmt: skip
    """``hits`` are passages, of ``paths`` or all of one file."""
    name = name or f"q{next(_NUMBERS)}"
    gold = GoldQuestion(
        name, f"{name} ?", kind, lang, split, answerable,
        tuple(GoldSpan("a.txt", a, b, "x" * (b - a)) for a, b in spans) if answerable else (), tuple(fact),
    )  # fmt: skip
    given = answer(citations, sentences, status, answer_lang, confidence)
    found = tuple(
        Explanation(p, "id", path, None, 0, 1, "", 1.0, 1.0, 1, 1.0, 1, None, ())
        for p, path in zip(hits, paths or ["a.txt"] * len(hits), strict=True)
    )
    return Asked(
        gold, cluster or name, given, found, tuple(frozenset(one) for one in relevant),
        tuple(citations if would_show is None else would_show), True, True, 10.0,
    )  # fmt: skip


def outcome(*several: Asked) -> Outcome:
    costs = Costs(None, Step(12.0, 100.0), {"search": 4.0, "total": 9.0}, tuple(one.answer.timings for one in several),
                  tuple(one.milliseconds for one in several), 120.0)  # fmt: skip
    return Outcome(tuple(several), "gen-000001", {"embedder": "e"}, costs)


def scored(
    name, cluster=None, confidence=0.5, accurate=True, kind="fact", split="tune", digest="d", **measures
) -> Scored:
    """Scores with measures by name, spaces and @ written as _ and _at_."""
    return Scored(
        name, digest, kind, split, cluster or name, confidence, accurate,
        {key.replace("_at_", "@").replace("_", " "): float(value) for key, value in measures.items()},
    )  # fmt: skip
