"""Scales and ticks: where a value or a day stands on the paper."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values to pixels; values outside the range are held at its ends.

    >>> Scale(0, 100, 352, 14).at(50)
    183.0
    >>> Scale(0, 100, 352, 14).at(140)
    14.0
    """

    lowest: float
    highest: float
    start_px: float
    end_px: float

    def at(self, value: float) -> float:
        """Pixel of a value, to a tenth."""
        held = min(max(value, self.lowest), self.highest)
        share = (held - self.lowest) / (self.highest - self.lowest)
        return round(self.start_px + share * (self.end_px - self.start_px), 1)

    def holds(self, value: float) -> bool:
        """Whether the value lies on the scale."""
        return self.lowest <= value <= self.highest


def score_ticks(lowest: float, highest: float) -> tuple[float, ...]:
    """The whole range in a few steps that people count in.

    >>> score_ticks(0, 100)
    (0, 25, 50, 75, 100)
    >>> score_ticks(0, 27)
    (0, 5, 10, 15, 20, 27)
    >>> score_ticks(0, 7)
    (0, 1, 2, 3, 4, 5, 6, 7)
    """
    span = highest - lowest
    step = next(step for step in (1, 5, 10, 25, 50, 100) if span / step < 8)
    inner = [lowest + step * i for i in range(int(span // step) + 1)]
    # A last whole step that crowds the end of the range gives way to the end itself.
    if inner[-1] != highest:
        inner = [tick for tick in inner if highest - tick >= 0.6 * step] + [highest]
    return tuple(inner)


_LEVEL_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_MINUTE_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240)


def level_ticks(highest: float, at_most: int = 7) -> tuple[float, ...]:
    """From 0 in round steps to the last one that the scale holds; at most so many steps.

    >>> level_ticks(300), level_ticks(200, at_most=4)
    ((0, 50, 100, 150, 200, 250, 300), (0, 50, 100, 150, 200))
    """
    return _ticks(highest, at_most, _LEVEL_STEPS)


def minute_ticks(last: float, at_most: int = 7) -> tuple[float, ...]:
    """From minute 0 in steps that a clock has.

    >>> minute_ticks(180), minute_ticks(90, at_most=4)
    ((0, 30, 60, 90, 120, 150, 180), (0, 30, 60, 90))
    """
    return _ticks(last, at_most, _MINUTE_STEPS)


def _ticks(highest: float, at_most: int, steps: tuple[int, ...]) -> tuple[float, ...]:
    step = next((step for step in steps if highest / step <= at_most), steps[-1])
    return tuple(step * n for n in range(int(highest // step) + 1))


def round_top(highest: float) -> float:
    """A round figure at which a scale from 0 may end.

    >>> round_top(288.7), round_top(0)
    (300, 10)
    """
    steps = _LEVEL_STEPS[_LEVEL_STEPS.index(10) :]
    step = next((step for step in steps if highest / step <= 6), steps[-1])
    return max(ceil(highest / step) * step, 10)


def date_ticks(start: date, end: date, at_most: int = 7) -> tuple[date, ...]:
    """Days to write under the axis: whole weeks from the start, at most so many.

    >>> date_ticks(date(2026, 10, 22), date(2026, 12, 31))[:3]
    (datetime.date(2026, 10, 22), datetime.date(2026, 11, 5), datetime.date(2026, 11, 19))
    """
    span = (end - start).days
    step = next((weeks * 7 for weeks in (1, 2, 4, 8, 13, 26, 52) if span / (weeks * 7) < at_most), 52 * 7)
    return tuple(start + timedelta(days=day) for day in range(0, span + 1, step))
