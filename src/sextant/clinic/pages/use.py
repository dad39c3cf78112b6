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

from sextant.clinic.charts import CalendarChart, calendar_svg, key_svg
from sextant.clinic.pages.access import Opened, for_staff, open_patient, staff
from sextant.clinic.pages.coming_card import coming_card
from sextant.clinic.pages.lapse_words import lapse_of, talk_words, way_back_is_open
from sextant.clinic.pages.standing import barring
from sextant.clinic.pages.words import short_day, sober_sentence
from sextant.clinic.services import access
from sextant.course import State
from sextant.protocol import Sobriety, sobriety
from sextant.protocol.judged_use import judgement_of
from sextant.protocol.sobriety import speaks_of, tobacco_is_no_bar, treated
from sextant.record import (
    ANY_PROBLEM,
    BEHAVIOURS,
    DayUse,
    PatientRecord,
    Target,
    UseDay,
    UseEvidence,
    UseReport,
    names_in,
    one_name,
    plain,
    use_calendar,
)
from sextant.units.words import count_words, list_words

_WEEKS = 11
_USE_WORDS = {
    DayUse.USED: "used",
    DayUse.SOME: "used, on days not named",
    DayUse.NOT: "did not use",
    DayUse.UNKNOWN: "not known",
}
_KEY = (
    (DayUse.USED, "", "Used"),
    (DayUse.SOME, "", "Used on some of these days, and not named which"),
    (DayUse.NOT, "", "Did not use"),
    (DayUse.UNKNOWN, "", "Nobody knows"),
    (DayUse.USED, "T", "A test of urine or breath says so"),
    (DayUse.USED, "!", "Another report says otherwise"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """One substance or behaviour: the finding as a sentence, the calendar, and the same as a table."""

    problem: str
    finding: str
    svg: SafeString
    rows: list[tuple[str, str, str, str]]
    disagree: list[str]
    behaviour: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """What stands between a lapse and the next step; each is done or still to do."""

    title: str
    talk: str
    talked: bool
    gates: str
    open: bool


@for_staff
def use(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """All that is known of use, by substance and by behaviour."""
    opened = open_patient(request, patient_id, "use")
    sober = sobriety(opened.record, opened.now)
    page = {
        "here": "use",
        "strip": opened.strip,
        "sober": sober_sentence(sober, opened.now.date()),
        "counted": _counted(opened.record, sober, opened.now.date()),
        "asked": bool(opened.record.all(UseReport)),
        "key": [(key_svg(use, sign), words) for use, sign, words in _KEY],
        "calendars": list(_calendars(opened.record, opened.now)),
        "weeks": _WEEKS,
        "coming": coming_card(opened.answer, opened.now.date()),
        "way_back": _way_back(opened),
        "may_write": access.may_enter(staff(request), "UseReport"),
        "may_decide": access.may_enter(staff(request), "Decision"),
        "may_write_talk": access.may_enter(staff(request), "Support"),
    }
    return render(request, "clinic/use.html", page)


def _counted(record: PatientRecord, sober: Sobriety, today: date) -> str:
    """What is counted as a day sober, and how it is known."""
    target = record.latest(Target)
    of = "any use"
    if target is not None:
        judged = {one.problem for one in record.all(UseReport) if judgement_of(one, record) is not None}
        but = [
            *(["tobacco"] if tobacco_is_no_bar(target.problem) else []),
            *(f"“{name}” as judged" for name in sorted(judged)),
        ]
        of = f"{target.problem}, and without use of anything else{' but ' if but else ''}{list_words(but)}"
    return (
        f"Counted are days without {of}. {_known(sober, today)} A day that nobody knows of is never counted as sober."
    )


def _known(sober: Sobriety, today: date) -> str:
    """Who says so, up to which day, and how much nobody knows."""
    if sober.known_to is None:
        return f"{sober.evidence[:1].upper()}{sober.evidence[1:]}."
    known = f"Known from {list_words(sober.evidence.split(', '))} up to {short_day(sober.known_to, today)}"
    if not sober.unknown_days:
        return f"{known}."
    return f"{known}; {count_words(sober.unknown_days, 'day')} {'is' if sober.unknown_days == 1 else 'are'} not known."


def _calendars(record: PatientRecord, now: datetime) -> Iterator[Calendar]:
    """The chosen problem first, then what else was asked about, in the order in which it was."""
    today = now.date()
    reports, named = record.all(UseReport), treated(record)
    problems: dict[str, str] = {}
    for problem in (*named, *(name for one in reports for name in names_in(one.problem))):
        problems.setdefault(one_name(problem), problem)
    first = today - timedelta(days=today.weekday() + 7 * (_WEEKS - 1))
    for key, problem in problems.items():
        if key == ANY_PROBLEM and named:
            continue
        of = [one for one in reports if _speaks_of(one, key, chosen=problem in named)]
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
        behaviour=one_name(problem) in BEHAVIOURS,
    )


def _disagreement(one: UseDay, today: date) -> str:
    """Who says used and who says not; one source may have said both, at two times."""
    day = short_day(one.day, today)
    if one.says == one.against:
        return f"{day}: {_say(one.says)} both, at different times."
    return f"{day}: {_say(one.says)} used, {_say(one.against)} not."


def _say(sources: Sequence[UseEvidence]) -> str:
    """Who says so, with the verb."""
    return f"{_words(sources)} {'says' if len(sources) == 1 else 'say'}"


def _words(sources: Sequence[UseEvidence]) -> str:
    return list_words([source.words for source in sources])


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
    return f"in {which} with use on {least}{count_words(sum(known), 'unnamed day')}"


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
        rows.append((begin if begin == end else f"{begin} to {end}", known, _words(says), _words(against)))
    return rows[::-1]


def _way_back_title(state: str, lapse: dict[str, Any]) -> str:
    if state == State.PAUSED:
        return "Paused, and the way back is open"
    return "After use, we owe a talk" if lapse["talked_on"] is None else "On the way back"


def _gates_words(gates: list[dict[str, Any]]) -> str:
    """Which gates are to answer or to open; where none is, whether a signature of today passes any.

    >>> _gates_words([{"title": "Days sober", "verdict": "closed"}])
    '1 gate to answer or to open: Days sober.'
    >>> signed = {"title": "Days sober", "verdict": "closed", "passed": True}
    >>> _gates_words([signed, {"title": "Use", "verdict": "open"}])
    'All gates before a step stand open or were passed by signature, for today.'
    """
    if shut := barring(gates):
        return f"{count_words(len(shut), 'gate')} to answer or to open: {list_words([one['title'] for one in shut])}."
    signed = any(one.get("passed") for one in gates)
    return f"All gates before a step stand open{' or were passed by signature, for today' if signed else ''}."


def _way_back(opened: Opened) -> WayBack | None:
    lapse = lapse_of(opened.answer)
    if lapse is None or not way_back_is_open(opened.answer, opened.record):
        return None
    return WayBack(
        title=_way_back_title(opened.answer["course"]["state"], lapse),
        talk=talk_words(lapse, opened.now.date()),
        talked=lapse["talked_on"] is not None,
        open=not barring(opened.answer["gates"]),
        gates=_gates_words(opened.answer["gates"]),
    )
