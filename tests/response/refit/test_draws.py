"""Draws that are weighed: they must describe what they were drawn for."""

import numpy as np
import pytest

from sextant.response.population import FITTED
from sextant.response.refit.draws import weighed_draws
from sextant.response.refit.fitting import quiet
from sextant.response.refit.search import Maximum


@pytest.mark.parametrize("seed", [None, 1, 2])
def test_a_normal_posterior_is_found_again_with_its_mean_and_spread(seed: int | None):
    n = len(FITTED)
    rng = np.random.default_rng(seed or 0)
    root = np.eye(n) if seed is None else np.linalg.qr(rng.standard_normal((n, n)))[0] * rng.uniform(0.3, 1.0, n)
    covariance, mean = root @ root.T, np.zeros(n) if seed is None else rng.standard_normal(n)
    precision = np.linalg.inv(covariance)

    def log_evidence(shifts):
        off = shifts - mean
        return -0.5 * np.einsum("ni,ij,nj->n", off, precision, off) + 0.5 * (shifts**2).sum(axis=1)

    draws = weighed_draws(log_evidence, Maximum(mean, precision), quiet)

    found_mean, found_covariance = draws.moments()
    off = np.linalg.solve(np.linalg.cholesky(covariance), found_mean - mean)
    assert np.abs(off).max() < 2.5 / np.sqrt(draws.effective)
    spread = np.sqrt(np.diag(found_covariance) / np.diag(covariance))
    assert np.abs(spread - 1).max() < 3.5 / np.sqrt(2 * draws.effective)
