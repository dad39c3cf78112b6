"""How days, spans and figures are written for people."""

from collections.abc import Sequence
from datetime import date

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: date) -> str:
    """A day as people write it, whatever the machine's language.

    >>> day_words(date(2026, 11, 5))
    '5 Nov 2026'
    """
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def count_words(count: int, one: str, many: str = "") -> str:
    """A count with its noun.

    >>> count_words(1, "day"), count_words(3, "day"), count_words(2, "diagnosis", "diagnoses")
    ('1 day', '3 days', '2 diagnoses')
    """
    return f"{count} {one if count == 1 else many or one + 's'}"


def list_words(parts: Sequence[str]) -> str:
    """Parts joined as in a sentence.

    >>> list_words(["age"]), list_words(["age", "use"]), list_words(["age", "use", "consent"])
    ('age', 'age and use', 'age, use and consent')
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def odds_words(probability: float) -> str:
    """A probability as people hear it, out of ten.

    >>> odds_words(0.02), odds_words(0.42), odds_words(0.97)
    ('fewer than 1 in 10', 'about 4 in 10', 'more than 9 in 10')
    """
    tenths = round(10 * probability)
    if tenths < 1:
        return "fewer than 1 in 10"
    if tenths > 9:
        return "more than 9 in 10"
    return f"about {tenths} in 10"
