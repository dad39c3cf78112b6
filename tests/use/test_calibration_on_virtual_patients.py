"""Patients who live by the model are foretold as often as is said."""

import numpy as np

from sextant.use import forecast
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
