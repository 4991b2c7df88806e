"""Figures worked out by hand on answers made for it."""

import dataclasses
import itertools

import pytest

from eval.gold import GoldQuestion, GoldSpan
from eval.measures import facts, precision, recall, right, summary
from eval.run import Asked
from service.answer import Answer, Citation, Explanation

_NUMBERS = itertools.count()


def citation(path="a.txt", start=0, end=10, quote="x" * 10) -> Citation:
    return Citation(1, "id", None, None, None, None, path, None, None, 1, start, end, quote, "", "", 0.9)


def asked(
    spans=((0, 10),), citations=(), status=None, hits=(), relevant=(), kind="fact", fact=(), answerable=True
) -> Asked:
    gold = GoldQuestion(
        f"q{next(_NUMBERS)}", "?", kind, "fr", "tune", answerable,
        tuple(GoldSpan("a.txt", a, b, "x" * (b - a)) for a, b in spans) if answerable else (), tuple(fact),
    )  # fmt: skip
    answer = Answer(
        "?", status or ("quotes" if citations else "refused"), "fr", "", (), tuple(citations), (), (), (), None, 0.5, (), {}, {},
        "gen-000001",
    )  # fmt: skip
    found = tuple(Explanation(p, "id", "a.txt", None, 0, 1, "", 1.0, 1.0, 1, 1.0, 1, ()) for p in hits)
    return Asked(gold, answer, found, frozenset(relevant), True, 10.0)


def test_retrieval_is_the_field_s():
    figures = summary([asked(hits=(3, 7, 1), relevant=(7,)), asked(hits=(2, 4), relevant=(9,))])
    assert figures["R@1"] == 0.0
    assert figures["R@5"] == pytest.approx(0.5)
    assert figures["MRR@10"] == pytest.approx(0.25)
    assert figures["nDCG@10"] == pytest.approx(0.5 * 0.6309, abs=1e-4)
    assert figures["evidence in first five"] == 0.5


@pytest.mark.parametrize(
    ("start", "end", "path", "holds"),
    [
        (0, 10, "a.txt", True),
        (5, 15, "a.txt", True),
        (6, 16, "a.txt", False),
        (0, 1000, "a.txt", True),
        (0, 10, "b.txt", False),
    ],
)
def test_a_quote_is_right_when_it_shares_half_of_the_shorter(start, end, path, holds):
    assert right(citation(path, start, end), asked()) is holds


def test_precision_and_recall_count_characters():
    one = asked(spans=((0, 10), (20, 30)), citations=(citation(start=0, end=20),))
    assert precision(one) == 0.5
    assert recall(one) == 1.0  # the spans are alternatives
    several = dataclasses.replace(one, gold=dataclasses.replace(one.gold, kind="several"))
    assert recall(several) == 0.5  # all are needed
    assert recall(asked()) == 0.0


def test_facts_are_looked_for_with_spaces_and_case_aside():
    one = asked(citations=(citation(quote="Il a prélevé 220\u00a0€ l’an dernier"),), fact=("220 €", "L'AN", "absent"))
    assert facts(one) == pytest.approx(2 / 3)


def test_refusals_both_ways():
    figures = summary(
        [
            asked(citations=(citation(),)), asked(), asked(), asked(citations=(citation(start=90, end=99),)),
            asked(answerable=False), asked(answerable=False, citations=(citation(),)),
        ]
    )  # fmt: skip
    assert figures["false refusals"] == 0.5
    assert figures["false answers"] == 0.5
    assert figures["right quote shown"] == 0.25
    assert figures["citations verbatim"] == 1.0


def test_nothing_asked_gives_no_figure():
    figures = summary([])
    assert figures["false answers"] is None
    assert figures["R@5"] is None
    assert figures["milliseconds, median"] is None
