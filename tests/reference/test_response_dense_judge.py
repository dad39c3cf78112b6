"""A second, slower way to the same answer: the whole multivariate normal of each explanation, on random patients.

Nothing here is shared with the model's own algebra: the mean of every score is written out from the formulas, the
covariance is K + sd_e^2 I + X S X', and what is asked (benefit, parameters, a new score) is conditioned on the scores
in one joint normal.
"""

import math

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from sextant.response import CourseData, Dose, HyperParameters, ScoreAt, draws
from sextant.response.posterior import posterior

SCALE = {"craving": 25.0, "phq9": 5.0, "gad7": 4.5, "use_days": 2.0, "madrs": 10.0}
BASELINE = {
    "craving": (65.0, 18.0),
    "phq9": (14.0, 4.5),
    "gad7": (11.0, 4.0),
    "use_days": (3.5, 1.8),
    "madrs": (33.0, 5.0),
}
HIGHEST = {"craving": 100.0, "phq9": 27.0, "gad7": 21.0, "use_days": 7.0, "madrs": 60.0}
UNKNOWNS = (*SCALE, "h", "a", "c")


def random_patient(seed: int) -> tuple[CourseData, HyperParameters]:
    rng = np.random.default_rng(seed)
    doses = tuple(Dose(float(day), float(rng.uniform(0.3, 1.0))) for day in np.cumsum(rng.uniform(1, 9, 5)))
    keys = rng.choice(list(SCALE), size=30)
    scores = [ScoreAt(float(rng.uniform(-14, 60)), str(key), float(rng.uniform(0, HIGHEST[key]))) for key in keys]
    scores.append(ScoreAt(scores[0].day, scores[0].instrument, 1.0))  # read twice at the same time
    scores.append(ScoreAt(doses[1].day, "craving", 44.0))  # at an infusion's own time
    course = CourseData(scores=tuple(scores), infusions=doses, attendance_share=float(rng.uniform()))
    return course, draws(1, rng)[0]


def row(day: float, instrument: str | None, course: CourseData, hyper: HyperParameters, tau_s: float | None):
    """What each unknown adds to a score on that day, or to benefit where there is no instrument."""
    fast = slow = 0.0
    for dose in course.infusions:
        if dose.day < day and tau_s is not None:
            gone = day - dose.day
            effect = 2 * dose.mg_per_kg / (dose.mg_per_kg + 0.5)
            fast += effect * math.exp(-gone / hyper.tau_f_days)
            slow += effect * (1 - math.exp(-gone / hyper.tau_on_days)) * math.exp(-gone / tau_s)
    if instrument is None:
        return np.array([0.0] * len(SCALE) + [0.0, fast, slow])
    trend = (0.5 + 0.5 * course.attendance_share) * (1 - math.exp(-day / 30)) if day > 0 else 0.0
    shown = 1.0 if instrument == "craving" else getattr(hyper, f"lambda_{instrument}")
    return np.array([float(key == instrument) for key in SCALE] + [-shown * x for x in (trend, fast, slow)])


def judge(course: CourseData, hyper: HyperParameters, tau_s: float | None, ask_day: float):
    """Log density of the scores; mean and SD of benefit and of a new craving score, given the scores."""
    prior_mean = np.array([BASELINE[k][0] / SCALE[k] for k in SCALE] + [hyper.mu_h, hyper.mu_a, hyper.mu_c])
    prior_sd = np.array([BASELINE[k][1] / SCALE[k] for k in SCALE] + [0.3, hyper.sd_a, hyper.sd_c])
    y = np.array([score.points / SCALE[score.instrument] for score in course.scores])
    rows = [row(score.day, score.instrument, course, hyper, tau_s) for score in course.scores]
    rows += [row(ask_day, None, course, hyper, tau_s), row(ask_day, "craving", course, hyper, tau_s)]
    design = np.array(rows)
    joint = design @ np.diag(prior_sd**2) @ design.T
    days = [score.day for score in course.scores] + [None, ask_day]
    for i, day_i in enumerate(days):
        for j, day_j in enumerate(days):
            if day_i is not None and day_j is not None:
                joint[i, j] += hyper.sd_ou**2 * math.exp(-abs(day_i - day_j) / hyper.tau_ou_days)
                joint[i, j] += hyper.sd_e**2 * (i == j)
    mean, n = design @ prior_mean, len(y)
    seen = joint[:n, :n]
    log_density = multivariate_normal(mean[:n], seen).logpdf(y)
    given = mean[n:] + joint[n:, :n] @ np.linalg.solve(seen, y - mean[:n])
    covariance = joint[n:, n:] - joint[n:, :n] @ np.linalg.solve(seen, joint[:n, n:])
    return log_density, given, np.sqrt(np.maximum(np.diag(covariance), 0.0))


@pytest.mark.parametrize("seed", range(8))
def test_on_a_random_patient_the_model_agrees_with_the_whole_multivariate_normal(seed):
    course, hyper = random_patient(seed)
    ask_day = 33.25

    after = posterior(course, hyper)
    benefit = after.benefit(np.array([ask_day]), course.infusions)
    new_score = after.new_score(np.array([ask_day]), "craving", course.infusions)

    for component, tau_s in enumerate([None, *after.tau_s_days]):
        log_density, mean, sd = judge(course, hyper, tau_s, ask_day)
        np.testing.assert_allclose(after.log_evidence[component], log_density, rtol=0, atol=1e-9)
        np.testing.assert_allclose(
            [benefit.means[0, component], new_score.means[0, component]], mean, rtol=0, atol=1e-9
        )
        np.testing.assert_allclose(
            [benefit.sds[0, component] ** 2, new_score.sds[0, component] ** 2], sd**2, rtol=0, atol=1e-9
        )
