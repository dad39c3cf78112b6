"""Real visits of people with cocaine use disorder: is the prior of craving that ships the one that they give?"""

import pytest

from sextant.evidence.library import library
from sextant.use import shipped_population
from sextant.use.covariate_priors import ASSUMED_SD, covariate_priors
from sextant.use.sudmex_tms import craving_effect, read_steps


@pytest.fixture(scope="module")
def visits(shared) -> str:
    return (shared / "data" / "sudmex_tms" / "visits.csv").read_text(encoding="utf-8")


def test_the_shipped_priors_are_those_that_trials_and_visits_give(visits):
    found = covariate_priors(library().trials, visits)

    for name, shipped in shipped_population().covariates.items():
        for figure in ("mean", "sd", "reference", "counts_to"):
            assert getattr(shipped, figure) == pytest.approx(getattr(found[name], figure), abs=1e-5)
        assert shipped.source == found[name].source


def test_craving_before_a_urine_says_little_beyond_the_last_urine(visits):
    found = craving_effect(read_steps(visits), ASSUMED_SD["craving"])

    assert (found.n_people, found.n_steps) == (33, 64)
    assert found.mean == pytest.approx(0.0049, abs=0.0001)
    assert found.sd == pytest.approx(0.0093, abs=0.0001)
    assert found.reference == pytest.approx(22.5, abs=0.1)
