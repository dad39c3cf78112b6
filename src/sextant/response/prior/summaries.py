"""What a study would publish if its patients came from one setting of the population.

Each summary is worked out on the same evenly spread people, with the noise of measurement integrated and not drawn, so
that it changes smoothly with every hyper-parameter and is the same in every run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from sextant.response.course_data import DEFAULT_ATTENDANCE_SHARE, Dose
from sextant.response.hyper_parameters import MODELLED
from sextant.response.posterior import fast_and_slow
from sextant.response.report import FloatArray
from sextant.response.settings import Settings, baselines
from sextant.response.timeline import trend

PEOPLE = 1024
_WALK_DAYS = 3.0  # between the days on which a relapse may be noticed
EDGE = 0.12  # of the baseline: how blurred the border of response is in one person, since scores are noisy


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm of a study.

    Parameters
    ----------
    instrument : the modelled one that its scale is read as
    doses : of ketamine, none in a control arm
    """

    instrument: str
    doses: tuple[Dose, ...]


def fall(setting: Settings, arm: Arm, days: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """How far the score lies below the own baseline, free of noise, in the instrument's scaled points.

    Returns
    -------
    falls, (3, PEOPLE, n_days), of those whom ketamine does nothing, who respond, and who get worse; the three shares;
    the own baselines, (PEOPLE,).
    """
    z = _people()
    loading = float(setting.loadings([arm.instrument])[0, 0])
    usual, spread = baselines([arm.instrument])
    baseline = usual[0] + spread[0] * z[0]
    programme = trend(days, [(0.0, DEFAULT_ATTENDANCE_SHARE)], float(setting["trend_days"][0]))
    plain = (setting["mu_h"] + setting["sd_h"] * z[1])[:, None] * programme
    worse = (setting["mu_worse"] + setting["sd_worse"] * z[1])[:, None] * programme
    benefit = np.zeros((PEOPLE, len(days)))
    if arm.doses:
        fast, slow = fast_and_slow(days, arm.doses, setting, setting.tau_s_days(z[4]))
        benefit = (setting["mu_a"] + setting["sd_a"] * z[2])[:, None] * fast
        benefit = benefit + (setting["mu_c"] + setting["sd_c"] * z[3])[:, None] * slow[0].T
    pi0, pi_worse = float(setting["pi0"][0]), float(setting["pi_worse"][0])
    shares = np.array([pi0, 1 - pi0 - pi_worse, pi_worse])
    return loading * np.stack([plain, plain + benefit, worse]), shares, baseline


def responding(setting: Settings, arm: Arm, day: float, fraction: float, noise: float) -> float:
    """Share whose score has fallen by that fraction of the measured baseline on one day.

    Parameters
    ----------
    noise : variance of one score, day-to-day variation included, in scaled points
    """
    (share,) = _responding(setting, arm, np.array([day]), fraction, noise)
    return float(share)


def responding_at_both(setting: Settings, arm: Arm, days: tuple[float, float], noise: float) -> tuple[float, ...]:
    """Share that responds (half of the baseline) on the first day, on the second, and on both."""
    falls, shares, baseline = fall(setting, arm, np.array(days))
    spread = np.sqrt([_measured(setting, arm, day, noise, 0.5) for day in days])
    chance = ndtr((falls - 0.5 * baseline[:, None]) / spread)
    first, second = (float(shares @ chance[:, :, n].mean(axis=1)) for n in (0, 1))
    return first, second, float(shares @ (chance[:, :, 0] * chance[:, :, 1]).mean(axis=1))


def change(setting: Settings, arm: Arm, day: float, noise: float) -> tuple[float, float]:
    """Mean and SD of the measured change on one day, in points of the instrument; above 0 is a fall.

    Parameters
    ----------
    noise : as `responding` takes it
    """
    falls, shares, _ = fall(setting, arm, np.array([day]))
    mean = float(shares @ falls[:, :, 0].mean(axis=1))
    square = float(shares @ (falls[:, :, 0] ** 2).mean(axis=1))
    points = MODELLED[arm.instrument].scale_points
    return points * mean, points * float(np.sqrt(square - mean**2 + _measured(setting, arm, day, noise, 1.0)))


def still_well(
    setting: Settings, arm: Arm, start: float, days: Sequence[float] | FloatArray, entry: float, relapse_at: float
) -> FloatArray:
    """Share of those who had responded on a day (by that fraction of the baseline) who at every moment until each later
    day have kept `relapse_at` of it, (n_days,); with nothing given meanwhile."""
    ends = np.asarray(days, dtype=float)
    walk = np.unique(np.concatenate([[0.0], np.arange(0.0, ends.max() + 1.0, _WALK_DAYS), ends]))
    falls, shares, baseline = fall(setting, arm, start + walk)
    kept = falls / np.maximum(baseline, 0.5)[:, None]
    entered = ndtr((kept[:, :, 0] - entry) / EDGE)
    lowest = np.minimum.accumulate(kept, axis=2)[:, :, np.searchsorted(walk, ends)]
    staying = ndtr((lowest - relapse_at) / EDGE)
    # Who enters by a hair and stays by a hair does both for the same reason: the smaller chance, not the product.
    both = np.minimum(entered[:, :, None], staying)
    return np.asarray((shares @ both.mean(axis=1)) / (shares @ entered.mean(axis=1)))


def _responding(setting: Settings, arm: Arm, days: FloatArray, fraction: float, noise: float) -> FloatArray:
    falls, shares, baseline = fall(setting, arm, days)
    spread = np.sqrt([_measured(setting, arm, day, noise, 1 - fraction) for day in days])
    return np.asarray(shares @ ndtr((falls - fraction * baseline[:, None]) / spread).mean(axis=1))


def _measured(setting: Settings, arm: Arm, day: float, noise: float, left: float) -> float:
    """Variance, by measurement alone, of the score of a day less that part of the baseline's, measured before day 0.

    Day-to-day variation is still partly the same soon after; within hours of a dose a score has further noise.
    """
    since = min((day - dose.day for dose in arm.doses if dose.day < day), default=np.inf)
    acute = float(setting["sd_acute"][0] ** 2 * np.exp(-2 * since / setting["tau_acute_days"][0]))
    shared = float(setting["sd_ou"][0] ** 2 * np.exp(-day / setting["tau_ou_days"][0]))
    return noise + acute + left**2 * noise - 2 * left * shared


@cache
def _people() -> FloatArray:
    """Evenly spread normal deviates, (5, PEOPLE): baseline, trend, fast, slow, ln tau_s."""
    return np.asarray(ndtri(qmc.Sobol(5, rng=20_261_125).random(PEOPLE)).T)
