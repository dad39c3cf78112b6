"""A plain rival of the forecast: logistic regression on the patient's own weeks, with no hidden state."""

from collections.abc import Sequence, Set

import numpy as np
from scipy.optimize import minimize

from sextant.use.history import FloatArray, IntArray
from sextant.use.judge import BoolArray
from sextant.use.weeks import NEGATIVE, PatientWeeks

_RIDGE = 1e-4


def foretold_by_own_weeks(
    patients: Sequence[PatientWeeks], scored: Sequence[Set[int]], fold: IntArray
) -> tuple[FloatArray, BoolArray, IntArray]:
    """Of each scored week with a test its chance of use, whether it showed any, and the place of the patient; each fold
    is foretold by a regression on the others.

    It reads the last test, the share of positive ones, and how many there were.

    Parameters
    ----------
    patients : their weeks
    scored : of each patient, the numbers of the weeks to foretell
    fold : of each patient
    """
    rows = [(k, *row) for k, (one, weeks) in enumerate(zip(patients, scored, strict=True)) for row in _rows(one, weeks)]
    of, used, *columns = np.array(rows, float).T
    terms, who = np.column_stack([np.ones_like(used), *columns]), of.astype(np.int64)
    chance = np.empty_like(used)
    for one in np.unique(fold[who]):
        held = fold[who] == one
        chance[held] = 1 / (1 + np.exp(-terms[held] @ _fitted(terms[~held], used[~held])))
    return chance, used > 0, who


def _rows(patient: PatientWeeks, scored: Set[int]) -> list[tuple[float, ...]]:
    """Of each scored week with a test: whether it showed use, then the terms of the weeks before."""
    found: list[tuple[float, ...]] = []
    tests: list[bool] = []
    for week in patient.weeks:
        if week.tested and week.number in scored:
            last = float(tests[-1]) if tests else 0.5
            share = (sum(tests) + 0.5) / (len(tests) + 1)
            found.append((week.code != NEGATIVE, last, share, np.log1p(len(tests)), not tests))
        if week.due and week.tested:
            tests.append(week.code != NEGATIVE)
    return found


def _fitted(terms: FloatArray, used: FloatArray) -> FloatArray:
    def loss(effects: FloatArray) -> tuple[float, FloatArray]:
        at = terms @ effects
        gradient = terms.T @ (1 / (1 + np.exp(-at)) - used) / len(used) + 2 * _RIDGE * effects
        return float(np.mean(np.logaddexp(0.0, at) - used * at) + _RIDGE * effects @ effects), gradient

    return np.asarray(minimize(loss, np.zeros(terms.shape[1]), jac=True).x)
