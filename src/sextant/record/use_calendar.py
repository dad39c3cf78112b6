"""What is known of use from day to day: of one substance or behaviour, with who says so and who says otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

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


TRUST = (UseEvidence.URINE, UseEvidence.BREATH, UseEvidence.COLLATERAL, UseEvidence.SELF_REPORT)
"""The order in which sources are named: what a test shows hangs on nobody's memory, so it stands first.

No source that was read weighs them against each other, so none outvotes another: any sign of use counts as use, and a
day on which two disagree shows both.
"""


def use_calendar(reports: Sequence[UseReport], first: date, last: date) -> tuple[UseDay, ...]:
    """Each day from `first` to `last`, both included; where two reports differ, use counts."""
    return tuple(_day(first + timedelta(days=n), reports) for n in range((last - first).days + 1))


def _day(day: date, reports: Sequence[UseReport]) -> UseDay:
    told = [(report, _says(report, day)) for report in reports if report.covers_from <= day <= report.covers_to]
    for use in (DayUse.USED, DayUse.SOME, DayUse.NOT):
        of = [report for report, said in told if said is use]
        if not of:
            continue
        # A span with use on days that it does not name speaks against no day in it, and none speaks against the span.
        against = [one for one, said in told if use is DayUse.USED and said is DayUse.NOT and not _begins(one, day)]
        return UseDay(
            day=day,
            use=use,
            says=_ordered(of),
            against=_ordered(against),
            span=of[-1] if use is DayUse.SOME else None,
        )
    return UseDay(day=day, use=DayUse.UNKNOWN)


def _says(report: UseReport, day: date) -> DayUse:
    """What one report says of a day that it covers."""
    if report.used is None:
        return DayUse.UNKNOWN
    if not report.used:
        return DayUse.NOT
    named = report.known_use_on
    if named is not None and day >= named:
        return DayUse.USED if day == named else DayUse.NOT
    if report.days_used is None:
        return DayUse.SOME
    # Days before the last named one, or of a span that names none: so many days with use lie somewhere among them.
    unnamed = report.days_used - (named is not None)
    among = ((named or report.covers_to + timedelta(days=1)) - report.covers_from).days
    if unnamed <= 0:
        return DayUse.NOT
    return DayUse.USED if unnamed >= among else DayUse.SOME


def _begins(report: UseReport, day: date) -> bool:
    """Whether a span begins on the day: it is that of the visit before, of which the report before it speaks."""
    return day == report.covers_from < report.covers_to


def _ordered(reports: Sequence[UseReport]) -> tuple[UseEvidence, ...]:
    return tuple(evidence for evidence in TRUST if any(report.evidence is evidence for report in reports))
