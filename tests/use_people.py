"""Small populations and virtual patients for the tests of the forecast of use."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sextant.use import Covariate, PatientWeeks, Plan, Population, Span, Week
from sextant.use.belief import Lines
from sextant.use.calendar import calendar, design
from sextant.use.history import TERMS, BeforeTheStart, History, of_the_missed, of_the_test
from sextant.use.population import NODE_WEIGHTS, shapes

PLANS = (
    Plan("short", ("A", "B"), test=(Span(1, 2),), missed=(Span(3, 3),), towards=(Span(2, 4),)),
    Plan("long", ("C",), missed=(Span(4, None),)),
)


def small_population(seed: int = 1, n_states: int = 2, parameter_sd: float = 0.0) -> Population:
    """Effects drawn at random around what is usual: three arms of two plans."""
    rng = np.random.default_rng(seed)
    values = {name: 0.4 * rng.standard_normal(shape) for name, shape in shapes(PLANS, n_states).items()}
    values["test_level"] = np.linspace(-2.5, 1.5, n_states)
    values["missed_level"] = np.linspace(-2.0, 0.0, n_states)
    values["moves"] = values["moves"] + 2.0 * np.eye(n_states)
    values["test_terms"] *= 0.5
    values["missed_terms"] *= 0.5
    share = rng.random((3, 5, 5)) + 0.2
    return Population(
        version="small",
        sources=("clinic: test",),
        plans=PLANS,
        values=values,
        arm_share=np.array([0.5, 0.3, 0.2]),
        baseline_share=share / share.sum(axis=(1, 2), keepdims=True),
        start_terms=rng.random(len(TERMS)),
        parameter_sd=parameter_sd,
        n_patients=0,
        covariates={"craving": Covariate("point of 100", 50.0, 0.0, 0.02, 0.0, 100.0, 100.0, "design assumption")},
    )


def own_clinic(truth: Population, n: int, weeks: int = 12, seed: int = 5) -> list[PatientWeeks]:
    """People of a clinic of its own, who live as those of the last arm would; no arm is told."""
    patients, _ = simulated(truth, n, weeks, seed, arm=len(truth.arms) - 1)
    return [PatientWeeks(one.weeks) for one in patients]


def weeks_csv(patients: Sequence[PatientWeeks]) -> str:
    """The WEEKS.csv of these people, numbered from 1."""
    rows = ["patient,week,result,self_report,arm"]
    for number, one in enumerate(patients, start=1):
        rows += [f"P{number},{week.number},{week.result},{week.self_report},{one.arm or ''}" for week in one.weeks]
    return "\n".join(rows) + "\n"


def moved(population: Population, **by: float) -> Population:
    """The same population with some values moved, all numbers of each by as much."""
    values = {name: value + by.get(name, 0.0) for name, value in population.values.items()}
    return replace(population, values=values)


def simulated(
    population: Population, n: int, weeks: int, seed: int, arm: int = 0, week_0: np.ndarray | None = None
) -> tuple[list[PatientWeeks], np.ndarray]:
    """Patients of one arm who live by the model, and each one's own chance of use in each week if tested.

    The chance is the one known to somebody who knew the patient's constants and last week's state. `week_0` are the
    codes of what their urine of week 0 was: without them none was due, which then is not on their record.
    """
    rng = np.random.default_rng(seed)
    values = population.values
    plan, lines = calendar(values, design(population.plans, weeks)), Lines.of(values)
    states = np.arange(population.n_states)
    u, h = rng.choice(3, n, p=NODE_WEIGHTS), rng.choice(3, n, p=NODE_WEIGHTS)
    none = np.zeros(n, np.int64)
    start = none if week_0 is None else week_0
    last_test = np.array([0, -1, 1, 1, 0])[start]
    history = History(BeforeTheStart(start, none, none, last_test, start, none), population.start_terms)
    result, told, own = np.zeros((n, weeks), np.int64), np.zeros((n, weeks), np.int64), np.zeros((n, weeks))
    state = none
    for k in range(weeks):
        terms = history.terms()
        test = np.exp(values["test_terms"] @ of_the_test(terms) + plan.test[arm, k])
        missed = np.exp(values["missed_terms"] @ of_the_missed(terms) + plan.missed[arm, k])
        chances = plan.start[arm][start] if k == 0 else plan.moves[arm, k - 1][state]
        odds_use, odds_missed = lines.odds_use[:, u].T * test[:, None], lines.odds_missed[:, u, h].T * missed[:, None]
        p_use, p_seen = odds_use / (1 + odds_use), 1 / (1 + odds_missed)
        own[:, k] = (chances * p_seen * p_use).sum(axis=1) / (chances * p_seen).sum(axis=1)
        state = np.array([rng.choice(states, p=row) for row in chances])
        at = np.arange(n)
        positive = rng.random(n) < p_use[at, state]
        seen = rng.random(n) < p_seen[at, state]
        result[:, k] = np.where(seen, np.where(positive, 2, 1), 4)
        likely = lines.told[positive.astype(int)]
        told[:, k] = np.where(seen, [rng.choice([1, 2, 3], p=likely[i, 1:, state[i]]) for i in at], 0)
        history.take(result[:, k], told[:, k])
    symbols, told_symbols = "_-+*o", "_-*+"
    patients = [
        PatientWeeks(
            (
                *(() if week_0 is None else (Week(0, symbols[week_0[i]]),)),
                *(Week(k + 1, symbols[result[i, k]], told_symbols[told[i, k]]) for k in range(weeks)),
            ),
            population.arms[arm],
        )
        for i in range(n)
    ]
    return patients, own
