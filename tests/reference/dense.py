"""The response model written out whole: one joint normal of all scores in each explanation. Slow, small, plain.

Nothing here is shared with the engines' algebra: the mean of every score is written out from the formulas, the
covariance is K + noise + X S X', and what is asked (benefit, a new score) is conditioned on the scores.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import multivariate_normal

from sextant.response import CourseData, HyperParameters

SCALE = {"craving": 25.0, "phq9": 5.0, "gad7": 4.5, "use_days": 2.0, "madrs": 10.0}
BASELINE = {
    "craving": (65.0, 18.0),
    "phq9": (14.0, 4.5),
    "gad7": (11.0, 4.0),
    "use_days": (3.5, 1.8),
    "madrs": (33.0, 5.0),
}


@dataclass(frozen=True)
class Explanation:
    """No response (`tau_s_days` None), response that wanes over so many days, or getting worse."""

    tau_s_days: float | None = None
    worse: bool = False


def trend(day: float, course: CourseData) -> float:
    """S(t), taken forward from one day on which attendance changed to the next."""
    reached, at, share = 0.0, 0.0, 0.5
    for start, new_share in [*sorted(course.attendance), (math.inf, 0.0)]:
        start = max(start, 0.0)
        until = min(start, day)
        if until > at:
            goal = 0.5 + 0.5 * share
            reached = goal + (reached - goal) * math.exp(-(until - at) / 30)
            at = until
        share = new_share
    return reached


def row(day: float, instrument: str | None, course: CourseData, hyper: HyperParameters, why: Explanation):
    """What each unknown (baselines, h, a, c) adds to a score on that day; to benefit where there is no instrument."""
    fast = slow = 0.0
    for dose in course.infusions:
        if dose.day < day and why.tau_s_days is not None:
            gone = day - dose.day
            effect = 2 * dose.mg_per_kg / (dose.mg_per_kg + 0.5)
            later = [one.day for one in course.infusions if dose.day < one.day < day]
            fast += effect * math.exp(-gone / hyper.tau_f_days) * hyper.fast_carry_over ** len(later)
            waned = (1 - hyper.lasting_share) * math.exp(-gone / why.tau_s_days)
            waned += hyper.lasting_share * math.exp(-gone / (hyper.lasting_ratio * why.tau_s_days))
            slow += effect * (1 - math.exp(-gone / hyper.tau_on_days)) * waned
    if instrument is None:
        return np.array([0.0] * len(SCALE) + [0.0, fast, slow])
    shown = 1.0 if instrument == "craving" else getattr(hyper, f"lambda_{instrument}")
    return np.array(
        [float(key == instrument) for key in SCALE] + [-shown * x for x in (trend(day, course), fast, slow)]
    )


def noise(day: float, course: CourseData, hyper: HyperParameters) -> float:
    """Variance of one score beside day-to-day variation."""
    since = [day - dose.day for dose in course.infusions if dose.day < day]
    acute = hyper.sd_acute**2 * math.exp(-2 * min(since) / hyper.tau_acute_days) if since else 0.0
    return hyper.sd_e**2 + acute


def joint(course: CourseData, hyper: HyperParameters, why: Explanation, ask_day: float):
    """Log density of the scores; mean and variance of benefit and of a new craving score, given the scores."""
    trend_mean, trend_sd = (hyper.mu_worse, hyper.sd_worse) if why.worse else (hyper.mu_h, hyper.sd_h)
    prior_mean = np.array([BASELINE[k][0] / SCALE[k] for k in SCALE] + [trend_mean, hyper.mu_a, hyper.mu_c])
    prior_sd = np.array([BASELINE[k][1] / SCALE[k] for k in SCALE] + [trend_sd, hyper.sd_a, hyper.sd_c])
    y = np.array([score.points / SCALE[score.instrument] for score in course.scores])
    rows = [row(score.day, score.instrument, course, hyper, why) for score in course.scores]
    rows += [row(ask_day, None, course, hyper, why), row(ask_day, "craving", course, hyper, why)]
    design = np.array(rows)
    covariance = design @ np.diag(prior_sd**2) @ design.T
    days = [score.day for score in course.scores] + [None, ask_day]
    for i, day_i in enumerate(days):
        for j, day_j in enumerate(days):
            if day_i is not None and day_j is not None:
                covariance[i, j] += hyper.sd_ou**2 * math.exp(-abs(day_i - day_j) / hyper.tau_ou_days)
                if i == j:
                    covariance[i, j] += noise(day_i, course, hyper)
    mean, n = design @ prior_mean, len(y)
    seen = covariance[:n, :n]
    log_density = multivariate_normal(mean[:n], seen).logpdf(y) if n else 0.0
    given = mean[n:] + covariance[n:, :n] @ np.linalg.solve(seen, y - mean[:n])
    left = covariance[n:, n:] - covariance[n:, :n] @ np.linalg.solve(seen, covariance[:n, n:])
    return log_density, given, np.diag(left)
