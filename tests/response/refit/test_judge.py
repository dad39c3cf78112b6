"""The old population stands unless the new one is better on patients that it never saw."""

import numpy as np
import pytest
from scipy.stats import genpareto

from cohorts import narrow, simulated, truth
from sextant.response import design_assumptions
from sextant.response.held_out import Judged
from sextant.response.refit import Cohort, judge, refit
from sextant.response.refit.judge import log_score
from sextant.response.refit.pareto import k_hat

SHIPPED = design_assumptions()
ELSEWHERE = truth(mu_a=2.0, pi0=-1.5, sd_e=1.0)


def test_the_old_one_stands_when_the_patients_come_from_it():
    _, judged = refit(simulated(130, 2), narrow(truth()), name="the same people")

    assert not judged.better
    assert abs(judged.gain) < 0.05


def test_the_new_one_is_taken_when_the_patients_are_clearly_others():
    _, judged = refit(simulated(130, 2, ELSEWHERE), narrow(truth()), name="other people")

    assert judged.better
    assert judged.gain > 0.2


def test_a_population_that_is_known_well_beats_one_that_is_assumed_and_loses_where_it_is_wrong():
    right, wrong = narrow(ELSEWHERE), narrow(truth(mu_a=-2.0, pi0=2.0, sd_e=-2.0))
    held_out = Cohort.of(simulated(60, 3, ELSEWHERE), SHIPPED)

    assert judge(SHIPPED, right, held_out).better
    assert not judge(SHIPPED, wrong, held_out).better
    assert judge(wrong, SHIPPED, held_out).better


def test_the_score_of_a_population_is_that_of_many_more_draws():
    held_out = Cohort.of(simulated(25, 4), SHIPPED)
    rng = np.random.default_rng(1)

    found = log_score(SHIPPED, held_out).mean()

    evidence = held_out.log_evidence(SHIPPED, rng.standard_normal((2048, len(SHIPPED.mean))))
    top = evidence.max(axis=0)
    assert found == pytest.approx((top + np.log(np.exp(evidence - top).mean(axis=0))).mean(), abs=0.05)


@pytest.mark.parametrize(("gain", "error", "better"), [(0.21, 0.1, True), (0.2, 0.1, False), (-0.3, 0.1, False)])
def test_better_is_a_gain_above_two_standard_errors(gain: float, error: float, better: bool):
    assert Judged(100, gain, error).better is better


@pytest.mark.parametrize("shape", [0.2, 0.5, 0.8])
def test_the_shape_of_the_tail_is_that_of_the_distribution_that_weights_were_drawn_from(shape: float):
    weights = genpareto.rvs(shape, size=40_000, random_state=5)

    assert k_hat(np.log(weights)) == pytest.approx(shape, abs=0.12)


def test_weights_of_which_one_is_all_have_no_shape():
    assert k_hat(np.array([0.0] + [-2000.0] * 500)) == np.inf


@pytest.mark.slow
@pytest.mark.parametrize(("spread", "n"), [(0.2, 300), (0.5, 768), (0.9, 2000), (1.3, 768)])
def test_the_shape_is_that_of_arviz(spread: float, n: int):
    arviz = pytest.importorskip("arviz", reason="no ArviZ on this machine; it is in the group 'judges'")
    log_weights = spread * np.random.default_rng(0).standard_exponential(n)

    _, theirs = arviz.psislw(log_weights.copy())

    assert k_hat(log_weights) == pytest.approx(float(theirs), abs=1e-9)
