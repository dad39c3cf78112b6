"""Does another method, which shares nothing with the engine, find the same posterior? NUTS on the dense form."""

from collections.abc import Iterator
from importlib.util import find_spec

import numpy as np
import pytest

from sextant.response import DEFAULT, CourseData, engine
from sextant.response.engine import Grid
from sextant.response.posterior import Posterior, posterior
from sextant.response.quantities import ln_tau_s, parameter
from sextant.response.reading import AS_NUMBERS
from sextant.response.settings import Settings
from sextant.virtual import courses_of, draw_people

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("numpyro") is None, reason="numpyro (group judges) is not installed on this machine"),
]

N_PATIENTS = 20
ASK_DAYS = np.array([4.5, 20.0, 77.0])
SERIES = [(day, 0.5) for day in (0.0, 3.0, 7.0, 10.0, 14.0, 17.0)]
KEYS = ("craving", "phq9", "gad7", "use_days")
FINE = Grid(401, 5.0)  # so that the grid is not what is judged
# Where a class is rarer, the few draws that fall in it do not show how far their own mean may be off.
RARE = 0.02


def random_courses() -> Iterator[CourseData]:
    """Two visits before the first infusion and six random ones in the seven weeks after it, on four instruments."""
    rng = np.random.default_rng(20_261_125)
    for _ in range(N_PATIENTS):
        days = np.concatenate([[-7.0, -1.0], np.sort(rng.uniform(0.5, 49.0, 6))])
        person = draw_people(Settings.of([DEFAULT]), KEYS, rng)
        yield from courses_of(person, person.scores(days, SERIES, 0.5, rng), days, SERIES, 0.5)


def means_of(after: Posterior) -> dict[str, float]:
    """What the engine says, by the names of `sampled_means`."""
    found = {name: float(parameter(after, name).pooled().mean()[0]) for name in ("craving", "h", "a", "c")}
    found["responds"] = float(after.weights[0, 1:-1].sum())
    found["ln_tau_s"] = float(ln_tau_s(after).mean()[0])
    benefit = after.benefit(ASK_DAYS, after.course.infusions).pooled().mean()
    return found | {f"benefit on day {day:g}": float(mean) for day, mean in zip(ASK_DAYS, benefit, strict=True)}


@pytest.fixture(scope="module")
def errors_apart() -> np.ndarray:
    """Engine less NUTS in Monte Carlo standard errors, (n_patients, n_quantities)."""
    import numpyro

    numpyro.enable_x64()
    from reference.sampled import sampled_means

    courses = list(random_courses())
    rows = []
    for course, sampled in zip(courses, sampled_means(courses, DEFAULT, ASK_DAYS, seed=1), strict=True):
        exact = means_of(posterior(course, Settings.of([DEFAULT]), reading=AS_NUMBERS, grid=FINE, by=engine("numpy")))
        assert exact.keys() == sampled.keys()
        apart = {name: (exact[name] - mean) / error for name, (mean, error) in sampled.items()}
        if not RARE < exact["responds"] < 1 - RARE:
            apart["responds"] = np.nan
        rows.append(list(apart.values()))
    return np.array(rows)


def test_means_of_the_engine_and_of_nuts_differ_by_chance_alone(errors_apart):
    seen = errors_apart[~np.isnan(errors_apart)]

    # Quantities of one patient hang together, so the mean is held against 20 patients and not against all numbers.
    assert abs(seen.mean()) < 3 / np.sqrt(N_PATIENTS)
    assert 0.7 < np.sqrt((seen**2).mean()) < 1.3
    assert np.abs(seen).max() < 4.5


def test_no_quantity_leans_to_one_side(errors_apart):
    n = (~np.isnan(errors_apart)).sum(axis=0)

    assert n.min() >= 10
    assert (np.abs(np.nanmean(errors_apart, axis=0)) < 3.5 / np.sqrt(n)).all()
