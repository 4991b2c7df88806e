import pytest

from eval.citations import CitationScores, citation_scores
from service.answer import AnswerSentence
from tests.eval.making import answer, citation

BRIDGE = citation(quote="Le pont fut construit en 1854 par la ville.", n=1)
COST = citation(quote="Sa construction coûta douze mille francs.", n=2)
SAME = citation(quote="En 1854, la ville construisit un pont.", n=3)
OTHER = citation(quote="Les pêcheurs rentrent au matin.", n=4)


def scores(*sentences):
    return citation_scores(answer([BRIDGE, COST, SAME, OTHER], list(sentences), "answered"))


def sentence(text, *numbers, supported=True):
    return AnswerSentence(text, numbers, supported, 0.9)


def test_quotes_prove_themselves():
    assert citation_scores(answer([BRIDGE, COST])) == CitationScores(1.0, 1.0)


def test_a_refusal_has_no_scores():
    assert citation_scores(answer()) is None


def test_two_quotes_that_each_hold_a_part_are_both_needed():
    found = scores(sentence("Le pont, construit en 1854, coûta douze mille francs.", 1, 2))
    assert found == CitationScores(1.0, 1.0)


def test_a_quote_that_adds_nothing_is_not_needed():
    assert scores(sentence("Le pont fut construit en 1854.", 1, 4)) == CitationScores(1.0, 0.5)


def test_two_quotes_that_say_the_same_each_do():
    assert scores(sentence("Un pont en 1854.", 1, 3)) == CitationScores(1.0, 1.0)


@pytest.mark.parametrize(
    ("fault", "precision"),
    [
        (sentence("Le pont mesure cent mètres.", 1, supported=False), 0.5),
        (sentence("Le pont fut construit en 1854.", 9), 0.5),
        (sentence("Le pont fut construit en 1854."), 1.0),
    ],
)
def test_what_is_not_supported_counts_against_recall_and_its_citations_against_precision(fault, precision):
    assert scores(sentence("Le pont fut construit en 1854.", 1), fault) == CitationScores(0.5, precision)


def test_nothing_cited_has_no_precision():
    assert scores(sentence("Le pont fut construit.")) == CitationScores(0.0, None)
