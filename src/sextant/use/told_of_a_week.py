"""What was told of a week, as one symbol: the least use that all that was told of it leaves possible."""

from collections.abc import Sequence
from datetime import date, timedelta

from sextant.record import DayUse, UseReport, use_calendar


def told_of_a_week(reports: Sequence[UseReport], begin: date, end: date) -> str:
    """`+` for two days of use or more, `*` for one, `-` for none on any day, `_` where that is not known.

    Use that was told of is never dropped for want of a count: it is one day at least. More is not made of what was told
    than it says: where reports overlap they may mean the same days, and of a report that reaches beyond the week as
    many days of use as can be may lie outside of it.

    Parameters
    ----------
    reports : self-reports of what is treated
    begin, end : of the week, both included
    """
    least = _least_days_of_use(reports, begin, end)
    if least:
        return "+" if least > 1 else "*"
    return "-" if all(one.use is DayUse.NOT for one in use_calendar(reports, begin, end)) else "_"


def _least_days_of_use(reports: Sequence[UseReport], begin: date, end: date) -> int:
    """The fewest days of the week that give each report the days of use that it must have there."""
    used: set[date] = set()
    # Of spans in the order of their ends, each one's last free days serve the most of those that follow.
    for first, last, days in sorted((need for one in reports for need in _needs(one, begin, end)), key=_end):
        span = [last - timedelta(days=n) for n in range((last - first).days + 1)]
        short = days - sum(day in used for day in span)
        used.update([day for day in span if day not in used][: max(short, 0)])
    return len(used)


_Need = tuple[date, date, int]
"""First and last day of a span, and how many days of use must lie in it."""


def _end(need: _Need) -> tuple[date, date]:
    return need[1], need[0]


def _needs(report: UseReport, begin: date, end: date) -> list[_Need]:
    reaches = report.use_reaches
    if reaches is None:
        return []
    named = report.known_use_on
    found = [] if named is None or not begin <= named <= end else [(named, named, 1)]
    first, last = max(report.covers_from, begin), min(reaches, end)
    if first <= last:
        outside = (reaches - report.covers_from).days - (last - first).days
        found.append((first, last, (report.days_used or 1) - outside))
    return found
