"""How scores are read: one far off is read with doubt, and nothing else changes because of it."""

import numpy as np

from sextant.response.reading import OUTLIER_SDS, sites


def test_a_score_exactly_at_its_forecast_is_read_as_it_is_beside_one_that_is_far_off():
    value, mean = np.array([2.6, 9.0]), np.array([2.6, 2.8])
    variance, noise, plain = np.full(2, 0.7), np.full(2, 0.12), np.full(2, np.nan)

    site, spread, correction = sites(value, plain, plain, noise, mean, variance, outliers=True)

    np.testing.assert_array_equal(site, value)
    assert (spread[0], correction[0]) == (0.12, 0.0)
    # So uncertain that it is exactly `OUTLIER_SDS` off.
    np.testing.assert_allclose(spread[1] + variance[1], ((9.0 - 2.8) / OUTLIER_SDS) ** 2)
