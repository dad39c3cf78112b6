"""Relapse from a landmark on: four weeks in a row of use or of no test given.

The rule is that of the endpoint RsT_ctnNinetyFour_2023 (source CTN0094); a missed week counts there as use. Time is the
week in which the fourth is complete: only then is it known.
"""

from collections.abc import Sequence

import numpy as np

from sextant.use.coding import coded, side_by_side
from sextant.use.follower import Follower
from sextant.use.history import FloatArray
from sextant.use.population import Population
from sextant.use.weeks import MISSING, NEGATIVE, NONE_DUE, POSITIVE, TOLD_NOTHING, PatientWeeks

WEEKS_IN_A_ROW = 4
LANDMARK_WEEK = 4
_LAST_WEEK = 24
_COPIES = 64
_AT_ONCE = 50
_SEED = 4


def relapse_week(patient: PatientWeeks) -> int | None:
    """The week in which four in a row are complete for the first time; None if they never are."""
    run, before = 0, 0
    for week in patient.weeks:
        if not week.due:
            continue
        run = 0 if week.code == NEGATIVE else (run + 1 if week.number == before + 1 else 1)
        if run == WEEKS_IN_A_ROW:
            return week.number
        before = week.number
    return None


def at_risk(patients: Sequence[PatientWeeks], landmark: int = LANDMARK_WEEK) -> tuple[list[int], list[int], list[bool]]:
    """Who had not relapsed by the landmark (and is on record after it), until when each was followed, and whether it
    was to a relapse."""
    rows, until, happened = [], [], []
    for row, patient in enumerate(patients):
        week = relapse_week(patient)
        last = max((one.number for one in patient.weeks if one.due), default=0)
        if last > landmark and (week is None or week > landmark):
            rows.append(row)
            until.append(last if week is None else week)
            happened.append(week is not None)
    return rows, until, happened


def relapse_risk(
    patients: Sequence[PatientWeeks],
    population: Population,
    landmark: int = LANDMARK_WEEK,
    last_week: int = _LAST_WEEK,
) -> list[float]:
    """Mean share of the weeks from the landmark to `last_week` that lie after a relapse, from the weeks up to the
    landmark alone: the higher, the sooner. By simulation from the model with a fixed seed."""
    known = [one.until(landmark) for one in patients]
    # The same draws for every patient: two patients differ by what is known of them, and by nothing else.
    draws = np.random.default_rng(_SEED).random((last_week, _COPIES))
    risk: list[float] = []
    for at in range(0, len(known), _AT_ONCE):
        risk += _shares_after_relapse(known[at : at + _AT_ONCE], population, landmark, draws)
    return risk


def _shares_after_relapse(
    known: Sequence[PatientWeeks], population: Population, landmark: int, draws: FloatArray
) -> list[float]:
    result, told = (np.repeat(one, _COPIES, axis=0) for one in coded(known, landmark))
    n = len(result)
    laid = side_by_side([one for one in known for _ in range(_COPIES)], population)
    follower = Follower(laid, population)
    run, weeks_after, relapsed = np.zeros(n, np.int64), np.zeros(n), np.zeros(n, bool)
    for k, drawn in enumerate(draws):
        p_use, _, _, p_use_or_missing = follower.look()
        if k < landmark:
            seen, heard = result[:, k], told[:, k]
        else:
            p_negative = 1 - p_use_or_missing
            p_tested = p_negative / (1 - p_use)
            at = np.tile(drawn, len(known))
            seen = np.where(at < p_negative, NEGATIVE, np.where(at < p_tested, POSITIVE, MISSING))
            heard = np.full(n, TOLD_NOTHING)
        follower.take(seen, heard)
        follower.covariates(*laid.shift(k + 1))
        run = np.where((seen == NEGATIVE) | (seen == NONE_DUE), 0, run + 1)
        relapsed |= (run >= WEEKS_IN_A_ROW) & (k >= landmark)
        weeks_after += relapsed
    shares = weeks_after.reshape(-1, _COPIES).mean(axis=1) / (len(draws) - landmark)
    return [float(share) for share in shares]
