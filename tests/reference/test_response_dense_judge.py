"""The engines against the model written out whole (`dense.py`), on random patients."""

import numpy as np
import pytest

from reference.dense import Explanation, joint
from sextant.response import CourseData, Dose, HyperParameters, ScoreAt, engine, shipped_population
from sextant.response.engine import Grid
from sextant.response.posterior import posterior
from sextant.response.reading import AS_NUMBERS
from sextant.response.settings import Settings

HIGHEST = {"craving": 100.0, "phq9": 27.0, "gad7": 21.0, "use_days": 7.0, "madrs": 60.0}
ASK_DAYS = [-20.0, 8.125, 33.25, 90.0]


def random_patient(seed: int) -> tuple[CourseData, HyperParameters]:
    rng = np.random.default_rng(seed)
    doses = tuple(Dose(float(day), float(rng.uniform(0.3, 1.0))) for day in np.cumsum(rng.uniform(1, 9, 5)))
    keys = rng.choice(list(HIGHEST), size=30)
    scores = [ScoreAt(float(rng.uniform(-14, 60)), str(key), float(rng.uniform(0, HIGHEST[key]))) for key in keys]
    scores.append(ScoreAt(scores[0].day, scores[0].instrument, 1.0))  # read twice at the same time
    scores.append(ScoreAt(doses[1].day, "craving", 44.0))  # at an infusion's own time
    scores.append(ScoreAt(doses[2].day + 1 / 24, "craving", 20.0))  # an hour after an infusion
    attendance = tuple((float(day), float(rng.uniform())) for day in (-3.0, 11.0, 30.0))
    course = CourseData(scores=tuple(scores), infusions=doses, attendance=attendance)
    return course, shipped_population().draws(1, rng).one(0)


@pytest.mark.parametrize("name", ["numpy", "compiled"])
@pytest.mark.parametrize("seed", range(8))
def test_on_a_random_patient_the_engine_agrees_with_the_whole_multivariate_normal(seed, name):
    course, hyper = random_patient(seed)
    days = np.array(ASK_DAYS)

    after = posterior(
        course, Settings.of([hyper]), reading=AS_NUMBERS, grid=Grid(20, 3.25), by=engine(name), target="craving"
    )
    benefit = after.benefit(days, course.infusions)
    new_score = after.new_score(days, "craving", course.infusions)

    nodes = [Explanation(float(tau)) for tau in after.tau_s_days[0]]
    for n, why in enumerate([Explanation(), *nodes, Explanation(worse=True)]):
        for t, ask_day in enumerate(ASK_DAYS):
            log_density, mean, variance = joint(course, hyper, why, ask_day)
            near = {"rtol": 0, "atol": 1e-9}
            np.testing.assert_allclose(after.filtered.log_evidence[0, n], log_density, **near)
            np.testing.assert_allclose([benefit.means[0, t, n], new_score.means[0, t, n]], mean, **near)
            np.testing.assert_allclose([benefit.sds[0, t, n] ** 2, new_score.sds[0, t, n] ** 2], variance, **near)
