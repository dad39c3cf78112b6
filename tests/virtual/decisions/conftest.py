"""Virtual clinics for the tests of decisions: people of the average population of the design assumptions, which the
engine knows. So these tests do not hang on the studies that the prior is made of."""

from collections.abc import Callable

import numpy as np
import pytest

from sextant.response import Engine, design_assumptions, fastest
from sextant.response.settings import FIELDS, Settings
from sextant.virtual.decisions.clinic import Clinic, open_clinic
from sextant.virtual.decisions.series import SCORED

SEED = 20_261_125

Opened = Callable[..., Clinic]
Carrying = Callable[[Settings, float], Settings]


@pytest.fixture(scope="session")
def average() -> Settings:
    """The average population, which the engine holds."""
    return Settings.of([design_assumptions().average()])


@pytest.fixture(scope="session")
def by() -> Engine:
    """The compiled engine where there is one."""
    return fastest()


@pytest.fixture(scope="session")
def carrying() -> Carrying:
    """The same settings, in which an infusion adds to this share of the fast benefit that still stands."""

    def of(settings: Settings, share: float) -> Settings:
        table = settings.table.copy()
        table[:, FIELDS.index("fast_carry_over")] = share
        return Settings(table, settings.waning)

    return of


@pytest.fixture(scope="session")
def opened(average: Settings, by: Engine, carrying: Carrying) -> Opened:
    """A clinic of so many people scored on these days."""

    def of(n_people: int, days: np.ndarray = SCORED, seed: int = SEED, carry_over: float | None = None) -> Clinic:
        settings = average if carry_over is None else carrying(average, carry_over)
        return open_clinic(settings.take(np.zeros(n_people, dtype=np.int64)), settings, days, by, seed)

    return of
