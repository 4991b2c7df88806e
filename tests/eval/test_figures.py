import pytest

from eval.figures import figures, groups, matrix
from eval.measures import AREA, MEASURES
from tests.eval.making import scored

SEVERAL = [
    scored("q1", "a", 0.9, R_at_5=1, false_refusals=0),
    scored("q2", "a", 0.8, R_at_5=0, false_refusals=0, split="untouched"),
    scored("q3", "b", 0.7, False, R_at_5=1, false_refusals=1),
    scored("q4", "q4", 0.6, False, kind="off_topic", false_answers=1),
]


def test_groups_are_all_then_splits_then_kinds():
    found = groups(SEVERAL)
    assert list(found) == ["all", "split tune", "split untouched", "kind fact", "kind off_topic"]
    assert [one.id for one in found["split tune"]] == ["q1", "q3", "q4"]


def test_a_figure_is_the_mean_of_what_was_measured_and_tells_of_how_many():
    found = figures(SEVERAL)
    assert found["R@5"].value == pytest.approx(2 / 3, abs=1e-6)
    assert found["R@5"].n == 3
    assert found["R@5"].interval[0] <= 2 / 3 <= found["R@5"].interval[1]
    assert "MRR@10" not in found
    assert list(found)[-1] == AREA.name
    assert found[AREA.name].value == pytest.approx((1 + 1 + 2 / 3 + 1 / 2) / 4, abs=1e-6)


def test_one_document_tells_of_no_interval():
    assert figures(SEVERAL)["false answers"].interval is None
    assert figures(SEVERAL[:2])["R@5"].interval is None


def test_nothing_asked_gives_no_figure():
    assert figures([]) == {}
    assert matrix([]).shape == (0, len(MEASURES))
