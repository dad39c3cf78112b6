"""The posterior of the population given a cohort: its maximum, then draws weighed around it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sextant.response.population import Population
from sextant.response.refit.cohort import Cohort
from sextant.response.refit.draws import Draws, weighed_draws
from sextant.response.refit.search import Maximum, maximum
from sextant.response.report import FloatArray

LEAST_PATIENTS = 100  # below this a fit of nineteen numbers says more of chance than of the clinic
LEAST_EFFECTIVE = 100.0  # below this the spread of nineteen numbers is chance
_PART = 125
_NEAR = 0.03  # of a step's promise: what the draws start from need not be the maximum to its last digit


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


def quiet(_said: str) -> None:
    """Nobody listens to how far it has come."""


def fit(
    cohort: Cohort,
    prior: Population,
    *,
    version: str,
    sources: tuple[str, ...],
    top: Maximum | None = None,
    said: Callable[[str], None] = quiet,
) -> Fit:
    """The population after a cohort, with `prior` as what was known before.

    Parameters
    ----------
    top : the maximum, where it was found already
    said : told how far it has come

    Raises
    ------
    FewPatientsError
        With fewer than `LEAST_PATIENTS`.
    UnreliableFitError
        If the largest weights are too heavy (Pareto k-hat), or the draws are worth too few.
    """
    if len(cohort) < LEAST_PATIENTS:
        raise FewPatientsError(
            f"There are {len(cohort)} patients; a refit needs at least {LEAST_PATIENTS}. The population that stands "
            "goes on until then."
        )
    top = top or near_maximum(cohort, prior)
    draws = weighed_draws(lambda shifts: cohort.log_evidence(prior, shifts).sum(axis=1), top, said)
    _check(draws)
    mean, covariance = draws.moments()
    return Fit(
        population=shifted(prior, mean, covariance, version, sources),
        n_patients=len(cohort),
        effective=draws.effective,
        k_hat=draws.k_hat,
        largest_k_hat=draws.largest_k_hat,
    )


def near_maximum(cohort: Cohort, prior: Population, start: FloatArray | None = None) -> Maximum:
    """The maximum over a cohort, near enough to draw around or to judge by; without a start, a part finds one."""
    if start is None:
        start = np.zeros(len(prior.mean))
        if len(cohort) > 2 * _PART:  # most of the way costs a part of the work
            part = cohort.take(np.arange(0, len(cohort), len(cohort) // _PART))
            start = maximum(lambda at: part.contribution(prior, at), start, done=_NEAR).shift
    return maximum(lambda at: cohort.contribution(prior, at), start, done=_NEAR)


def shifted(
    prior: Population, mean: FloatArray, covariance: FloatArray, version: str, sources: tuple[str, ...]
) -> Population:
    """A population whose mean and covariance are told in SDs of the prior."""
    factor = np.linalg.cholesky(prior.covariance)
    spread = factor @ covariance @ factor.T
    return Population(
        version=version,
        sources=sources,
        mean=prior.mean + factor @ mean,
        covariance=(spread + spread.T) / 2,  # the same above and below the diagonal to the last digit, as files are
        fixed=prior.fixed,
        waning=prior.waning,
    )


def _check(draws: Draws) -> None:
    then = "The population that stands goes on; look for patients whose scores cannot be right."
    if draws.k_hat > draws.largest_k_hat:
        raise UnreliableFitError(
            f"The weights of the draws are too uneven (Pareto k-hat {draws.k_hat:.2f}, above "
            f"{draws.largest_k_hat:.2f}), so the fit is not to be used. {then}"
        )
    if draws.effective < LEAST_EFFECTIVE:
        raise UnreliableFitError(
            f"The draws are worth {draws.effective:.0f} independent ones, fewer than {LEAST_EFFECTIVE:.0f}, so the fit "
            f"is not to be used. {then}"
        )
