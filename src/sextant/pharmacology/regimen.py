"""An infusion as it was really given, or as it is meant: stretches of constant rate, and boluses."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

MINUTES_PER_DAY = 1440.0


class RegimenError(ValueError):
    """A regimen that cannot be: what was seen, and what to write."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of constant rate. Pause, slow, resume and stop are each the end of one and the start of another.

    Parameters
    ----------
    start_min : minutes from the start of the first infusion
    duration_min : minutes; above 0
    rate_mg_per_min : mg/min, 0 or more
    """

    start_min: float
    duration_min: float
    rate_mg_per_min: float

    @property
    def end_min(self) -> float:
        """When it ends, in minutes."""
        return self.start_min + self.duration_min

    @property
    def mg(self) -> float:
        """What it gives, in mg."""
        return self.duration_min * self.rate_mg_per_min


@dataclass(frozen=True, slots=True)
class Bolus:
    """Milligrams given at once, at a minute."""

    at_min: float
    mg: float


@dataclass(frozen=True, slots=True)
class Regimen:
    """Segments and boluses of one person, in their order.

    Raises
    ------
    RegimenError
        If a number is not finite, a time or an amount is negative, a segment lasts no time, or two segments overlap.
    """

    segments: tuple[Segment, ...] = ()
    boluses: tuple[Bolus, ...] = ()

    def __post_init__(self) -> None:
        """Put them in order and refuse what cannot be."""
        object.__setattr__(self, "segments", tuple(sorted(self.segments, key=lambda one: one.start_min)))
        object.__setattr__(self, "boluses", tuple(sorted(self.boluses, key=lambda one: one.at_min)))
        for number, segment in enumerate(self.segments, start=1):
            _check_segment(number, segment)
        for number, bolus in enumerate(self.boluses, start=1):
            _check_bolus(number, bolus)
        if not self.total_mg < float("inf"):
            raise RegimenError(
                "All together comes to more milligrams than there are numbers. Check the decimal points."
            )
        for number, (one, following) in enumerate(pairwise(self.segments), start=1):
            # Two that meet may overlap by the last digit of a sum of minutes.
            if one.end_min > following.start_min + 1e-9:
                raise RegimenError(
                    f"Segments {number} and {number + 1}, in order of time, overlap: one ends at minute "
                    f"{one.end_min:g}, the next starts at {following.start_min:g}. Only one rate is in force at a "
                    "time: end the first where the next starts."
                )

    @property
    def total_mg(self) -> float:
        """All that is given: the sum of the segments and the boluses, in mg."""
        return sum(one.mg for one in self.segments) + sum(one.mg for one in self.boluses)

    @property
    def ends_min(self) -> float:
        """When the last of it has been given, in minutes."""
        return max((*(one.end_min for one in self.segments), *(one.at_min for one in self.boluses)), default=0.0)

    @property
    def most_within_a_day_mg(self) -> float:
        """The most that is given within any 24 hours, in mg; a series over weeks may come to more."""
        starts, ends = ([getattr(one, name) for one in self.segments] for name in ("start_min", "end_min"))
        at = [one.at_min for one in self.boluses]
        # A day with the most in it may be moved until it begins where something begins, or ends where something ends.
        begin_here, end_here = np.array([*starts, *at]), np.array([*ends, *at])
        if not len(begin_here):
            return 0.0
        begins = np.concatenate([begin_here, end_here - MINUTES_PER_DAY])
        found = np.zeros(len(begins))
        if starts:
            turns = np.ravel([starts, ends], order="F")
            mg = np.array([one.mg for one in self.segments])
            by_then = np.ravel([np.cumsum(mg) - mg, np.cumsum(mg)], order="F")
            found += np.interp(begins + MINUTES_PER_DAY, turns, by_then) - np.interp(begins, turns, by_then)
        # Of two boluses a whole day apart, a day holds one: that at its beginning, or that at its end.
        given = np.cumsum([0.0, *(one.mg for one in self.boluses)])
        first = np.searchsorted(at, begin_here), np.searchsorted(at, end_here - MINUTES_PER_DAY, side="right")
        last = np.searchsorted(at, begin_here + MINUTES_PER_DAY), np.searchsorted(at, end_here, side="right")
        found += given[np.concatenate(last)] - given[np.concatenate(first)]
        return float(found.max())

    def until(self, minute: float) -> "Regimen":
        """What had been given by a minute: the rate in force then ends there."""
        return Regimen(
            tuple(
                Segment(one.start_min, min(one.end_min, minute) - one.start_min, one.rate_mg_per_min)
                for one in self.segments
                if one.start_min < minute
            ),
            tuple(one for one in self.boluses if one.at_min <= minute),
        )

    def rate_at(self, minute: float) -> float:
        """The rate in force at a minute, in mg/min; 0 between segments."""
        return next((one.rate_mg_per_min for one in self.segments if one.start_min <= minute < one.end_min), 0.0)

    def scaled(self, factor: float) -> "Regimen":
        """The same with every amount times a factor: what is per kilogram, for so many kilograms."""
        return Regimen(
            tuple(Segment(one.start_min, one.duration_min, one.rate_mg_per_min * factor) for one in self.segments),
            tuple(Bolus(one.at_min, one.mg * factor) for one in self.boluses),
        )


def repeated(regimen: Regimen, starts_min: Sequence[float]) -> Regimen:
    """The same infusion at each of these minutes, as in a series."""
    return Regimen(
        tuple(
            Segment(start + one.start_min, one.duration_min, one.rate_mg_per_min)
            for start in starts_min
            for one in regimen.segments
        ),
        tuple(Bolus(start + one.at_min, one.mg) for start in starts_min for one in regimen.boluses),
    )


def _check_segment(number: int, one: Segment) -> None:
    name = f"Segment {number}, in order of time"
    if not (0 <= one.start_min < float("inf")):
        raise RegimenError(
            f"{name}: start_min is {one.start_min:g}. Minutes count from the start of the first infusion: write 0 or "
            "more."
        )
    if not (0 < one.duration_min < float("inf")):
        raise RegimenError(
            f"{name}: duration_min is {one.duration_min:g}. A segment lasts some minutes: write a number above 0, such "
            "as 40."
        )
    if not (0 <= one.rate_mg_per_min < float("inf")):
        raise RegimenError(f"{name}: the rate is {one.rate_mg_per_min:g} mg/min. A rate is 0 or more: 0 is a pause.")


def _check_bolus(number: int, one: Bolus) -> None:
    name = f"Bolus {number}, in order of time"
    if not (0 <= one.at_min < float("inf")):
        raise RegimenError(f"{name}: at_min is {one.at_min:g}. Write minutes from the start, 0 or more.")
    if not (0 < one.mg < float("inf")):
        raise RegimenError(f"{name}: mg is {one.mg:g}. Write milligrams above 0, such as 7.7.")
