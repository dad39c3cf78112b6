"""Who a population was fitted to, and who is foretold by it."""

from dataclasses import replace

import numpy as np
import pytest

from sextant.use import PatientWeeks, WeekForecast, forecast, word
from sextant.use.cross_validation import (
    cross_validated,
    fitted_population,
    held_out_forecasts,
    jackknife_sd,
    judged,
    without_arm,
)
from use_people import PLANS, small_population

SMALL = small_population()
WORDS = ("-+--", "++o+", "----", "oo-+", "+--*")


def people(n: int) -> list[PatientWeeks]:
    """As many in each arm; in week 0 every fifth has a positive test, and none is due of the others."""
    return [word(("+" if k % 5 == 0 else "_") + WORDS[k % 5], first=0, arm="ABC"[k % 3]) for k in range(n)]


def test_a_population_says_of_whom_it_is():
    more_of_b = [word("_-", first=0, arm="B")] * 5

    found = fitted_population([*people(15), *more_of_b], PLANS, 2, like=SMALL)

    assert found.n_patients == 20
    assert found.arm_share == pytest.approx([0.25, 0.5, 0.25])
    # Five of arm A, one of them positive in week 0; each symbol counts half a patient more, so that none is impossible.
    assert found.baseline_share[0].sum(axis=1) == pytest.approx(np.array([4.5, 0.5, 1.5, 0.5, 0.5]) / 7.5)
    assert found.baseline_share[0, 0] == pytest.approx([0.9 / 7.5] * 5)  # of nobody is week -1 on record
    assert found.start_terms[[1, 5]] == pytest.approx([3 / 20] * 2)  # the last test positive, and positive last week
    assert found.covariates == SMALL.covariates


def test_the_urines_before_the_start_tell_of_the_arm():
    negative_after_use = [word("+-" + one, first=-1, arm="A") for one in WORDS[:4]]
    used = [word("_+" + WORDS[0], first=-1, arm="A")]

    found = fitted_population([*people(15), *negative_after_use, *used], PLANS, 2, like=SMALL)

    # Ten of arm A: five with both weeks on record, and five of whom one was positive in week 0, week -1 not known.
    assert found.baseline_share[0, 1, 2] == pytest.approx(4.1 / 12.5)
    assert found.baseline_share[0, 2, 0] == pytest.approx(1.3 / 12.5)
    assert found.baseline_share[0, 2, 2] == pytest.approx(0.3 / 12.5)


def test_an_arm_without_patients_cannot_be_fitted():
    with pytest.raises(ValueError, match="No patient is in the arm 'C'"):
        fitted_population([word("-+", arm="A"), word("--", arm="B")], PLANS, 2, like=SMALL)


def test_nobody_is_foretold_by_a_fit_that_saw_them():
    patients = people(15)

    fold, populations = cross_validated(patients, PLANS, 2, like=SMALL)

    assert [one.n_patients for one in populations] == [12] * 5
    others = fitted_population([patients[k] for k in np.flatnonzero(fold != 3)], PLANS, 2, like=SMALL)
    for name, value in others.values.items():
        np.testing.assert_array_equal(populations[3].values[name], value)
    foretold = held_out_forecasts(patients, fold, populations)
    for k, weeks in enumerate(foretold):
        alone = forecast([patients[k]], populations[fold[k]])[0]
        np.testing.assert_allclose([one.p_use for one in weeks], [one.p_use for one in alone], atol=1e-12)


def test_weeks_2_to_24_are_judged_and_no_others():
    weeks = [WeekForecast(week, 0.5, 0.4, 0.6, 0.8) for week in range(1, 31)]

    found = judged([word("-+" * 15)], [weeks])

    assert found.due.n == 23
    # Weeks 2 to 4, 5 to 12 and 13 to 24: of eight in ten a positive week costs ln 0.8, a negative one ln 0.2.
    shares = np.array([2 / 3, 1 / 2, 1 / 2])
    assert found.due_by_stretch == pytest.approx(-(shares * np.log(0.8) + (1 - shares) * np.log(0.2)))


def test_the_doubt_of_the_fitted_values_is_that_of_the_jackknife():
    """Over k folds the SD of the mean is the root of (k - 1)/k times the summed squares of what each leaves out."""
    levels = (-0.1, 0.0, 0.3)
    populations = [
        replace(SMALL, values={**SMALL.values, "test_level": SMALL.values["test_level"] + level}) for level in levels
    ]
    patients = people(4)
    log_odds = np.array(
        [
            [np.log(one.p_use / (1 - one.p_use)) for weeks in forecast(patients, population) for one in weeks]
            for population in populations
        ]
    )

    found = jackknife_sd(patients, populations)

    variance = (2 / 3) * ((log_odds - log_odds.mean(axis=0)) ** 2).sum(axis=0)
    assert found == pytest.approx(np.sqrt(variance.mean()), abs=1e-12)
    assert found > 0.1


def test_without_their_arm_patients_keep_their_weeks():
    patient = word("-+", arm="A")

    assert without_arm([patient]) == [PatientWeeks(patient.weeks)]
