"""How a score is read: as a plain number, as a limit of the scale that it cannot leave, as a step, or with doubt.

A score enters the model through a site: a value and a variance that stand for it in the linear algebra. Sites are
formed in one pass, each from the patient's earlier visits alone (specification, section 6).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr

from sextant.response.report import BoolArray, FloatArray

OUTLIER_SDS = 2.5
SMALLEST_PRECISION = 1e-6
LN_2PI = float(np.log(2 * np.pi))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is allowed for when scores are read.

    Parameters
    ----------
    limits : a score at the floor or ceiling of its scale says only that the truth lies at or beyond it
    outliers : a score further off than `OUTLIER_SDS` counts no more than one that is exactly so far off
    steps : instruments of few ordered steps (days of use) are read as steps: the truth lies between two cuts
    """

    limits: bool = True
    outliers: bool = True
    steps: bool = True

    @property
    def plain(self) -> bool:
        """Whether every score is a number like any other."""
        return not (self.limits or self.outliers or self.steps)


ROBUST = Reading()
AS_NUMBERS = Reading(limits=False, outliers=False, steps=False)


def sites(
    value: FloatArray,
    low: FloatArray,
    high: FloatArray,
    noise: FloatArray,
    mean: FloatArray,
    variance: FloatArray,
    outliers: bool,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The site of each score, given the forecast of the score free of noise before it was seen.

    Parameters
    ----------
    value : scaled points
    low, high : cuts between which the truth lies, either of them infinite; NaN for a plain number
    noise : variance of the noise of one score
    mean, variance : of the forecast of the score free of noise
    outliers : whether plain numbers far off are read with doubt

    Returns
    -------
    value and variance of the site, and what the log evidence of the sites must be corrected by to become (nearly)
    that of the scores. All arrays broadcast against each other.
    """
    between = ~np.isnan(low)
    total = variance + noise
    sd = np.sqrt(total)
    site, spread, correction = np.broadcast_arrays(value, noise, np.zeros_like(total))
    site, spread, correction = site.copy(), spread.copy(), correction.copy()
    if outliers:
        off = np.abs(value - mean)
        far = ~between & (off > OUTLIER_SDS * sd)
        if far.any():
            off = np.where(far, off, OUTLIER_SDS * sd)  # of the others nothing is used; this only keeps the logs finite
            wide = noise + (off / OUTLIER_SDS) ** 2 - total
            spread = np.where(far, wide, spread)
            k, sds = OUTLIER_SDS, off / sd
            huber = -0.5 * k * k - k * (sds - k) - 0.5 * np.log(total)
            gauss = -0.5 * np.log(variance + wide) - 0.5 * off**2 / (variance + wide)
            correction = np.where(far, huber - gauss, correction)
    if between.any():
        log_mass, shift, shrink = _between((low - mean) / sd, (high - mean) / sd, between)
        new_mean = mean + variance / sd * shift
        new_variance = variance - variance**2 / total * shrink
        precision = np.maximum(1 / new_variance - 1 / variance, SMALLEST_PRECISION)
        at = (new_mean / new_variance - mean / variance) / precision
        whole = variance + 1 / precision
        gauss = -0.5 * (LN_2PI + np.log(whole) + (at - mean) ** 2 / whole)
        site = np.where(between, at, site)
        spread = np.where(between, 1 / precision, spread)
        correction = np.where(between, log_mass - gauss, correction)
    return site, spread, correction


def _between(a: FloatArray, b: FloatArray, wanted: BoolArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Of a unit normal between a and b: log mass, mean, and 1 - variance; computed in logs, since a clamped mass
    fails silently in the tails."""
    a, b = np.where(wanted, a, -np.inf), np.where(wanted, b, 0.0)
    flip = a + b > 0
    a, b = np.where(flip, -b, a), np.where(flip, -a, b)
    below_b = log_ndtr(b)
    log_mass = below_b + np.log(-np.expm1(log_ndtr(a) - below_b))
    at_a = np.exp(-0.5 * (a * a + LN_2PI) - log_mass)
    at_b = np.exp(-0.5 * (b * b + LN_2PI) - log_mass)
    mean = at_a - at_b
    edge = np.where(np.isinf(a), 0.0, np.where(np.isinf(a), 0.0, a) * at_a) - b * at_b
    return log_mass, np.where(flip, -mean, mean), mean**2 - edge
