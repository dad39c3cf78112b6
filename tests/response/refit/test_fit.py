"""The population fitted to simulated cohorts whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from cohorts import narrow, simulated, truth
from sextant.response import Dose, ScoreAt, design_assumptions, engine
from sextant.response.population import FITTED
from sextant.response.refit import (
    Cohort,
    FewPatientsError,
    Fit,
    UnreliableFitError,
    fit,
    fitting,
    maximum,
    refit,
)
from sextant.response.refit.draws import Draws

SHIPPED = design_assumptions()
# Infusions help more than assumed, more people respond, and scores are noisier.
TRUTH = truth(mu_a=2.0, pi0=-1.5, sd_e=1.0)


def shifts_of(found: Fit) -> tuple[np.ndarray, np.ndarray]:
    """Mean and SD of a fit, in SDs of the shipped population from its mean."""
    usual = np.sqrt(np.diag(SHIPPED.covariance))
    return (found.population.mean - SHIPPED.mean) / usual, np.sqrt(np.diag(found.population.covariance)) / usual


@pytest.fixture(scope="module")
def found() -> Fit:
    cohort = Cohort.of(simulated(120, 1, TRUTH), SHIPPED)
    return fit(cohort, SHIPPED, version="simulated", sources=("RESPONSE-MODEL",))


def test_what_120_patients_show_moves_toward_the_truth(found: Fit):
    mean, _ = shifts_of(found)

    for name in ("mu_a", "pi0", "sd_e"):
        at = FITTED.index(name)
        assert abs(mean[at] - TRUTH[at]) < 0.6 * abs(TRUTH[at]), name


def test_the_truth_lies_within_the_doubt_of_the_fit(found: Fit):
    mean, sd = shifts_of(found)

    assert (np.abs(mean - TRUTH) < 3 * sd).all()


def test_what_the_patients_say_nothing_of_stays_as_it_was(found: Fit):
    mean, sd = shifts_of(found)
    at = FITTED.index("lambda_madrs")

    assert mean[at] == pytest.approx(0.0, abs=0.15)
    assert sd[at] == pytest.approx(1.0, abs=0.15)


def test_doubt_never_grows_by_seeing_patients(found: Fit):
    _, sd = shifts_of(found)

    assert (sd < 1.15).all()
    assert sd[FITTED.index("sd_e")] < 0.2


def test_the_draws_are_worth_enough_and_their_weights_even(found: Fit):
    assert found.effective >= 200
    assert found.k_hat < found.largest_k_hat < 0.7


def test_the_same_cohort_gives_the_same_population_in_whatever_order_it_was_written_down():
    courses, old = simulated(130, 4), narrow(truth(), sds=0.3)
    shuffled = [
        replace(course, scores=course.scores[::-1], infusions=course.infusions[::-1]) for course in courses[::-1]
    ]

    first, first_judged = refit(courses, old, name="simulated")
    again, again_judged = refit(shuffled, old, name="simulated")

    assert (first.population.mean == again.population.mean).all()
    assert (first.population.covariance == again.population.covariance).all()
    assert first.population.version == again.population.version
    assert first_judged == again_judged


def test_both_engines_fit_the_same_evidence():
    courses = simulated(6, 5)
    shift = np.linspace(-0.5, 0.5, len(FITTED))

    by_numpy, compiled = (
        Cohort.of(courses, SHIPPED, by=engine(name)).contribution(SHIPPED, shift) for name in ("numpy", "compiled")
    )

    assert compiled.log_evidence == pytest.approx(by_numpy.log_evidence, abs=1e-9)
    assert compiled.gradient == pytest.approx(by_numpy.gradient, abs=1e-5)


def test_contributions_of_parts_add_up_to_that_of_the_whole():
    cohort = Cohort.of(simulated(60, 6), SHIPPED)
    shift = np.linspace(-0.3, 0.3, len(FITTED))

    whole = cohort.contribution(SHIPPED, shift)
    parts = sum(
        (cohort.take(np.arange(at, at + 20)).contribution(SHIPPED, shift) for at in (20, 40)),
        cohort.take(np.arange(20)).contribution(SHIPPED, shift),
    )

    assert parts.n_patients == whole.n_patients == 60
    assert parts.log_evidence == pytest.approx(whole.log_evidence, rel=1e-13)
    assert parts.gradient == pytest.approx(whole.gradient, abs=1e-8)
    assert parts.curvature == pytest.approx(whole.curvature, abs=1e-6)


def test_two_clinics_find_the_same_maximum_as_their_patients_together():
    cohort = Cohort.of(simulated(120, 7, TRUTH), SHIPPED)
    one, other = cohort.take(np.arange(70)), cohort.take(np.arange(70, 120))
    start = np.zeros(len(FITTED))

    pooled = maximum(lambda at: cohort.contribution(SHIPPED, at), start)
    shared = maximum(lambda at: one.contribution(SHIPPED, at) + other.contribution(SHIPPED, at), start)

    assert shared.shift == pytest.approx(pooled.shift, abs=1e-6)
    assert shared.curvature == pytest.approx(pooled.curvature, rel=1e-5, abs=1e-3)


def test_at_the_maximum_no_small_step_leads_higher():
    cohort = Cohort.of(simulated(100, 8, TRUTH), SHIPPED)

    top = maximum(lambda at: cohort.contribution(SHIPPED, at), np.zeros(len(FITTED)))

    around = top.shift + 0.05 * np.vstack([np.eye(len(FITTED)), -np.eye(len(FITTED))])
    density = cohort.log_evidence(SHIPPED, np.vstack([top.shift, around])).sum(axis=1)
    density -= 0.5 * (np.vstack([top.shift, around]) ** 2).sum(axis=1)
    assert (density[1:] < density[0] + 1e-3).all()


def test_fewer_than_a_hundred_patients_are_refused():
    cohort = Cohort.of(simulated(99, 9), SHIPPED)

    with pytest.raises(FewPatientsError, match="There are 99 patients; a refit needs at least 100"):
        fit(cohort, SHIPPED, version="few", sources=("RESPONSE-MODEL",))


def test_a_refit_needs_a_hundred_patients_beside_those_held_out():
    with pytest.raises(FewPatientsError, match=r"There are 124 patients; a refit needs at least 125"):
        refit(simulated(124, 9), SHIPPED, name="few")


def uneven(tail: float) -> Draws:
    """Draws whose weights have a Pareto tail of that shape."""
    rng = np.random.default_rng(1)
    return Draws(rng.standard_normal((768, len(FITTED))), tail * rng.standard_exponential(768))


@pytest.mark.parametrize("tail", [1.0, 1.5])
def test_draws_whose_largest_weights_are_too_heavy_are_refused(tail: float, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fitting, "weighed_draws", lambda *_: uneven(tail))
    cohort = Cohort.of(simulated(100, 8), SHIPPED)

    with pytest.raises(UnreliableFitError, match=r"too uneven \(Pareto k-hat \d\.\d\d, above 0\.65\)"):
        fit(cohort, SHIPPED, version="uneven", sources=("RESPONSE-MODEL",))


def test_draws_that_are_worth_too_few_are_refused(monkeypatch: pytest.MonkeyPatch):
    log_weights = np.full(768, -20.0)
    log_weights[:60] = np.linspace(0, 0.01, 60)
    few = Draws(np.random.default_rng(1).standard_normal((768, len(FITTED))), log_weights)
    monkeypatch.setattr(fitting, "weighed_draws", lambda *_: few)
    cohort = Cohort.of(simulated(100, 8), SHIPPED)

    with pytest.raises(UnreliableFitError, match="worth 60 independent ones, fewer than 100"):
        fit(cohort, SHIPPED, version="few draws", sources=("RESPONSE-MODEL",))


def test_a_cohort_of_identical_impossible_patients_ends_in_a_refusal_or_a_population_and_in_nothing_else():
    course = simulated(1, 3)[0]
    odd = replace(
        course,
        scores=tuple(ScoreAt(day, "craving", 100.0 * (n % 2)) for n, day in enumerate(np.arange(-5.0, 20.0, 5.0))),
        infusions=(Dose(0.0, 0.5),),
    )
    cohort = Cohort.of([odd] * 100, SHIPPED)

    try:
        found = fit(cohort, SHIPPED, version="odd", sources=("RESPONSE-MODEL",))
    except UnreliableFitError:
        return

    assert np.isfinite(found.population.mean).all()


@pytest.mark.slow
def test_a_thousand_patients_give_back_their_population():
    where = np.random.default_rng(3).normal(size=len(FITTED)) * 0.5
    courses = simulated(1000, 12, where, instruments=("craving", "phq9", "gad7", "use_days"))
    old = narrow(truth(), sds=1.0, version="shipped")

    found, judged = refit(courses, old, name="simulated")

    mean, sd = shifts_of(found)
    z = (mean - where) / sd
    assert (np.abs(z) < 4).all()
    assert (z**2).sum() < 50  # chi-squared of 19: above 43.8 once in a thousand
    assert found.effective >= 200
    assert found.k_hat < 0.7
    assert judged.better
