"""One patient's course as the response model reads it: scores, infusions and attendance, in days from day 0."""

import math
from dataclasses import dataclass, replace
from datetime import datetime

from sextant.instruments import InstrumentError, instrument
from sextant.record import Attendance, NewSeries, PatientRecord, Score, Target
from sextant.response.hyper_parameters import MODELLED
from sextant.units.words import day_words

DEFAULT_ATTENDANCE_SHARE = 0.5  # assumption, used until attendance was first recorded
INFUSIONS_IN_SERIES = 6


class CourseDataError(ValueError):
    """A score, dose or time that cannot be right; the message says what was seen and what to do."""


@dataclass(frozen=True, slots=True)
class ScoreAt:
    """One score in the instrument's own points, at a day (fractions allowed)."""

    day: float
    instrument: str
    points: float

    def __post_init__(self) -> None:
        _check_day(self.day, f"A score on {self.instrument}")
        if self.instrument not in MODELLED:
            raise CourseDataError(f"The response model does not know {self.instrument!r}. It reads {_known()}.")
        try:
            instrument(self.instrument).check(self.points)
        except InstrumentError as error:
            raise CourseDataError(f"Day {self.day:g}: {error}") from None


@dataclass(frozen=True, slots=True)
class Dose:
    """One infusion, given or planned, at a day (fractions allowed)."""

    day: float
    mg_per_kg: float

    def __post_init__(self) -> None:
        _check_day(self.day, "An infusion")
        if not (math.isfinite(self.mg_per_kg) and self.mg_per_kg > 0):
            raise CourseDataError(
                f"Day {self.day:g}: a dose of {self.mg_per_kg:g} mg/kg cannot have been given. Write a dose above 0, "
                "such as 0.5, or leave the infusion out."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the caller assumes of infusions not yet given, up to six in all: spacing and dose. Never advice."""

    days_between: float
    mg_per_kg: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.days_between) and self.days_between > 0):
            raise CourseDataError(
                f"Infusions {self.days_between:g} days apart cannot be planned. Write a number above 0, such as 3.5."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ages:
    """The ages that the clinic's policy takes as studied, ends included, with the sources of the limits."""

    youngest: float | None
    oldest: float | None
    sources: tuple[str, ...]

    def not_studied(self, age_years: int) -> str:
        """Why there is no forecast at this age, in a sentence; empty when there is."""
        read = f"({', '.join(self.sources)}; the clinic's limits)"
        if self.youngest is not None and age_years < self.youngest:
            return f"Nobody under {self.youngest:g} was studied {read}, so there is no forecast at {age_years} years."
        if self.oldest is not None and age_years > self.oldest:
            return f"Nobody over {self.oldest:g} was studied {read}, so there is no forecast at {age_years} years."
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseData:
    """All that the model reads of one patient.

    Day 0 starts the programme. Two readings of one instrument at one time both count. A score at exactly an
    infusion's time counts as before it. `attendance` holds (day, share) from which each share holds, in order of
    time; before the first the share is `DEFAULT_ATTENDANCE_SHARE`. `not_modelled` says in a sentence why the model
    does not apply to this course (a route, dose or age that it does not know), empty when it does.
    """

    scores: tuple[ScoreAt, ...] = ()
    infusions: tuple[Dose, ...] = ()
    planned: tuple[Dose, ...] = ()
    attendance: tuple[tuple[float, float], ...] = ()
    not_modelled: str = ""

    def __post_init__(self) -> None:
        for day, share in self.attendance:
            _check_day(day, "Attendance")
            if not 0 <= share <= 1:
                raise CourseDataError(
                    f"Attendance of {share:g} is not a share. Write 0 (none) to 1 (all of what was agreed)."
                )
        object.__setattr__(self, "attendance", tuple(sorted(self.attendance)))

    @property
    def first_infusion_day(self) -> float | None:
        """Day of the first infusion given, None before it."""
        return min((dose.day for dose in self.infusions), default=None)

    @property
    def last_infusion_day(self) -> float | None:
        """Day of the newest infusion given, None before the first."""
        return max((dose.day for dose in self.infusions), default=None)

    @property
    def last_day(self) -> float:
        """The newest day with a score or an infusion given; day 0 when there is neither."""
        days = [score.day for score in self.scores] + [dose.day for dose in self.infusions]
        return max(days, default=0.0)

    def baseline(self, target: str) -> tuple[float, ...]:
        """The target's points at or before the first infusion, or all of them if there is none yet."""
        first = self.first_infusion_day
        return tuple(s.points for s in self.scores if s.instrument == target and (first is None or s.day <= first))

    def has_baseline(self, target: str) -> bool:
        """Whether there is such a score."""
        return bool(self.baseline(target))

    def without_scores(self) -> "CourseData":
        """The same infusions in a patient of whom nothing else is known: the average patient."""
        return replace(self, scores=())

    def with_plan(self, plan: Plan, now_day: float) -> "CourseData":
        """The course with planned infusions added until given and planned are six, none before now."""
        planned = list(self.planned)
        doses = sorted((*self.infusions, *planned), key=lambda dose: dose.day)
        while len(self.infusions) + len(planned) < INFUSIONS_IN_SERIES:
            day = max(doses[-1].day + plan.days_between, now_day) if doses else now_day
            doses.append(Dose(day, plan.mg_per_kg))
            planned.append(doses[-1])
        return replace(self, planned=tuple(planned))


def from_record(
    record: PatientRecord, now: datetime, *, plan: Plan | None = None, ages: Ages | None = None
) -> CourseData:
    """The course that a patient's record tells, as it stood at `now`.

    Parameters
    ----------
    record : facts later than `now` are left out
    now : timezone-aware
    plan : what to assume of the infusions still missing to six; None plans nothing
    ages : the ages that the clinic's policy takes as studied; None does not ask

    Notes
    -----
    Day 0 is the first infusion, else `now`; days are fractions, from the facts' own times. Scores of instruments that
    the model does not read are left out.
    """
    known, _ = record.as_of(now)
    day_zero = known.infusions[0].taken_at if known.infusions else now

    def day_of(moment: datetime) -> float:
        return (moment - day_zero).total_seconds() / 86_400

    course = CourseData(
        scores=tuple(
            ScoreAt(day_of(score.taken_at), score.instrument, score.points)
            for score in known.all(Score)
            if score.instrument in MODELLED
        ),
        infusions=tuple(
            Dose(day_of(infusion.taken_at), infusion.dose_mg_per_kg)
            for infusion in known.infusions
            if infusion.dose_mg_per_kg is not None
        ),
        attendance=tuple((day_of(one.taken_at), one.share) for one in known.all(Attendance)),
        not_modelled=(ages.not_studied(known.patient.age_on(now.date())) if ages else "") or _not_modelled(known),
    )
    return course if plan is None else course.with_plan(plan, day_of(now))


def now_day(record: PatientRecord, now: datetime) -> float:
    """The day of `now` on the scale of `from_record`."""
    known, _ = record.as_of(now)
    return (now - known.infusions[0].taken_at).total_seconds() / 86_400 if known.infusions else 0.0


def _not_modelled(record: PatientRecord) -> str:
    """Why the model does not apply: a route or dose that it does not know, or other ketamine since the target."""
    if len(record.series) < len(record.infusions):
        begun = record.all(NewSeries)[-1].day
        return f"A new series began on {day_words(begun)}; the forecast was tested on first series alone."
    since = min((target.day for target in record.all(Target)), default=None)
    other = tuple(one for one in record.other_ketamine if since is not None and one.day >= since)
    for infusion in (*other, *record.infusions):
        if infusion.given_elsewhere:
            return (
                f"Ketamine was given elsewhere on {day_words(infusion.day)}, so what these scores show is not of the "
                "infusions here alone."
            )
        if infusion.route != "intravenous":
            return (
                f"Ketamine was given by another route ({infusion.route}) on {day_words(infusion.day)}; the forecast "
                "knows intravenous infusions only."
            )
        if infusion.dose_mg_per_kg is None:
            return (
                f"The dose of the infusion on {day_words(infusion.day)} is not known in mg/kg. Enter the weight of "
                "that day or the dose by weight."
            )
    return ""


def _check_day(day: float, what: str) -> None:
    if not math.isfinite(day):
        raise CourseDataError(f"{what} has day {day!r}. Write a number of days, such as 0 or 3.5.")


def _known() -> str:
    return ", ".join(MODELLED)
