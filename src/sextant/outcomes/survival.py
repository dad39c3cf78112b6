"""How many are still without the event as time goes by: Kaplan-Meier, with intervals and numbers at risk."""

import math
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import CensoredData, ecdf

from sextant.outcomes.endpoint import TimeToEvent

CONFIDENCE = (80, 95)
"""Per cent that an interval may be asked for."""


@dataclass(frozen=True, slots=True)
class Step:
    """One time at which somebody had the event or was seen for the last time.

    `at_risk` were without the event and still watched just before it; `survival` is the share without the event just
    after it, `low` and `high` its interval. Both are None where no interval can be worked out: before the first event,
    and once nobody is left without it. Neither means certainty.
    """

    time: float
    at_risk: int
    events: int
    survival: float
    low: float | None
    high: float | None


def kaplan_meier(patients: Iterable[TimeToEvent], *, confidence: int) -> tuple[Step, ...]:
    """The share of patients without the event after each time, one step a distinct time; nothing for nobody.

    Those seen for the last time when others have the event count as at risk then. The interval is that of Greenwood on
    the scale of log(-log(survival)), which stays within 0 and 1. `confidence` is one of `CONFIDENCE`.

    Raises
    ------
    ValueError
        If a time is negative or no number, or the confidence is another.

    Examples
    --------
    >>> steps = kaplan_meier([TimeToEvent(2, True), TimeToEvent(2, False), TimeToEvent(5, True)], confidence=95)
    >>> [(step.time, step.at_risk, step.events, round(step.survival, 3)) for step in steps]
    [(2.0, 3, 1, 0.667), (5.0, 1, 1, 0.0)]
    """
    if confidence not in CONFIDENCE:
        raise ValueError(f"An interval of {confidence} % is not offered. Ask for {' or '.join(map(str, CONFIDENCE))}.")
    known = [*patients]
    for one in known:
        if not (math.isfinite(one.time) and one.time >= 0):
            raise ValueError(f"A time of {one.time} cannot be. Times count from 0.")
    if not known:
        return ()
    came = np.array([one.time for one in known if one.event], dtype=float)
    watched = np.array([one.time for one in known if not one.event], dtype=float)
    curve = ecdf(CensoredData(uncensored=came, right=watched)).sf
    with warnings.catch_warnings():
        # Where all or none are without the event the formula has no answer: None in our table, a warning in scipy's.
        warnings.filterwarnings("ignore", "The confidence interval is undefined", RuntimeWarning)
        interval: Any = curve.confidence_interval(confidence / 100, method="log-log")
    return tuple(
        Step(
            time=float(time),
            at_risk=int((came >= time).sum() + (watched >= time).sum()),
            events=int((came == time).sum()),
            survival=float(survival),
            low=_defined(low),
            high=_defined(high),
        )
        for time, survival, low, high in zip(
            curve.quantiles,
            curve.probabilities,
            interval.low.probabilities,
            interval.high.probabilities,
            strict=True,
        )
    )


def _defined(bound: float) -> float | None:
    return None if math.isnan(bound) else float(bound)
