"""Pooling does what its formulas say; tests/real/test_metafor_reference.py holds it to R's metafor."""

from dataclasses import replace
from math import exp, gamma, log, sqrt

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import t as student

from sextant.evidence.effects import (
    Arm,
    Effect,
    log_odds_ratio,
    log_ratio,
    mean_difference,
    published,
    standardised_mean_difference,
)
from sextant.evidence.meta_analysis import Method, Width, leave_one_out, pool

# metafor 3.8.1, rma(yi, vi): the four contrasts of tests/real/test_metafor_reference.py.
FOUR = [
    Effect("krupitsky1997", 1.8055527914, 0.094838981014),
    Effect("dakwar2019", 2.046155564, 0.52168498168),
    Effect("dakwar2020", 0.91183638152, 0.59642857143),
    Effect("KARE", 0.22314355131, 0.23819267324),
]
EVERY = [(method, width) for method in Method for width in Width]

studies = st.lists(
    st.tuples(st.floats(-3, 3), st.floats(0.02, 2)), min_size=3, max_size=7, unique_by=lambda pair: pair[0]
).map(lambda pairs: [Effect(f"S{i}", value, variance) for i, (value, variance) in enumerate(pairs)])


def test_reml_of_four_studies_gives_metafors_figures():
    pooled = pool(FOUR)

    assert pooled.mean == pytest.approx(1.25344346, abs=1e-4)
    assert pooled.tau2 == pytest.approx(0.47948095, abs=1e-3)
    assert pooled.i2_percent == pytest.approx(63.65368, abs=1e-2)
    assert pooled.interval == pytest.approx((-0.099725, 2.6066119), abs=1e-4)
    assert pooled.wald == pytest.approx((0.3823795, 2.1245074), abs=1e-4)
    assert pooled.prediction == pytest.approx((-1.3325246, 3.8394116), abs=1e-4)


def test_equal_effects_are_the_mean_weighted_by_inverse_variance():
    pooled = pool([Effect("A", 1.0, 1.0), Effect("B", 4.0, 0.5)], Method.EQUAL_EFFECTS, Width.WALD)

    assert pooled.mean == pytest.approx((1 * 1 + 4 * 2) / 3)
    assert pooled.standard_error == pytest.approx(sqrt(1 / 3))
    assert pooled.weights == pytest.approx((1 / 3, 2 / 3))
    assert pooled.q == pytest.approx(1 * 2**2 + 2 * 1**2)
    assert (pooled.tau2, pooled.prediction) == (0.0, None)


@pytest.mark.parametrize("method", [Method.DERSIMONIAN_LAIRD, Method.PAULE_MANDEL, Method.REML])
def test_with_equal_variances_every_estimator_is_the_variance_of_the_effects_less_that_within(method):
    values, within = [0.0, 1.0, 2.5, 4.0], 0.3
    effects = [Effect(str(value), value, within) for value in values]

    pooled = pool(effects, method)

    assert pooled.tau2 == pytest.approx(np.var(values, ddof=1) - within, rel=1e-9)
    assert pooled.mean == pytest.approx(np.mean(values))
    # Then Hartung-Knapp is the one-sample t interval of the effects.
    half = student.ppf(0.975, 3) * np.std(values, ddof=1) / 2
    assert pooled.interval == pytest.approx((np.mean(values) - half, np.mean(values) + half))


@pytest.mark.parametrize("method", list(Method))
def test_studies_that_agree_have_no_variance_between_them(method):
    effects = [Effect("A", 1.0, 0.2), Effect("B", 1.1, 0.3), Effect("C", 0.9, 0.4)]

    pooled = pool(effects, method)

    assert (pooled.tau2, pooled.i2_percent) == (0.0, 0.0)


