"""What becomes of the forecasts when the truth is not the model.

Every patient still comes from a fresh setting of the shipped population, so that in each scenario one thing is wrong.
The sizes of what is wrong are design assumptions, chosen to hurt.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np

from sextant.instruments import instrument
from sextant.response import DEFAULT_ATTENDANCE_SHARE
from sextant.response.population import FITTED, Population
from sextant.response.report import BoolArray, FloatArray
from sextant.response.settings import FIELDS, Settings
from sextant.virtual.calibration.cohort import (
    MEASURED,
    MISSING,
    VISITS,
    Cohort,
    Missing,
    Moment,
    Scores,
    as_people_score,
    by_chance,
    cohort_of,
    draw_cohort,
)
from sextant.virtual.people import Doses, People, as_modelled, draw_people

PRIOR_SDS_OFF = 2.0
_OFF = {"mu_a": -1.0, "mu_c": -1.0, "mu_ln_tau_s": -1.0, "pi0": 1.0}  # towards less help than is believed
NOISE_DEGREES = 3.0
OUTLIERS = 0.05
MOST_UNITS = 2.0  # that benefit nears where it saturates: 50 craving points
MISSING_AT_BEST, MISSING_AT_WORST = 0.05, 0.6
LEAVE_AT_BEST, LEAVE_AT_WORST = 0.01, 0.3  # in a week

Draw = Callable[[Population, int, Moment, np.random.Generator], Cohort]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A truth by name, in words, and how patients are drawn from it."""

    key: str
    words: str
    draw: Draw


def scenarios() -> tuple[Scenario, ...]:
    """All of them, the model's own truth first."""
    return (
        Scenario("as modelled", "nothing is wrong", _modelled()),
        Scenario("less help", "people are helped less often, less and for less long than assumed", _off(1.0)),
        Scenario("more help", "people are helped more often, more and for longer than assumed", _off(-1.0)),
        Scenario(
            "power law",
            "benefit fades fast at first, then ever more slowly (power law)",
            _modelled(remaining=_power_law),
        ),
        Scenario("heavy noise", "more wild scores than expected (t, 3 degrees of freedom)", _modelled(scores=_heavy)),
        Scenario("outliers", "one score in twenty is anything on its scale", _modelled(scores=_with_outliers)),
        Scenario("missing when worse", "the worse a score, the likelier it is missing", _modelled(missing=_when_worse)),
        Scenario("leaving when worse", "the worse a week, the likelier a person leaves, for good", _leaving),
        Scenario(
            "adds up", "the fast benefit of one infusion adds to that of the last, and is not renewed", _adding_up
        ),
        Scenario("saturation", "benefit nears 50 craving points and does not pass them", _saturated),
        Scenario("own swings", "each instrument has good and bad days of its own", _modelled(scores=_own_swings)),
    )


def _modelled(
    *,
    remaining: Callable[[FloatArray, FloatArray, Settings], FloatArray] = as_modelled,
    scores: Scores = as_people_score,
    missing: Missing = by_chance,
) -> Draw:
    def draw(population: Population, n: int, moment: Moment, rng: np.random.Generator) -> Cohort:
        people = draw_people(population.draws(n, rng), MEASURED, rng, remaining=remaining)
        return draw_cohort(people, moment, rng, scores=scores, missing=missing)

    return draw


def _off(direction: float) -> Draw:
    """From a population whose centre is 2 prior SDs from where it is believed to be, in four numbers at once."""

    def draw(population: Population, n: int, moment: Moment, rng: np.random.Generator) -> Cohort:
        sds = np.sqrt(np.diag(population.covariance))
        shift = np.array([direction * PRIOR_SDS_OFF * _OFF.get(name, 0.0) for name in FITTED])
        truth = replace(population, mean=population.mean + shift * sds)
        return _modelled()(truth, n, moment, rng)

    return draw


def _power_law(days: FloatArray, tau_s_days: FloatArray, _settings: Settings) -> FloatArray:
    return 1.0 / (1.0 + days / tau_s_days)


def _heavy(people: People, days: FloatArray, doses: Doses, rng: np.random.Generator) -> FloatArray:
    return people.scores(days, doses, DEFAULT_ATTENDANCE_SHARE, rng, degrees=NOISE_DEGREES)


