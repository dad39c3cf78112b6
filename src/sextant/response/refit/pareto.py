"""How heavy the largest importance weights are: the shape of a Pareto distribution fitted to them.

Zhang and Stephens (2009) as used for importance sampling by Vehtari and others (arXiv:1507.02646); held against ArviZ
in the tests.
"""

import numpy as np

from sextant.response.report import FloatArray

_LEAST_TAIL = 5


def k_hat(log_weights: FloatArray) -> float:
    """Shape of the tail of the weights: below 0.5 good, above 0.7 not to be used.

    Parameters
    ----------
    log_weights : array of shape (n_draws,), up to a constant

    Returns
    -------
    Infinite where hardly any weight counts beside the largest, so that no tail can be seen.
    """
    n = len(log_weights)
    n_tail = int(np.ceil(min(0.2 * n, 3 * np.sqrt(n))))
    ordered = np.sort(np.exp(log_weights - log_weights.max()))
    tail = ordered[-n_tail:] - ordered[-n_tail - 1]
    seen = tail[tail > 0]
    return _shape(seen) if len(seen) >= _LEAST_TAIL else float("inf")


def _shape(excess: FloatArray) -> float:
    """Shape of a generalised Pareto distribution of sorted excesses, with the weak prior of the paper (k near 0.5)."""
    n = len(excess)
    n_grid = 30 + int(np.sqrt(n))
    quartile = excess[int(n / 4 + 0.5) - 1]
    b = 1 - np.sqrt(n_grid / (np.arange(1, n_grid + 1) - 0.5))
    b = b / (3 * quartile) + 1 / excess[-1]
    k = np.log1p(-b[:, None] * excess).mean(axis=1)
    log_likelihood = n * (np.log(-b / k) - k - 1)
    weights = 1 / np.exp(log_likelihood - log_likelihood[:, None]).sum(axis=1)
    counts = weights >= 10 * np.finfo(float).eps
    b_mean = (b * weights)[counts].sum() / weights[counts].sum()
    shape = np.log1p(-b_mean * excess).mean()
    return float((n * shape + 10 * 0.5) / (n + 10))
