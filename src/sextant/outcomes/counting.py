"""What endpoints count in a row of symbols: shares, runs, and the first window that holds enough of something."""

import re

from sextant.outcomes.endpoint import TimeToEvent
from sextant.outcomes.word import MIXED, NEGATIVE, NONE_DUE, POSITIVE

_RUNS = re.compile(f"{NEGATIVE}+")


def weight_of(symbol: str, symbols: str) -> float:
    """How many weeks are `symbol`, a mixed week counting one half."""
    return symbols.count(symbol) + 0.5 * symbols.count(MIXED)


def share(symbol: str, symbols: str) -> float | None:
    """`weight_of` as a share of the weeks in which a test was due; 0 of no weeks, None where none of them was due.

    >>> share("-", "--*o"), share("-", "--_"), share("-", ""), share("-", "__")
    (0.625, 1.0, 0.0, None)
    """
    due = len(symbols) - symbols.count(NONE_DUE)
    if not due:
        return None if symbols else 0.0
    return weight_of(symbol, symbols) / due


def share_negative(symbols: str) -> float | None:
    """The share of negative weeks."""
    return share(NEGATIVE, symbols)


def share_not_positive(symbols: str) -> float | None:
    """What the positive weeks leave of 1: all of it if there are no weeks."""
    positive = share(POSITIVE, symbols)
    return None if positive is None else 1 - positive


def longest_run(symbols: str) -> int:
    """The longest unbroken run of negative weeks.

    >>> longest_run("--+---o-")
    3
    """
    return max(map(len, _RUNS.findall(symbols)), default=0)


def first_window(symbol: str, symbols: str, width: int, need: int) -> TimeToEvent:
    """The first window of `width` weeks with at least `need` weeks of `symbol`.

    The time is the week in which the window starts, plus `width` minus `need`: the first week itself where the whole
    window must hold it. Where there is no such window, the last possible start (0 if the word is too short for any)
    takes its place.

    >>> first_window("+", "--+-+--", 4, 2), first_window("+", "-+-", 2, 2)
    (TimeToEvent(time=4, event=True), TimeToEvent(time=2, event=False))
    """
    late = width - need
    starts = max(len(symbols) - width + 1, 0)
    for start in range(starts):
        if symbols.count(symbol, start, start + width) >= need:
            return TimeToEvent(start + 1 + late, True)
    return TimeToEvent(starts + late, False)
