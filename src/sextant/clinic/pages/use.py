"""Use and sobriety of one patient: what happened, how sure we are of each day, and the way back after a lapse."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from sextant.clinic.charts import CalendarChart, calendar_svg
from sextant.clinic.pages.access import Opened, for_staff, open_patient, staff
from sextant.clinic.pages.coming_card import coming_card
from sextant.clinic.pages.lapse_words import lapse_of, talk_words
from sextant.clinic.pages.standing import barring
from sextant.clinic.pages.words import short_day, sober_evidence_words, sober_words
from sextant.clinic.services import access
from sextant.course import State
from sextant.protocol import sobriety
from sextant.protocol.sobriety import speaks_of, tobacco_is_no_bar
from sextant.record import ANY_PROBLEM, DayUse, PatientRecord, Target, UseDay, UseReport, one_name, plain, use_calendar
from sextant.units.words import count_words, list_words

_WEEKS = 11
_USE_WORDS = {
    DayUse.USED: "used",
    DayUse.SOME: "used, on days not named",
    DayUse.NOT: "did not use",
    DayUse.UNKNOWN: "not known",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """One substance or behaviour: the finding as a sentence, the calendar, and the same as a table."""

    problem: str
    finding: str
    svg: SafeString
    rows: list[tuple[str, str, str, str]]
    disagree: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """What stands between a lapse and the next step; each is done or still to do."""

    title: str
    talk: str
    talked: bool
    gates: str


@for_staff
def use(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """All that is known of use, by substance and by behaviour."""
    opened = open_patient(request, patient_id, "use")
    sober = sobriety(opened.record, opened.now)
    page = {
        "here": "use",
        "strip": opened.strip,
        "sober": sober_words(sober),
        "sober_evidence": sober_evidence_words(sober, opened.now.date()),
        "of": _counted_of(opened.record),
        "calendars": list(_calendars(opened.record, opened.now)),
        "weeks": _WEEKS,
        "coming": coming_card(opened.answer, opened.now.date()),
        "way_back": _way_back(opened),
        "may_write": access.may_enter(staff(request), "UseReport"),
        "may_write_talk": access.may_enter(staff(request), "Support"),
    }
    return render(request, "clinic/use.html", page)


def _counted_of(record: PatientRecord) -> str:
    """Of what the days sober are counted."""
    target = record.latest(Target)
    if target is None:
        return "any use"
    but = " but tobacco" if tobacco_is_no_bar(target.problem) else ""
    return f"{target.problem}, and of use of anything else{but}"


def _calendars(record: PatientRecord, now: datetime) -> Iterator[Calendar]:
    """The chosen problem first, then what else was asked about, in the order in which it was."""
    today = now.date()
    reports, target = record.all(UseReport), record.latest(Target)
    named = [] if target is None else [target.problem]
    problems: dict[str, str] = {}
    for problem in (*named, *(one.problem for one in reports)):
        problems.setdefault(one_name(problem), problem)
    first = today - timedelta(days=today.weekday() + 7 * (_WEEKS - 1))
    for key, problem in problems.items():
        if key == ANY_PROBLEM and target is not None:
            continue
        of = [one for one in reports if _speaks_of(one, key, chosen=[problem] == named)]
        yield _calendar("Any substance or behaviour" if key == ANY_PROBLEM else problem, of, first, today)


def _speaks_of(report: UseReport, problem: str, *, chosen: bool) -> bool:
    """Whether a report belongs in a calendar; use of 'anything' is of nobody knows what: it stands with the chosen."""
    if plain(report.problem) == ANY_PROBLEM:
        return chosen or not report.used or problem == ANY_PROBLEM
    return speaks_of(report, problem)


def _calendar(problem: str, reports: Sequence[UseReport], first: date, today: date) -> Calendar:
    days = use_calendar(reports, first, today)
    finding = _finding(days)
    name = problem[0].upper() + problem[1:]
    return Calendar(
        problem=name,
        finding=finding,
        svg=calendar_svg(
            CalendarChart(
                title=f"{name}, the last {_WEEKS} weeks", figures=f"{finding} The table below says each day.", days=days
            )
        ),
        rows=_rows(days, today),
        disagree=[_disagreement(one, today) for one in days if one.against],
    )


def _disagreement(one: UseDay, today: date) -> str:
    """Who says used and who says not; one source may have said both, at two times."""
    day = short_day(one.day, today)
    if one.says == one.against:
        return f"{day}: {list_words(list(one.says))} says both, at different times."
    return f"{day}: {list_words(list(one.says))} says used, {list_words(list(one.against))} says not."


def _finding(days: Sequence[UseDay]) -> str:
    """How many days of each kind, the unknown among them."""
    worded = {**_COUNTED, DayUse.SOME: _some_words(days)}
    counts = [(sum(one.use is use for one in days), words) for use, words in worded.items()]
    return (
        f"Of {count_words(len(days), 'day')}: {list_words([f'{count} {words}' for count, words in counts if count])}."
    )


def _some_words(days: Sequence[UseDay]) -> str:
    """What is known of the days in spans with use on days not named, with how many had use where that was counted.

    A count is of a whole span: of one that is shown in part, or of which another report says more, it is not said.
    """
    spans = {one.span.fact_id: one for one in days if one.span is not None}
    shown = Counter(one.span.fact_id for one in days if one.span is not None)
    counted = [one.span_days_used for key, one in spans.items() if shown[key] == _unnamed_days(one.span)]
    known = [count for count in counted if count is not None]
    if not known:
        return "in spans with use on days not named"
    which = "a span" if len(spans) == 1 else "spans"
    least = "" if len(known) == len(spans) else "at least "
    return f"in {which} with use on {least}{count_words(sum(known), 'day')}, not named"


def _unnamed_days(span: UseReport | None) -> int:
    if span is None:
        return 0
    return ((span.known_use_on or span.covers_to + timedelta(days=1)) - span.covers_from).days


_COUNTED = {
    DayUse.USED: "with use",
    DayUse.SOME: "in spans with use on days not named",
    DayUse.NOT: "without",
    DayUse.UNKNOWN: "not known",
}


def _rows(days: Sequence[UseDay], today: date) -> list[tuple[str, str, str, str]]:
    """Runs of days alike, the newest first, with who says so and who says otherwise."""
    rows = []
    for (what, says, against, _), alike in groupby(days, key=lambda one: (one.use, one.says, one.against, one.span)):
        of = [*alike]
        begin, end = (short_day(one.day, today) for one in (of[0], of[-1]))
        count = of[0].span_days_used
        known = _USE_WORDS[what] if count is None else f"used on {count_words(count, 'day')}, not named"
        rows.append((begin if begin == end else f"{begin} to {end}", known, list_words(says), list_words(against)))
    return rows[::-1]


def _way_back(opened: Opened) -> WayBack | None:
    lapse, paused = lapse_of(opened.answer), opened.answer["course"]["state"] == State.PAUSED
    if lapse is None or (lapse["talked_on"] is not None and not paused):
        return None
    shut: list[dict[str, Any]] = barring(opened.answer["gates"])
    return WayBack(
        title="Paused, and the way back is open" if paused else "After use, we owe a talk",
        talk=talk_words(lapse, opened.now.date()),
        talked=lapse["talked_on"] is not None,
        gates=f"{count_words(len(shut), 'gate')} to answer or to open: {list_words([one['title'] for one in shut])}."
        if shut
        else "All gates before a step stand open.",
    )
