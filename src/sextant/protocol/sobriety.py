"""How long the person has been sober, as an interval with its evidence: never a tick."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

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
    none_is_none_of,
    plain,
    use_is_of,
    use_stretches,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sobriety:
    """Days sober: surely so many, up to the last day that a report reaches, and at most so many, up to today.

    Parameters
    ----------
    low_days : surely sober for so many days before `known_to`; None when nothing is known
    high_days : at most so many days since the last use on record, counted to today; None when no use is on record
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
    """Reports that speak of the chosen problem: its own, those of any use, and use of anything else.

    A report that somebody did not use another substance says nothing of the chosen one, so it is left out.
    """
    target = record.latest(Target)
    reports = record.all(UseReport)
    if target is None:
        return reports
    no_bar = tobacco_is_no_bar(target.problem)
    return tuple(
        report
        for report in reports
        if speaks_of(report, target.problem) or (report.used and not (no_bar and _is_tobacco(report.problem)))
    )


def tobacco_is_no_bar(target: str) -> bool:
    """Whether tobacco is no bar: where it is not what is treated (S052: active addiction other than tobacco).

    Of a target whose name says nothing to us, nobody can say that it is not tobacco.
    """
    treated = entries_in(target)
    return bool(treated) and TOBACCO not in treated


def speaks_of(report: UseReport, problem: str) -> bool:
    """Whether a report tells of use, or of none, of the substance or behaviour; use of 'anything' may be of it."""
    if report.used is False:
        return none_is_none_of(report.problem, problem)
    return plain(report.problem) == ANY_PROBLEM or use_is_of(report.problem, problem)


def chosen_reports(record: PatientRecord) -> tuple[UseReport, ...]:
    """Reports that speak of the chosen problem itself; all before one is chosen."""
    target = record.latest(Target)
    reports = record.all(UseReport)
    return reports if target is None else tuple(one for one in reports if speaks_of(one, target.problem))


def counted_reports(record: PatientRecord) -> tuple[UseReport, ...]:
    """The reports as days sober are counted from.

    Of another substance a report says when it was used. That it was not used on the days after says nothing of the
    chosen one, so the report is read up to the last day on which use may have been.
    """
    target = record.latest(Target)
    reports = use_reports(record)
    if target is None:
        return reports
    return tuple(
        one
        if one.use_reaches in (None, one.covers_to) or speaks_of(one, target.problem)
        else replace(one, covers_to=one.use_reaches)
        for one in reports
    )


def uncovered_days(record: PatientRecord, since: date, until: date) -> int:
    """Days after `since`, up to `until`, of which no report speaks that speaks of the chosen problem."""
    stretches = use_stretches(chosen_reports(record), since + timedelta(days=1), until)
    return sum(one.days for one in stretches if one.use is DayUse.UNKNOWN)


def sobriety(record: PatientRecord, now: datetime) -> Sobriety:
    """How many days sober, surely and at most, with the days that nobody knows of.

    It is read off the days of the use calendar. A day with any sign of use counts as used, whatever another source says
    of it. A span with use on days that were not named is not known, except its days after the last named use.
    """
    today = now.date()
    known = [one for one in counted_reports(record) if one.used is not None and one.covers_from <= today]
    if not known:
        return Sobriety(
            low_days=None,
            high_days=None,
            unknown_days=0,
            known_to=None,
            last_used_on=None,
            evidence="nobody has asked yet",
        )
    days = use_stretches(known, min(one.covers_from for one in known), today)
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


def _is_tobacco(problem: str) -> bool:
    known = known_as(problem)
    return known is not None and known.entry == TOBACCO
