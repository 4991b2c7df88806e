import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.decision import RIDGE, fit_conditional_logit


def log_likelihood(w, groups, weights):
    """Of the right rows of each group, written out."""
    total = 0.0
    for (x, right), weight in zip(groups, weights, strict=True):
        share = np.exp(x @ w) / np.exp(x @ w).sum()
        total += weight * np.log(share[right].sum())
    return total - RIDGE * w @ w / 2


@given(st.integers(0, 2**32 - 1))
def test_no_weights_near_the_fitted_ones_are_likelier(seed):
    random = np.random.default_rng(seed)
    groups = []
    for size in random.integers(2, 6, 12):
        right = random.random(size) < 0.4
        right[random.integers(size)] = True
        groups.append((random.normal(size=(size, 3)) + right[:, None], right))
    weights = random.random(12) + 0.5
    x, right = (np.concatenate(parts) for parts in zip(*groups, strict=True))
    w = fit_conditional_logit(x, right.astype(float), np.array([len(x) for x, _ in groups]), weights)
    best = log_likelihood(w, groups, weights)
    for step in np.vstack([np.eye(3), -np.eye(3)]) * 0.01:
        assert log_likelihood(w + step, groups, weights) < best
