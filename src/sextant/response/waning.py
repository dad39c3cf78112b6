"""How slow benefit wanes: each shape is a sum of exponentials, so that the model stays linear in what is unknown.

With weights w_m and multiples r_m, slow benefit of one infusion after t days is

    (1 - exp(-t / tau_on)) * sum over m of w_m exp(-t / (r_m tau_s))

Which shape is used was decided on published durability, on the NIMH patients and on held-out late scores; the table
stands in `docs/response-model.md`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import roots_genlaguerre

from sextant.response.report import FloatArray

Parts = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]


@dataclass(frozen=True, slots=True)
class Waning:
    """A shape by name. `parts` turns share and ratio of the lasting part, (n,), into weights and multiples, (n, m)."""

    name: str
    parts: Parts


def _one_speed(share: FloatArray, _ratio: FloatArray) -> tuple[FloatArray, FloatArray]:
    ones = np.ones((len(share), 1))
    return ones, ones


def _two_speed(share: FloatArray, ratio: FloatArray) -> tuple[FloatArray, FloatArray]:
    return np.column_stack([1 - share, share]), np.column_stack([np.ones_like(ratio), ratio])


def power_law(exponent: float, n_parts: int = 5) -> Waning:
    """(1 + t / (exponent * tau_s)) ** -exponent as a mixture of exponentials: rates are gamma distributed, and Gauss'
    rule for that distribution gives the parts (generalised Laguerre)."""
    nodes, weights = roots_genlaguerre(n_parts, exponent - 1)
    multiples, shares = exponent / nodes, weights / weights.sum()

    def parts(share: FloatArray, _ratio: FloatArray) -> tuple[FloatArray, FloatArray]:
        return np.tile(shares, (len(share), 1)), np.tile(multiples, (len(share), 1))

    return Waning(f"power law, exponent {exponent:g}", parts)


ONE_SPEED = Waning("one exponential", _one_speed)
TWO_SPEED = Waning("two exponentials", _two_speed)
