"""What is measured of one question, in the field's names. Every figure is the mean of one of these over questions.

A measure that says nothing of a question (R@5 of one that nothing answers, evidence precision of a refusal) is not there.
Retrieval measures are ir_measures' own over the passages found; evidence is measured by characters shared with the gold
spans.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from eval.citations import citation_scores
from eval.gold import GoldSpan
from eval.run import Asked
from eval.wording import holds, language, token_f1
from service.answer import Citation

_RETRIEVAL = {"R@1": R @ 1, "R@5": R @ 5, "R@10": R @ 10, "MRR@10": RR @ 10, "nDCG@10": nDCG @ 10}
_RIGHT = 0.5  # share of the shorter of quote and span that they must have in common
_TOLD = ("fr", "en")  # languages that Coulisses tells apart


@dataclass(frozen=True, slots=True)
class Measure:
    """``name`` in files and in English; ``lower``: less is better; ``judged``: more or less of it is better or worse."""

    name: str
    fr: str
    lower: bool = False
    judged: bool = True


AREA = Measure("answer rate–accuracy area", "aire réponses–justesse")
MEASURES = (
    *(Measure(name, name) for name in _RETRIEVAL),
    Measure("MRR@10, dense leg", "MRR@10, par le sens"),
    Measure("MRR@10, lexical leg", "MRR@10, par les mots"),
    Measure("evidence in first five", "preuve dans les cinq premiers"),
    Measure("right quote shown", "bonne citation montrée"),
    Measure("first quote right", "première citation bonne"),
    Measure("whole answer shown", "réponse entière montrée"),
    Measure("evidence precision", "précision des preuves"),
    Measure("evidence recall", "rappel des preuves"),
    Measure("citation recall", "rappel des renvois (ALCE)"),
    Measure("citation precision", "précision des renvois (ALCE)"),
    Measure("answer F1", "F1 de la réponse"),
    Measure("fact recall", "rappel des faits"),
    Measure("false refusals", "refus à tort", lower=True),
    Measure("false answers", "réponses à tort", lower=True),
    Measure("language of the answer", "langue de la réponse"),
    Measure("citations verbatim", "citations au mot près"),
    Measure("citations whole", "citations sans mot coupé"),
    Measure("quotes per answer", "citations par réponse", judged=False),
)
"""In the order in which they are printed; the area under the curve, no mean over questions, comes last."""

BY_NAME: Mapping[str, Measure] = {measure.name: measure for measure in (*MEASURES, AREA)}


def measured(asked: Sequence[Asked]) -> list[dict[str, float]]:
    """The measures of each question, in the order of the questions, each in the order of ``MEASURES``."""
    retrieved = _retrieval([one for one in asked if one.gold.answerable])
    return [_ordered({**retrieved.get(one.gold.id, {}), **_of(one)}) for one in asked]


def _ordered(values: dict[str, float]) -> dict[str, float]:
    return {measure.name: values[measure.name] for measure in MEASURES if measure.name in values}


def _of(one: Asked) -> dict[str, float]:
    answer, gold = one.answer, one.gold
    answered = answer.status != "refused"
    values = {"citations verbatim": float(one.verbatim), "citations whole": float(one.whole)}
    spoken = _language(one)
    if spoken is not None:
        values["language of the answer"] = float(spoken)
    if answer.citations:
        values["quotes per answer"] = float(len(answer.citations))
    cited = citation_scores(answer)
    if cited is not None:
        values["citation recall"] = cited.recall
        if cited.precision is not None:
            values["citation precision"] = cited.precision
    if not gold.answerable:
        return {**values, "false answers": float(answered)}
    found = [any(hit.passage in relevant for hit in one.hits[:5]) for relevant in one.relevant]
    shown = [any(right_of(citation, span) for citation in answer.citations) for span in gold.spans]
    values |= {
        "MRR@10, dense leg": _reciprocal_rank(one, [hit.dense_rank for hit in one.hits]),
        "MRR@10, lexical leg": _reciprocal_rank(one, [hit.lexical_rank for hit in one.hits]),
        "evidence in first five": sum(found) / len(found) if gold.needs_all else float(any(found)),
        "right quote shown": float(any(shown)),
        "whole answer shown": float(all(shown) if gold.needs_all else any(shown)),
        "first quote right": float(bool(answer.citations) and right(answer.citations[0], one)),
        "evidence recall": recall(one),
        "false refusals": float(not answered),
    }
    if answer.citations:
        values["evidence precision"] = precision(one)
    # facts are in the texts' own words: a drafted answer in another language says them in its own
    if gold.facts and not (answer.status == "answered" and gold.lang != "fr"):
        values |= {"answer F1": answer_f1(one), "fact recall": fact_recall(one)}
    return values


def _retrieval(answerable: Sequence[Asked]) -> dict[str, dict[str, float]]:
    """ir_measures' values by question. One that nothing of the index can answer, or that found nothing, scores 0."""
    qrels = [Qrel(one.gold.id, found, 1) for one in answerable for found in sorted(_relevant(one))]
    run = [
        # scores by rank: ties were broken by passage id, and stay so
        ScoredDoc(one.gold.id, found, float(-rank))
        for one in answerable
        for rank, found in enumerate(_ranked(one))
    ]
    values = {one.gold.id: dict.fromkeys(_RETRIEVAL, 0.0) for one in answerable}
    names = {measure: name for name, measure in _RETRIEVAL.items()}
    if qrels and run:
        for metric in ir_measures.iter_calc(list(_RETRIEVAL.values()), qrels, run):
            values[metric.query_id][names[metric.measure]] = float(metric.value)
    return values