def _with_outliers(people: People, days: FloatArray, doses: Doses, rng: np.random.Generator) -> FloatArray:
    points = as_people_score(people, days, doses, rng)
    anything = np.floor(rng.random(points.shape) * (_highest(people) + 1))
    wrong = rng.random(points.shape) < OUTLIERS
    wrong[:, -1] = False  # the last day is what is forecast, and nobody forecasts a slip of the pen
    return np.where(wrong, anything, points)


def _own_swings(people: People, days: FloatArray, doses: Doses, rng: np.random.Generator) -> FloatArray:
    alone = [
        replace(people, instruments=(key,), baselines=people.baselines[:, [column]])
        for column, key in enumerate(people.instruments)
    ]
    return np.concatenate([as_people_score(one, days, doses, rng) for one in alone], axis=2)


def _when_worse(points: FloatArray, rng: np.random.Generator) -> BoolArray:
    """From the first infusion on; before it scores are missing by chance, as there is no forecast without them."""
    worst = points / np.array([instrument(key).highest for key in MEASURED])
    chance = MISSING_AT_BEST + (MISSING_AT_WORST - MISSING_AT_BEST) * worst
    chance[:, VISITS[: points.shape[1]] <= 0] = MISSING
    return np.asarray(rng.random(points.shape) < chance)


def _adding_up(population: Population, n: int, moment: Moment, rng: np.random.Generator) -> Cohort:
    """The forecasts hold `fast_carry_over` at what the population says."""
    settings = population.draws(n, rng)
    table = settings.table.copy()
    table[:, FIELDS.index("fast_carry_over")] = 1.0
    return draw_cohort(draw_people(Settings(table, settings.waning), MEASURED, rng), moment, rng)


class _Saturating(People):
    """People in whom benefit nears a limit; what the model calls benefit is what they would have without it."""

    __slots__ = ()

    def benefit(self, days: FloatArray, doses: Doses) -> FloatArray:
        """B at each day, in units of 25 craving points, (n, n_days)."""
        return MOST_UNITS * np.tanh(super().benefit(days, doses) / MOST_UNITS)


def _saturated(population: Population, n: int, moment: Moment, rng: np.random.Generator) -> Cohort:
    people = draw_people(population.draws(n, rng), MEASURED, rng)
    limited = _Saturating(**{field.name: getattr(people, field.name) for field in fields(People)})
    return draw_cohort(limited, moment, rng)


def _leaving(population: Population, n: int, moment: Moment, rng: np.random.Generator) -> Cohort:
    """Whole people leave: from day 0 on, each week's first visit is missed for good with a chance that rises with the
    craving that it would have shown. Who leaves gets no further infusion, and the forecast is still for the same day.
    """
    people = draw_people(population.draws(n, rng), MEASURED, rng)
    points = as_people_score(people, moment.visits, moment.given, rng)
    left_on = _left_on(points[:, :, 0] / instrument(MEASURED[0]).highest, moment.visits, rng)
    points[by_chance(points, rng) | (moment.visits >= left_on[:, None])[:, :, None]] = np.nan
    infusions = np.array([sum(day < left for day, _ in moment.given) for left in left_on])
    parts = []
    for given in np.unique(infusions):
        some = infusions == given
        until_then = replace(moment, infusions=int(given))
        new = as_people_score(people.take(some), np.array([moment.asked_day]), until_then.given, rng)
        parts.append(cohort_of(people.take(some), until_then, points[some], new[:, 0, 0], rng))
    return Cohort.joined(parts)


def _left_on(worst: FloatArray, days: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Day of the first visit that each person missed for good, infinite in those who stayed; (n,)."""
    week = np.floor(days / 7)
    first_of_week = (days > 0) & (np.diff(week, prepend=-np.inf) > 0)
    hazard = LEAVE_AT_BEST + (LEAVE_AT_WORST - LEAVE_AT_BEST) * worst
    leaves = first_of_week & (rng.random(worst.shape) < hazard)
    return np.where(leaves.any(axis=1), days[leaves.argmax(axis=1)], np.inf)


def _highest(people: People) -> FloatArray:
    return np.array([instrument(key).highest for key in people.instruments])
