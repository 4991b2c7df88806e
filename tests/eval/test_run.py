from eval.gold import GoldQuestion, GoldSpan, load_gold
from eval.measures import summary
from eval.run import evaluate, relevant_passages


def test_every_citation_of_an_evaluation_is_verbatim(seeds_engine):
    from eval.gold import SEEDS_GOLD

    outcome = evaluate(load_gold(SEEDS_GOLD, "tune"), seeds_engine)
    assert summary(outcome.asked)["citations verbatim"] == 1.0
    assert outcome.index == "gen-000001"
    assert all(one.milliseconds > 0 for one in outcome.asked)


def test_two_runs_give_the_same_figures(seeds_engine):
    from eval.gold import SEEDS_GOLD

    questions = load_gold(SEEDS_GOLD, "tune")[:20]
    first, second = (summary(evaluate(questions, seeds_engine).asked) for _ in range(2))
    first.pop("milliseconds, median")
    second.pop("milliseconds, median")
    assert first == second


def test_relevant_passages_hold_half_of_a_span(seeds_engine):
    index = seeds_engine.index
    passage = index.corpus.passages()[3]
    (first, *_) = index.corpus.sentences(passage.first, passage.last)
    path = index.corpus.document_at(passage.document).path
    quote = index.corpus.text(passage.document)[first.start : first.end]
    span = GoldSpan(path, first.start, first.end, quote)
    assert passage.id in relevant_passages((span,), index)
    assert relevant_passages((GoldSpan("absent.txt", 0, 5, ""),), index) == frozenset()
    question = GoldQuestion("q", "le travail", "fact", "fr", "tune", True, (span,), ())
    (asked,) = evaluate([question], seeds_engine).asked
    assert asked.relevant == relevant_passages((span,), index)
