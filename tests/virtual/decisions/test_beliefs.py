"""What is believed of each person, against the exact posterior of the same scores."""

from dataclasses import replace

import numpy as np
import pytest

from sextant.response.engine import default_grid
from sextant.response.posterior import Posterior, posterior
from sextant.response.quantities import p_clear_by_six
from sextant.virtual.decisions.beliefs import Ahead, Beliefs, beliefs
from sextant.virtual.decisions.clinic import ATTENDANCE, MG_PER_KG
from sextant.virtual.decisions.maintenance import after_series
from sextant.virtual.decisions.run import Run
from sextant.virtual.decisions.series import DOSE_DAYS, SCORED
from sextant.virtual.people import courses_of

PEOPLE, DRAWS = 12, 4096
DOSES = tuple((float(day), MG_PER_KG) for day in DOSE_DAYS)
LAST = float(DOSE_DAYS[-1])
AHEAD = Ahead(3.0, 20.0, 4)


@pytest.fixture(scope="module")
def run(opened) -> Run:
    return after_series(opened(PEOPLE))


@pytest.fixture(scope="module")
def exact(run: Run) -> list[Posterior]:
    """Each person's posterior, as the bedside asks for it."""
    clinic = run.clinic
    courses = courses_of(clinic.people, run.scores(len(SCORED)), SCORED, DOSES, ATTENDANCE)
    return [
        posterior(course, clinic.believed, target="craving", grid=default_grid(len(SCORED)), by=clinic.by)
        for course in courses
    ]


@pytest.fixture(scope="module")
def believed(run: Run) -> Beliefs:
    return beliefs(run, len(SCORED), DRAWS)


def of_responders(after: Posterior, columns) -> tuple[np.ndarray, np.ndarray]:
    """Mean and SD of a form at each time, if the person responds."""
    forms = after.of(columns)
    share = after.weights[0, 1:-1] / after.weights[0, 1:-1].sum()
    means, sds = forms.means[0, :, 1:-1], forms.sds[0, :, 1:-1]
    mean = means @ share
    return mean, np.sqrt((means**2 + sds**2) @ share - mean**2)


def test_response_is_as_likely_as_in_the_exact_posterior(exact: list[Posterior], believed: Beliefs):
    expected = [after.weights[0, 1:-1].sum() for after in exact]

    np.testing.assert_allclose(believed.p_responds, expected, rtol=1e-6)
    assert np.ptp(expected) > 0.3


def test_draws_of_benefit_have_the_mean_and_spread_of_the_exact_posterior(exact: list[Posterior], believed: Beliefs):
    six = np.ones((PEOPLE, len(DOSE_DAYS)), bool)

    drawn = believed.after(DOSE_DAYS, six, LAST, AHEAD)

    for person, after in enumerate(exact):
        columns = after.benefit_columns(LAST + AHEAD.days, after.course.infusions)
        mean, sd = of_responders(after, columns)
        error = sd / np.sqrt(DRAWS)
        assert np.all(np.abs(drawn[:, person].mean(axis=1) - mean) < 4 * error)
        np.testing.assert_allclose(drawn[:, person].std(axis=1), sd, rtol=0.06)


def test_draws_of_the_baseline_have_the_mean_and_spread_of_the_exact_posterior(
    exact: list[Posterior], believed: Beliefs
):
    for person, after in enumerate(exact):
        mean, sd = of_responders(after, after.baseline_columns("craving", 1))

        assert abs(believed.baseline[person].mean() - mean[0]) < 4 * sd[0] / np.sqrt(DRAWS)
        assert believed.baseline[person].std() == pytest.approx(sd[0], rel=0.06)


def test_clear_benefit_by_six_is_as_likely_as_the_forecast_says(exact: list[Posterior], believed: Beliefs):
    six = np.ones((PEOPLE, len(DOSE_DAYS)), bool)
    drawn = believed.after(DOSE_DAYS, six, LAST, Ahead(3.0, 1.0, 1))[0]

    chance = believed.p_responds * (drawn > believed.threshold).mean(axis=1)

    expected = [p_clear_by_six(after, "craving")[0] for after in exact]
    np.testing.assert_allclose(chance, expected, atol=0.02)
    assert np.ptp(expected) > 0.3


def test_few_draws_stand_for_many(run: Run, believed: Beliefs):
    six = np.ones((PEOPLE, len(DOSE_DAYS)), bool)
    few = beliefs(run, len(SCORED))

    chance = (few.after(DOSE_DAYS, six, LAST, AHEAD) > few.threshold).mean(axis=2)

    expected = (believed.after(DOSE_DAYS, six, LAST, AHEAD) > believed.threshold).mean(axis=2)
    np.testing.assert_allclose(chance, expected, atol=0.16)
    assert np.abs(chance - expected).mean() < 0.04


def test_the_draws_are_the_same_for_every_rule_and_new_with_every_score(run: Run):
    other = Run(run.clinic)

    one, same, later = beliefs(run, 2), beliefs(other, 2), beliefs(run, 4)

    np.testing.assert_array_equal(one.baseline, same.baseline)  # nothing was given by then to either
    assert not np.any(one.baseline == later.baseline)


@pytest.mark.parametrize("carry_over", [0.0, 0.5, 1.0])
def test_benefit_ahead_is_the_models_curve_of_each_draw(run: Run, carrying, carry_over: float):
    settings = carrying(run.clinic.believed, carry_over)
    believed = replace(beliefs(run, len(SCORED), 4), settings=settings)
    given = np.random.default_rng(1).random((PEOPLE, len(DOSE_DAYS))) < 0.5
    ahead = Ahead(1.0, 4.0, 4)  # so soon after the series that much of its fast benefit still stands

    found, single = believed.after(DOSE_DAYS, given, 18.0, ahead), believed.of_one(ahead)
    fast, fast_single = believed.fast_after(DOSE_DAYS, given, 18.0, ahead), believed.fast_of_one(ahead)

    off, on = settings["tau_f_days"][0], settings["tau_on_days"][0]
    parts = [part[0] for part in settings.waning_parts()]

    def one_slow(person: int, draw: int, days: float) -> float:
        tau = believed.tau_s_days[person, draw]
        left = sum(weight * np.exp(-days / (multiple * tau)) for weight, multiple in zip(*parts, strict=True))
        return believed.slow[person, draw] * (1 - np.exp(-days / on)) * left

    for step, days in enumerate(ahead.days):
        for person in range(PEOPLE):
            since = 18.0 + days - DOSE_DAYS[given[person]]
            # Each infusion that this person got leaves a share of the fast benefit of those before it.
            standing = sum(carry_over**n * np.exp(-gone / off) for n, gone in enumerate(reversed(since)))
            for draw in range(4):
                quick, a = believed.fast[person, draw] * standing, believed.fast[person, draw]
                total = quick + sum(one_slow(person, draw, gone) for gone in since)
                assert fast[step, person, draw] == pytest.approx(quick, abs=1e-5)
                assert found[step, person, draw] == pytest.approx(total, abs=1e-5)
                alone = a * np.exp(-days / off)
                assert fast_single[step, person, draw] == pytest.approx(alone, abs=1e-5)
                assert single[step, person, draw] == pytest.approx(alone + one_slow(person, draw, days), abs=1e-5)


def test_a_baseline_below_the_floor_asks_for_more_than_no_benefit(run: Run):
    believed = beliefs(run, len(SCORED), 4)
    believed.baseline[0] = [-1.0, 0.0, 1.0, 2.0]

    np.testing.assert_array_equal(believed.threshold[0], [0.0, 0.0, 0.5, 1.0])
