"""What the trajectory draws: forecasts, scores, infusions and use of one patient, on one axis of time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

import numpy as np
from django.core.cache import cache

from sextant.clinic.charts import Bands, Given, Observed, TrajectoryChart, UseRun
from sextant.clinic.pages.standing import standing_of
from sextant.clinic.pages.words import in_sentence, short_day
from sextant.clinic.services.population import population_at
from sextant.course import assumed_plan, series_of, studied_ages
from sextant.instruments import Instrument, instrument
from sextant.protocol import Limits
from sextant.protocol.sobriety import counted_use
from sextant.record import PatientRecord, Score, Target, UseDay, days_of
from sextant.response import (
    INFUSIONS_IN_SERIES,
    CourseData,
    Dose,
    Population,
    fastest,
    forecast,
    from_record,
    now_day,
    refusal,
    trajectory,
)
from sextant.units.words import count_words

_LONGEST_PAST = timedelta(days=126)
_AHEAD = timedelta(days=56)


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The one infusion that the forecast counts in, though it is not given."""

    number: int
    at: datetime
    mg_per_kg: float
    decided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartData:
    """The chart with the facts that its sentences and its tables are made of."""

    chart: TrajectoryChart
    instrument: Instrument
    scores: tuple[Score, ...]
    next: Next | None
    refused: str


def chart_data(
    record: PatientRecord, answer: dict[str, Any], limits: Limits, now: datetime, *, cache_key: str, withheld: str = ""
) -> ChartData | None:
    """All that the trajectory shows, or None before a target is chosen.

    `cache_key` names the stored recommendation; the bands of one recommendation are worked out once. `withheld` says
    why the forecast is not shown yet to this person, empty where it is.
    """
    target = record.latest(Target)
    if target is None:
        return None
    measured = instrument(target.instrument)
    scores = tuple(score for score in record.all(Score) if score.instrument == target.instrument)
    ahead = _next(record, answer, limits, now)
    start = _start(record, scores, now)
    end = (now + _AHEAD).date()
    origin = datetime.combine(start, time(), tzinfo=now.tzinfo)

    def day(moment: datetime) -> float:
        return (moment - origin) / timedelta(days=1)

    course = from_record(record, now, ages=studied_ages(limits))
    if ahead is not None:
        course = _with_next(course, record, ahead, now)
    refused = withheld or refusal(course, target.instrument) or ""
    # Day 0 of the model is the first infusion; day 0 of the chart is its left edge.
    shift = day(record.infusions[0].taken_at if record.infusions else now)
    patient, average = None, None
    if not refused:
        patient, average = _bands(course, target.instrument, shift, start, end, population_at(now), cache_key)
    before, _ = _before_and_last(record, scores)
    finding = _finding(record, scores, measured)
    earlier = len(record.infusions) - len(record.series)
    infusions = [
        Given(day=day(one.taken_at), number=n if n <= earlier else n - earlier)
        for n, one in enumerate(record.infusions, start=1)
    ]
    if ahead is not None:
        infusions.append(Given(day=day(ahead.at), number=ahead.number, proposed=True))
    chart = TrajectoryChart(
        finding=f"{finding}: {measured.name} of {record.patient.name or 'this patient'} and its forecast",
        figures=_figures(measured, scores, patient, average, end, now),
        measures=measured.name,
        lowest=measured.lowest,
        highest=measured.highest,
        start=start,
        end=end,
        today=now.date(),
        observed=[Observed(day=day(s.taken_at), points=s.points) for s in scores if day(s.taken_at) >= 0],
        infusions=[one for one in infusions if one.day >= 0],
        use=use_runs(days_of(counted_use(record, start, now.date()))),
        average=average,
        patient=patient,
        clear_at=sum(before) / len(before) / 2 if before else None,
    )
    return ChartData(chart=chart, instrument=measured, scores=scores, next=ahead, refused=refused)


def average_odds(record: PatientRecord, limits: Limits, now: datetime, *, cache_key: str) -> float | None:
    """The average patient's odds of clear benefit by infusion 6, under this patient's infusions."""
    target = record.latest(Target)
    if target is None:
        return None
    key = f"average-odds:{cache_key}"
    odds: float | None = cache.get(key)
    if odds is None:
        course = from_record(
            record, now, plan=assumed_plan(series_of(record), limits), ages=studied_ages(limits)
        ).without_scores()
        averaged = forecast(
            course, target.instrument, now_day=now_day(record, now), population=population_at(now), by=fastest()
        ).p_clear_by_six
        odds = None if averaged is None else averaged.mean
        cache.set(key, odds, timeout=24 * 3600)
    return odds


def finding_words(record: PatientRecord, now: datetime) -> str:
    """What the scores show so far, as a sentence to stand above the chart."""
    target = record.latest(Target)
    if target is None:
        return "No target chosen yet"
    known, _ = record.as_of(now)
    scores = tuple(score for score in known.all(Score) if score.instrument == target.instrument)
    return _finding(known, scores, instrument(target.instrument))


def _finding(record: PatientRecord, scores: Sequence[Score], measured: Instrument) -> str:
    name, given = measured.name, record.infusions
    within = in_sentence(name)
    if not scores:
        return f"No {within} score yet: only the average patient can be shown"
    before, last = _before_and_last(record, scores)
    if not given:
        return f"{name} is {scores[-1].points:g}, before any infusion"
    if not before:
        return f"No {within} score from before infusion 1: only the average patient can be shown"
    # One score is one noisy answer, so both ends of what was seen are said and never a fall or a rise.
    low, high = min(before), max(before)
    began = f"{low:g}" if low == high else f"between {low:g} and {high:g}"
    if last is None:
        return f"{name} was {began} before infusion 1; nothing is known since infusion {len(given)}"
    return f"Last {within} score {last.points:g}; before infusion 1 {began}"


