"""How long the person has been sober, as an interval with its evidence: never a tick."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sextant.protocol.judged_use import judgement_of
from sextant.record import (
    ANY_PROBLEM,
    TOBACCO,
    TRUST,
    DayUse,
    PatientRecord,
    Target,
    UseEvidence,
    UseReport,
    UseStretch,
    entries_in,
    known_as,
    may_be_tobacco,
    names_in,
    none_is_none_of,
    plain,
    use_alone,
    use_is_of,
    use_stretches,
    worst_of,
)
from sextant.units.words import list_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Sobriety:
    """Days sober: surely so many, up to the last day that a report reaches, and at most so many, up to today.

    Parameters
    ----------
    low_days : surely sober for so many days before `known_to`; None when nothing is known
    high_days : at most so many days since the last use on record, counted to today; None when no use is on record. A
        urine that finds use counts as use on its own day: how long before it the use lay, no source says
    unknown_days : days after the last use on record, up to today, of which nobody knows that they were free of use;
        from the first day of which a report speaks where no day of use is on record
    known_to : last day that a report covers
    last_used_on : last day of use on record
    evidence : where it comes from, in words, the most trusted first
    """

    low_days: int | None
    high_days: int | None
    unknown_days: int
    known_to: date | None
    last_used_on: date | None
    evidence: str


def use_reports(record: PatientRecord) -> tuple[UseReport, ...]:
    """Reports that speak of what is treated: its own, those of any use, and use of anything else.

    A report that somebody did not use another substance says nothing of the chosen one, so it is left out; and so is
    use under a name that is not known here of which a prescriber judged that it bars nothing.
    """
    target = record.latest(Target)
    reports = record.all(UseReport)
    if target is None:
        return reports
    no_bar = tobacco_is_no_bar(target.problem)
    return tuple(
        report
        for report in reports
        if any(speaks_of(report, name) for name in names_in(target.problem))
        or (report.used and not _bars_nothing(report, record, no_bar))
    )


def tobacco_is_no_bar(target: str) -> bool:
    """Whether tobacco is no bar: where it is not what is treated (S052: active addiction other than tobacco).

    Of a target whose name says nothing to us, or also names a way of use ('alcohol and smoking'), nobody can say that
    it is not tobacco.
    """
    return bool(entries_in(target)) and not may_be_tobacco(target)


def speaks_of(report: UseReport, problem: str) -> bool:
    """Whether a report tells of use, or of none, of the substance or behaviour.

    Use of 'anything', and of several things told in one name, may be of it.
    """
    if report.used is False:
        return none_is_none_of(report.problem, problem)
    return plain(report.problem) == ANY_PROBLEM or any(use_is_of(one, problem) for one in names_in(report.problem))


def treated(record: PatientRecord) -> tuple[str, ...]:
    """What the target names, each known thing of several by itself; nothing before one is chosen."""
    target = record.latest(Target)
    return () if target is None else names_in(target.problem)


def reports_of(record: PatientRecord, name: str | None) -> tuple[UseReport, ...]:
    """Reports as far as they speak of one thing that is treated; all where nothing is chosen yet, which is None."""
    reports = record.all(UseReport)
    return reports if name is None else tuple(_as_told_of(name, one) for one in reports if speaks_of(one, name))


def counted_use(record: PatientRecord, first: date, last: date) -> tuple[UseStretch, ...]:
    """The days as days sober are counted from: a day is free where it is so of each thing that is treated.

    Of another substance, or of a kind of what is treated, a report says when it was used. That it was not used on other
    days says nothing of what is treated, so the report is read only for the days on which use may have been.
    """
    reports = use_reports(record)
    names = treated(record)
    if not names:
        return use_stretches(reports, first, last)
    return worst_of([use_stretches(_counted_for(name, reports), first, last) for name in names])


def _counted_for(name: str, reports: Sequence[UseReport]) -> list[UseReport]:
    counted = []
    for one in reports:
        if speaks_of(one, name):
            counted.append(_as_told_of(name, one))
        elif one.use_reaches is not None:
            counted.append(use_alone(one))
    return counted


def _as_told_of(name: str, report: UseReport) -> UseReport:
    """A report as far as it speaks of one thing: that there was no more beer says nothing of other alcohol."""
    if not report.used or none_is_none_of(report.problem, name):
        return report
    return use_alone(report)


def uncovered_days(record: PatientRecord, name: str | None, since: date, until: date) -> int:
    """Days after `since`, up to `until`, of which no report speaks that speaks of one thing that is treated."""
    stretches = use_stretches(reports_of(record, name), since + timedelta(days=1), until)
    return sum(one.days for one in stretches if one.use is DayUse.UNKNOWN)


def sobriety(record: PatientRecord, now: datetime) -> Sobriety:
    """How many days sober, surely and at most, with the days that nobody knows of.

    It is read off the days of the use calendar. A day with any sign of use counts as used, whatever another source says
    of it. A span with use on days that were not named is not known, except its days after the last named use.
    """
    today = now.date()
    known = [one for one in use_reports(record) if one.used is not None and one.covers_from <= today]
    days = counted_use(record, min(one.covers_from for one in known), today) if known else ()
    if all(one.use is DayUse.UNKNOWN for one in days):
        return Sobriety(
            low_days=None,
            high_days=None,
            unknown_days=0,
            known_to=None,
            last_used_on=None,
            evidence=_not_known(record, known),
        )
    known_to = max(one.last_day for one in days if one.use is not DayUse.UNKNOWN)
    low, evidence = _surely(days, known_to)
    last_used = max((one.last_day for one in days if one.use is DayUse.USED), default=None)
    last_use = max((day for one in known if (day := _last_use_from(one)) is not None and day <= today), default=None)
    unknown = sum(
        one.days
        for one in days
        if one.use in (DayUse.SOME, DayUse.UNKNOWN) and (last_used is None or one.first_day > last_used)
    )
    return Sobriety(
        low_days=low,
        high_days=None if last_use is None else (today - last_use).days,
        unknown_days=unknown,
        known_to=known_to,
        last_used_on=last_used,
        evidence=evidence,
    )


def _not_known(record: PatientRecord, known: Sequence[UseReport]) -> str:
    """Why no day is known as free or used; of several things that are treated, which were not asked about."""
    names = treated(record)
    missing = [name for name in names if not any(speaks_of(one, name) for one in known)]
    if len(missing) == len(names):
        return "nobody has asked yet"
    if missing:
        return f"nobody has asked about {list_words(missing)} yet"
    return f"nobody has asked about the same days of {list_words(list(names))} yet"


def _surely(days: Sequence[UseStretch], known_to: date) -> tuple[int, str]:
    """Days without use or doubt up to `known_to`, with who says so, and who says how the day before them was."""
    says: set[UseEvidence] = set()
    before = days[0].first_day - timedelta(days=1) if days[0].first_day > date.min else date.min
    for one in reversed(days):
        if one.first_day > known_to:
            continue
        says.update(one.says)
        if one.use is not DayUse.NOT:
            before = one.last_day
            break
    return (known_to - before).days, ", ".join(source.words for source in TRUST if source in says)


def _last_use_from(report: UseReport) -> date | None:
    """The first day on which the last use of a report may have been; None where there was none or nobody knows."""
    if not report.used:
        return None
    counted = max((report.days_used or 1) - 1, 0)
    return report.known_use_on or report.covers_from + timedelta(days=counted)


def _bars_nothing(report: UseReport, record: PatientRecord, tobacco_bars_nothing: bool) -> bool:
    if tobacco_bars_nothing and _is_tobacco(report.problem):
        return True
    return judgement_of(report, record) is not None


def _is_tobacco(problem: str) -> bool:
    known = known_as(problem)
    return known is not None and known.entry == TOBACCO
