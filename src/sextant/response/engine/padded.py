"""Patients of unequal length side by side, so that all take their n-th visit together."""

from dataclasses import dataclass

import numpy as np

from sextant.response.report import BoolArray, FloatArray, IntArray
from sextant.response.timeline import Timelines


@dataclass(frozen=True, slots=True, kw_only=True)
class Padded:
    """Visits of n patients. A visit or score that is not there has `there` False, and no time passes before it.

    Shapes: passed (days since the visit before), trend, since_dose (days since the last infusion, infinite without
    one) are (n, n_visits); column, value, low, high, there are (n, n_visits, n_scores). `doses` holds, for each visit,
    how many days ago each infusion since the visit before was given and its effect, each (n, n_doses).
    """

    passed: FloatArray
    trend: FloatArray
    since_dose: FloatArray
    column: IntArray
    value: FloatArray
    low: FloatArray
    high: FloatArray
    there: BoolArray
    doses: list[tuple[FloatArray, FloatArray]]


def padded(timelines: Timelines, who: IntArray) -> Padded:
    """These patients, in this order."""
    first, n_visits = timelines.first_visit[who], np.diff(timelines.first_visit)[who]
    most_visits = int(n_visits.max(initial=0))
    turn = np.arange(most_visits)
    seen = turn < n_visits[:, None]
    # A patient who has no such visit stays at the last one there was.
    visit = np.minimum(first[:, None] + turn, np.maximum(first + n_visits - 1, 0)[:, None])
    day, trend = timelines.day[visit], timelines.trend[visit]
    n_scores = np.diff(timelines.first_score)[visit]
    slot = np.arange(int(n_scores.max(initial=0)))
    there = seen[:, :, None] & (slot < n_scores[:, :, None])
    score = np.where(there, timelines.first_score[visit][:, :, None] + slot, 0)

    first_dose, n_doses = timelines.first_dose[who], np.diff(timelines.first_dose)[who]
    dose_slot = np.arange(int(n_doses.max(initial=0)))
    given = dose_slot < n_doses[:, None]
    dose = np.where(given, first_dose[:, None] + dose_slot, 0)
    has_doses = bool(given.any())
    dose_day = np.where(given, timelines.dose_day[dose], np.inf) if has_doses else np.zeros((len(who), 0))
    effect = timelines.dose_effect[dose] if has_doses else dose_day
    # An infusion acts from the first visit that is strictly later; one after the last visit acts at none.
    acts_at = (seen[:, :, None] & (day[:, :, None] <= dose_day[:, None, :])).sum(axis=1)
    given &= acts_at < n_visits[:, None]
    last_dose = np.full((len(who), most_visits + 1), -np.inf)
    rows = np.broadcast_to(np.arange(len(who))[:, None], dose_day.shape)
    np.maximum.at(last_dose, (rows[given], acts_at[given]), dose_day[given])
    return Padded(
        passed=np.diff(day, axis=1, prepend=day[:, :1]),
        trend=trend,
        since_dose=day - np.maximum.accumulate(last_dose, axis=1)[:, :most_visits],
        column=timelines.column[score],
        value=timelines.value[score],
        low=timelines.low[score],
        high=timelines.high[score],
        there=there,
        doses=[_since(n, acts_at, given, day, dose_day, effect) for n in range(most_visits)],
    )


def _since(
    visit: int, acts_at: IntArray, given: BoolArray, day: FloatArray, dose_day: FloatArray, effect: FloatArray
) -> tuple[FloatArray, FloatArray]:
    new = given & (acts_at == visit)
    if not new.any():
        return np.zeros((len(new), 0)), np.zeros((len(new), 0))
    most = int(new.sum(axis=1).max())
    order = np.argsort(~new, axis=1, kind="stable")[:, :most]
    new = np.take_along_axis(new, order, axis=1)
    ago = day[:, visit, None] - np.take_along_axis(dose_day, order, axis=1)
    return np.where(new, ago, 0.0), np.where(new, np.take_along_axis(effect, order, axis=1), 0.0)
