"""FHIR dates and times, whole or partial, as spans of time; nothing that is used may lie in the future."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

from sextant.fhir.element import Element
from sextant.fhir.refusal import refused, shown

_FORM = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(?P<clock>T\d\d:\d\d(:\d\d(\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)
EARLIEST_YEAR = 1880  # technical bound: nobody who can be treated was alive before; catches typing and year zero


@dataclass(frozen=True, slots=True)
class When:
    """A time as exact as it was given: anything from `start` to `end`."""

    start: datetime
    end: datetime
    text: str
    exact: bool

    @property
    def partial(self) -> bool:
        """Whether only a year or a month was given."""
        return len(self.text) < len("2026-11-23")


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment of reading and the moment that is asked about.

    Parameters
    ----------
    now : time of the import; nothing that is used may be later
    moment : time for which the record is wanted; what is later is set aside
    """

    now: datetime
    moment: datetime

    @property
    def zone(self) -> tzinfo:
        """Zone of a day that is given without a clock."""
        return self.now.tzinfo or UTC

    def when(self, element: Element, name: str) -> When | None:
        """A time in the past; None when it is not given. A day without a clock is a day in the zone of `now`.

        Raises
        ------
        BundleError
            If it is no FHIR time or lies in the future.
        """
        text = element.text(name)
        if not text:
            return None
        when = read_time(text, element.at(name), self.zone)
        if when.start > self.now:
            raise refused(
                element.at(name),
                f"{shown(text)} lies in the future (it is {self.now:%Y-%m-%d %H:%M} here)",
                "Correct the date, or leave out what has not happened yet.",
            )
        return when

    def period(self, element: Element, name: str) -> tuple[When | None, When | None]:
        """Start and end of a period, each None when it is not given."""
        period = element.child(name)
        if period is None:
            return None, None
        start, end = self.when(period, "start"), self.when(period, "end")
        if start is not None and end is not None and end.end < start.start:
            raise refused(element.at(name), f"it ends ({end.text}) before it starts ({start.text})", "Correct the two.")
        return start, end

    def ended(self, when: When | None) -> datetime | None:
        """The moment at which something is surely over: the latest that the date allows, but not after now."""
        return None if when is None else min(when.end, self.now)


def read_time(text: str, where: str, zone: tzinfo) -> When:
    """A FHIR date, dateTime or instant.

    Raises
    ------
    BundleError
        If the text has another form, is no day of the calendar, or has a clock without a zone.
    """
    form = _FORM.fullmatch(text)
    example = "Write it as 2026-11-23 or 2026-11-23T09:30:00+01:00."
    if form is None:
        raise refused(where, f"{shown(text)} is not a FHIR date", example)
    if form["clock"] and not form["zone"]:
        raise refused(where, f"{shown(text)} has a clock and no time zone", example)
    year = int(form["year"])
    if year < EARLIEST_YEAR:
        raise refused(where, f"{shown(text)} is before the year {EARLIEST_YEAR}", "Correct the date.")
    try:
        if form["clock"]:
            exact = datetime.fromisoformat(text)
            return When(exact, exact, text, exact=True)
        month = int(form["month"] or 1)
        first = date(year, month, int(form["day"] or 1))
        last_month = month if form["month"] else 12
        last = first if form["day"] else date(year, last_month, monthrange(year, last_month)[1])
    except ValueError:
        raise refused(where, f"{shown(text)} is no day of the calendar", "Correct the date.") from None
    return When(datetime.combine(first, time.min, zone), datetime.combine(last, time.max, zone), text, exact=False)
