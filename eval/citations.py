"""ALCE's citation recall and precision (Gao et al. 2023, arXiv 2305.14627) over the sentences of an answer.

ALCE asks an entailment model whether quotes support a sentence. Here:

- Whether *all* quotes of a sentence together support it is the answer's own judgement, ``AnswerSentence.supported``, made
  by the checker before anything is shown. A sentence without a citation, or that cites a number that is not there, is
  not supported.
- Whether *some* of them would do is judged by words, since the answer does not say: a set of quotes does what all do when
  it holds every content word of the sentence that all hold.

Citation recall of an answer: the share of its sentences that are supported. Citation precision: the share of its
citations that are needed; as in ALCE, a citation counts when its sentence is supported, and does not when it alone would
not do and the others would do without it. An answer in quotes has one citation a sentence, the sentence itself: it
scores 1 and 1 by construction.
"""

from dataclasses import dataclass

from indexer.analysis import FrenchAnalyser
from service.answer import Answer, AnswerSentence


@dataclass(frozen=True, slots=True)
class CitationScores:
    """Shares from 0 to 1; ``precision`` is ``None`` where nothing is cited."""

    recall: float
    precision: float | None


def citation_scores(answer: Answer) -> CitationScores | None:
    """The scores of an answer; ``None`` for a refusal, which has no sentence."""
    if not answer.sentences:
        return None
    quotes = {citation.n: citation.quote for citation in answer.citations}
    analyser = FrenchAnalyser()
    supported = 0
    needed: list[bool] = []
    for sentence in answer.sentences:
        holds = sentence.supported and bool(sentence.citations) and all(n in quotes for n in sentence.citations)
        supported += holds
        needed += _needed(sentence, quotes, analyser) if holds else [False] * len(sentence.citations)
    return CitationScores(supported / len(answer.sentences), sum(needed) / len(needed) if needed else None)


def _needed(sentence: AnswerSentence, quotes: dict[int, str], analyser: FrenchAnalyser) -> list[bool]:
    """For each citation of a supported sentence, whether it is needed."""
    words = set(analyser.terms(sentence.text))
    held = [words & set(analyser.terms(quotes[n])) for n in sentence.citations]
    together = set().union(*held)
    needed = []
    for place, alone in enumerate(held):
        others = set().union(*held[:place], *held[place + 1 :])
        needed.append(alone == together or others != together)
    return needed