def _ranked(one: Asked) -> list[str]:
    """What was found, best first: passages, or the documents of the best passages (MaxP, Dai & Callan 2019)."""
    if one.gold.of_documents:
        return list(dict.fromkeys(hit.path for hit in one.hits))
    return [str(hit.passage) for hit in one.hits]


def _relevant(one: Asked) -> set[str]:
    if one.gold.of_documents:
        return {span.file for span in one.gold.spans}
    return {str(passage) for passage in frozenset().union(*one.relevant)}


def _reciprocal_rank(one: Asked, ranks: Sequence[int | None]) -> float:
    """Of the relevant passage that one leg ranks first, among its first ten and among the hits: what the other leg and the
    reader make up for is seen here."""
    relevant = frozenset().union(*one.relevant)
    found = [rank for hit, rank in zip(one.hits, ranks, strict=True) if rank is not None and hit.passage in relevant]
    return 1 / min(found) if found and min(found) <= 10 else 0.0


def right(citation: Citation, asked: Asked) -> bool:
    """Whether a quote is right: of one of the gold spans."""
    return any(right_of(citation, span) for span in asked.gold.spans)


def right_of(citation: Citation, span: GoldSpan) -> bool:
    """Whether a quote and a gold span share at least half of the shorter one."""
    if citation.path != span.file:
        return False
    shared = max(0, min(citation.end, span.end) - max(citation.start, span.start))
    return shared >= _RIGHT * min(citation.end - citation.start, span.end - span.start)


def accurate(asked: Asked) -> bool:
    """Whether what would be shown, were nothing refused, holds a right quote: what the curve counts."""
    return any(right(citation, asked) for citation in asked.would_show)


def precision(asked: Asked) -> float:
    """Share of the quoted characters that lie in a gold span."""
    quoted = sum(citation.end - citation.start for citation in asked.answer.citations)
    inside = sum(
        len(
            {
                position
                for span in asked.gold.spans
                if span.file == citation.path
                for position in range(max(span.start, citation.start), min(span.end, citation.end))
            }
        )
        for citation in asked.answer.citations
    )
    return inside / quoted if quoted else 0.0


def recall(asked: Asked) -> float:
    """Share of the gold characters that were quoted: of all spans where all are needed, else of the best one."""
    shares = [
        len(
            {
                position
                for citation in asked.answer.citations
                if citation.path == span.file
                for position in range(max(span.start, citation.start), min(span.end, citation.end))
            }
        )
        / (span.end - span.start)
        for span in asked.gold.spans
    ]
    if not shares:
        return 0.0
    return sum(shares) / len(shares) if asked.gold.needs_all else max(shares)


def answer_f1(asked: Asked) -> float:
    """Token F1 of the facts, put together, and the sentence of the answer, or the whole answer, that comes nearest."""
    wordings = [sentence.text for sentence in asked.answer.sentences]
    reference = " ".join(asked.gold.facts)
    return max((token_f1(text, reference) for text in (*wordings, " ".join(wordings)) if text), default=0.0)


def fact_recall(asked: Asked) -> float:
    """Share of the facts that the quotes or the sentences of the answer hold."""
    answer = asked.answer
    shown = " ".join([*(c.quote for c in answer.citations), *(sentence.text for sentence in answer.sentences)])
    return sum(holds(shown, fact) for fact in asked.gold.facts) / len(asked.gold.facts)


def _language(asked: Asked) -> bool | None:
    """Whether the answer is in the question's language.

    Quotes and refusals are told in ``answer.lang``; drafted sentences must be in that language themselves. ``None`` for
    a question in a language that is not told apart.
    """
    if asked.gold.lang not in _TOLD:
        return None
    if asked.answer.status == "answered":
        drafted = language(" ".join(sentence.text for sentence in asked.answer.sentences))
        return drafted is None or drafted == asked.gold.lang
    return asked.answer.lang == asked.gold.lang
