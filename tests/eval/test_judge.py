from eval.judge import digest, judge
from tests.eval.making import asked, citation, outcome


def test_each_question_has_its_scores_and_what_came_back():
    right, wrong = citation(), citation(start=50, end=60, n=2)
    results = judge(
        outcome(asked(citations=(right, wrong), hits=(1, 2), relevant=[(2,)], name="q1", cluster="a")), "gold.jsonl"
    )
    (one,) = results.questions
    assert results.gold == "gold.jsonl"
    assert results.scored == (one.scored,)
    assert (one.scored.id, one.scored.cluster, one.scored.accurate) == ("q1", "a", True)
    assert [quote.right for quote in one.quotes] == [True, False]
    assert [found.relevant for found in one.found] == [False, True]
    assert results.figures()["all"]["evidence precision"].value == 0.5


def test_scores_are_rounded():
    one = judge(outcome(asked(citations=(citation(end=30, quote="x" * 30),), spans=((0, 10),))), "g").scored[0]
    assert one.measures["evidence precision"] == 0.333333


def test_a_digest_changes_with_the_question_and_its_spans_only():
    one, same, other = (asked(name=name, spans=spans).gold for name, spans in
                        (("q1", ((0, 10),)), ("q1", ((0, 10),)), ("q1", ((0, 11),))))  # fmt: skip
    assert digest(one) == digest(same) != digest(other)
