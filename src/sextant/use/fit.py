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
"""Of a unit's distance from the usual mean, squared: each value has a normal prior of SD 1.3."""

_STAYS, _MISSED = 3.0, -1.2
_SEED = 0
_STEPS = 1_000

QUICK, CLOSE = 1e-7, 1e-9
"""Gain of a step, as a share of the score, at which the search ends: figures to three digits, or the maximum itself."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is thought of the values before the patients: each is normal around its centre.

    Parameters
    ----------
    centre : the means, by the names of `shapes`
    penalty : of a unit's distance from the mean, squared: 1 / (2 SD squared)
    begin : where the search begins; the likelihood has several maxima
    """

    centre: Mapping[str, FloatArray]
    penalty: float
    begin: Mapping[str, FloatArray]

    @classmethod
    def around(cls, values: Mapping[str, FloatArray], sd: float) -> "Prior":
        """Values that are known already, but for a normal of this SD each; the search begins there too."""
        return cls(values, 1 / (2 * sd**2), values)


def fit(
    cohort: Cohort, plans: tuple[Plan, ...], n_states: int, *, prior: Prior | None = None, until: float = QUICK
) -> dict[str, FloatArray]:
    """Values that foretell the cohort best, by the names of `shapes`; by L-BFGS, `until` a step gains so little.

    The likelihood has several maxima. Without a prior the search begins at states spread from abstinent to using, with
    a little noise of a fixed seed, so that the same cohort gives the same values.
    """
    of = design(plans, cohort.result.shape[1])
    sizes = shapes(plans, n_states)
    known = prior or Prior(_usual(sizes, n_states), PENALTY, _spread(sizes, n_states))
    centre = _pack(known.centre, sizes)

    def loss(vector: FloatArray) -> tuple[float, FloatArray]:
        score, gradient = log_score(unpack(vector, sizes), of, cohort)
        apart = vector - centre
        return known.penalty * float(apart @ apart) - score, 2 * known.penalty * apart - _pack(gradient, sizes)

    found = minimize(
        loss,
        _pack(known.begin, sizes),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _STEPS, "maxfun": 2 * _STEPS, "maxcor": 30, "ftol": until},
    )
    return unpack(found.x, sizes)


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


def _usual(sizes: Mapping[str, tuple[int, ...]], n_states: int) -> dict[str, FloatArray]:
    """Every effect 0, except that a state lasts and that a missed week is less common than a test."""
    values = {name: np.zeros(shape) for name, shape in sizes.items()}
    values["moves"] = _STAYS * np.eye(n_states)
    values["missed_level"] = np.full(n_states, _MISSED)
    return values


def _spread(sizes: Mapping[str, tuple[int, ...]], n_states: int) -> dict[str, FloatArray]:
    """States from abstinent to using, every other one mostly missing: from here the search finds a good maximum."""
    rng = np.random.default_rng(_SEED)
    values = _usual(sizes, n_states)
    values["moves"] = values["moves"] + 0.05 * rng.standard_normal(sizes["moves"])
    values["test_level"] = np.linspace(-4.0, 2.0, n_states)
    values["missed_level"] = np.where(np.arange(n_states) % 2, 2.0, -2.0)
    values["told_any"] = np.linspace(-3.0, 0.0, n_states)
    values["told_any_if_positive"] = np.array(2.0)
    values["told_more_if_positive"] = np.array(0.3)
    values["ln_sd_missed"] = np.array(-0.5)
    return values
