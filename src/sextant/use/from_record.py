"""One patient's weeks as the forecast reads them, from the facts of the record; and the weeks ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sextant.record import (
    ANY_PROBLEM,
    Attendance,
    PatientRecord,
    Score,
    Target,
    UseEvidence,
    UseReport,
    entries_in,
    none_is_none_of,
    one_name,
    plain,
    use_is_of,
)
from sextant.use.ahead import weeks_ahead
from sextant.use.choose import Engine
from sextant.use.forecast import WeekForecast
from sextant.use.population import Population
from sextant.use.told_of_a_week import told_of_a_week
from sextant.use.weeks import FURTHEST_WEEK, PatientWeeks, Week

_TESTED_ON = "opioids"
_SCORES = {"craving": "craving", "mood": "phq9"}
AHEAD = 4
"""Weeks that are looked ahead: further on a forecast of one week at a time says little of this patient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The chance that a test of a coming week shows use, with what it rests on.

    Parameters
    ----------
    first_day : of the first of the weeks ahead
    weeks : the chances, one a week, as if no more were known until then
    tested_weeks : weeks of this patient with a test, which the chance rests on
    """

    first_day: date
    weeks: tuple[WeekForecast, ...]
    tested_weeks: int


def weeks_of(record: PatientRecord, now: datetime) -> tuple[date, PatientWeeks]:
    """The first day of week 1, when this target was first chosen, and every week since up to the last known whole.

    Weeks before the start are left out: in the trials they tell of the programme, which here is another. A week of the
    record without a urine was not due, since the record does not say when one was; other tests are no urine.
    """
    problem, start = record.all(Target)[-1].problem, _start(record)
    reports = [one for one in record.all(UseReport) if _counts(one, problem)]
    found = [_week_of(number, start, reports, record) for number in range(1, _week(now.date(), start) + 1)]
    # The present week is not over: it counts once it has a test.
    if found and found[-1].result == "_":
        found.pop()
    return start, PatientWeeks(tuple(found))


def coming(record: PatientRecord, population: Population, now: datetime, by: Engine | None = None) -> Coming | str:
    """The weeks ahead of one patient, worked out by that engine; or the sentence that says why no chance is given.

    The model was fitted and tested on weekly urine tests in the treatment of opioid use alone. Its average patient is
    of those trials and of no clinic, so nothing is said before a week of this patient was tested.
    """
    target = record.latest(Target)
    if record.patient.deceased_at is not None:
        return "The person has died."
    if target is None:
        return "No target is chosen yet. Once it is known what is treated, what is likely can stand here."
    if entries_in(target.problem) != {_TESTED_ON}:
        return (
            f"The model was tested on weekly urine tests in the treatment of opioid use alone. Of {target.problem} it "
            "does not know."
        )
    if _week(now.date(), _start(record)) + AHEAD > FURTHEST_WEEK:
        return "The target was first chosen twenty years ago, and the model counts no weeks so far from their start."
    start, weeks = weeks_of(record, now)
    tested = sum(one.result in "-+*" for one in weeks.weeks)
    if not tested:
        return (
            f"No week since the target was chosen has a urine test of {target.problem}. With one a chance stands here."
        )
    last = weeks.last
    return Coming(
        first_day=start + timedelta(weeks=last),
        weeks=weeks_ahead(weeks, population, after=last, weeks=AHEAD, by=by),
        tested_weeks=tested,
    )


def _start(record: PatientRecord) -> date:
    """The day on which the present target was first chosen."""
    name = one_name(record.all(Target)[-1].problem)
    return next(one.day for one in record.all(Target) if one_name(one.problem) == name)


def _counts(report: UseReport, problem: str) -> bool:
    """Whether a report tells of the weeks of a target; 'anything' does not say what a test looked for.

    What the model foretells is use of any opioid, as its trials tested. So use of any of them counts, also where one
    kind is treated; that there was none counts only where it says so of all that is treated. None of the whole of
    opioids says so however the target is worded: else of 'opioids (heroin)' use alone would be heard.
    """
    if report.used is None or plain(report.problem) == ANY_PROBLEM:
        return False
    if report.used:
        return use_is_of(report.problem, problem) or use_is_of(report.problem, _TESTED_ON)
    return none_is_none_of(report.problem, problem) or none_is_none_of(report.problem, _TESTED_ON)


def _week(day: date, start: date) -> int:
    return (day - start).days // 7 + 1


def _week_of(number: int, start: date, reports: Sequence[UseReport], record: PatientRecord) -> Week:
    begin = start + timedelta(weeks=number - 1)
    end = begin + timedelta(days=6)
    tests = {one.used for one in reports if one.evidence is UseEvidence.URINE and begin <= one.covers_to <= end}
    result = "*" if len(tests) > 1 else {True: "+", False: "-"}.get(next(iter(tests), None), "_")  # type: ignore[arg-type]
    told = [one for one in reports if one.evidence is UseEvidence.SELF_REPORT]
    return Week(number, result, told_of_a_week(told, begin, end), _covariates(record, begin, end))


def _covariates(record: PatientRecord, first: date, last: date) -> dict[str, float]:
    """What else is known at the end of a week; what nobody wrote down is left out."""
    found = {"infusions": float(sum(first <= one.day <= last for one in record.infusions))}
    attended = [one.share for one in record.all(Attendance) if one.day <= last]
    if attended:
        found["attendance"] = attended[-1]
    for name, instrument in _SCORES.items():
        scored = [one.points for one in record.all(Score) if one.instrument == instrument and first <= one.day <= last]
        if scored:
            found[name] = scored[-1]
    return found
