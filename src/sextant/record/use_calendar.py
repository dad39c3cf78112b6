"""What is known of use from day to day: of one substance or behaviour, with who says so and who says otherwise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from sextant.record.facts import UseEvidence, UseReport


class DayUse(StrEnum):
    """What is known of one day: used, somewhere in a span with use, not used, or not known."""

    USED = "used"
    SOME = "some"
    NOT = "not"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class UseDay:
    """One day of the calendar.

    Parameters
    ----------
    says : by what the state is known, the most trusted first; empty for a day that nobody knows of
    against : what says otherwise of the same day
    span : the report of a span with use on days that it does not name; None for any other day
    """

    day: date
    use: DayUse
    says: tuple[UseEvidence, ...] = ()
    against: tuple[UseEvidence, ...] = ()
    span: UseReport | None = None

    @property
    def span_days_used(self) -> int | None:
        """How many days with use lie among the unnamed days of the span, where they were counted."""
        if self.span is None or self.span.days_used is None:
            return None
        return self.span.days_used - (self.span.last_used_on is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class UseStretch:
    """Days in a row, both ends included, of which the same reports say the same; the rest is as in `UseDay`."""

    first_day: date
    last_day: date
    use: DayUse
    says: tuple[UseEvidence, ...] = ()
    against: tuple[UseEvidence, ...] = ()
    span: UseReport | None = None

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last_day - self.first_day).days + 1


TRUST = (UseEvidence.URINE, UseEvidence.BREATH, UseEvidence.COLLATERAL, UseEvidence.SELF_REPORT)
"""The order in which sources are named: what a test shows hangs on nobody's memory, so it stands first.

