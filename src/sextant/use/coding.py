"""Patients laid side by side as numbers: one row a patient, one column a week."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sextant.use.history import TERMS, BeforeTheStart, FloatArray, History, IntArray, of_the_missed, of_the_test
from sextant.use.likelihood import Cohort
from sextant.use.population import Population
from sextant.use.weeks import MISSING, NEGATIVE, NONE_DUE, NOT_ON_RECORD, TOLD_NOTHING, PatientWeeks, Week, WeeksError


def coded(patients: Sequence[PatientWeeks], last: int, passed: int = 0) -> tuple[IntArray, IntArray]:
    """Results and what was told of the weeks after `passed` up to `last`, shape (patients, weeks); a week not on record
    was not due."""
    weeks = last - passed
    result, told = [[NONE_DUE] * weeks for _ in patients], [[TOLD_NOTHING] * weeks for _ in patients]
    for patient, results, said in zip(patients, result, told, strict=True):
        for week in patient.weeks:
            if passed < week.number <= last:
                results[week.number - passed - 1], said[week.number - passed - 1] = week.code, week.told
    shape = (len(patients), weeks)
    return np.array(result, np.int64).reshape(shape), np.array(told, np.int64).reshape(shape)


def before_the_start(patients: Sequence[PatientWeeks]) -> BeforeTheStart:
    """What the weeks up to week 0 told."""
    result, told, week_before, last_test = np.zeros((4, len(patients)), np.int64)
    start, start_before = np.full((2, len(patients)), NOT_ON_RECORD)
    for row, patient in enumerate(patients):
        for week in patient.weeks:
            if week.number > 0:
                break
            if week.number == 0:
                result[row], told[row], start[row] = week.code, week.told, week.code
            if week.number == -1:
                week_before[row] = start_before[row] = week.code
            if week.code not in (NONE_DUE, MISSING):
                last_test[row] = -1 if week.code == NEGATIVE else 1
    return BeforeTheStart(result, told, week_before, last_test, start, start_before)


def arm_numbers(patients: Sequence[PatientWeeks], arms: Sequence[str]) -> IntArray:
    """The place of each patient's arm among `arms`, -1 where it is not told or not known there."""
    place = {arm: k for k, arm in enumerate(arms)}
    return np.array([place.get(one.arm, -1) if one.arm else -1 for one in patients], np.int64)


def covariate_shift(week: Week, population: Population) -> tuple[float, float]:
    """What the covariates at the end of a week add to the next test's log odds, and the SD of that.

    Those that the patient tells are not read of a week without a test: like its self-report they may have been told
    later, and would leak the future. Infusions and attendance are the clinic's own record of that week.

    Raises
    ------
    WeeksError
        If the population knows no covariate of that name, or the value is a slip.
    """
    shift, variance = 0.0, 0.0
    for name, value in week.covariates.items():
        prior = population.covariates.get(name)
        if prior is None:
            known = ", ".join(population.covariates) or "none"
            raise WeeksError(f"The population has no covariate {name!r}. It knows: {known}.")
        if slip := prior.slip(name, value):
            raise WeeksError(f"Week {week.number}: {slip}")
        if prior.told_by_patient and not week.tested:
            continue
        steps = min(value, prior.counts_to) - prior.reference
        shift += prior.mean * steps
        variance += (prior.sd * steps) ** 2
    return shift, math.sqrt(variance)


def covariate_shifts(
    patients: Sequence[PatientWeeks], population: Population, last: int, passed: int = 0
) -> tuple[FloatArray, FloatArray] | None:
    """The shift before each week after `passed` and its SD, up to that after `last`, shape (patients, weeks + 1).

    What is known of week 0 moves week 1. None if no patient has any covariate.
    """
    if not any(week.covariates for one in patients for week in one.weeks):
        return None
    shift, sd = np.zeros((2, len(patients), last - passed + 1))
    for row, patient in enumerate(patients):
        for week in patient.weeks:
            if week.covariates and passed <= week.number <= last:
                at = week.number - passed
                shift[row, at], sd[row, at] = covariate_shift(week, population)
    return shift, sd


