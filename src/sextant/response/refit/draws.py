"""Weighed draws from the posterior of the population: adaptive importance sampling around its maximum."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, logsumexp, ndtr
from scipy.stats import chi2

from sextant.response.population import even_shifts
from sextant.response.refit.pareto import k_hat
from sextant.response.refit.search import Maximum
from sextant.response.report import FloatArray

ENOUGH_EFFECTIVE = 250.0  # draws that the weighed ones are worth, at which no more are drawn
# Draws of the first round and of each later one, powers of two; a first one of less than twice the 210 numbers of a
# quadratic in 19 unknowns would say little of its shape.
_FIRST, _LATER = 512, 256
_MOST_ROUNDS = 12
# Degrees of freedom of the t distributions that draws come from. The first has heavy tails; since every draw is weighed
# against all rounds together, later ones need them less.
_FIRST_DEGREES, _LATER_DEGREES = 7.0, 20.0
_FIRST_WIDER, _LATER_WIDER = 1.2, 1.1
_LARGEST_K_HAT = 0.7
# What is expected of the log density beside the quadratic at the maximum: SDs of a constant, of slopes and of
# curvatures in units of the spread there; and by how much a quadratic fails, near the top and for each unit below it.
_CONSTANT, _SLOPE, _CURVATURE = 10.0, 1.0, 0.3
_FAILS, _FAILS_BELOW = 0.3, 0.1


@dataclass(frozen=True, slots=True)
class Draws:
    """Shifts of the population, (n_draws, n_fitted), and the log of their weights, (n_draws,), up to a constant."""

    shifts: FloatArray
    log_weights: FloatArray

    @property
    def weights(self) -> FloatArray:
        """How much each draw counts; they sum to 1."""
        return np.asarray(np.exp(self.log_weights - logsumexp(self.log_weights)))

    @property
    def effective(self) -> float:
        """How many independent draws they are worth."""
        return float(1 / (self.weights**2).sum())

    @property
    def k_hat(self) -> float:
        """Pareto shape of the largest weights."""
        return k_hat(self.log_weights)

    @property
    def largest_k_hat(self) -> float:
        """The shape above which the draws are not to be used."""
        return float(min(1 - 1 / np.log10(len(self.log_weights)), _LARGEST_K_HAT))

    @property
    def enough(self) -> bool:
        """Whether no more are needed."""
        return self.effective >= ENOUGH_EFFECTIVE and self.k_hat <= self.largest_k_hat

    def moments(self) -> tuple[FloatArray, FloatArray]:
        """Mean, (n_fitted,), and covariance, (n_fitted, n_fitted), of what was drawn from."""
        mean = self.weights @ self.shifts
        off = self.shifts - mean
        return mean, np.asarray(off.T @ (off * self.weights[:, None]))


def weighed_draws(log_evidence: Callable[[FloatArray], FloatArray], top: Maximum, said: Callable[[str], None]) -> Draws:
    """Draws from exp(log evidence) times a unit normal, until two rounds running they are enough or no more is tried.

    The first round is drawn around the maximum. Each later one comes from a normal approximation that is fitted to the
    log density at all draws so far: their values tell far more of its shape than their few large weights do. A draw is
    weighed against all proposals at once, each by its number of draws (balance heuristic), so no round is thrown away.

    Parameters
    ----------
    log_evidence : of the cohort at shifts (n_shifts, n_fitted), summed over patients
    said : told how far it has come
    """
    proposals = [_StudentT.of(top.shift, _FIRST_WIDER * top.covariance, _FIRST_DEGREES, _FIRST, 0)]
    shifts, log_target = np.zeros((0, len(top.shift))), np.zeros(0)
    enough_before = False
    while True:
        new = proposals[-1].points()
        shifts = np.vstack([shifts, new])
        log_target = np.append(log_target, log_evidence(new) - 0.5 * (new**2).sum(axis=1))
        shares = [np.log(one.n) + one.log_density(shifts) for one in proposals]
        draws = Draws(shifts, log_target - logsumexp(shares, axis=0))
        said(f"{len(shifts)} draws, worth {draws.effective:.0f}")
        # Twice running: a first time may be luck, before a draw that was rare and weighs much.
        if (draws.enough and enough_before) or len(proposals) == _MOST_ROUNDS:
            return draws
        enough_before = draws.enough
        mean, covariance = normal_like(shifts, log_target, top)
        proposals.append(_StudentT.of(mean, _LATER_WIDER * covariance, _LATER_DEGREES, _LATER, len(proposals)))


def normal_like(shifts: FloatArray, log_target: FloatArray, top: Maximum) -> tuple[FloatArray, FloatArray]:
    """Mean and covariance of the normal distribution whose log density is most like the target's at these shifts.

    A quadratic is fitted to what the one at the maximum leaves over, by least squares with the penalties above; what
    lies far below the top counts little.
    """
    factor = np.linalg.cholesky(top.covariance)
    z = np.linalg.solve(factor, (shifts - top.shift).T).T
    n, d = z.shape
    first, second = np.triu_indices(d)
    features = np.hstack([np.ones((n, 1)), z, z[:, first] * z[:, second]])
    expected = np.repeat([_CONSTANT, _SLOPE, _CURVATURE], [1, d, len(first)]) ** 2
    below = log_target.max() - log_target
    left_over = 0.5 * (z**2).sum(axis=1) - below
    noise = (_FAILS + _FAILS_BELOW * below) ** 2
    kernel = (features * expected) @ features.T + np.diag(noise)
    found = expected * (features.T @ np.linalg.solve(kernel, left_over))
    bent = np.zeros((d, d))
    bent[first, second] = found[1 + d :]
    # No direction is taken for flatter than before any patient, or for far steeper than at the maximum.
    steepness, directions = np.linalg.eigh(np.eye(d) - bent - bent.T)
    steepness = np.clip(steepness, 1 / 5, 5.0)
    covariance = (directions / steepness) @ directions.T
    return top.shift + factor @ covariance @ found[1 : 1 + d], factor @ covariance @ factor.T


@dataclass(frozen=True, slots=True)
class _StudentT:
    """Where a round was drawn from: centre, spread, degrees of freedom, how many and of which sequence."""

    mean: FloatArray
    factor: FloatArray
    degrees: float
    n: int
    sequence: int

    @classmethod
    def of(cls, mean: FloatArray, covariance: FloatArray, degrees: float, n: int, sequence: int) -> "_StudentT":
        return cls(mean, np.asarray(np.linalg.cholesky(covariance)), degrees, n, sequence)

    def points(self) -> FloatArray:
        # The scale is one more dimension of the same set: two sets of their own would be tied to each other.
        even = even_shifts(self.n, len(self.mean) + 1, 100 + self.sequence)
        scale = np.sqrt(chi2.ppf(ndtr(even[:, -1]), self.degrees) / self.degrees)
        return np.asarray(self.mean + (even[:, :-1] / scale[:, None]) @ self.factor.T)

    def log_density(self, shifts: FloatArray) -> FloatArray:
        d, degrees = len(self.mean), self.degrees
        z = np.linalg.solve(self.factor, (shifts - self.mean).T)
        constant = gammaln((degrees + d) / 2) - gammaln(degrees / 2) - d / 2 * np.log(degrees * np.pi)
        spread = np.log(np.diag(self.factor)).sum()
        return np.asarray(constant - spread - (degrees + d) / 2 * np.log1p((z**2).sum(axis=0) / degrees))