@settings(max_examples=60, deadline=None)
@given(studies)
def test_reml_is_at_the_top_of_the_restricted_likelihood(effects):
    y = np.array([one.value for one in effects])
    v = np.array([one.variance for one in effects])

    def minus_log_likelihood(tau2: float) -> float:
        w = 1 / (v + tau2)
        mean = w @ y / w.sum()
        return -0.5 * float(np.log(w).sum() - np.log(w.sum()) - (w * (y - mean) ** 2).sum())

    found = pool(effects).tau2
    grid = [minus_log_likelihood(tau2) for tau2 in np.linspace(0, 30, 301)]
    polished = minimize_scalar(minus_log_likelihood, bounds=(0, 30), method="bounded").fun

    assert minus_log_likelihood(found) <= min(*grid, polished) + 1e-9


@settings(max_examples=60, deadline=None)
@given(studies)
def test_paule_mandel_makes_q_equal_its_degrees_of_freedom(effects):
    tau2 = pool(effects, Method.PAULE_MANDEL).tau2

    w = np.array([1 / (one.variance + tau2) for one in effects])
    y = np.array([one.value for one in effects])
    q = float((w * (y - w @ y / w.sum()) ** 2).sum())

    assert q == pytest.approx(len(effects) - 1, rel=1e-6) if tau2 > 0 else q <= len(effects) - 1 + 1e-9


@pytest.mark.parametrize(("method", "width"), EVERY)
@settings(max_examples=25, deadline=None)
@given(effects=studies, order=st.randoms(use_true_random=False))
def test_the_order_of_the_studies_does_not_matter(method, width, effects, order):
    shuffled = list(effects)
    order.shuffle(shuffled)

    one, other = pool(effects, method, width), pool(shuffled, method, width)

    assert other.mean == pytest.approx(one.mean, rel=1e-7, abs=1e-7)
    assert other.tau2 == pytest.approx(one.tau2, rel=1e-6, abs=1e-7)
    assert other.interval == pytest.approx(one.interval, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("method", "width"), EVERY)
@settings(max_examples=25, deadline=None)
@given(effects=studies)
def test_calling_the_other_direction_good_turns_the_answer_over(method, width, effects):
    one = pool(effects, method, width)
    other = pool([effect.turned() for effect in effects], method, width)

    assert other.mean == pytest.approx(-one.mean, abs=1e-9)
    assert other.tau2 == pytest.approx(one.tau2, abs=1e-9)
    assert other.interval is not None
    assert one.interval is not None
    assert other.interval == pytest.approx((-one.interval[1], -one.interval[0]), abs=1e-9)


@pytest.mark.parametrize(("method", "width"), EVERY)
@pytest.mark.parametrize("scale", [1e-4, 100.0])
def test_another_unit_gives_the_same_answer_in_that_unit(method, width, scale):
    other_unit = [Effect(one.study, scale * one.value, scale**2 * one.variance) for one in FOUR]

    one, other = pool(FOUR, method, width), pool(other_unit, method, width)

    assert other.mean == pytest.approx(scale * one.mean, rel=1e-9)
    assert other.tau2 == pytest.approx(scale**2 * one.tau2, rel=1e-9)
    assert other.i2_percent == pytest.approx(one.i2_percent, rel=1e-9)
    assert (other.q, other.weights) == (pytest.approx(one.q), pytest.approx(one.weights))


@settings(max_examples=60, deadline=None)
@given(studies)
@example([Effect("A", 0.0, 1.0), Effect("B", 1e-156, 0.5), Effect("C", 2e-156, 2.0)])
def test_a_prediction_is_never_narrower_than_the_interval_of_the_mean(effects):
    pooled = pool(effects)

    assert pooled.interval is not None
    assert pooled.prediction is not None
    assert pooled.prediction[0] <= pooled.interval[0] <= pooled.mean <= pooled.interval[1] <= pooled.prediction[1]
    assert sum(pooled.weights) == pytest.approx(1)


def test_two_studies_get_no_hartung_knapp_interval_but_keep_walds():
    pooled = pool(FOUR[:2], width=Width.HARTUNG_KNAPP)

    assert (pooled.interval, pooled.prediction) == (None, None)
    assert pooled.wald[0] < pooled.mean < pooled.wald[1]


def test_each_study_is_left_out_in_turn():
    without = leave_one_out(FOUR)

    assert set(without) == {one.study for one in FOUR}
    assert without["KARE"].mean == pytest.approx(pool(FOUR[:3]).mean)
    assert leave_one_out(FOUR[:2]) == {}


