"""How the model foretells patients that its fit never saw."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sextant.use.coding import arm_numbers, before_the_start, cohort_of
from sextant.use.fit import QUICK, fit
from sextant.use.forecast import WeekForecast, forecast
from sextant.use.history import TERMS, BeforeTheStart, FloatArray, History, IntArray
from sextant.use.judge import BoolArray, Judgement, folds, judge, log_loss
from sextant.use.own_weeks import foretold_by_own_weeks
from sextant.use.population import LATER, N_SYMBOLS, Plan, Population, TriedOn
from sextant.use.weeks import MISSING, NEGATIVE, NOT_ON_RECORD, PatientWeeks, Week

FIRST_WEEK, LAST_WEEK = 2, 24
STRETCHES = ((2, 4), (5, 12), (13, 24))


@dataclass(frozen=True, slots=True)
class Judged:
    """Both readings of missed weeks: `tested` of weeks with a test, `due` of all due weeks with missing as use.

    The last two are log losses in weeks 2 to 4, 5 to 12 and 13 to 24.
    """

    tested: Judgement
    due: Judgement
    tested_by_stretch: tuple[float, ...]
    due_by_stretch: tuple[float, ...]


def judged(patients: Sequence[PatientWeeks], forecasts: Sequence[Sequence[WeekForecast]]) -> Judged:
    """Forecasts beside what happened, weeks 2 to 24; a patient's first due week is not scored; mixed is use."""
    rows = [row for pair in zip(patients, forecasts, strict=True) for row in scored_weeks(*pair)]
    week, result, p_use, p_bad = (np.array(column) for column in zip(*rows, strict=True))
    tested = result != MISSING
    bad = result != NEGATIVE
    stretches = [(week >= first) & (week <= last) for first, last in STRETCHES]
    return Judged(
        judge(p_use[tested], bad[tested]),
        judge(p_bad, bad),
        tuple(log_loss(p_use[tested & rows], bad[tested & rows]) for rows in stretches),
        tuple(log_loss(p_bad[rows], bad[rows]) for rows in stretches),
    )


def scored_weeks(patient: PatientWeeks, weeks: Sequence[WeekForecast]) -> list[tuple[int, int, float, float]]:
    """The weeks of a patient that are judged: number, code of the result, `p_use` and `p_use_or_missing`."""
    code = {week.number: week.code for week in patient.weeks}
    return [
        (one.week, code[one.week], one.p_use, one.p_use_or_missing)
        for one in weeks[1:]
        if FIRST_WEEK <= one.week <= LAST_WEEK
    ]


def fitted_population(
    patients: Sequence[PatientWeeks],
    plans: tuple[Plan, ...],
    n_states: int,
    *,
    like: Population,
    until: float = QUICK,
) -> Population:
    """A population fitted to these patients `until` it ends as in `fit`, with what is not fitted taken from another.

    Raises
    ------
    ValueError
        If a patient has no arm of the plans, or an arm no patient.
    """
    arms = tuple(arm for plan in plans for arm in plan.arms)
    cohort = cohort_of(patients, arms)
    if empty := [name for k, name in enumerate(arms) if k not in cohort.arm]:
        raise ValueError(
            f"No patient is in the arm {empty[0]!r}, so nothing is known of it. Leave it out of the plans."
        )
    values = fit(cohort, plans, n_states, until=until)
    before = before_the_start(patients)
    return replace(
        like,
        plans=plans,
        values=values,
        arm_share=np.bincount(cohort.arm, minlength=len(arms)) / len(cohort.arm),
        baseline_share=baseline_share(before, cohort.arm, np.full((len(arms), N_SYMBOLS, N_SYMBOLS), 0.1)),
        start_terms=History(before, np.zeros(len(TERMS))).terms().mean(axis=1),
        n_patients=len(patients),
    )


def baseline_share(before: BeforeTheStart, arm: IntArray, beside: FloatArray) -> FloatArray:
    """The share of the urines of weeks 0 and -1 in each arm, shape (arms, 5, 5).

    Of whom week -1 is not on record each urine of it is as likely; without week 0 nobody counts. Each pair counts so
    many patients more as `beside` says, of the same shape and above 0, so that none is impossible.
    """
    counts = beside.copy()
    both = (before.start != NOT_ON_RECORD) & (before.start_before != NOT_ON_RECORD)
    np.add.at(counts, (arm[both], before.start[both], before.start_before[both]), 1.0)
    alone = (before.start != NOT_ON_RECORD) & ~both
    np.add.at(counts, (arm[alone], before.start[alone]), 1.0 / N_SYMBOLS)
    return np.asarray(counts / counts.sum(axis=(1, 2), keepdims=True))


