import numpy as np
import pytest

from eval.curve import areas, curve

CONFIDENCE, ACCURATE = [0.9, 0.5, 0.7, 0.1], [True, False, True, True]


def area(confidence, accurate, weights=None):
    return float(areas(confidence, accurate, np.asarray([weights or [1.0] * len(confidence)]))[0])


def test_questions_are_answered_from_the_most_confident_on():
    points = curve(CONFIDENCE, ACCURATE)
    assert [(point.threshold, point.answered) for point in points] == [(0.9, 0.25), (0.7, 0.5), (0.5, 0.75), (0.1, 1.0)]
    assert [point.accuracy for point in points] == pytest.approx([1, 1, 2 / 3, 3 / 4])
    assert curve([], []) == []


def test_the_area_is_the_mean_of_the_accuracies():
    assert area(CONFIDENCE, ACCURATE) == pytest.approx((1 + 1 + 2 / 3 + 3 / 4) / 4)


def test_tied_questions_are_added_together_whatever_their_order():
    assert area([0.5, 0.5], [True, False]) == area([0.5, 0.5], [False, True]) == 0.5
    assert len(curve([0.5, 0.5], [True, False])) == 1


def test_a_weight_of_two_is_the_question_twice_and_of_none_not_there():
    assert area(CONFIDENCE, ACCURATE, [2.0, 1, 1, 0]) == pytest.approx(
        area([0.9, 0.9, 0.7, 0.5], [True, True, True, False])
    )
    assert np.isnan(area(CONFIDENCE, ACCURATE, [0.0] * 4))


def test_many_rows_are_as_each_alone():
    weights = np.random.default_rng(0).integers(0, 3, (300, 4)).astype(float)
    found = areas(CONFIDENCE, ACCURATE, weights)
    assert found[299] == pytest.approx(area(CONFIDENCE, ACCURATE, weights[299].tolist()), nan_ok=True)


def test_the_threshold_does_not_change_it_the_order_does():
    squeezed = [confidence / 10 for confidence in CONFIDENCE]
    assert area(squeezed, ACCURATE) == area(CONFIDENCE, ACCURATE)
    assert area([0.1, 0.9, 0.2, 0.3], ACCURATE) < area(CONFIDENCE, ACCURATE)
