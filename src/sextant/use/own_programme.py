"""The population of a clinic: its own programme, fitted to its own patients around a population that was known before.

Each value of the clinic is thought to be normal around that of the population that it starts from, with one SD for how
far programmes lie apart. The calendars of the earlier programmes do not carry over, but their mean does.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sextant.use.calendar import design
from sextant.use.coding import arm_numbers, before_the_start, cohort_of
from sextant.use.cross_validation import baseline_share
from sextant.use.fit import Prior, fit
from sextant.use.history import TERMS, FloatArray, History
from sextant.use.population import Plan, Population, Span
from sextant.use.weeks import NOT_ON_RECORD, PatientWeeks

BETWEEN_PROGRAMMES_SD = 0.4
"""How far a value of one programme lies from another's, on the log odds: chosen with each trial in turn as the clinic
(benchmarks/refit_use.py, figures in docs/use-model.md)."""

OF_THE_START = 10
"""What is on record of before week 1 counts beside so many people as they were in the population of the start."""

_LEAST_SHARE = 1e-5
"""Of a pair of urines of weeks 0 and -1, however many people had others: less is 0 to the digits of a population file,
which says then that the pair is impossible."""

_PLANNED_WEEKS = 24


def own_plan(name: str, arms: Sequence[str]) -> Plan:
    """A clinic's programme. Its first weeks have values of their own, as in the trials; no later stage is known."""
    return Plan(
        name,
        tuple(arms),
        test=(Span(1, 3),),
        missed=(Span(1, 1), Span(2, 4)),
        towards=(Span(1, 2), Span(3, 5)),
    )


def fitted_to_clinic(
    patients: Sequence[PatientWeeks], plan: Plan, start: Population, between_sd: float = BETWEEN_PROGRAMMES_SD
) -> Population:
    """The population of a clinic's programme. What is not fitted is that of the start.

    Raises
    ------
    ValueError
        If a patient has no arm of the plan.
    """
    share, usual = _before_week_1(patients, plan, start)
    cohort = cohort_of(patients, plan.arms, share, usual)
    # A start far from these people sends the search past odds that a number can hold; it turns back from there.
    with np.errstate(over="ignore", invalid="ignore"):
        values = fit(cohort, (plan,), start.n_states, prior=Prior.around(centre(start, plan), between_sd))
    return replace(
        start,
        plans=(plan,),
        values=values,
        arm_share=np.bincount(cohort.arm, minlength=len(plan.arms)) / len(cohort.arm),
        baseline_share=share,
        start_terms=usual,
        n_patients=len(patients),
        tried_on={},
    )


def centre(start: Population, plan: Plan) -> dict[str, FloatArray]:
    """What the values of a programme are thought to be before any of its patients is known.

    An arm that the start knows by name keeps its values, another has the mean of all arms by their share of patients.
    Each has the mean of what the calendar added to it in the weeks that lie in no stretch of the plan; a stretch has
    what the mean of all arms was apart from that.
    """
    earlier, later = design(start.plans, _PLANNED_WEEKS), design((plan,), _PLANNED_WEEKS)
    found = dict(start.values)
    found["start_by_arm"] = _of_arms(start.values["start_by_arm"], start, plan)
    for line in ("test", "missed", "towards"):
        by_span = getattr(earlier, line) @ start.values[f"{line}_by_span"]
        by_week = start.values[f"{line}_by_arm"][:, None] + by_span
        stretches = getattr(later, line)[0].T == 1
        outside = ~stretches.any(axis=0)
        mean = np.einsum("a,a...->...", start.arm_share, by_week)
        found[f"{line}_by_arm"] = _of_arms(by_week, start, plan)[:, outside].mean(axis=1)
        of_stretches = [mean[stretch].mean(axis=0) - mean[outside].mean(axis=0) for stretch in stretches]
        found[f"{line}_by_span"] = np.array(of_stretches).reshape(len(stretches), *mean.shape[1:])
    return found


def _of_arms(values: FloatArray, start: Population, plan: Plan) -> FloatArray:
    """Values of the start's arms as those of the plan's."""
    mean = np.einsum("a,a...->...", start.arm_share, values)
    return np.array([values[start.arms.index(arm)] if arm in start.arms else mean for arm in plan.arms])


def _before_week_1(patients: Sequence[PatientWeeks], plan: Plan, start: Population) -> tuple[FloatArray, FloatArray]:
    """The share of the urines of weeks 0 and -1 in each arm, and the mean terms of the past at week 1."""
    before = before_the_start(patients)
    beside = OF_THE_START * _of_arms(start.baseline_share, start, plan)
    share = np.maximum(baseline_share(before, arm_numbers(patients, plan.arms), beside), _LEAST_SHARE)
    share /= share.sum(axis=(1, 2), keepdims=True)
    there = before.start != NOT_ON_RECORD
    terms = History(before, np.zeros(len(TERMS))).terms()[:, there]
    usual = (OF_THE_START * start.start_terms + terms.sum(axis=1)) / (OF_THE_START + int(there.sum()))
    return share, usual
