"""Calendar months, which have no fixed number of days."""

from calendar import monthrange
from datetime import date


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or the last day of a month that is too short.

    >>> months_before(date(2026, 5, 31), 3), months_before(date(2026, 2, 10), 6)
    (datetime.date(2026, 2, 28), datetime.date(2025, 8, 10))
    """
    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
