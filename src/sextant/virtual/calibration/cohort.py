"""Virtual patients up to the moment at which a forecast is made, and what came true afterwards.

What is simulated, all of it design assumptions: visits on the days of the reference patient, six infusions of
0.5 mg/kg, four instruments in whole points cut to their scales, and one score in twelve missing by chance.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from sextant.instruments import instrument
from sextant.response import DEFAULT_ATTENDANCE_SHARE, MODELLED, CourseData, Dose
from sextant.response.report import BoolArray, FloatArray, IntArray
from sextant.virtual.people import Doses, People, courses_of

MEASURED = ("craving", "phq9", "gad7", "use_days")
TARGET = "craving"
POINTS = MODELLED[TARGET].scale_points
VISITS = np.array([-14, -7, -1, 0, 1, 3, 4, 7, 8, 10, 11, 14, 15, 17, 18, 21, 24, 28, 35, 42, 49, 56, 70, 84], float)
SERIES: Doses = tuple((day, 0.5) for day in (0.0, 3.0, 7.0, 10.0, 14.0, 17.0))
CLEAR_ASKED_DAY = 20.0  # three days after the sixth infusion
MISSING = 1 / 12  # share of scores

Scores = Callable[[People, FloatArray, Doses, np.random.Generator], FloatArray]
"""Points of people on days, (n, n_days, n_instruments)."""

Missing = Callable[[FloatArray, np.random.Generator], BoolArray]
"""Which of these points (n, n_days, n_instruments) nobody took."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a forecast is made, of how many infusions, and for which day.

    Parameters
    ----------
    key, name : what tables and people call it
    infusions : given so far
    known_until : last day of which scores are known
    asked_day : day that is forecast
    to_go_on : whether the rest of the six is planned; then 'clear' is asked three days after the sixth
    """

    key: str
    name: str
    infusions: int
    known_until: float
    asked_day: float
    to_go_on: bool

    @property
    def visits(self) -> FloatArray:
        """Days with scores."""
        return VISITS[: np.searchsorted(VISITS, self.known_until, side="right")]

    @property
    def given(self) -> Doses:
        """Infusions so far."""
        return SERIES[: self.infusions]

    @property
    def counted(self) -> Doses:
        """Infusions given and planned, which clear benefit is judged by."""
        return SERIES if self.to_go_on else self.given

    @property
    def clear_day(self) -> float:
        """The day on which clear benefit is asked."""
        return CLEAR_ASKED_DAY if self.to_go_on else self.asked_day


AFTER_1 = Moment(key="1", name="after infusion 1", infusions=1, known_until=1.0, asked_day=3.0, to_go_on=True)
AFTER_3 = Moment(key="3", name="after infusion 3", infusions=3, known_until=8.0, asked_day=10.0, to_go_on=True)
AFTER_6 = Moment(key="6", name="after infusion 6", infusions=6, known_until=18.0, asked_day=20.0, to_go_on=True)
LATE = Moment(key="60d", name="60 days after infusion 6", infusions=6, known_until=42.0, asked_day=77.0, to_go_on=False)
LATE_OF_3 = Moment(
    key="60d of 3",
    name="60 days after infusion 3, the last (nine visits)",
    infusions=3,
    known_until=8.0,
    asked_day=67.0,
    to_go_on=False,
)
MOMENTS = (AFTER_1, AFTER_3, AFTER_6, LATE, LATE_OF_3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """n patients as a clinic would hold them at a moment, and what came true; the target is craving.

    Parameters
    ----------
    courses : scores known, infusions given and planned
    asked_day, clear_day : of the moment
    responds, clear : (n,); clear is benefit above half of the own baseline on the clear day
    benefit, level : on the asked day, in units of benefit and in scaled points free of noise, (n,)
    new_low, new_high : between which a score observed on the asked day lies, scaled; infinite at the ends, (n,)
    new_points : that score, (n,)
    baseline, ln_tau_s : of each person, (n,)
    chance : uniform draws for what is discrete, (n, 2)
    exact : for courses that were not rounded or cut, the scaled value of each score in the order of the courses
    """

    courses: list[CourseData]
    asked_day: float
    clear_day: float
    responds: BoolArray
    clear: BoolArray
    benefit: FloatArray
    level: FloatArray
    new_low: FloatArray
    new_high: FloatArray
    new_points: FloatArray
    baseline: FloatArray
    ln_tau_s: FloatArray
    chance: FloatArray
    exact: FloatArray | None = None

    def __len__(self) -> int:
        return len(self.courses)

    def take(self, rows: IntArray) -> "Cohort":
        """These patients."""
        cells: dict[str, Any] = {name: getattr(self, name)[rows] for name in _TRUTHS}
        return replace(self, courses=[self.courses[row] for row in rows], exact=None, **cells)

    @classmethod
    def joined(cls, parts: Sequence["Cohort"]) -> "Cohort":
        """Patients of the same moment, one part after the other."""
        cells: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _TRUTHS}
        return replace(parts[0], courses=[course for part in parts for course in part.courses], exact=None, **cells)


_TRUTHS = tuple(
    field.name for field in fields(Cohort) if field.name not in ("courses", "asked_day", "clear_day", "exact")
)


def as_people_score(people: People, days: FloatArray, doses: Doses, rng: np.random.Generator) -> FloatArray:
    """As the model says."""
    return people.scores(days, doses, DEFAULT_ATTENDANCE_SHARE, rng)


def by_chance(points: FloatArray, rng: np.random.Generator) -> BoolArray:
    """One in twelve, whatever its value; of a visit with none left, the first is kept."""
    gone = rng.random(points.shape) < MISSING
    gone[:, :, 0] &= ~gone.all(axis=2)
    return gone


def draw_cohort(
    people: People,
    moment: Moment,
    rng: np.random.Generator,
    *,
    scores: Scores = as_people_score,
    missing: Missing = by_chance,
) -> Cohort:
    """These people at this moment, and what came true."""
    days = np.append(moment.visits, moment.asked_day)
    points = scores(people, days, moment.given, rng)
    known, new_points = points[:, :-1].copy(), points[:, -1, people.instruments.index(TARGET)]
    known[missing(known, rng)] = np.nan
    return cohort_of(people, moment, known, new_points, rng)


def draw_exact_cohort(people: People, moment: Moment, rng: np.random.Generator) -> Cohort:
    """The same with scores that are plain numbers, neither rounded nor cut: what the engine is exact for."""
    days = np.append(moment.visits, moment.asked_day)
    uncut = _Uncut(**{field.name: getattr(people, field.name) for field in fields(People)})
    scaled = as_people_score(uncut, days, moment.given, rng)
    known, new = scaled[:, :-1], scaled[:, -1, people.instruments.index(TARGET)]
    gone = by_chance(known, rng)
    nowhere = np.where(gone, np.nan, 0.0)  # stands for the scores in courses, which refuse what is off their scale
    cohort = cohort_of(people, moment, nowhere, np.zeros(len(people)), rng)
    return replace(cohort, new_points=POINTS * new, new_low=new, new_high=new, exact=known[~gone])


class _Uncut(People):
    """People whose scores are shown as they are, in scaled points."""

    __slots__ = ()

    def _as_points(self, scaled: FloatArray) -> FloatArray:
        return scaled


def cohort_of(
    people: People, moment: Moment, known: FloatArray, new_points: FloatArray, rng: np.random.Generator
) -> Cohort:
    """A cohort from points that are known, NaN where missing, and the score that came on the asked day."""
    asked, clear_day = np.array([moment.asked_day]), np.array([moment.clear_day])
    column = people.instruments.index(TARGET)
    planned = tuple(Dose(*dose) for dose in moment.counted[moment.infusions :])
    courses = courses_of(people, known, moment.visits, moment.given, DEFAULT_ATTENDANCE_SHARE)
    scale = instrument(TARGET)
    return Cohort(
        courses=[replace(course, planned=planned) for course in courses],
        asked_day=moment.asked_day,
        clear_day=moment.clear_day,
        responds=people.responds,
        clear=people.clear(clear_day, moment.counted, TARGET)[:, 0],
        benefit=people.benefit(asked, moment.given)[:, 0],
        level=people.level(asked, moment.given, DEFAULT_ATTENDANCE_SHARE)[:, 0, column],
        new_low=np.where(new_points <= scale.lowest, -np.inf, new_points - 0.5) / POINTS,
        new_high=np.where(new_points >= scale.highest, np.inf, new_points + 0.5) / POINTS,
        new_points=new_points,
        baseline=people.baselines[:, column],
        ln_tau_s=np.log(people.tau_s_days),
        chance=rng.random((len(people), 2)),
    )
