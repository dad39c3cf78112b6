"""The answers of the response model, as plain values that pages, API and command line share."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Band:
    """A median with its 80 % interval: never a bare number."""

    median: float
    low80: float
    high80: float


@dataclass(frozen=True, slots=True)
class Averaged:
    """A figure averaged over settings of the population, and how far they disagree: median and 80 % interval.

    The mean is what to say: a probability averaged over what is not known is the probability, and only it comes true as
    often as it says (docs/calibration.md). The interval is the doubt about it.
    """

    mean: float
    median: float
    low80: float
    high80: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """Days after the last infusion until benefit falls below the target, among the mass that ever rose above it.

    `mass_never` is the probability that benefit is never above the target, reported apart.
    """

    days: Band | None
    mass_never: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OneMore:
    """When one further infusion would bring the most, once the planned ones are given.

    `best_wait_days` from the day of the report; `window_days` the waits around it that bring nearly as much;
    `clear_days` the expected further days with clear benefit over the next `horizon_days`, against none.
    """

    best_wait_days: float
    window_days: tuple[float, float]
    clear_days: float
    horizon_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What the next step needs to know of one patient's response on the chosen target.

    `kind` is 'average' (no baseline score: the average patient, no individual figure) or 'individual'. Probabilities
    carry the doubt about the hyper-parameters as bands. `prior_share` is Var(B | data) / Var(B | prior) at the time
    of the report, at most 1. `refused` says why there is no forecast; then all figures are None.
    """

    target: str
    kind: str
    p_clear_by_six: Averaged | None
    p_clear_now: Averaged | None
    p_nonresponder: Averaged | None
    p_worse: Averaged | None
    lasts: Lasting | None
    gain_unit_days: Averaged | None
    one_more: OneMore | None
    prior_share: float | None
    n_own_scores: int
    refused: str | None = None

    @classmethod
    def refusing(cls, target: str, kind: str, n_own_scores: int, why: str) -> "Forecast":
        """No figure, and why."""
        return cls(
            target=target,
            kind=kind,
            p_clear_by_six=None,
            p_clear_now=None,
            p_nonresponder=None,
            p_worse=None,
            lasts=None,
            gain_unit_days=None,
            one_more=None,
            prior_share=None,
            n_own_scores=n_own_scores,
            refused=why,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectory:
    """The target's score over time, in its own points: quantiles per day, for this patient or the average one.

    Each array has shape (n_days,) except `quantiles` and `predicted`, of shape (n_days, 7) at `LEVELS`. `quantiles`
    is of the score free of noise and day-to-day variation; `predicted` is of a newly observed score.
    """

    target: str
    kind: str
    days: FloatArray
    mean: FloatArray
    sd: FloatArray
    quantiles: FloatArray
    predicted: FloatArray
    benefit_mean: FloatArray
    benefit_q10: FloatArray
    benefit_q90: FloatArray


LEVELS: tuple[float, ...] = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
