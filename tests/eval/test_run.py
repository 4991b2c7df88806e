import dataclasses

import pytest

from eval.gold import SEEDS_GOLD, GoldQuestion, GoldSpan, load_gold
from eval.run import cluster_of, evaluate, relevant_passages
from service.engine import Engine, Wishes


@pytest.fixture(scope="module")
def questions():
    return load_gold(SEEDS_GOLD, "tune")


def span_of(index, passage_id):
    """The first sentence of a passage as a span."""
    passage = index.corpus.passages()[passage_id]
    (first, *_) = index.corpus.sentences(passage.first, passage.last)
    path = index.corpus.document_at(passage.document).path
    return GoldSpan(path, first.start, first.end, index.corpus.text(passage.document)[first.start : first.end])


def asking(*spans, **fields):
    return GoldQuestion("q", "le travail", "fact", "fr", "tune", bool(spans), spans, (), **fields)


def test_every_citation_of_an_evaluation_is_verbatim_and_cuts_no_word(questions, seeds_engine):
    outcome = evaluate(questions[::8], seeds_engine)
    assert all(one.verbatim and one.whole for one in outcome.asked)
    assert outcome.index == "gen-000001"
    assert all(one.milliseconds > 0 for one in outcome.asked)
    assert outcome.models["embedder"].startswith("bundled@")


def test_a_refusal_tells_what_it_kept_back(questions, seeds_engine):
    (one,) = evaluate([question for question in questions if question.kind == "off_topic"][:1], seeds_engine).asked
    assert one.answer.status == "refused"
    assert one.would_show
    (other,) = evaluate([question for question in questions if question.kind == "definition"][:1], seeds_engine).asked
    assert other.would_show == other.answer.citations


def test_offsets_gone_astray_are_seen(questions, seeds_engine, monkeypatch):
    from service import engine, evidence

    monkeypatch.setattr(
        engine,
        "gather",
        lambda *a: [dataclasses.replace(e, start=e.start + 1, end=e.end + 1) for e in evidence.gather(*a)],
    )
    assert not any(one.whole for one in evaluate(questions[:3], seeds_engine).asked)


def test_history_and_wishes_go_with_each_question(seeds_engine, monkeypatch):
    seen = []
    ask = Engine.ask

    def spy(self, question, wishes):
        seen.append(wishes)
        return ask(self, question, wishes)

    monkeypatch.setattr(Engine, "ask", spy)
    evaluate([asking(span_of(seeds_engine.index, 3), history=("Et avant ?",))], seeds_engine, Wishes(dense_weight=0.0))
    assert {(wishes.history, wishes.dense_weight) for wishes in seen} == {(("Et avant ?",), 0.0)}


def test_costs_are_told_by_stage(questions, seeds_engine):
    costs = evaluate(questions[:3], seeds_engine).costs
    assert costs.first.milliseconds > 0
    assert "search" in costs.cold
    assert len(costs.warm) == len(costs.questions) == 3
    assert costs.opening is None


def test_relevant_passages_hold_half_of_a_span(seeds_engine):
    index = seeds_engine.index
    span = span_of(index, 3)
    assert 3 in relevant_passages(span, index)
    assert relevant_passages(GoldSpan("absent.txt", 0, 5, ""), index) == frozenset()
    (asked,) = evaluate([asking(span)], seeds_engine).asked
    assert asked.relevant == (relevant_passages(span, index),)


def test_a_question_belongs_to_its_text_or_to_itself(seeds_engine):
    index = seeds_engine.index
    assert cluster_of(asking(), index) == "q"
    assert cluster_of(asking(GoldSpan("absent.txt", 0, 5, "")), index) == "absent.txt"
    clusters = {cluster_of(question, index) for question in load_gold(SEEDS_GOLD) if question.answerable}
    whole = {cluster for cluster in clusters if "#" not in cluster}
    assert {"000_9df9c6625010bd9b.txt"} <= whole
    assert all(cluster.startswith("004_") for cluster in clusters - whole)
    assert len(clusters) > 10