def _before_and_last(record: PatientRecord, scores: Sequence[Score]) -> tuple[list[float], Score | None]:
    """The scores from before the first infusion, and the newest score since the last one."""
    given = record.infusions
    if not given:
        return [score.points for score in scores], (scores[-1] if scores else None)
    before = [score.points for score in scores if score.taken_at <= given[0].taken_at]
    since = [score for score in scores if score.taken_at > given[-1].taken_at]
    return before, (since[-1] if since else None)


def _next(record: PatientRecord, answer: dict[str, Any], limits: Limits, now: datetime) -> Next | None:
    """The infusion that was decided and that nothing holds, else the one that is advised; there is never a second."""
    given = record.infusions
    number = len(given) + 1
    series = series_of(record)
    plan = assumed_plan(series, limits)
    standing = standing_of(series.decision, len(given), answer, now.date())
    if standing is not None and standing.goes:
        at = max(now, datetime.combine(standing.decision.for_day, time(12), tzinfo=now.tzinfo))
        return Next(number=number, at=at, mg_per_kg=plan.mg_per_kg, decided=True)
    if answer["step"]["code"] != "offer_infusion" or number > INFUSIONS_IN_SERIES:
        return None
    soonest = given[-1].taken_at + timedelta(days=plan.days_between) if given else now
    return Next(number=number, at=max(now, soonest), mg_per_kg=plan.mg_per_kg, decided=False)


def _with_next(course: CourseData, record: PatientRecord, ahead: Next, now: datetime) -> CourseData:
    day = now_day(record, now) + (ahead.at - now) / timedelta(days=1)
    return replace(course, planned=(Dose(day, ahead.mg_per_kg),))


def _start(record: PatientRecord, scores: Sequence[Score], now: datetime) -> date:
    """First day drawn: two days before the first fact of the course, at most eighteen weeks back."""
    firsts = [facts[0].taken_at for facts in (scores, record.infusions) if facts]
    first = min([*firsts, now - timedelta(days=14)])
    return max(first - timedelta(days=2), now - _LONGEST_PAST).date()


def _bands(
    course: CourseData, target: str, shift: float, start: date, end: date, population: Population, cache_key: str
) -> tuple[Bands | None, Bands | None]:
    """This patient's bands (None without a score from before the first infusion) and the average patient's."""
    key = f"trajectory:{cache_key}:{target}:{start}:{end}"
    stored: tuple[Bands | None, Bands | None] | None = cache.get(key)
    if stored is None:
        last = float((end - start).days)
        doses = [dose.day + shift for dose in (*course.infusions, *course.planned)]
        drawn = sorted({*np.arange(0.0, last + 1), *(d + after for d in doses for after in (0.0, 0.02, 0.5) if d > 0)})
        drawn = [day for day in drawn if 0 <= day <= last]
        own = course.has_baseline(target)
        stored = (
            _bands_of(course, target, drawn, shift, population) if own else None,
            _bands_of(course.without_scores(), target, drawn, shift, population),
        )
        cache.set(key, stored, timeout=24 * 3600)
    return stored


def _bands_of(course: CourseData, target: str, drawn: list[float], shift: float, population: Population) -> Bands:
    days = [day - shift for day in drawn]
    quantiles = trajectory(course, target, days, population=population, count_planned=True, by=fastest()).quantiles
    _, low80, low50, median, high50, high80, _ = (column.tolist() for column in quantiles.T)
    return Bands(days=drawn, median=median, low50=low50, high50=high50, low80=low80, high80=high80)


def _figures(
    measured: Instrument,
    scores: Sequence[Score],
    patient: Bands | None,
    average: Bands | None,
    end: date,
    now: datetime,
) -> str:
    """The chart in figures, for those who hear it."""
    said = [
        f"{count_words(len(scores), 'score')} observed, the last {scores[-1].points:g}." if scores else "No score yet."
    ]
    last_day = short_day(end, now.date())
    if patient is not None:
        low, high = _held(patient.low80[-1], measured), _held(patient.high80[-1], measured)
        said.append(
            f"This patient's forecast for {last_day} has a median of {_held(patient.median[-1], measured):.0f}; "
            f"8 in 10 courses lie from {low:.0f} to {high:.0f}."
        )
    if average is not None:
        said.append(f"The average patient is at {_held(average.median[-1], measured):.0f} then.")
    return " ".join(said)


def _held(points: float, measured: Instrument) -> float:
    return min(max(points, measured.lowest), measured.highest)


def use_runs(calendar: Sequence[UseDay]) -> list[UseRun]:
    """What is known of use from day to day, as runs of days alike.

    A span with use on days that nobody named is a run of its own, with its count of days where that is known.
    """
    runs: list[UseRun] = []
    for (use, _), days in groupby(calendar, key=lambda one: (one.use, one.span)):
        of = [*days]
        begin, end = ((one.day - calendar[0].day).days for one in (of[0], of[-1]))
        runs.append(UseRun(first_day=begin, last_day=end, use=use, days_used=of[0].span_days_used))
    return runs
