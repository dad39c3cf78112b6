"""A virtual clinic: people whose truth nobody sees, and what their scores would be without ketamine.

Nothing here changes while a rule is tried, so every rule meets the same people with the same noise on the same days,
and differences between rules are the rules' own.
"""

from dataclasses import dataclass

import numpy as np

from sextant.response.engine import Engine, Grid
from sextant.response.hyper_parameters import CLEAR_FRACTION_OF_BASELINE
from sextant.response.report import FloatArray, IntArray
from sextant.response.settings import FIELDS, Settings
from sextant.response.timeline import trend
from sextant.virtual.people import People, draw_people

INSTRUMENTS = ("craving", "phq9")  # the first is the target; it carries the whole benefit
MG_PER_KG = 0.5
ATTENDANCE = 0.5
_QUIET_SD = 0.02  # half a craving point: scores are whole points, so nothing can be quieter


@dataclass(frozen=True, slots=True)
class Clinic:
    """n people who are scored on the same days.

    Parameters
    ----------
    people : the truth
    believed : the one setting of the population that the engine holds
    days : on which scores are taken, increasing, shape (n_days,)
    undosed : scaled points that would be scored without ketamine, (n, n_days, n_instruments)
    who : a number for each person, which stays when some are taken out; shape (n,)
    seed : of everything random
    grid : nodes of the engine; None for its own choice
    """

    people: People
    believed: Settings
    days: FloatArray
    undosed: FloatArray
    who: IntArray
    seed: int
    by: Engine
    grid: Grid | None = None

    def __len__(self) -> int:
        return len(self.who)

    def take(self, rows: IntArray) -> "Clinic":
        """The same clinic with these people alone."""
        return Clinic(
            self.people.take(rows),
            self.believed,
            self.days,
            self.undosed[rows],
            self.who[rows],
            self.seed,
            self.by,
            self.grid,
        )

    @property
    def threshold(self) -> FloatArray:
        """Benefit above which it is clear, (n,); a baseline below the scale's floor asks for more than none."""
        return np.asarray(np.maximum(CLEAR_FRACTION_OF_BASELINE * self.people.baselines[:, 0], 0.0))


def open_clinic(
    settings: Settings, believed: Settings, days: FloatArray, by: Engine, seed: int, *, grid: Grid | None = None
) -> Clinic:
    """A clinic of one virtual person from each of these settings.

    The same seed gives the same people, and the same noise on days that are the first of two lists of days alike.
    Every score is taken a day or more after an infusion, when the further noise of the first hours has passed.
    """
    people = draw_people(settings, INSTRUMENTS, np.random.default_rng([seed, 1]))
    n = len(people)
    swings = people.swings(days, np.random.default_rng([seed, 2]))
    errors = np.random.default_rng([seed, 3]).standard_normal((len(days), n, len(INSTRUMENTS))).swapaxes(0, 1)
    programme = people.trend[:, None] * trend(days, [(0.0, ATTENDANCE)], float(believed["trend_days"][0]))
    loadings = settings.loadings(INSTRUMENTS)
    undosed = people.baselines[:, None, :] - loadings[:, None, :] * programme[:, :, None]
    undosed += swings[:, :, None] + settings["sd_e"][:, None, None] * errors
    return Clinic(people, believed, days, undosed, np.arange(n), seed, by, grid)


def quieted(settings: Settings) -> Settings:
    """The same people scored almost without noise and day-to-day variation: to see what lack of knowledge costs."""
    table = settings.table.copy()
    for name in ("sd_e", "sd_ou"):
        table[:, FIELDS.index(name)] = _QUIET_SD
    return Settings(table, settings.waning)
