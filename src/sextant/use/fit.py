"""The population fitted to patients: penalised maximum likelihood with exact gradients, on numpy and scipy alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from sextant.use.calendar import design
from sextant.use.history import FloatArray
from sextant.use.likelihood import Cohort, log_score
from sextant.use.population import Plan, shapes

PENALTY = 0.3
"""Of a unit's distance from the prior mean, squared: each value has a normal prior of SD 1.3."""

_STAYS, _MISSED = 3.0, -1.2
_SEED = 0


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a fit came to: the values, the penalised score at them, and how many steps it took."""

    values: dict[str, FloatArray]
    score: float
    steps: int


def fit(
    cohort: Cohort,
    plans: tuple[Plan, ...],
    n_states: int,
    *,
    start: Mapping[str, FloatArray] | None = None,
    penalty: float = PENALTY,
    steps: int = 400,
) -> Fitted:
    """Values that foretell the cohort best, by L-BFGS.

    The likelihood has several maxima: `start` (such as the shipped values, for a refit) decides which is found. Without
    it the search begins at states spread from abstinent to using, with a little noise of a fixed seed.
    """
    of = design(plans, cohort.result.shape[1])
    sizes = shapes(plans, n_states)
    prior = _prior(sizes, n_states)
    first = _pack(_spread(sizes, n_states) if start is None else start, sizes)
    centre = _pack(prior, sizes)

    def loss(vector: FloatArray) -> tuple[float, FloatArray]:
        score, gradient = log_score(unpack(vector, sizes), of, cohort)
        apart = vector - centre
        return penalty * float(apart @ apart) - score, 2 * penalty * apart - _pack(gradient, sizes)

    found = minimize(
        loss,
        first,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": steps, "maxfun": 2 * steps, "maxcor": 30, "ftol": 1e-7},
    )
    return Fitted(unpack(found.x, sizes), -float(found.fun), int(found.nit))


def unpack(vector: FloatArray, sizes: Mapping[str, tuple[int, ...]]) -> dict[str, FloatArray]:
    """The arrays by name from the vector that a search moves."""
    found, at = {}, 0
    for name, shape in sizes.items():
        size = int(np.prod(shape))
        found[name] = vector[at : at + size].reshape(shape)
        at += size
    return found


def _pack(values: Mapping[str, FloatArray], sizes: Mapping[str, tuple[int, ...]]) -> FloatArray:
    return np.concatenate([np.ravel(values[name]) for name in sizes])


def _prior(sizes: Mapping[str, tuple[int, ...]], n_states: int) -> dict[str, FloatArray]:
    """Every effect 0, except that a state lasts and that a missed week is less common than a test."""
    values = {name: np.zeros(shape) for name, shape in sizes.items()}
    values["moves"] = _STAYS * np.eye(n_states)
    values["missed_level"] = np.full(n_states, _MISSED)
    return values


def _spread(sizes: Mapping[str, tuple[int, ...]], n_states: int) -> dict[str, FloatArray]:
    """States from abstinent to using, every other one mostly missing: from here the search finds a good maximum."""
    rng = np.random.default_rng(_SEED)
    values = _prior(sizes, n_states)
    values["moves"] = values["moves"] + 0.05 * rng.standard_normal(sizes["moves"])
    values["test_level"] = np.linspace(-4.0, 2.0, n_states)
    values["missed_level"] = np.where(np.arange(n_states) % 2, 2.0, -2.0)
    values["told_any"] = np.linspace(-3.0, 0.0, n_states)
    values["told_any_if_positive"] = np.array(2.0)
    values["told_more_if_positive"] = np.array(0.3)
    values["ln_sd_missed"] = np.array(-0.5)
    return values