def arm_log_weights(arm: IntArray, before: BeforeTheStart, population: Population) -> FloatArray:
    """Log weight of each arm before week 1, shape (arms, patients): of all arms where the patient's is not known, by
    their share and by the urines of weeks 0 and -1, as far as they are on record; else of that arm alone."""
    of_baseline = population.baseline_share
    for axis in (1, 2):  # a week that is not on record may have been any: its place is the last
        of_baseline = np.concatenate([of_baseline, of_baseline.sum(axis=axis, keepdims=True)], axis=axis)
    share = population.arm_share[:, None] * of_baseline[:, before.start, before.start_before]
    there = np.where(np.arange(len(share))[:, None] == arm, 0.0, -np.inf)
    return np.asarray(np.where(arm < 0, np.log(share), there))


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Some patients as an engine takes them: one row a patient, one column a week from the one after `passed`.

    `arm` is -1 where it is not known, `before` what was known before the first column, `weeks` how many columns each
    patient has, `shifts` None or what covariates add to the test's log odds in each of these weeks and in the one
    after, and the SD of that. In the `passed` weeks nobody has a row, so that nothing was learned and all that moved is
    time.
    """

    arm: IntArray
    before: BeforeTheStart
    weeks: IntArray
    result: IntArray
    told: IntArray
    shifts: tuple[FloatArray, FloatArray] | None
    passed: int = 0

    def shift(self, column: int) -> tuple[FloatArray, FloatArray]:
        """What covariates add in the week of a column, and the SD of that, one number a patient."""
        if self.shifts is None or column >= self.shifts[0].shape[1]:
            none = np.zeros(len(self.arm))
            return none, none
        return self.shifts[0][:, column], self.shifts[1][:, column]


def side_by_side(patients: Sequence[PatientWeeks], population: Population, passed: int = 0) -> SideBySide:
    """These patients, in this order; `passed` weeks of the programme lie before the first row of any of them."""
    last = np.array([one.last for one in patients], np.int64)
    most = int(last.max(initial=passed))
    return SideBySide(
        arm_numbers(patients, population.arms),
        before_the_start(patients),
        np.maximum(last - passed, 0),
        *coded(patients, most, passed),
        covariate_shifts(patients, population, most, passed),
        passed,
    )


def weeks_before_the_first_row(patients: Sequence[PatientWeeks]) -> int:
    """Weeks of the programme before the first that any of these patients has on record."""
    first = (next((week.number for week in one.weeks if week.number >= 1), None) for one in patients)
    return min((number for number in first if number is not None), default=1) - 1


def cohort_of(
    patients: Sequence[PatientWeeks],
    arms: Sequence[str],
    baseline_share: FloatArray | None = None,
    usual: FloatArray | None = None,
) -> Cohort:
    """What a fit reads: every patient needs an arm of the plans, because each arm has values of its own.

    A week 0 that is not on record is as one in which no test was due. With the population's `baseline_share` and
    `usual` terms of week 1 it is what it is to a forecast: the mean over what it may have been.

    Raises
    ------
    ValueError
        If a patient has no arm of the plans.
    """
    arm = arm_numbers(patients, arms)
    if (arm < 0).any():
        raise ValueError(f"{int((arm < 0).sum())} patients have no arm of the plans. A fit needs the arm of each.")
    last = max(one.last for one in patients)
    result, told = coded(patients, last)
    before = before_the_start(patients)
    history = History(before, np.zeros(len(TERMS)) if usual is None else usual)
    test, missed = [], []
    for k in range(last):
        terms = history.terms()
        test.append(of_the_test(terms))
        missed.append(of_the_missed(terms))
        history.take(result[:, k], told[:, k])
    baseline = before.result if baseline_share is None else before.start
    return Cohort(result, told, _patients_first(test), _patients_first(missed), arm, baseline, baseline_share)


def _patients_first(weeks: list[FloatArray]) -> FloatArray:
    """(weeks, terms, patients) to (patients, weeks, terms)."""
    return np.ascontiguousarray(np.stack(weeks).transpose(2, 0, 1))
