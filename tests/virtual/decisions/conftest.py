"""Virtual clinics for the tests of decisions: people of the average population, which the engine knows."""

from collections.abc import Callable

import numpy as np
import pytest

from sextant.response import Engine, fastest, shipped_population
from sextant.response.settings import Settings
from sextant.virtual.decisions.clinic import Clinic, open_clinic
from sextant.virtual.decisions.series import SCORED

SEED = 20_261_125

Opened = Callable[..., Clinic]


@pytest.fixture(scope="session")
def average() -> Settings:
    """The average population, which the engine holds."""
    return Settings.of([shipped_population().average()])


@pytest.fixture(scope="session")
def by() -> Engine:
    """The compiled engine where there is one."""
    return fastest()


@pytest.fixture(scope="session")
def opened(average: Settings, by: Engine) -> Opened:
    """A clinic of so many people scored on these days."""

    def of(n_people: int, days: np.ndarray = SCORED, seed: int = SEED) -> Clinic:
        return open_clinic(average.take(np.zeros(n_people, dtype=np.int64)), average, days, by, seed)

    return of
