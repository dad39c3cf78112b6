import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erfcx, ndtr, ndtri

from sextant.response import engine
from sextant.response.engine.compiled_roots import exponential, tail
from sextant.response.mixture import Mixture

LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


def one_time(weights: list[float], means: list[float], sds: list[float]) -> Mixture:
    return Mixture(np.array(weights), np.array([means]), np.array([sds]))


def test_one_explanation_gives_the_quantiles_of_one_normal():
    mixture = one_time([1.0], [2.0], [0.5])

    np.testing.assert_allclose(mixture.quantiles(LEVELS)[0], 2.0 + 0.5 * ndtri(LEVELS), rtol=0, atol=1e-12)


def test_where_non_response_is_likely_the_median_benefit_is_exactly_zero():
    mixture = one_time([0.6, 0.4], [0.0, 1.0], [0.0, 0.3])

    low, median, high = mixture.quantiles((0.025, 0.5, 0.975))[0]

    assert median == 0.0
    assert low == 0.0
    assert high > 1.0


def test_benefit_below_zero_comes_before_the_atom_in_the_order_of_quantiles():
    mixture = one_time([0.3, 0.7], [0.0, -1.0], [0.0, 0.2])

    quantiles = mixture.quantiles((0.1, 0.69, 0.71, 0.99))[0]

    assert quantiles[0] < quantiles[1] < 0.0
    assert list(quantiles[2:]) == [0.0, 0.0]


def test_before_any_benefit_every_quantile_is_exactly_zero():
    mixture = one_time([0.3, 0.7], [0.0, 0.0], [0.0, 0.0])

    assert not mixture.quantiles(LEVELS).any()
    assert mixture.mean() == mixture.sd() == 0.0


def test_a_spike_far_from_the_quantile_does_not_stop_the_search():
    mixture = one_time([0.5, 0.02, 0.48], [0.0, 1e-15, 3.0], [1.0, 1e-15, 1.0])

    (found,) = mixture.quantiles((0.9,))[0]

    reached = 0.5 * ndtr(found) + 0.02 + 0.48 * ndtr(found - 3.0)
    assert reached == pytest.approx(0.9, abs=1e-11)


@pytest.mark.parametrize("name", ["numpy", "compiled"])
@settings(deadline=None)  # the first example may compile
@given(st.integers(0, 10_000))
def test_the_quantile_is_the_smallest_value_that_reaches_its_level(name, seed):
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.full(rng.integers(2, 12), 0.4))
    means, sds = rng.normal(0, 3, len(weights)), 10.0 ** rng.uniform(-8, 1, len(weights))
    means[0] = sds[0] = 0.0
    mixture = Mixture(weights, means[None, :], sds[None, :], engine(name).roots)

    def reached(x: float) -> float:
        smooth = weights[1:] @ ndtr((x - means[1:]) / sds[1:])
        return smooth + weights[0] * (x >= 0)

    for level, x in zip(LEVELS, mixture.quantiles(LEVELS)[0], strict=True):
        little = 1e-9 * (1 + abs(x))
        assert reached(x - little) <= level + 1e-11
        assert reached(x + little) >= level - 1e-11


def test_the_compiled_tail_of_the_normal_is_that_of_scipy():
    z = np.linspace(0.0, 26.0, 2_001)

    found = [exponential(-float(x * x)) * tail(float(x)) for x in z]

    np.testing.assert_allclose(found, np.exp(-z * z) * erfcx(z), rtol=1e-14, atol=0)
