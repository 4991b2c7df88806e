import time

import numpy as np
import pytest

from eval.bootstrap import interval, means, resample


def test_the_same_clusters_are_drawn_at_every_run_and_whole():
    clusters = ["a", "a", "b", "c"]
    first, second = resample(clusters), resample(clusters)
    assert np.array_equal(first.draws, second.draws)
    assert first.draws.sum(axis=1).tolist() == [3.0] * len(first.draws)
    assert np.array_equal(first.weights[:, 0], first.weights[:, 1])


def test_means_are_those_of_the_questions_drawn():
    values = np.asarray([[1.0, np.nan], [0.0, 4.0], [0.5, np.nan]])
    resampling = resample(["a", "b", "a"], 50)
    found = means(values, resampling)
    for row, (a, b) in enumerate(resampling.draws):
        assert found[row, 0] == pytest.approx((a * 1.5 + b * 0.0) / (2 * a + b))
        assert (np.isnan(found[row, 1]) and b == 0) or found[row, 1] == 4.0


def test_an_interval_is_wider_over_documents_than_over_questions():
    values = np.repeat([0.0, 1.0, 1.0, 0.0, 1.0], 20)[:, None]
    by_document = interval(means(values, resample(np.repeat(list("abcde"), 20).tolist()))[:, 0])
    by_question = interval(means(values, resample([str(n) for n in range(100)]))[:, 0])
    assert by_document[1] - by_document[0] > 2 * (by_question[1] - by_question[0])


def test_an_interval_leaves_out_what_was_not_drawn():
    assert interval(np.asarray([np.nan, 1.0, 1.0])) == (1.0, 1.0)
    assert interval(np.asarray([np.nan])) is None


def test_a_thousand_resamples_of_all_measures_take_no_time():
    values = np.random.default_rng(0).random((250, 25))
    start = time.perf_counter()
    means(values, resample([str(n // 5) for n in range(250)]))
    assert time.perf_counter() - start < 2
