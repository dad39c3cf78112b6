"""What a study gave and when, read from its row: dose and spacing, as far as the row says."""

import re

from sextant.evidence.rows import SeriesRow


def mg_per_kg(row: SeriesRow) -> tuple[float, float] | None:
    """Lowest and highest dose of one infusion, in mg/kg, where the row begins with one; None where it says none.

    A range is as printed; of '0.5 start; 0.91 in maintenance' the start counts.
    """
    told = re.match(r"([\d.]+)(?:-([\d.]+))?", row.dose_mg_per_kg or "")
    if told is None:
        return None
    low = float(told[1])
    return low, float(told[2]) if told[2] else low


def days_between(row: SeriesRow) -> float | None:
    """Days from one infusion to the next, where the schedule says so."""
    schedule = row.schedule or ""
    if weekly := re.search(r"(\d+) per week", schedule):
        return 7 / int(weekly[1])
    if over := re.search(r"(\d+) over (\d+) weeks", schedule):
        return 7 * int(over[2]) / int(over[1])
    return 2.0 if "alternate days" in schedule else None
