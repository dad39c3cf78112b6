"""The figures that a study of virtual people would publish, against virtual people."""

from dataclasses import replace

import numpy as np
import pytest

from sextant.response import DEFAULT, Dose
from sextant.response.prior.summaries import Arm, change, responding, still_well
from sextant.response.settings import Settings
from sextant.virtual.people import People, draw_people

N = 40_000
QUIET = replace(DEFAULT, sd_acute=0.0)
SETTING = Settings.of([QUIET])
SERIES = Arm("madrs", tuple(Dose(3.5 * n, 0.5) for n in range(6)))
NOISE = QUIET.sd_e**2 + QUIET.sd_ou**2
DAY = 18.5


@pytest.fixture(scope="module")
def people() -> People:
    return draw_people(Settings.of([QUIET] * N), ("madrs",), np.random.default_rng(1))


def measured(people: People, arm: Arm) -> tuple[np.ndarray, np.ndarray]:
    """Scaled scores before and on the day, with noise of their own."""
    rng = np.random.default_rng(2)
    doses = [(dose.day, dose.mg_per_kg) for dose in arm.doses]
    before = people.baselines[:, 0] + np.sqrt(NOISE) * rng.standard_normal(N)
    after = people.level(np.array([DAY]), doses, 0.5)[:, 0, 0] + np.sqrt(NOISE) * rng.standard_normal(N)
    return before, after


@pytest.mark.parametrize("fraction", [0.0, 0.5, 0.7])
@pytest.mark.parametrize("arm", [SERIES, Arm("madrs", ())], ids=["ketamine", "control"])
def test_the_share_that_responds_is_that_of_virtual_people(people: People, arm: Arm, fraction: float):
    before, after = measured(people, arm)

    foretold = responding(SETTING, arm, DAY, fraction, NOISE)

    assert foretold == pytest.approx((after <= (1 - fraction) * before).mean(), abs=0.012)


def test_mean_and_spread_of_the_change_are_those_of_virtual_people(people: People):
    before, after = measured(people, SERIES)

    mean, spread = change(SETTING, SERIES, DAY, NOISE)

    assert mean == pytest.approx(10 * (before - after).mean(), abs=0.2)
    assert spread == pytest.approx(10 * (before - after).std(), rel=0.02)


def test_who_is_well_becomes_fewer_with_time_and_with_a_stricter_relapse():
    days = [1.0, 7.0, 28.0, 180.0]

    lenient = still_well(SETTING, SERIES, DAY, days, 0.5, 0.3)
    strict = still_well(SETTING, SERIES, DAY, days, 0.5, 0.5)

    assert (np.diff(lenient) <= 0).all()
    assert (strict <= lenient).all()
    assert 0 < strict[-1] < lenient[0] <= 1
