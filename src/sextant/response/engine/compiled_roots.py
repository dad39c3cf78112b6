"""Quantiles of mixtures, compiled. As in `kernel.py`, nothing here depends on another file."""

import math

import numpy as np
from numba import njit

from sextant.response.report import FloatArray, IntArray

_OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy", "fastmath": {"reassoc", "contract", "nsz"}}
_TOLERANCE = 1e-12
_MOST_STEPS = 200


@njit(**_OPTIONS)
def roots(
    weights: FloatArray,
    means: FloatArray,
    sds: FloatArray,
    times: IntArray,
    goals: FloatArray,
    low: FloatArray,
    high: FloatArray,
    start: FloatArray,
    found: FloatArray,
) -> None:
    """x with sum of weights * Phi((x - mean) / sd) = goal between low and high, as `mixture.roots`, into `found`."""
    n_components = means.shape[1]
    for n in range(times.shape[0]):
        t, goal, a, b, x = times[n], goals[n], low[n], high[n], start[n]
        last_step = b - a
        for _ in range(_MOST_STEPS):
            excess = -goal
            density = 0.0
            for c in range(n_components):
                weight = weights[t, c]
                if weight > 0.0:
                    scaled = (x - means[t, c]) / sds[t, c]
                    if scaled > 9.0:
                        excess += weight
                    elif scaled > -9.0:
                        excess += weight * 0.5 * math.erfc(-0.7071067811865476 * scaled)
                        density += weight / sds[t, c] * math.exp(-0.5 * scaled * scaled)
            density *= 0.3989422804014327
            if excess >= 0:
                b = x
            else:
                a = x
            tolerance = _TOLERANCE * (1.0 + abs(x))
            step = -excess / density if density > 0 else np.inf
            if abs(step) <= tolerance and abs(excess) <= _TOLERANCE:
                break
            if a <= x + step <= b and abs(step) <= 0.5 * last_step and abs(step) > tolerance:
                stepped = x + step
            else:
                stepped = 0.5 * (a + b)
            last_step = abs(stepped - x)
            x = stepped
            if b - a <= tolerance:
                break
        found[n] = x
