"""The plain rival: logistic regression on a patient's own weeks."""

import numpy as np
import pytest

from sextant.use import PatientWeeks, word
from sextant.use.cross_validation import try_on
from sextant.use.judge import log_loss
from sextant.use.own_weeks import foretold_by_own_weeks
from use_people import simulated, small_population


def weeks_of_each(patients: list[PatientWeeks]):
    return [{week.number for week in one.weeks[1:]} for one in patients]


def folds_of(patients: list[PatientWeeks]) -> np.ndarray:
    return np.arange(len(patients)) % 5


def own_log_loss(patients: list[PatientWeeks]) -> float:
    chance, used, _ = foretold_by_own_weeks(patients, weeks_of_each(patients), folds_of(patients))
    return log_loss(chance, used)


def test_who_always_does_the_same_is_foretold_almost_surely():
    patients = [word("++++++++"), word("--------")] * 40

    assert own_log_loss(patients) < 0.1


def test_where_weeks_say_nothing_of_each_other_it_is_no_better_than_one_chance_for_all():
    rng = np.random.default_rng(5)
    patients = [word("".join(rng.choice(list("+-"), 20, p=[0.3, 0.7]))) for _ in range(300)]
    used = np.array([one.result == "+" for patient in patients for one in patient.weeks[1:]])

    found = own_log_loss(patients)

    assert found == pytest.approx(log_loss(np.full(len(used), 0.3), used), abs=0.01)


def test_the_model_that_people_live_by_foretells_them_better_than_their_own_weeks_alone():
    population = small_population(seed=4)
    patients, _ = simulated(population, 300, 16, seed=2)

    found = try_on(patients, folds_of(patients), [population] * 5, looked_for="opioids")

    assert found.log_loss < found.log_loss_own_weeks < found.log_loss_average
    assert (found.n_patients, found.source) == (300, "clinic: test")
    assert found.n_weeks == sum(max(sum(week.tested for week in one.weeks) - 1, 0) for one in patients)
    assert found.further_sd > 0
