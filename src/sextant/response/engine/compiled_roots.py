"""Quantiles of mixtures, compiled. As in `kernel.py`, nothing here depends on another file."""

import numpy as np
from numba import njit

from sextant.response.report import FloatArray, IntArray

# Sums may be taken in another order, which is how a processor adds several numbers at once.
_OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy", "fastmath": {"reassoc", "contract", "nsz"}}
_IN_ORDER = {**_OPTIONS, "fastmath": {"contract", "nsz"}}
_TOLERANCE = 1e-12
_MOST_STEPS = 200
_LAST_STEP = 1e-5


@njit(**_IN_ORDER)
def exponential(x: float) -> float:
    """exp(x) for x from -700 to 0, within 2e-16, in plain arithmetic, of which a processor does several at once."""
    shifted = x * 1.4426950408889634 + 6755399441055744.0  # leaves the power of two in the low bits
    k = shifted - 6755399441055744.0
    r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10
    p = 1.0 / 6227020800
    p = p * r + 1.0 / 479001600
    p = p * r + 1.0 / 39916800
    p = p * r + 1.0 / 3628800
    p = p * r + 1.0 / 362880
    p = p * r + 1.0 / 40320
    p = p * r + 1.0 / 5040
    p = p * r + 1.0 / 720
    p = p * r + 1.0 / 120
    p = p * r + 1.0 / 24
    p = p * r + 1.0 / 6
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    power = (np.float64(shifted).view(np.int64) << 52) + (1023 << 52)
    return float(p * np.int64(power).view(np.float64))


@njit(**_IN_ORDER)
def tail(z: float) -> float:
    """exp(z^2) erfc(z) for z of 0 and above, within 3e-15, likewise.

    (1 + 2z) times it is nearly a straight line in t = (z - 3.75) / (z + 3.75) (Shepherd and Laframboise 1981,
    doi 10.1090/S0025-5718-1981-0595058-X); these are the coefficients of the polynomial in t that meets
    scipy.special.erfcx at 21 Chebyshev points.
    """
    t = (z - 3.75) / (z + 3.75)
    p = 1.7312209083118933e-08
    p = p * t + 8.512559451761331e-09
    p = p * t - 2.1321360409864602e-07
    p = p * t - 2.7685663849700945e-08
    p = p * t + 1.6939254478276176e-06
    p = p * t - 1.0084713725546233e-06
    p = p * t - 1.1397625287921655e-05
    p = p * t + 2.241015775977701e-05
    p = p * t + 5.162479200942778e-05
    p = p * t - 0.00029016639136143893
    p = p * t + 0.0002937218341919264
    p = p * t + 0.0017556295487634313
    p = p * t - 0.009746581262494456
    p = p * t + 0.02836227674782648
    p = p * t - 0.05869339838397541
    p = p * t + 0.09230432122771155
    p = p * t - 0.10880393015433062
    p = p * t + 0.08227673848704045
    p = p * t + 0.0035854154857627857
    p = p * t - 0.14024059858550575
    p = p * t + 1.2375126308378264
    return p / (1.0 + 2.0 * z)


@njit(**_OPTIONS)
def _sums(x: float, weight: FloatArray, mean: FloatArray, sd: FloatArray) -> tuple[float, float, float]:
    """Sum of weight * Phi((x - mean) / sd), its derivative, and minus that one's, the last two times sqrt(2 pi)."""
    below = 0.0
    slope = 0.0
    bend = 0.0
    for c in range(mean.shape[0]):
        scaled = (x - mean[c]) / sd[c]
        far = min(abs(scaled), 37.0)
        density = exponential(-0.5 * far * far)
        beyond = 0.5 * density * tail(0.7071067811865476 * far)
        below += weight[c] * (beyond if scaled < 0 else 1.0 - beyond)
        each = weight[c] * density / sd[c]
        slope += each
        bend += each * scaled / sd[c]
    return below, slope, bend


@njit(**_OPTIONS)
def roots(
    weights: FloatArray,
    means: FloatArray,
    sds: FloatArray,
    times: IntArray,
    goals: FloatArray,
    z: FloatArray,
    found: FloatArray,
) -> None:
    """x with sum of weights * Phi((x - mean) / sd) = goal, as `mixture.numpy_roots`, into `found`."""
    for n in range(times.shape[0]):
        weight, mean, sd = weights[times[n]], means[times[n]], sds[times[n]]
        narrow, wide, first, last, mass, middle = np.inf, 0.0, np.inf, -np.inf, 0.0, 0.0
        for c in range(mean.shape[0]):
            if weight[c] > 0.0:
                narrow, wide = min(narrow, sd[c]), max(wide, sd[c])
                first, last = min(first, mean[c]), max(last, mean[c])
                mass += weight[c]
                middle += weight[c] * mean[c]
        middle /= mass
        square = 0.0
        for c in range(mean.shape[0]):
            square += weight[c] * (sd[c] * sd[c] + (mean[c] - middle) * (mean[c] - middle))
        a = first + min(z[n] * narrow, z[n] * wide)
        b = last + max(z[n] * narrow, z[n] * wide)
        x = min(max(middle + z[n] * np.sqrt(square / mass), a), b)
        last_step = b - a
        for _ in range(_MOST_STEPS):
            below, slope, bend = _sums(x, weight, mean, sd)
            excess = below - goals[n]
            if excess >= 0:
                b = x
            else:
                a = x
            step = -excess / slope * 2.5066282746310002 if slope > 0 else np.inf
            step /= min(max(1.0 - 0.5 * step * bend / slope, 0.5), 2.0)
            done = abs(step) <= _LAST_STEP * narrow
            good = a <= x + step <= b and abs(step) <= 0.5 * last_step
            stepped = x + step if done or good else 0.5 * (a + b)
            last_step = abs(stepped - x)
            x = stepped
            if done or b - a <= _TOLERANCE * (1.0 + abs(x)):
                break
        found[n] = x
