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
    known_as,
    names_in,
    none_is_none_of,
    one_name,
    plain,
    use_alone,
    use_is_of,
)
from sextant.units.words import list_words
from sextant.use.ahead import weeks_ahead
from sextant.use.choose import Engine
from sextant.use.forecast import WeekForecast
from sextant.use.population import LATER, Population, TriedOn
from sextant.use.shipped import shipped_population, tried
from sextant.use.told_of_a_week import told_of_a_week
from sextant.use.weeks import FURTHEST_WEEK, PatientWeeks, Week

_SCORES = {"craving": "craving", "mood": "phq9"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The chance that a coming week shows use, with what it rests on.

    Parameters
    ----------
    first_day : of the first of the weeks ahead
    weeks : the chances, one a week, as if no more were known until then
    known_weeks : weeks of this patient with a test, or that the patient told of, which the chance rests on
    gap_weeks : between the last of these and the first of the weeks ahead
    substance : what it is of, by its name in `sextant.record`
    population : that it rests on for the remainder
    """

    first_day: date
    weeks: tuple[WeekForecast, ...]
    known_weeks: int
    gap_weeks: int
    substance: str
    population: Population

    @property
    def tried_on(self) -> TriedOn:
        """How well that population foretells this substance."""
        return self.population.tried_on[self.substance]


def weeks_of(record: PatientRecord, now: datetime, substance: str) -> tuple[date, PatientWeeks]:
    """The first day of week 1, when this target was first chosen, and every week since up to the last known whole.

    What counts as a week's result is what the population of the substance was tried on: a urine test of it, or what the
    patient told of. Weeks before the start are left out: in the trials they tell of the programme, which here is
    another. A week without a result was not due, since the record does not say when one was.

    Parameters
    ----------
    record : of a patient with a target
    substance : that is treated, one of `tried()`
    """
    problem, start = record.all(Target)[-1].problem, _start(record)
    tried_on = shipped_population(substance).tried_on[substance]
    reports = [heard for one in record.all(UseReport) if (heard := _heard(one, problem, substance, tried_on))]
    read = _told_week if tried_on.told else _tested_week
    found = []
    for number in range(1, _week(now.date(), start) + 1):
        begin = start + timedelta(weeks=number - 1)
        end = begin + timedelta(days=6)
        found.append(Week(number, *read(reports, begin, end), _covariates(record, begin, end)))
    # The present week is not over: it counts once it has a result.
    if found and found[-1].result == "_":
        found.pop()
    return start, PatientWeeks(tuple(found))


def coming(record: PatientRecord, now: datetime, by: Engine | None = None) -> Coming | str:
    """The weeks ahead of one patient, worked out by that engine; or the sentence that says why no chance is given.

    Its average patient is of trials and of no clinic, so nothing is said before a week of this patient is known; and
    nothing of what no population was tried on.
    """
    target = record.latest(Target)
    if record.patient.deceased_at is not None:
        return "The person has died."
    if target is None:
        return "No target is chosen yet. Once it is known what is treated, what is likely can stand here."
    treated = entries_in(target.problem)
    if len(treated) != 1 or not treated <= set(tried()):
        return f"{_tried_words()} Of {target.problem} it does not know."
    substance = next(iter(treated))
    if _week(now.date(), _start(record)) + LATER > FURTHEST_WEEK:
        return "The target was first chosen twenty years ago, and the model counts no weeks so far from their start."
    population = shipped_population(substance).of(substance)
    start, weeks = weeks_of(record, now, substance)
    known = sum(one.tested for one in weeks.weeks)
    if not known:
        return _nothing_known(target.problem, told=population.tried_on[substance].told)
    last = weeks.last
    return Coming(
        first_day=start + timedelta(weeks=last),
        weeks=weeks_ahead(weeks, population, after=last, weeks=LATER, by=by),
        known_weeks=known,
        gap_weeks=last - max(one.number for one in weeks.weeks if one.tested),
        substance=substance,
        population=population,
    )


def _nothing_known(problem: str, *, told: bool) -> str:
    """Why no chance is given before a week is known."""
    if told:
        return (
            f"No week since the target was chosen is known of {problem}. One is once use in it is told of, or each of "
            "its days as free by somebody who was asked that week. Then a chance stands here."
        )
    return f"No week since the target was chosen has a urine test for {problem}. With one a chance stands here."


def _tried_words() -> str:
    """What the model was tried on."""
    kinds: dict[bool, list[str]] = {False: [], True: []}
    for substance in tried():
        one = shipped_population(substance).tried_on[substance]
        kinds[one.told].append(one.looked_for)
    return (
        f"The model was tried on weekly urine tests for {list_words(kinds[False])}, each alone, and on what people "
        f"told of {list_words(kinds[True])}."
    )


def _start(record: PatientRecord) -> date:
    """The day on which the present target was first chosen."""
    name = one_name(record.all(Target)[-1].problem)
    return next(one.day for one in record.all(Target) if one_name(one.problem) == name)


def _heard(report: UseReport, problem: str, substance: str, tried_on: TriedOn) -> UseReport | None:
    """A report as far as it tells of the weeks of a target; None where it tells nothing.

    What the model foretells is use of the substance in any form, as it was tried. So use of any kind of it counts, also
    where one kind is treated or another thing is named beside it; that there was none counts only where it says so of
    all that is treated, or of all that the tests looked for on which the model was tried. None of the whole substance
    says so however the target is worded: else of 'opioids (heroin)' use alone would be heard. 'Anything' does not say
    what was used or what a test looked for; who tells that there was none of anything says it of this too.
    """
    if report.used is None:
        return None
    if plain(report.problem) == ANY_PROBLEM:
        return report if report.used or report.evidence is UseEvidence.SELF_REPORT else None
    of_all = none_is_none_of(report.problem, problem) or none_is_none_of(report.problem, substance)
    if report.used:
        if not any(use_is_of(one, name) for one in names_in(report.problem) for name in (problem, substance)):
            return None
        # That there was no more beer says nothing of other alcohol.
        return report if of_all or report.evidence.is_test else use_alone(report)
    chosen = known_as(problem)
    tests_alike = report.evidence is UseEvidence.URINE and none_is_none_of(report.problem, tried_on.looked_for)
    return report if of_all or (tests_alike and chosen is not None and chosen.whole) else None


def _week(day: date, start: date) -> int:
    return (day - start).days // 7 + 1


def _tested_week(reports: Sequence[UseReport], begin: date, end: date) -> tuple[str, str]:
    """What the urines taken in a week showed, and what was told of it; other tests are no urine."""
    tests = {one.used for one in _by(reports, UseEvidence.URINE) if begin <= one.covers_to <= end}
    result = "*" if len(tests) > 1 else {True: "+", False: "-"}.get(next(iter(tests), None), "_")  # type: ignore[arg-type]
    doubts = [one for one in reports if _not_named(one) and one.evidence is UseEvidence.SELF_REPORT]
    return result, _told(_by(reports, UseEvidence.SELF_REPORT), doubts, begin, end)


def _told_week(reports: Sequence[UseReport], begin: date, end: date) -> tuple[str, str]:
    """What was told of a week as its result; a test that found use is a day of it, whatever was told.

    That there was none is read where the patient was there that week and was asked, as in the trials: of a week away it
    is told later, by those who came back. Use that was told of later still counts. A test says nothing of the days on
    which it found none; what somebody close tells makes no week one of use, and none with use free.
    """
    told = _by(reports, UseEvidence.SELF_REPORT)
    found = [use_alone(one) for one in _by(reports, UseEvidence.BREATH, UseEvidence.URINE) if one.used]
    doubts = [one for one in reports if one.used and (_not_named(one) or one.evidence is UseEvidence.COLLATERAL)]
    result = _told([*told, *found], doubts, begin, end)
    there = any(begin <= one.day <= end for one in told)
    return (result if result != "-" or there else "_"), "_"


def _told(reports: Sequence[UseReport], doubts: Sequence[UseReport], begin: date, end: date) -> str:
    """What was told of a week; not known instead of free where one of the doubts may be use of it."""
    said = told_of_a_week(reports, begin, end)
    doubtful = any(one.covers_from <= end and begin <= one.covers_to for one in map(use_alone, doubts))
    return "_" if said == "-" and doubtful else said


def _by(reports: Sequence[UseReport], *evidence: UseEvidence) -> list[UseReport]:
    return [one for one in reports if one.evidence in evidence and not _not_named(one)]


def _not_named(report: UseReport) -> bool:
    """Whether it is use of something, and nobody says of what."""
    return bool(report.used) and plain(report.problem) == ANY_PROBLEM


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
