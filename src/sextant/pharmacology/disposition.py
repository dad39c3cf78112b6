"""The closed form: each patient's answer to what is given, as a sum of exponentials.

The plasma holds, a time t after 1 mg at once, `sum over m of plasma[m] exp(-rate[m] t)` mg/L. Mammillary compartments
have rates of their own, real and apart, and amplitudes above 0. The effect site follows with a rate of its own, ke0: of
each exponential it holds `ke0 (exp(-rate[m] t) - exp(-ke0 t)) / (ke0 - rate[m])`. That is worked out as one figure, so
that no digits are lost where ke0 comes near a rate; where the two fall together, see `is_degenerate`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sextant.pharmacology.model import FloatArray
from sextant.pharmacology.patients import Patients

_NEARNESS = 1e-6
"""Rates nearer than this part of themselves are one, as far as digits go."""


@dataclass(frozen=True, slots=True, eq=False)
class Disposition:
    """Rates (1/min) and amplitudes (1/L) of the exponentials.

    Parameters
    ----------
    rates : shape (4, patients): three of the compartments, falling, and ke0 of the effect site
    plasma : shape (3, patients); 0 where the rates are degenerate
    is_degenerate : shape (patients,): two rates so near to each other that the sum does not hold
    """

    rates: FloatArray
    plasma: FloatArray
    is_degenerate: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Fades:
    """What a step of one length makes of what there is, and of a rate of 1 mg/min during it.

    Parameters
    ----------
    left : shape (4, patients): part that is left of each exponential, and of the effect site
    passed : shape (3, patients): part of each exponential that reaches the effect site, and is there at the end
    grown : shape (3, patients): what the rate adds to each exponential, mg/L
    taken : shape (patients,): what the rate adds to the effect site, mg/L
    """

    left: FloatArray
    passed: FloatArray
    grown: FloatArray
    taken: FloatArray


def disposition(patients: Patients) -> Disposition:
    """The exponentials of each patient."""
    k10, k12, k13 = (flow / patients.v1 for flow in (patients.cl, patients.q2, patients.q3))
    k21, k31 = patients.q2 / patients.v2, patients.q3 / patients.v3
    rates = _rates(k10, k12, k13, k21, k31)
    every = np.concatenate([rates, patients.ke0[None]])
    ordered = np.sort(every, axis=0)
    near = np.any(np.diff(ordered, axis=0) < _NEARNESS * ordered[1:], axis=0)
    apart = np.stack([(rates[1] - rates[0]) * (rates[2] - rates[0]),
                      (rates[0] - rates[1]) * (rates[2] - rates[1]),
                      (rates[0] - rates[2]) * (rates[1] - rates[2])])  # fmt: skip
    amplitudes = (k21 - rates) * (k31 - rates) / (np.where(near, 1.0, apart) * patients.v1)
    return Disposition(every, np.where(near, 0.0, amplitudes), near)


def fades(made: Disposition, length_min: float) -> Fades:
    """What a step of this length does."""
    rates, ke0 = made.rates[:3], made.rates[3]
    left = np.exp(-length_min * made.rates)
    gap = np.where(made.is_degenerate, 1.0, np.abs(ke0 - rates))
    within = -np.expm1(-length_min * gap) / gap * np.maximum(left[:3], left[3])
    grown = made.plasma * -np.expm1(-length_min * rates) / rates
    return Fades(left, ke0 * within, grown, np.maximum((grown - made.plasma * within).sum(axis=0), 0.0))


def _rates(k10: FloatArray, k12: FloatArray, k13: FloatArray, k21: FloatArray, k31: FloatArray) -> FloatArray:
    """The three rates of the compartments, falling: roots of their characteristic polynomial, all real."""
    sum_ = k10 + k12 + k13 + k21 + k31
    pairs = k10 * k21 + k10 * k31 + k12 * k31 + k13 * k21 + k21 * k31
    product = k10 * k21 * k31
    third = sum_ / 3
    p = np.maximum(third**2 - pairs / 3, 0.0)
    q = third**3 - third * pairs / 2 + product / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        angle = np.arccos(np.clip(np.where(p > 0, q / p**1.5, 0.0), -1.0, 1.0)) / 3
    turns = np.array([0.0, 4.0, 2.0])[:, None] * np.pi / 3
    rates = third + 2 * np.sqrt(p) * np.cos(angle - turns)
    # The small roots lose digits beside the large one: two steps of Newton give them back.
    for _ in range(2):
        value = ((rates - sum_) * rates + pairs) * rates - product
        slope = (3 * rates - 2 * sum_) * rates + pairs
        with np.errstate(divide="ignore", invalid="ignore"):
            step = value / slope
        rates -= np.where(np.isfinite(step), step, 0.0)
    return np.asarray(-np.sort(-rates, axis=0))
