"""How good forecasts were: log score, CRPS, and whether bands and probabilities mean what they say.

A forecast is a row of a mixture of normals: weights, means and SDs of shape (n, m), one row a patient. A component with
an SD of exactly 0 is an atom at its mean.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp, ndtr
from scipy.stats import chi2, kstest

from sextant.response.report import BoolArray, FloatArray

BANDS = (0.5, 0.8, 0.95)
_NEGLIGIBLE = 1e-5
_LEAST_EXPECTED = 5.0  # variance of the count in a bin that the chi-squared test takes in


@dataclass(frozen=True, slots=True)
class Mixtures:
    """Forecasts of n patients: weights (each row sums to 1), means and SDs, each (n, m)."""

    weights: FloatArray
    means: FloatArray
    sds: FloatArray

    def mean(self) -> FloatArray:
        """Mean of each forecast, (n,)."""
        return np.asarray((self.weights * self.means).sum(axis=1))

    def times(self, factor: float) -> "Mixtures":
        """The same in another unit."""
        return Mixtures(self.weights, factor * self.means, factor * self.sds)

    def below(self, at: FloatArray, *, or_at: bool = False) -> FloatArray:
        """P(less than `at`), or P(at most `at`), of each forecast; (n,)."""
        atom = self.sds == 0
        x = at[:, None]
        step = self.means <= x if or_at else self.means < x
        smooth = ndtr((x - self.means) / np.where(atom, 1.0, self.sds))
        return np.asarray((self.weights * np.where(atom, step, smooth)).sum(axis=1))


def pit(forecast: Mixtures, low: FloatArray, high: FloatArray, chance: FloatArray) -> FloatArray:
    """Where what came true lies in its forecast, from 0 to 1: even over many patients where forecasts are right.

    Parameters
    ----------
    low, high : between which the truth lies, (n,): the same where it is one value; a whole point stands for half a
        point on either side, and one at the end of its scale for all that is beyond
    chance : uniform draws (n,) that say where in between, and where inside an atom (Czado, Gneiting and Held 2009,
        Biometrics 65, 1254)
    """
    first, last = forecast.below(low), forecast.below(high, or_at=True)
    return np.asarray(first + chance * (last - first))


def pit_on_grid(weights: FloatArray, nodes: FloatArray, widths: FloatArray, at: FloatArray) -> FloatArray:
    """The same for a forecast on a grid: the weight of each node is spread evenly over its width.

    Parameters
    ----------
    weights, nodes, widths : (n, m)
    at : (n,)
    """
    share = np.clip((at[:, None] - nodes) / widths + 0.5, 0.0, 1.0)
    return np.asarray((weights * share).sum(axis=1))


def log_score(forecast: Mixtures, at: FloatArray) -> FloatArray:
    """Log of the density that was given to what came true, (n,); higher is better. No atoms."""
    z = (at[:, None] - forecast.means) / forecast.sds
    log_density = -0.5 * (z**2 + np.log(2 * np.pi)) - np.log(forecast.sds)
    return np.asarray(logsumexp(log_density, axis=1, b=forecast.weights))


def crps(forecast: Mixtures, at: FloatArray) -> FloatArray:
    """Continuous ranked probability score, (n,), in the unit of what was forecast; lower is better.

    Notes
    -----
    E|X - y| - E|X - X'| / 2 of a mixture of normals is a sum over components and over pairs of them (Grimit and others
    2006, Q J R Meteorol Soc 132, 2925, formula 5). The smallest components, a hundred-thousandth of the weight
    together, are left out.
    """
    found = np.empty(len(at))
    for row, y in enumerate(at):
        weights, order = forecast.weights[row], np.argsort(forecast.weights[row])
        counting = order[np.searchsorted(np.cumsum(weights[order]), _NEGLIGIBLE) :]
        weights, means, sds = weights[counting], forecast.means[row, counting], forecast.sds[row, counting]
        weights = weights / weights.sum()
        one, other = np.tril_indices(len(counting))
        apart = _mean_distance(means[one] - means[other], np.sqrt(sds[one] ** 2 + sds[other] ** 2))
        twice = np.where(one == other, 1.0, 2.0)
        found[row] = weights @ _mean_distance(y - means, sds) - 0.5 * (weights[one] * weights[other] * twice) @ apart
    return found


def _mean_distance(mean: FloatArray, sd: FloatArray) -> FloatArray:
    """E|X| of a normal, its SD perhaps 0."""
    z = mean / np.where(sd > 0, sd, 1.0)
    smooth = 2 * sd * np.exp(-0.5 * z**2) / np.sqrt(2 * np.pi) + mean * (2 * ndtr(z) - 1)
    return np.where(sd > 0, smooth, np.abs(mean))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many of n truths lay in a central band that promised `level`."""

    level: float
    n: int
    share: float

    @property
    def standard_error(self) -> float:
        """Binomial standard error of the share if the band kept its promise."""
        return float(np.sqrt(self.level * (1 - self.level) / self.n))

    @property
    def errors_off(self) -> float:
        """How many standard errors the share is above (or below) what was promised."""
        return (self.share - self.level) / self.standard_error


def coverage(pits: FloatArray) -> tuple[Coverage, ...]:
    """Of the bands of 50, 80 and 95 %."""
    return tuple(Coverage(level, len(pits), float((np.abs(pits - 0.5) <= level / 2).mean())) for level in BANDS)


def uniformity(pits: FloatArray) -> float:
    """p-value of Kolmogorov and Smirnov's test that the PIT is even."""
    return float(kstest(pits, "uniform").pvalue)


@dataclass(frozen=True, slots=True)
class Bin:
    """Patients who were told about the same probability: how many, the mean of it, the share to whom it happened, and
    the standard error of that share if the probabilities were right."""

    n: int
    predicted: float
    happened: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Whether things of probability p happen to a share p of people.

    `calibration_error` is the mean distance between predicted and happened, each bin by its patients; `by_chance` what
    it would be on average if every probability were right. `p_value` is of a chi-squared test over bins.
    """

    bins: tuple[Bin, ...]
    calibration_error: float
    by_chance: float
    p_value: float


def reliability(predicted: FloatArray, happened: BoolArray, n_bins: int = 10) -> Reliability:
    """In bins of equal width; empty ones are left out."""
    which = np.minimum((predicted * n_bins).astype(np.int64), n_bins - 1)
    bins: list[Bin] = []
    squares, tested, error, by_chance = 0.0, 0, 0.0, 0.0
    for number in range(n_bins):
        here = which == number
        n = int(here.sum())
        if n == 0:
            continue
        p, variance = float(predicted[here].mean()), float((predicted[here] * (1 - predicted[here])).sum())
        share, spread = float(happened[here].mean()), float(np.sqrt(variance)) / n
        bins.append(Bin(n, p, share, spread))
        error += n / len(predicted) * abs(share - p)
        by_chance += n / len(predicted) * np.sqrt(2 / np.pi) * spread
        if variance >= _LEAST_EXPECTED:
            squares += ((share - p) / spread) ** 2
            tested += 1
    p_value = float(chi2.sf(squares, tested)) if tested else 1.0
    return Reliability(tuple(bins), error, float(by_chance), p_value)
