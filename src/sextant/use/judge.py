"""How good forecasts of use were: log loss, calibration and concordance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from sextant.use.history import FloatArray, IntArray

_DECILES = 10
_SURE = 1e-9
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How chances stood to what happened.

    Parameters
    ----------
    n : forecasts judged
    log_loss : mean of minus the log chance of what happened
    log_loss_average : the same of one chance for all, the share of those in which it happened
    slope : of a logistic regression of what happened on the log odds; 1 is calibrated
    decile_error, largest_decile_error : mean and largest gap between the share foretold and the share seen, over tenths
        of the forecasts
    misfit : root mean square distance of the log odds from those of that regression
    """

    n: int
    log_loss: float
    log_loss_average: float
    slope: float
    decile_error: float
    largest_decile_error: float
    misfit: float


def judge(chance: FloatArray, happened: BoolArray) -> Judgement:
    """Chances of an event, beside whether it happened."""
    bounded = np.clip(chance, _SURE, 1 - _SURE)
    log_odds = np.log(bounded / (1 - bounded))
    gaps = [
        abs(float(chance[tenth].mean()) - float(happened[tenth].mean()))
        for tenth in np.array_split(np.argsort(chance, kind="stable"), _DECILES)
    ]
    level, slope = _line(log_odds, happened)
    return Judgement(
        n=len(chance),
        log_loss=log_loss(chance, happened),
        log_loss_average=log_loss(np.full_like(chance, happened.mean()), happened),
        slope=slope,
        decile_error=float(np.mean(gaps)),
        largest_decile_error=max(gaps),
        misfit=float(np.sqrt(np.mean((level + (slope - 1) * log_odds) ** 2))),
    )


def log_loss(chance: FloatArray, happened: BoolArray) -> float:
    """Mean of minus the log chance of what happened; not a number where there is nothing to judge."""
    if not len(chance):
        return float("nan")
    bounded = np.clip(chance, _SURE, 1 - _SURE)
    return -float(np.mean(np.log(np.where(happened, bounded, 1 - bounded))))


def _line(log_odds: FloatArray, happened: BoolArray) -> tuple[float, float]:
    """Level and slope of a logistic regression of what happened on the log odds foretold."""

    def loss(line: FloatArray) -> float:
        at = line[0] + line[1] * log_odds
        return float(np.mean(np.logaddexp(0.0, at) - happened * at))

    level, slope = minimize(loss, [0.0, 1.0]).x
    return float(level), float(slope)


def concordance(risk: FloatArray, time: FloatArray, event: BoolArray) -> float:
    """Harrell's C: of the pairs in which one is known to have the event earlier, how often that one had the higher
    risk; equal risks count as half."""
    higher, pairs = 0.0, 0
    for k in np.flatnonzero(event):
        later = (time > time[k]) | ((time == time[k]) & ~event)
        pairs += int(later.sum())
        higher += float((risk[k] > risk[later]).sum()) + 0.5 * float((risk[k] == risk[later]).sum())
    return higher / pairs


def folds(strata: IntArray, n_folds: int = 5, seed: int = 0) -> IntArray:
    """The fold of each patient, each stratum spread evenly over the folds."""
    rng = np.random.default_rng(seed)
    found = np.zeros(len(strata), np.int64)
    for stratum in np.unique(strata):
        rows = np.flatnonzero(strata == stratum)
        rng.shuffle(rows)
        found[rows] = np.arange(len(rows)) % n_folds
    return found
