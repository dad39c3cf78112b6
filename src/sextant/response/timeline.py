"""Courses of one or many patients as flat arrays in order of time: what the engines read."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from sextant.instruments import instrument
from sextant.response.course_data import DEFAULT_ATTENDANCE_SHARE, CourseData
from sextant.response.hyper_parameters import MODELLED
from sextant.response.reading import Reading
from sextant.response.report import FloatArray, IntArray
from sextant.response.settings import Settings

LIMIT_POINTS = 0.5  # a score this close to the end of its scale is at the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Timelines:
    """Visits, scores and infusions of patients, one after the other.

    A visit is all scores of one patient at one time. Patient p has the visits `first_visit[p]` to
    `first_visit[p + 1]`, visit v the scores `first_score[v]` to `first_score[v + 1]`, and so on.

    Parameters
    ----------
    instruments : those that columns count over
    day, trend : of each visit; trend is S(t)
    column, value : instrument and scaled points of each score
    low, high : cuts between which the truth behind a score lies, NaN where a score is a plain number
    dose_day, dose_effect : of each infusion, in order of time
    """

    instruments: tuple[str, ...]
    first_visit: IntArray
    day: FloatArray
    trend: FloatArray
    first_score: IntArray
    column: IntArray
    value: FloatArray
    low: FloatArray
    high: FloatArray
    first_dose: IntArray
    dose_day: FloatArray
    dose_effect: FloatArray

    def __len__(self) -> int:
        return len(self.first_visit) - 1


def trend(days: FloatArray, attendance: Sequence[tuple[float, float]], trend_days: float) -> FloatArray:
    """S(t): how far the programme's own effect has come, 0 at day 0, nearing 0.5 + 0.5 * share attended.

    Parameters
    ----------
    days : any days
    attendance : (day, share) from which each share holds, in order of time; before the first it is
        `DEFAULT_ATTENDANCE_SHARE`
    trend_days : days over which the effect comes and goes
    """
    since = [0.0, *(max(day, 0.0) for day, _ in attendance)]
    shares = [DEFAULT_ATTENDANCE_SHARE, *(share for _, share in attendance)]
    level = np.zeros_like(days)
    reached = 0.0
    for n, (start, share) in enumerate(zip(since, shares, strict=True)):
        end = since[n + 1] if n + 1 < len(since) else np.inf
        goal = 0.5 + 0.5 * share
        here = (days > start) & (days <= end)
        level[here] = goal + (reached - goal) * np.exp(-(days[here] - start) / trend_days)
        reached = goal + (reached - goal) * np.exp(-(end - start) / trend_days)
    return level


def pack(courses: Sequence[CourseData], instruments: Sequence[str], reading: Reading, settings: Settings) -> Timelines:
    """Courses as arrays; infusions not yet given are left out.

    Parameters
    ----------
    instruments : at least all that were scored
    reading : decides which scores are plain numbers
    settings : for what is the same in all of them, the days of the trend and the curve from dose to effect
    """
    visits, scores, doses = [0], [0], [0]
    days: list[float] = []
    trends: list[FloatArray] = []
    cells: list[tuple[int, float, float, float]] = []
    given: list[tuple[float, float]] = []
    column = {key: n for n, key in enumerate(instruments)}
    for course in courses:
        last: float | None = None
        before = len(days)
        for score in sorted(course.scores, key=lambda one: (one.day, column[one.instrument])):
            if score.day != last:
                last = score.day
                days.append(score.day)
                scores.append(scores[-1])
            scores[-1] += 1
            scale = MODELLED[score.instrument].scale_points
            low, high = _cuts(score.instrument, score.points, reading)
            cells.append((column[score.instrument], score.points / scale, low / scale, high / scale))
        visits.append(len(days))
        trend_days = float(settings["trend_days"][0])
        trends.append(trend(np.array(days[before:], dtype=float), course.attendance, trend_days))
        given += sorted((dose.day, dose.mg_per_kg) for dose in course.infusions)
        doses.append(len(given))
    told = np.array(cells, dtype=float).reshape(-1, 4)
    amounts = np.array(given, dtype=float).reshape(-1, 2)
    return Timelines(
        instruments=tuple(instruments),
        first_visit=np.array(visits),
        day=np.array(days, dtype=float),
        trend=np.concatenate(trends) if trends else np.zeros(0),
        first_score=np.array(scores),
        column=told[:, 0].astype(np.int64),
        value=told[:, 1].copy(),
        low=told[:, 2].copy(),
        high=told[:, 3].copy(),
        first_dose=np.array(doses),
        dose_day=amounts[:, 0].copy(),
        dose_effect=settings.dose_effect(amounts[:, 1]),
    )


def _cuts(key: str, points: float, reading: Reading) -> tuple[float, float]:
    """Between which points the truth behind a score lies; not a number where the score is one."""
    scale = instrument(key)
    if reading.steps and (cuts := MODELLED[key].cuts):
        edges = (-np.inf, *cuts, np.inf)
        return edges[floor(points)], edges[ceil(points) + 1]
    if reading.limits and points <= scale.lowest + LIMIT_POINTS:
        return -np.inf, scale.lowest + LIMIT_POINTS
    if reading.limits and points >= scale.highest - LIMIT_POINTS:
        return scale.highest - LIMIT_POINTS, np.inf
    return np.nan, np.nan
