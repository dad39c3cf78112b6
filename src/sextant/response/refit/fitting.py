"""The posterior of the population given a cohort: its maximum, then draws weighed around it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, logsumexp
from scipy.stats import chi2, qmc

from sextant.response.population import Population, even_shifts
from sextant.response.refit.cohort import Cohort, Contribution
from sextant.response.refit.pareto import k_hat
from sextant.response.report import FloatArray

LEAST_PATIENTS = 100  # below this a fit of nineteen numbers says more of chance than of the clinic
_DEGREES = 7.0  # of the t distribution that draws come from: its tails are heavier than those of what is sought
# Draws of each round, and how much of the spread before is kept. A spread of nineteen numbers learnt from fewer draws
# is worse than the one at the maximum.
_ROUNDS = ((512, 0.0), (512, 0.3))
_CLIPPED = 6
_WIDER = 1.2
_PART = 125
_LARGEST_K_HAT = 0.7


class FewPatientsError(ValueError):
    """Too few patients for a fit; the message says how many there are and are needed."""


class UnreliableFitError(ValueError):
    """The draws do not describe the posterior; the message says by what measure."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A population fitted to a cohort, and how far its draws can be trusted.

    `effective` is the number of independent draws that the weighed ones are worth, `k_hat` the Pareto shape of their
    largest weights: above `largest_k_hat` they are not to be used.
    """

    population: Population
    n_patients: int
    effective: float
    k_hat: float
    largest_k_hat: float


def maximum(contribute: Callable[[FloatArray], Contribution], start: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The shift of highest posterior density and the curvature there, shapes (n_fitted,) and (n_fitted, n_fitted).

    Parameters
    ----------
    contribute : what all cohorts together say at a shift (the sum of the clinics' parts)
    start : the shift to begin at, (n_fitted,)

    Notes
    -----
    Newton steps with the outer-product curvature and that of the prior, halved until the density rises by at least
    1e-4 of what was predicted; done when a step promises less than 1e-3.
    """
    shift, here = start, contribute(start)
    while True:
        curvature = here.curvature + np.eye(len(start))
        gradient = here.gradient - shift
        step = np.linalg.solve(curvature, gradient)
        promised = float(gradient @ step)
        if promised < 1e-3:
            return shift, curvature
        length = 1.0
        while True:
            there = shift + length * step
            new = contribute(there)
            rise = new.log_evidence - here.log_evidence - 0.5 * (there @ there - shift @ shift)
            if rise >= 1e-4 * length * promised:
                break
            length /= 2
            if length < 1e-6:
                return shift, curvature  # no better place can be told apart from here
        shift, here = there, new


def fit(cohort: Cohort, prior: Population, *, version: str, sources: tuple[str, ...]) -> Fit:
    """The population after a cohort, with `prior` as what was known before.

    Raises
    ------
    FewPatientsError
        With fewer than `LEAST_PATIENTS`.
    UnreliableFitError
        If the largest weights are too heavy (Pareto k-hat).
    """
    if len(cohort) < LEAST_PATIENTS:
        raise FewPatientsError(
            f"There are {len(cohort)} patients; a refit needs at least {LEAST_PATIENTS}. The population that stands "
            "goes on until then."
        )
    shift, curvature = maximum(lambda at: cohort.contribution(prior, at), start=_near(cohort, prior))
    shifts, log_weights = _weighed_draws(cohort, prior, shift, _WIDER * np.asarray(np.linalg.inv(curvature)))
    weights = np.exp(log_weights - logsumexp(log_weights))
    effective, shape = float(1 / (weights**2).sum()), k_hat(log_weights)
    largest = min(1 - 1 / np.log10(len(weights)), _LARGEST_K_HAT)
    if shape > largest:
        raise UnreliableFitError(
            f"The weights of the draws are too uneven (Pareto k-hat {shape:.2f}, above {largest:.2f}), so the fit is "
            "not to be used. The population that stands goes on; look for patients whose scores cannot be right."
        )
    mean = weights @ shifts
    spread = (shifts - mean).T @ ((shifts - mean) * weights[:, None])
    population = _shifted(prior, mean, spread, version, sources)
    return Fit(population, len(cohort), effective, shape, float(largest))


