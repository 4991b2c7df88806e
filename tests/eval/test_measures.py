"""Figures worked out by hand on answers made for it."""

import dataclasses

import pytest

from eval.measures import BY_NAME, MEASURES, accurate, answer_f1, fact_recall, measured, precision, recall, right
from service.answer import AnswerSentence
from tests.eval.making import asked, citation


def of(one):
    (values,) = measured([one])
    return values


def test_retrieval_is_the_field_s():
    first, second = measured([asked(hits=(3, 7, 1), relevant=[(7,)]), asked(hits=(2, 4), relevant=[(9,)])])
    assert first["R@1"] == 0.0
    assert first["R@5"] == 1.0
    assert first["MRR@10"] == pytest.approx(0.5)
    assert first["nDCG@10"] == pytest.approx(0.6309, abs=1e-4)
    assert second["R@5"] == second["MRR@10"] == second["evidence in first five"] == 0.0


def test_a_question_without_any_relevant_passage_or_hit_scores_nothing():
    assert of(asked(hits=(1, 2), relevant=[()]))["R@10"] == 0.0
    assert of(asked(hits=(), relevant=[(1,)]))["MRR@10"] == 0.0


def test_where_documents_are_looked_for_each_stands_at_its_best_passage():
    one = asked(hits=(8, 9, 3, 1), paths=("b.txt", "b.txt", "c.txt", "a.txt"), relevant=[(1,)], kind="document")
    assert of(one)["MRR@10"] == pytest.approx(1 / 3)
    assert of(dataclasses.replace(one, gold=dataclasses.replace(one.gold, kind="fact")))["MRR@10"] == 0.25


def test_each_leg_is_measured_by_its_own_ranks():
    one = asked(hits=(3, 7, 1), relevant=[(7, 1)])
    hits = [dataclasses.replace(hit, dense_rank=dense, lexical_rank=lexical)
            for hit, dense, lexical in zip(one.hits, (1, 4, 2), (2, None, 11), strict=True)]  # fmt: skip
    values = of(dataclasses.replace(one, hits=tuple(hits)))
    assert values["MRR@10, dense leg"] == 0.5
    assert values["MRR@10, lexical leg"] == 0.0


def test_measures_come_in_their_order_and_are_known():
    values = of(asked(citations=(citation(),), hits=(1,), relevant=[(1,)], fact=("x",)))
    assert list(values) == [measure.name for measure in MEASURES if measure.name in values]
    assert set(values) <= set(BY_NAME)


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
    assert recall(asked()) == 0.0


@pytest.mark.parametrize("kind", ["several", "comparison"])
def test_where_all_spans_are_needed_half_of_them_is_half(kind):
    one = asked(
        spans=((0, 10), (20, 30)), citations=(citation(start=0, end=20),), kind=kind, hits=(1, 2), relevant=[(1,), (9,)]
    )
    values = of(one)
    assert recall(one) == 0.5
    assert values["evidence in first five"] == 0.5
    assert values["right quote shown"] == 1.0
    assert values["whole answer shown"] == 0.0
    both = dataclasses.replace(
        one, answer=dataclasses.replace(one.answer, citations=(citation(), citation(start=20, end=30)))
    )
    assert of(both)["whole answer shown"] == 1.0


def test_facts_are_looked_for_with_spaces_and_case_aside():
    one = asked(citations=(citation(quote="Il a prélevé 220\u00a0€ l’an dernier"),), fact=("220 €", "L'AN", "absent"))
    assert fact_recall(one) == pytest.approx(2 / 3)


def test_answer_f1_is_of_the_nearest_sentence():
    one = asked(
        citations=(citation(quote="Rien à voir."), citation(quote="La maire de Lyon", n=2)), fact=("maire", "Lyon")
    )
    assert answer_f1(one) == pytest.approx(2 * 2 / (3 + 2))
    assert answer_f1(asked(fact=("maire",))) == 0.0


def test_facts_are_not_asked_of_a_drafted_answer_in_english():
    drafted = [AnswerSentence("The mayor of Lyons decides.", (1,), True, 0.9)]
    values = of(asked(citations=(citation(),), sentences=drafted, status="answered", lang="en", answer_lang="en", fact=("maire",)))  # fmt: skip
    assert "answer F1" not in values
    assert "fact recall" not in values
    assert "fact recall" in of(asked(citations=(citation(),), lang="en", answer_lang="en", fact=("maire",)))


def test_refusals_both_ways():
    assert of(asked())["false refusals"] == 1.0
    assert of(asked(citations=(citation(),)))["false refusals"] == 0.0
    assert of(asked(answerable=False))["false answers"] == 0.0
    answered = of(asked(answerable=False, citations=(citation(),)))
    assert answered["false answers"] == 1.0
    assert "false refusals" not in answered
    assert "R@5" not in answered


def test_what_is_not_shown_has_no_precision():
    refused = of(asked())
    assert "evidence precision" not in refused
    assert "citation recall" not in refused
    assert refused["evidence recall"] == 0.0


def test_what_a_refusal_kept_back_counts_for_the_curve():
    assert accurate(asked(would_show=(citation(),)))
    assert not accurate(asked(would_show=(citation(start=50, end=60),)))
    assert not accurate(asked(answerable=False, citations=(citation(),)))


@pytest.mark.parametrize(
    ("lang", "told", "sentence", "holds"),
    [
        ("fr", "fr", None, 1.0),
        ("en", "fr", None, 0.0),
        ("en", "en", "This is what the text says.", 1.0),
        ("en", "en", "C’est ce que dit le texte.", 0.0),
        ("de", "fr", None, None),
    ],
)
def test_the_answer_s_language_is_the_question_s(lang, told, sentence, holds):
    drafted = [AnswerSentence(sentence, (1,), True, 0.9)] if sentence else None
    one = asked(
        citations=(citation(),), lang=lang, answer_lang=told, sentences=drafted, status="answered" if drafted else None
    )
    assert of(one).get("language of the answer") == holds


def test_nothing_asked_gives_nothing():
    assert measured([]) == []
