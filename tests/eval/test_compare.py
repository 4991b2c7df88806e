import pytest
from scipy.stats import binomtest

from eval.compare import compare, differences, mcnemar, pair
from eval.judge import judge
from eval.measures import AREA
from tests.eval.making import asked, citation, outcome, scored

RIGHT, WRONG = citation(), citation(start=50, end=60)


def results(*several):
    return judge(outcome(*several), "g")


def test_only_the_same_question_is_paired():
    pairs, apart = pair(
        [scored("q1"), scored("q2"), scored("q3", digest="old")],
        [scored("q2"), scored("q3", digest="new"), scored("q4")],
    )
    assert [old.id for old, _ in pairs] == ["q2"]
    assert apart == ("q1", "q3", "q4")


def test_what_does_not_change_differs_by_nothing():
    one = [scored(f"q{n}", R_at_5=n % 2, false_refusals=n % 3 == 0) for n in range(20)]
    for difference in differences(list(zip(one, one, strict=True))):
        assert difference.value == 0
        assert difference.interval == (0, 0)


def test_a_loss_on_every_text_is_sure_and_on_one_is_not():
    old = [scored(f"q{n}", f"c{n // 4}", R_at_5=1) for n in range(40)]
    everywhere = [scored(f"q{n}", f"c{n // 4}", R_at_5=n % 4 > 0) for n in range(40)]
    once = [scored(f"q{n}", f"c{n // 4}", R_at_5=n > 3) for n in range(40)]
    (sure, _), (unsure, _) = (differences(list(zip(old, new, strict=True))) for new in (everywhere, once))
    assert sure.value == -0.25
    assert sure.interval[1] < 0
    assert unsure.value == -0.1
    assert unsure.interval[1] == 0


def test_less_of_what_is_bad_is_a_gain():
    old = [scored(f"q{n}", false_refusals=1) for n in range(20)]
    new = [scored(f"q{n}", false_refusals=0) for n in range(20)]
    difference = differences(list(zip(old, new, strict=True)))[0]
    assert difference.interval == (-1, -1)
    assert difference.gain == (1, 1)


def test_a_measure_that_one_side_lacks_for_a_question_still_counts_on_the_other():
    old = [scored("q1", evidence_precision=1), scored("q2", evidence_precision=0)]
    new = [scored("q1", evidence_precision=1), scored("q2")]
    difference = differences(list(zip(old, new, strict=True)))[0]
    assert (difference.before, difference.after) == (0.5, 1.0)
    assert differences([]) == []


def test_the_area_is_compared_too():
    old = [scored(f"q{n}", confidence=n / 10, accurate=n > 4) for n in range(10)]
    new = [scored(f"q{n}", confidence=1 - n / 10, accurate=n > 4) for n in range(10)]
    (difference,) = differences(list(zip(old, new, strict=True)))
    assert difference.measure is AREA
    assert difference.interval[1] < 0


@pytest.mark.parametrize(("one_way", "other_way"), [(0, 0), (5, 0), (3, 9), (8, 8), (40, 61)])
def test_mcnemar_is_the_exact_binomial_test(one_way, other_way):
    n = one_way + other_way
    expected = binomtest(one_way, n, 0.5).pvalue if n else 1.0
    assert mcnemar(one_way, other_way) == pytest.approx(expected)


def test_changed_questions_come_worst_first_with_both_answers():
    before = results(
        asked(name="q1", citations=(RIGHT,)), asked(name="q2"), asked(name="q3", answerable=False, citations=(RIGHT,)),
        asked(name="q4", citations=(WRONG,)), asked(name="q5", citations=(RIGHT,)),
    )  # fmt: skip
    after = results(
        asked(name="q1", citations=(RIGHT,)), asked(name="q2", citations=(RIGHT,)), asked(name="q3", answerable=False),
        asked(name="q4", citations=(citation(start=70, end=80),)), asked(name="q5"),
    )  # fmt: skip
    comparison = compare(before, after)
    assert [(change.after.scored.id, change.better) for change in comparison.changes] == [
        ("q5", False), ("q2", True), ("q3", True), ("q4", None)
    ]  # fmt: skip
    assert comparison.paired == 5
    flips = {flip.measure.name: (flip.better, flip.worse) for flip in comparison.flips}
    assert flips["right quote shown"] == (("q2",), ("q5",))
    assert flips["false refusals"] == (("q2",), ("q5",))
    assert flips["false answers"] == (("q3",), ())
