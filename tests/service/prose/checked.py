"""Sentences checked beside hand-made quotes: for the tests of the checker and of its rules."""

from indexer.embedder import Embedder
from service.answer import Citation
from service.prose.check import Checker
from service.prose.verdict import Reason


def checker(
    embedder: Embedder,
    *quotes: str,
    question: str = "Que dit le texte ?",
    lang: str = "fr",
    before: str = "",
    title: str | None = None,
) -> Checker:
    citations = [
        Citation(n, "", title, None, None, None, "", None, None, None, 0, 0, quote, before, "", 1.0)
        for n, quote in enumerate(quotes, 1)
    ]
    return Checker(question, lang, citations, embedder)


def assert_verdict(embedder: Embedder, quote: str, sentence: str, reason: Reason | None) -> None:
    """The quote supports the sentence, or does not for ``reason``."""
    verdict = checker(embedder, quote).check(sentence, (1,))
    if reason is None:
        assert verdict.supported, verdict
    else:
        assert reason in verdict.reasons, verdict
        assert not verdict.supported, verdict
