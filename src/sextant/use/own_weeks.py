"""A plain rival of the forecast: logistic regression on the patient's own weeks, with no hidden state."""

from collections.abc import Sequence, Set

import numpy as np
from scipy.optimize import minimize

from sextant.use.history import FloatArray, IntArray
from sextant.use.judge import log_loss
from sextant.use.weeks import NEGATIVE, PatientWeeks

_RIDGE = 1e-4


def log_loss_of_own_weeks(patients: Sequence[PatientWeeks], scored: Sequence[Set[int]], fold: IntArray) -> float:
    """Log loss in the scored weeks that had a test, each fold foretold by a regression on the others.

    It reads the last test, the share of positive ones, how many there were, and whether the last week was missed.

    Parameters
    ----------
    patients : their weeks
    scored : of each patient, the numbers of the weeks to foretell
    fold : of each patient
    """
    rows = [(k, *row) for k, (one, weeks) in enumerate(zip(patients, scored, strict=True)) for row in _rows(one, weeks)]
    of, used, *columns = np.array(rows, float).T
    terms, part = np.column_stack([np.ones_like(used), *columns]), fold[of.astype(int)]
    chance = np.empty_like(used)
    for one in np.unique(part):
        held = part == one
        chance[held] = 1 / (1 + np.exp(-terms[held] @ _fitted(terms[~held], used[~held])))
    return log_loss(chance, used > 0)


def _rows(patient: PatientWeeks, scored: Set[int]) -> list[tuple[float, ...]]:
    """Of each scored week with a test: whether it showed use, then the terms of the weeks before."""
    found: list[tuple[float, ...]] = []
    tests: list[bool] = []
    missed = False
    for week in patient.weeks:
        if week.tested and week.number in scored:
            last = float(tests[-1]) if tests else 0.5
            share = (sum(tests) + 0.5) / (len(tests) + 1)
            found.append((week.code != NEGATIVE, last, share, missed, np.log1p(len(tests)), not tests))
        if week.due:
            missed = not week.tested
        if week.due and week.tested:
            tests.append(week.code != NEGATIVE)
    return found


def _fitted(terms: FloatArray, used: FloatArray) -> FloatArray:
    def loss(effects: FloatArray) -> tuple[float, FloatArray]:
        at = terms @ effects
        gradient = terms.T @ (1 / (1 + np.exp(-at)) - used) / len(used) + 2 * _RIDGE * effects
        return float(np.mean(np.logaddexp(0.0, at) - used * at) + _RIDGE * effects @ effects), gradient

    return np.asarray(minimize(loss, np.zeros(terms.shape[1]), jac=True).x)