No source that was read weighs them against each other, so none outvotes another: any sign of use counts as use, and a
day on which two disagree shows both.
"""


def use_calendar(reports: Sequence[UseReport], first: date, last: date) -> tuple[UseDay, ...]:
    """Each day from `first` to `last`, both included; where two reports differ, use counts."""
    return days_of(use_stretches(reports, first, last))


def days_of(stretches: Sequence[UseStretch]) -> tuple[UseDay, ...]:
    """Each day of some stretches."""
    return tuple(
        UseDay(day=day, use=one.use, says=one.says, against=one.against, span=one.span)
        for one in stretches
        for day in (one.first_day + timedelta(days=n) for n in range(one.days))
    )


def use_stretches(reports: Sequence[UseReport], first: date, last: date) -> tuple[UseStretch, ...]:
    """The days from `first` to `last` in stretches of which the same reports speak; where two differ, use counts.

    Every reading of use rests on this one: the calendar, the days sober and the days of which nobody spoke.
    """
    if last < first:
        return ()
    begin, end = first.toordinal(), last.toordinal()
    told = sorted((said for report in reports for said in _sayings(report, begin, end)), key=_begin)
    cuts = {begin}
    for said in told:
        # A span's first day may be that of the visit before, so it is read by itself.
        cuts.update(cut for cut in (said.begin, said.begin + 1, said.end + 1) if begin <= cut <= end)
    found: list[UseStretch] = []
    of: list[_Saying] = []
    following = 0
    days = sorted(cuts)
    for day, until in pairwise([*days, end + 1]):
        of = [said for said in of if said.end >= day]
        while following < len(told) and told[following].begin <= day:
            of.append(told[following])
            following += 1
        found.append(_stretch(day, until - 1, of))
    return tuple(found)


def use_alone(report: UseReport) -> UseReport:
    """A report of use without the days that it calls free: from the first to the last on which use may have been."""
    last = report.use_reaches or report.covers_to
    named_alone = report.known_use_on is not None and report.days_used is not None and report.days_used <= 1
    first = last if named_alone else report.covers_from
    if (first, last) == (report.covers_from, report.covers_to):
        return report
    return replace(report, covers_from=first, covers_to=last)


def worst_of(calendars: Sequence[Sequence[UseStretch]]) -> tuple[UseStretch, ...]:
    """Several calendars of the same days as one: a day is free only where each says so, and use in one is use.

    Where one does not know and none tells of use, nobody knows. Of days alike all who say so are named.
    """
    if len(calendars) == 1:
        return tuple(calendars[0])
    cuts = sorted({one.first_day for of in calendars for one in of})
    ends = [cut - timedelta(days=1) for cut in cuts[1:]] + [of[-1].last_day for of in calendars[:1] if of]
    return tuple(
        _worst([next(one for one in of if one.first_day <= first <= one.last_day) for of in calendars], first, last)
        for first, last in zip(cuts, ends, strict=True)
    )


_FROM_WORST = (DayUse.USED, DayUse.SOME, DayUse.UNKNOWN, DayUse.NOT)


def _worst(told: Sequence[UseStretch], first: date, last: date) -> UseStretch:
    use = min((one.use for one in told), key=_FROM_WORST.index)
    alike = [one for one in told if one.use is use]
    says = {source for one in alike for source in one.says}
    against = {source for one in alike for source in one.against}
    return UseStretch(
        first_day=first,
        last_day=last,
        use=use,
        says=tuple(source for source in TRUST if source in says),
        against=tuple(source for source in TRUST if source in against),
        span=alike[-1].span,
    )


class _Saying(NamedTuple):
    """One thing that one report says of the days from `begin` to `end`, as ordinals of the calendar."""

    begin: int
    end: int
    use: DayUse
    report: UseReport


_begin = attrgetter("begin")


def _stretch(begin: int, end: int, told: Sequence[_Saying]) -> UseStretch:
    first, last = date.fromordinal(begin), date.fromordinal(end)
    for use in (DayUse.USED, DayUse.SOME, DayUse.NOT):
        of = [said.report for said in told if said.use is use]
        if not of:
            continue
        # A span with use on days that it does not name speaks against no day in it, and none speaks against the span.
        against = [
            said.report
            for said in told
            if use is DayUse.USED and said.use is DayUse.NOT and not _begins(said.report, first)
        ]
        return UseStretch(
            first_day=first,
            last_day=last,
            use=use,
            says=_ordered(of),
            against=_ordered(against),
            span=of[-1] if use is DayUse.SOME else None,
        )
    return UseStretch(first_day=first, last_day=last, use=DayUse.UNKNOWN)


def _sayings(report: UseReport, first: int, last: int) -> Iterator[_Saying]:
    """What one report says of the days from `first` to `last`; nothing where it says that nobody knows."""
    for begin, end, use in _parts(report):
        if begin <= last and end >= first and begin <= end:
            yield _Saying(max(begin, first), min(end, last), use, report)


def _parts(report: UseReport) -> tuple[tuple[int, int, DayUse], ...]:
    begin, end = report.covers_from.toordinal(), report.covers_to.toordinal()
    if report.used is None:
        return ()
    if not report.used:
        return ((begin, end, DayUse.NOT),)
    if report.known_use_on is None:
        # Use with a count of no days contradicts itself: the use stays, its days are not known.
        return ((begin, end, _unnamed(report.days_used or None, end - begin + 1)),)
    named = report.known_use_on.toordinal()
    before = None if report.days_used is None else report.days_used - 1
    return (
        (begin, named - 1, _unnamed(before, named - begin)),
        (named, named, DayUse.USED),
        (named + 1, end, DayUse.NOT),
    )


def _unnamed(days_used: int | None, among: int) -> DayUse:
    """What is known of days that a span does not name, with `days_used` days of use among so many."""
    if days_used is None:
        return DayUse.SOME
    if days_used <= 0:
        return DayUse.NOT
    return DayUse.USED if days_used >= among else DayUse.SOME


def _begins(report: UseReport, day: date) -> bool:
    """Whether a span begins on the day: it is that of the visit before, of which the report before it speaks."""
    return day == report.covers_from < report.covers_to


def _ordered(reports: Sequence[UseReport]) -> tuple[UseEvidence, ...]:
    given = {report.evidence for report in reports}
    return tuple(evidence for evidence in TRUST if evidence in given)
