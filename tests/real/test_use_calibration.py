"""The forecast of use on the real patients of CTN-0094."""

import gzip

import numpy as np
import pytest

from sextant.use import PatientWeeks, forecast, shipped_population
from sextant.use.calendar import design
from sextant.use.coding import arm_numbers, before_the_start, cohort_of
from sextant.use.cross_validation import cross_validated, held_out_forecasts, judged, without_arm
from sextant.use.ctn0094 import read_trial_patients
from sextant.use.history import TERMS, History
from sextant.use.judge import concordance
from sextant.use.likelihood import log_score
from sextant.use.relapse import at_risk, relapse_risk
from sextant.use.trial_plans import TRIAL_PLANS


@pytest.fixture(scope="module")
def patients(shared) -> list[PatientWeeks]:
    tables = shared / "data" / "ctn0094" / "tables"
    texts = [gzip.decompress((tables / f"{name}.csv.gz").read_bytes()).decode() for name in ("weekly", "randomization")]
    return list(read_trial_patients(*texts).values())


def test_the_shipped_values_are_those_of_the_randomised_patients(patients):
    assert len(patients) == shipped_population().n_patients
    assert {one.arm for one in patients} == set(shipped_population().arms)


def test_the_shipped_values_foretell_the_patients_that_they_were_fitted_to(patients):
    found = judged(patients, forecast(patients, shipped_population()))

    assert (found.tested.n, found.due.n) == (21_493, 40_158)
    assert found.tested.log_loss < 0.395
    assert found.due.log_loss < 0.390
    for one in (found.tested, found.due):
        assert 0.97 < one.slope < 1.05
        assert one.decile_error < 0.010


def test_the_shipped_values_are_where_the_patients_draw_as_hard_as_the_priors_hold(patients):
    """So a change of the model, the terms, the calendars or the priors needs a fit, and cannot slip in without one."""
    shipped = shipped_population()
    cohort = cohort_of(patients, shipped.arms)

    _, drawn = log_score(shipped.values, design(TRIAL_PLANS, cohort.result.shape[1]), cohort)

    usual = {"moves": 3.0 * np.eye(shipped.n_states), "missed_level": -1.2}
    for name, value in shipped.values.items():
        np.testing.assert_allclose(drawn[name], 2 * 0.3 * (value - usual.get(name, 0.0)), atol=0.5, err_msg=name)


def test_who_they_were_is_what_the_file_says(patients):
    shipped = shipped_population()
    before = before_the_start(patients)
    arm, seen = arm_numbers(patients, shipped.arms), np.full((len(shipped.arms), 5, 5), 0.1)
    np.add.at(seen, (arm, before.result, before.week_before), 1)

    np.testing.assert_allclose(shipped.arm_share, np.bincount(arm) / len(patients), atol=1e-4)
    np.testing.assert_allclose(shipped.baseline_share, seen / seen.sum(axis=(1, 2), keepdims=True), atol=1e-4)
    usual = History(before, np.zeros(len(TERMS))).terms().mean(axis=1)
    np.testing.assert_allclose(shipped.start_terms, usual, atol=1e-5)


def test_without_the_arm_they_foretell_a_little_less_well(patients):
    told = judged(patients, forecast(patients, shipped_population()))
    unknown = without_arm(patients)

    found = judged(unknown, forecast(unknown, shipped_population()))

    assert told.tested.log_loss < found.tested.log_loss < 0.400
    assert told.due.log_loss < found.due.log_loss < 0.396


def test_a_week_is_foretold_from_earlier_weeks_alone(patients):
    some = patients[:40]
    cut = [one.until(9) for one in some]

    whole, short = forecast(some, shipped_population()), forecast(cut, shipped_population())

    for weeks, until_9 in zip(whole, short, strict=True):
        early = np.array([one.p_use for one in weeks if one.week <= 9])
        np.testing.assert_allclose(early, [one.p_use for one in until_9], atol=1e-12)


@pytest.mark.slow
def test_patients_that_the_fit_never_saw_are_foretold_within_the_targets(patients):
    fold, populations = cross_validated(patients, shipped_population().plans, 7, like=shipped_population())

    found = judged(patients, held_out_forecasts(patients, fold, populations))

    assert found.tested.log_loss <= 0.400
    assert found.due.log_loss <= 0.392
    for one in (found.tested, found.due):
        assert 0.95 <= one.slope <= 1.05
        assert one.decile_error < 0.015
    risk, until, relapsed = [], [], []
    for one, population in enumerate(populations):
        group = [patients[int(k)] for k in np.flatnonzero(fold == one)]
        rows, weeks, happened = at_risk(group)
        risk += relapse_risk([group[k] for k in rows], population)
        until += weeks
        relapsed += happened
    assert concordance(np.array(risk), np.array(until, float), np.array(relapsed)) >= 0.73
