"""The forecast: for each week that was due, the chance of use from that patient's earlier weeks alone."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, pairwise
from os import cpu_count
from typing import NamedTuple

import numpy as np

from sextant.use.choose import Engine, engine
from sextant.use.coding import side_by_side, weeks_before_the_first_row
from sextant.use.population import Population
from sextant.use.weeks import NONE_DUE, PatientWeeks, Week

_YEAR = 52
_AT_ONCE = 600
"""Patients followed together: what they need fits the processor's cache."""


class WeekForecast(NamedTuple):
    """One week of one patient, before it was known. A tuple, because a hundred thousand of them are made at a time.

    Parameters
    ----------
    week : of the programme
    p_use : chance of a positive or mixed result if a test is taken
    p_use_low, p_use_high : 80 % interval of the patient's own chance, over what is not known of the patient and of the
        population
    p_use_or_missing : chance of anything but a negative result, a missed week counted as use
    """

    week: int
    p_use: float
    p_use_low: float
    p_use_high: float
    p_use_or_missing: float


def forecast(
    patients: Sequence[PatientWeeks], population: Population, by: Engine | None = None
) -> list[list[WeekForecast]]:
    """For each patient, every week that was due (the first too), each from earlier weeks alone.

    A week that is not on record was not due: time passes, and nothing is learned. `by` does the work, NumPy's engine
    where none is named.
    """
    worker = by or engine("numpy")
    found: list[list[WeekForecast]] = [[] for _ in patients]
    # Those who begin in one year together: the weeks before are passed in one step. Of them those of one arm and of
    # like length: they share the arm's moves, and few columns stand empty.
    years = [weeks_before_the_first_row([one]) // _YEAR for one in patients]
    in_order = sorted(range(len(patients)), key=lambda k: (years[k], patients[k].arm or "", patients[k].last))
    blocks = [
        of_year[at : at + _AT_ONCE]
        for of_year in (list(group) for _, group in groupby(in_order, key=years.__getitem__))
        for at in range(0, len(of_year), _AT_ONCE)
    ]

    def work(block: list[int]) -> list[list[WeekForecast]]:
        return _together([patients[k] for k in block], population, worker)

    with ThreadPoolExecutor(cpu_count()) as pool:
        for block, answers in zip(blocks, pool.map(work, blocks), strict=True):
            for k, weeks in zip(block, answers, strict=True):
                found[k] = weeks
    return found


def next_week(patient: PatientWeeks, population: Population) -> WeekForecast:
    """The week after the last on record, if a test is due in it."""
    after = PatientWeeks((*patient.weeks, Week(patient.last + 1, "o")), patient.arm)
    return forecast([after], population)[0][-1]


def _together(patients: Sequence[PatientWeeks], population: Population, by: Engine) -> list[list[WeekForecast]]:
    laid = side_by_side(patients, population, weeks_before_the_first_row(patients))
    figures = by.figures(laid, population)
    row, week = np.nonzero(laid.result != NONE_DUE)
    found = list(map(WeekForecast, (week + laid.passed + 1).tolist(), *figures[row, week].T.tolist()))
    cuts = np.searchsorted(row, np.arange(len(patients) + 1)).tolist()
    return [found[first:last] for first, last in pairwise(cuts)]