def test_one_study_is_not_pooled_and_no_study_twice():
    with pytest.raises(ValueError, match="at least two"):
        pool(FOUR[:1])
    with pytest.raises(ValueError, match="not independent"):
        pool([FOUR[0], replace(FOUR[0], value=0.1)])


@pytest.mark.parametrize(("value", "variance"), [(float("nan"), 1.0), (1.0, 0.0), (1.0, -1.0), (1.0, float("inf"))])
def test_an_effect_without_a_proper_variance_is_refused(value, variance):
    with pytest.raises(ValueError, match="cannot be pooled"):
        Effect("A", value, variance)


def test_log_odds_ratio_of_a_full_table_adds_nothing():
    effect = log_odds_ratio("dakwar2019", 13, 27, 3, 28)

    assert effect.value == pytest.approx(log(13 * 25 / (14 * 3)))
    assert effect.variance == pytest.approx(1 / 13 + 1 / 14 + 1 / 3 + 1 / 25)


def test_an_empty_cell_gets_half_a_case_in_every_cell():
    # dakwar2019 at six months: 12 of 27 v 0 of 28.
    effect = log_odds_ratio("dakwar2019", 12, 27, 0, 28)

    assert effect.value == pytest.approx(log(12.5 * 28.5 / (15.5 * 0.5)))
    assert effect.variance == pytest.approx(1 / 12.5 + 1 / 15.5 + 1 / 0.5 + 1 / 28.5)


@pytest.mark.parametrize("counts", [(0, 10, 0, 12), (10, 10, 12, 12), (11, 10, 1, 12), (-1, 10, 1, 12)])
def test_a_table_that_says_nothing_of_the_ratio_is_refused(counts):
    with pytest.raises(ValueError, match="A: "):
        log_odds_ratio("A", *counts)


def test_a_published_hazard_ratio_gives_its_log_and_the_variance_of_its_interval():
    # dakwar2019: 0.47 (0.24 to 0.92); standard error of the log (ln 0.92 - ln 0.24) / (2 x 1.959964).
    effect = log_ratio("dakwar2019", 0.47, 0.24, 0.92)

    assert effect.value == pytest.approx(log(0.47))
    assert sqrt(effect.variance) == pytest.approx((log(0.92) - log(0.24)) / 3.919928, rel=1e-6)
    assert [exp(end) for end in effect.interval] == pytest.approx([0.24, 0.92], rel=0.01)


def test_a_ratio_or_interval_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="not above 0"):
        log_ratio("A", 0.5, 0.0, 0.9)
    with pytest.raises(ValueError, match="does not lie around"):
        published("A", 3.0, 1.0, 2.0)


def test_a_mean_difference_is_in_the_unit_of_the_arms():
    effect = mean_difference("A", Arm(mean=12.0, sd=4.0, n=16), Arm(mean=10.0, sd=6.0, n=9))

    assert effect == Effect("A", 2.0, 16 / 16 + 36 / 9)


def test_a_standardised_difference_is_free_of_unit_and_corrected_for_few_people():
    # Hedges' exact correction; variance 1/n1 + 1/n2 + g^2 / (2 (n1 + n2)).
    effect = standardised_mean_difference("A", Arm(mean=12.0, sd=4.0, n=10), Arm(mean=10.0, sd=4.0, n=12))
    other = standardised_mean_difference("A", Arm(mean=120.0, sd=40.0, n=10), Arm(mean=100.0, sd=40.0, n=12))

    g = gamma(10) / (sqrt(10) * gamma(9.5)) * 0.5
    assert effect.value == pytest.approx(g)
    assert effect.variance == pytest.approx(1 / 10 + 1 / 12 + g**2 / 44)
    assert (other.value, other.variance) == (pytest.approx(effect.value), pytest.approx(effect.variance))


def test_an_arm_without_spread_is_refused():
    with pytest.raises(ValueError, match="no variance"):
        Arm(mean=1.0, sd=0.0, n=10)