def cross_validated(
    patients: Sequence[PatientWeeks], plans: tuple[Plan, ...], n_states: int, *, like: Population, seed: int = 0
) -> tuple[IntArray, list[Population]]:
    """The fold of each patient, stratified by arm, and for each fold the population fitted to the other folds."""
    arms = tuple(arm for plan in plans for arm in plan.arms)
    fold = folds(arm_numbers(patients, arms), seed=seed)
    found = [
        fitted_population([patients[int(k)] for k in np.flatnonzero(fold != one)], plans, n_states, like=like)
        for one in np.unique(fold)
    ]
    return fold, found


def held_out_forecasts(
    patients: Sequence[PatientWeeks], fold: IntArray, populations: Sequence[Population]
) -> list[list[WeekForecast]]:
    """Each patient's forecasts from the population that never saw the patient."""
    found: list[list[WeekForecast]] = [[] for _ in patients]
    for one, population in enumerate(populations):
        rows = np.flatnonzero(fold == one)
        for k, weeks in zip(rows, forecast([patients[int(k)] for k in rows], population), strict=True):
            found[int(k)] = weeks
    return found


def jackknife_sd(patients: Sequence[PatientWeeks], populations: Sequence[Population]) -> float:
    """Doubt of the fitted values as SD of a forecast's log odds: how far the populations of the folds lie apart, by the
    grouped jackknife, as root mean square over all weeks."""
    log_odds: list[FloatArray] = []
    for population in populations:
        chance = np.array([one.p_use for weeks in forecast(patients, population) for one in weeks])
        log_odds.append(np.log(chance / (1 - chance)))
    k = len(log_odds)
    return float(np.sqrt((k - 1) * np.mean(np.var(np.array(log_odds), axis=0))))


def try_on(
    patients: Sequence[PatientWeeks],
    fold: IntArray,
    populations: Sequence[Population],
    *,
    looked_for: str,
    told: bool = False,
    fitted: bool = False,
) -> TriedOn:
    """How the populations of the folds foretell weeks of a substance, read as a clinic's record is; see `TriedOn`.

    Parameters
    ----------
    patients : with the weeks of that substance
    fold : of each patient
    looked_for, told, fitted : as in `TriedOn`
    """
    records = as_on_record(patients)
    scored, chance, used = looked_ahead(records, fold, populations, weeks=1)
    _, chance_later, used_later = looked_ahead(records, fold, populations, weeks=LATER)
    found, later = judge(chance, used), judge(chance_later, used_later)
    return TriedOn(
        looked_for=looked_for,
        told=told,
        fitted=fitted,
        n_patients=len(patients),
        n_weeks=found.n,
        log_loss=found.log_loss,
        log_loss_average=found.log_loss_average,
        log_loss_own_weeks=log_loss(*foretold_by_own_weeks(records, scored, fold)[:2]),
        slope=found.slope,
        decile_error=found.decile_error,
        said=float(chance.mean()),
        seen=float(used.mean()),
        said_later=float(chance_later.mean()),
        seen_later=float(used_later.mean()),
        further_sd=max(found.misfit, later.misfit),
        source=populations[0].sources[0],
    )


def as_on_record(patients: Sequence[PatientWeeks]) -> list[PatientWeeks]:
    """The same patients as a clinic's record has them: it tells no arm, no week before 1, and not of a missed week."""
    return [PatientWeeks(tuple(week for week in one.weeks if week.number >= 1 and week.tested)) for one in patients]


def looked_ahead(
    records: Sequence[PatientWeeks], fold: IntArray, populations: Sequence[Population], *, weeks: int
) -> tuple[list[set[int]], FloatArray, BoolArray]:
    """The weeks of each record that are foretold so many weeks ahead, from at least one that is known; then of all of
    them the chance, and whether there was use."""
    scored = [
        {
            week.number
            for week in one.weeks
            if FIRST_WEEK <= week.number <= LAST_WEEK and one.weeks[0].number <= week.number - weeks
        }
        for one in records
    ]
    chance: list[float] = []
    used: list[bool] = []
    for part, population in enumerate(populations):
        known = []
        for k in map(int, np.flatnonzero(fold == part)):
            for week in records[k].weeks:
                if week.number in scored[k]:
                    past = records[k].until(week.number - weeks).weeks
                    known.append(PatientWeeks((*past, Week(week.number, "o"))))
                    used.append(week.code != NEGATIVE)
        chance += [one[-1].p_use for one in forecast(known, population)]
    return scored, np.array(chance), np.array(used)


def without_arm(patients: Sequence[PatientWeeks]) -> list[PatientWeeks]:
    """The same patients with no arm told."""
    return [PatientWeeks(one.weeks) for one in patients]
