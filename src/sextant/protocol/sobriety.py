"""How long the person has been sober, as an interval with its evidence: never a tick."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sextant.record import ANY_PROBLEM, PatientRecord, Target, UseReport

# Tobacco is no bar where it is not what is treated (S052: active addiction other than tobacco).
_NO_BAR = frozenset({"tobacco", "nicotine"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sobriety:
    """Days sober, counted to the last day that a report reaches.

    Parameters
    ----------
    low_days : surely sober for so many days before `known_to`; None when nothing is known
    high_days : at most so many days since the last use on record, counted to today; None when no use is on record
    unknown_days : days between the last use on record and today that no report covers
    known_to : last day that a report covers
    last_used_on : last day of use on record
    evidence : where it comes from, in words
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
    chosen = {target.problem.casefold(), ANY_PROBLEM}
    return tuple(
        report
        for report in reports
        if report.problem.casefold() in chosen or (report.used and report.problem.casefold() not in _NO_BAR)
    )


def uncovered_days(record: PatientRecord, since: date, until: date) -> int:
    """Days after `since`, up to `until`, of which no report speaks."""
    covered = {
        report.covers_from + timedelta(days=n)
        for report in use_reports(record)
        if report.used is not None
        for n in range((min(report.covers_to, until) - report.covers_from).days + 1)
    }
    return sum(since + timedelta(days=n) not in covered for n in range(1, (until - since).days + 1))


def sobriety(record: PatientRecord, now: datetime) -> Sobriety:
    """How many days sober, surely and at most, with the days that nobody knows of.

    A day with any sign of use counts as used, whatever another source says of it. A span with use on days that were
    not named is not known, except its days after the last named use.
    """
    today = now.date()
    known = [report for report in use_reports(record) if report.used is not None and report.covers_from <= today]
    if not known:
        return Sobriety(
            low_days=None,
            high_days=None,
            unknown_days=0,
            known_to=None,
            last_used_on=None,
            evidence="nobody has asked yet",
        )
    used, doubtful, sober = _days(known, today)
    known_to = max(min(report.covers_to, today) for report in known)
    sober -= used | doubtful
    day = known_to
    while day in sober and day > date.min:
        day -= timedelta(days=1)
    last_used = max(used) if used else None
    # Use in a span without a named day lies on its first day or later: sober no longer than since then.
    latest_use = max([*used, *(one.covers_from for one in known if one.used and not one.known_use_on)], default=None)
    first_doubt = (last_used or min(sober | doubtful | used)) + timedelta(days=1)
    unknown = sum(first_doubt + timedelta(days=offset) not in sober for offset in range((today - first_doubt).days + 1))
    sources = sorted({report.evidence.value for report in known if report.covers_to >= day})
    return Sobriety(
        low_days=(known_to - day).days,
        high_days=None if latest_use is None else (today - latest_use).days,
        unknown_days=unknown,
        known_to=known_to,
        last_used_on=last_used,
        evidence=", ".join(sources),
    )


def _days(reports: list[UseReport], today: date) -> tuple[set[date], set[date], set[date]]:
    """Days with use, days in doubt and days without use."""
    used: set[date] = set()
    doubtful: set[date] = set()
    sober: set[date] = set()
    for report in reports:
        last = min(report.covers_to, today)
        span = {report.covers_from + timedelta(days=n) for n in range((last - report.covers_from).days + 1)}
        if not report.used:
            sober |= span
        elif report.known_use_on is not None:
            used.add(report.known_use_on)
            sober |= {day for day in span if day > report.known_use_on}
            doubtful |= {day for day in span if day < report.known_use_on}
        else:
            doubtful |= span
    return used, doubtful - used, sober
