"""Patients who live by the model are foretold as often as is said."""

from dataclasses import replace

import numpy as np
import pytest

from sextant.use import PatientWeeks, forecast, shipped_population
from sextant.use.cross_validation import judged
from use_people import simulated, small_population

POPULATION = small_population(seed=2, n_states=3)


def test_chances_are_those_that_come_true():
    patients, _ = simulated(POPULATION, 1_500, 16, seed=11)

    found = judged(patients, forecast(patients, POPULATION))

    for one in (found.tested, found.due):
        assert 0.93 < one.slope < 1.07
        assert one.decile_error < 0.015


def test_four_of_five_intervals_hold_the_patients_own_chance():
    patients, own = simulated(POPULATION, 600, 12, seed=12)

    found = forecast(patients, POPULATION)

    low = np.array([[one.p_use_low for one in weeks] for weeks in found])
    high = np.array([[one.p_use_high for one in weeks] for weeks in found])
    assert 0.74 < np.mean((low <= own) & (own <= high)) < 0.88


@pytest.mark.parametrize("known", ["arm", "week 0", "neither"])
def test_under_the_shipped_values_they_do_whether_or_not_the_arm_and_week_0_are_on_record(known: str):
    """People of all arms, by their shares; the doubt of the fitted values left out, as these people have none."""
    shipped = replace(shipped_population(), parameter_sd=0.0)
    rng = np.random.default_rng(13)
    held = []
    for arm, share in enumerate(shipped.arm_share):
        week_0 = rng.choice(5, round(300 * share), p=shipped.baseline_share[arm].sum(axis=1))
        patients, own = simulated(shipped, len(week_0), 12, seed=14 + arm, arm=arm, week_0=week_0)
        if known != "arm":
            patients = [PatientWeeks(one.weeks[int(known == "neither") :]) for one in patients]

        for weeks, chances in zip(forecast(patients, shipped), own, strict=True):
            held += [one.p_use_low <= chances[one.week - 1] <= one.p_use_high for one in weeks if one.week > 1]

    assert 0.77 < np.mean(held) < 0.87