def maximum_as_population(cohort: Cohort, prior: Population) -> Population:
    """The population at the maximum with its curvature as spread: near enough to judge a fit by, and much sooner."""
    shift, curvature = maximum(lambda at: cohort.contribution(prior, at), start=_near(cohort, prior))
    return _shifted(prior, shift, np.asarray(np.linalg.inv(curvature)), "maximum", ())


def _shifted(
    prior: Population, mean: FloatArray, covariance: FloatArray, version: str, sources: tuple[str, ...]
) -> Population:
    """A population whose mean and covariance are told in SDs of the prior."""
    factor = np.linalg.cholesky(prior.covariance)
    return Population(
        version=version,
        sources=sources,
        mean=prior.mean + factor @ mean,
        covariance=factor @ covariance @ factor.T,
        fixed=prior.fixed,
        waning=prior.waning,
    )


def _near(cohort: Cohort, prior: Population) -> FloatArray:
    """A shift near the maximum, found on a part of a large cohort: most of the way costs a part of the work."""
    start = np.zeros(len(prior.mean))
    if len(cohort) > 4 * _PART:
        part = cohort.take(np.arange(0, len(cohort), len(cohort) // _PART))
        start, _ = maximum(lambda at: part.contribution(prior, at), start)
    return start


def _weighed_draws(
    cohort: Cohort, prior: Population, mean: FloatArray, covariance: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Shifts around the maximum and the log of their weights: adaptive importance sampling, all rounds together.

    A draw is weighed against all proposals at once, each by its number of draws, so that no round is thrown away.
    """
    proposals: list[_StudentT] = []
    shifts, log_target, log_weights = np.zeros((0, len(mean))), np.zeros(0), np.zeros(0)
    for turn, (n, kept) in enumerate(_ROUNDS):
        if proposals:
            # The few largest weights of an early round are chance: clipped, they do not bend the next proposal.
            clipped = np.minimum(log_weights, np.sort(log_weights)[-_CLIPPED])
            weights = np.exp(clipped - logsumexp(clipped))
            mean = weights @ shifts
            learnt = (shifts - mean).T @ ((shifts - mean) * weights[:, None])
            covariance = (1 - kept) * learnt + kept * covariance
        proposals.append(_StudentT(mean, np.asarray(np.linalg.cholesky(covariance)), n, turn))
        new = proposals[-1].points()
        shifts = np.vstack([shifts, new])
        evidence = cohort.log_evidence(prior, new).sum(axis=1)
        log_target = np.append(log_target, evidence - 0.5 * (new**2).sum(axis=1))
        total = sum(one.n for one in proposals)
        log_density = logsumexp([np.log(one.n / total) + one.log_density(shifts) for one in proposals], axis=0)
        log_weights = log_target - log_density
    return shifts, log_weights


@dataclass(frozen=True, slots=True)
class _StudentT:
    """Where shifts were drawn: centre and spread, how many, and of which sequence."""

    mean: FloatArray
    factor: FloatArray
    n: int
    sequence: int

    def points(self) -> FloatArray:
        d, power = len(self.mean), 1 << (self.n - 1).bit_length()
        normal = even_shifts(power, d, 100 + self.sequence)[: self.n]
        chance = qmc.Sobol(1, rng=20_261_225 + self.sequence).random(power)[: self.n, 0]
        scale = np.sqrt(chi2.ppf(chance, _DEGREES) / _DEGREES)
        return np.asarray(self.mean + (normal / scale[:, None]) @ self.factor.T)

    def log_density(self, shifts: FloatArray) -> FloatArray:
        d = len(self.mean)
        z = np.linalg.solve(self.factor, (shifts - self.mean).T)
        constant = gammaln((_DEGREES + d) / 2) - gammaln(_DEGREES / 2) - d / 2 * np.log(_DEGREES * np.pi)
        spread = np.log(np.diag(self.factor)).sum()
        return np.asarray(constant - spread - (_DEGREES + d) / 2 * np.log1p((z**2).sum(axis=0) / _DEGREES))
