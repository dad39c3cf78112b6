"""Both engines of the forecast of use give the same figures, for many patients and for one week by week."""

from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

from sextant.use import (
    PatientFollower,
    PatientWeeks,
    Population,
    Week,
    WeeksError,
    engine,
    fastest,
    forecast,
    shipped_population,
    word,
)
from sextant.use.history import TERMS
from use_people import small_population

needs_numba = pytest.mark.skipif(find_spec("numba") is None, reason="no numba on this machine; it is the extra 'fast'")
POPULATIONS = {
    "shipped": shipped_population(),
    "two states": small_population(parameter_sd=0.1),
    "five states": small_population(seed=2, n_states=5, parameter_sd=0.1),
}
COVARIATES = {"craving": (0.0, 100.0)}


def at_random(population: Population, n: int, seed: int) -> list[PatientWeeks]:
    """Patients with and without an arm, weeks before the start, gaps, self-report and covariates."""
    rng = np.random.default_rng(seed)
    patients = []
    for _ in range(n):
        numbers = np.flatnonzero(rng.random(80) < rng.choice([0.5, 0.9, 1.0])) - 4
        weeks = tuple(
            Week(
                int(number),
                str(rng.choice([*"_-+*o"], p=[0.1, 0.4, 0.2, 0.1, 0.2])),
                str(rng.choice([*"_-+*o"])),
                {name: rng.uniform(*span) for name, span in COVARIATES.items() if rng.random() < 0.3},
            )
            for number in numbers[: rng.integers(1, 80)]
        )
        patients.append(PatientWeeks(weeks, rng.choice([*population.arms, "elsewhere", None])))
    return patients


def figures(found) -> np.ndarray:
    return np.array([tuple(one) for weeks in found for one in weeks])


@needs_numba
@pytest.mark.parametrize("name", POPULATIONS)
def test_both_engines_foretell_the_same(name):
    population = POPULATIONS[name]
    patients = at_random(population, 120, seed=3)

    by_numpy, compiled = (figures(forecast(patients, population, engine(one))) for one in ("numpy", "compiled"))

    assert len(by_numpy) > 2_000
    assert np.abs(by_numpy - compiled).max() < 1e-12


@needs_numba
def test_both_engines_read_covariates_that_move_the_chance():
    small = POPULATIONS["two states"]
    population = replace(small, covariates={"craving": replace(small.covariates["craving"], mean=0.03)})
    patients = at_random(population, 60, seed=4)

    by_numpy, compiled = (figures(forecast(patients, population, engine(one))) for one in ("numpy", "compiled"))

    assert np.abs(by_numpy - compiled).max() < 1e-12
    assert np.abs(by_numpy - figures(forecast(patients, small))).max() > 0.01


@needs_numba
def test_both_engines_answer_where_there_is_nobody_and_where_nothing_is_due():
    for one in ("numpy", "compiled"):
        assert forecast([], POPULATIONS["shipped"], engine(one)) == []
        assert forecast([word("__"), PatientWeeks((Week(0, "-"),))], POPULATIONS["shipped"], engine(one)) == [[], []]


@needs_numba
def test_the_compiled_terms_of_the_past_are_those_of_the_model():
    from sextant.use import kernel

    assert len(TERMS) == kernel.TERMS


@pytest.mark.parametrize("name", ["numpy", pytest.param("compiled", marks=needs_numba)])
def test_one_patient_week_by_week_is_foretold_as_in_the_whole_record(name):
    population = POPULATIONS["shipped"]
    for patient in at_random(population, 12, seed=5):
        whole = forecast([patient], population)[0]
        follower = PatientFollower(patient.until(0), population, engine(name))

        found = []
        for week in patient.weeks:
            if not week.due:
                continue
            while follower.ahead.week < week.number:
                covariates = next((w.covariates for w in patient.weeks if w.number == follower.ahead.week), {})
                follower.update(Week(follower.ahead.week, "_", covariates=covariates))
            found.append(follower.ahead)
            follower.update(week)

        assert np.abs(figures([found]) - figures([whole])).max(initial=0) < 1e-12
        assert PatientFollower(patient, population, engine(name)).ahead == follower.ahead


BEGINS_LATE = [
    PatientWeeks((*before, *(Week(first + k, result) for k, result in enumerate("-+o*-"))), arm)
    for first in (2, 3, 70, 900)
    for arm in ("A", None)
    for before in ((), (Week(-1, "o"), Week(0, "+", "+")), (Week(0, "_"),))
]


@pytest.mark.parametrize("name", ["numpy", pytest.param("compiled", marks=needs_numba)])
def test_weeks_before_the_first_row_are_passed_as_if_each_had_been_marked_as_not_due(name):
    small = POPULATIONS["two states"]
    marked = [PatientWeeks((*one.weeks, Week(1, "_")), one.arm) for one in BEGINS_LATE]

    passed = [forecast([one], small, engine(name)) for one in BEGINS_LATE]
    walked = [forecast([one], small, engine(name)) for one in marked]

    assert [[one.week for one in weeks] for (weeks,) in passed] == [[one.week for one in weeks] for (weeks,) in walked]
    for some, others in zip(passed, walked, strict=True):
        assert np.abs(figures(some) - figures(others)).max() < 1e-12


@pytest.mark.parametrize("name", ["numpy", pytest.param("compiled", marks=needs_numba)])
def test_patients_who_begin_at_other_times_are_foretold_as_each_alone(name):
    small = POPULATIONS["two states"]

    together = forecast(BEGINS_LATE, small, engine(name))

    for one, weeks in zip(BEGINS_LATE, together, strict=True):
        assert np.abs(figures([weeks]) - figures(forecast([one], small, engine(name)))).max() < 1e-12


@pytest.mark.parametrize("name", ["numpy", pytest.param("compiled", marks=needs_numba)])
def test_what_is_known_of_week_0_moves_week_1_of_one_patient_too(name):
    known = PatientWeeks((Week(0, "-", covariates={"craving": 90.0}), Week(1, "+")))
    shipped = POPULATIONS["shipped"]

    ahead = PatientFollower(known.until(0), shipped, engine(name)).ahead

    assert np.abs(figures([[ahead]]) - figures(forecast([known], shipped))).max() < 1e-12
    assert ahead.p_use != forecast([word("+", first=1)], shipped)[0][0].p_use


@pytest.mark.parametrize("name", ["numpy", pytest.param("compiled", marks=needs_numba)])
def test_weeks_that_are_passed_over_were_not_due(name):
    small = POPULATIONS["two states"]
    skipped, marked = (PatientFollower(word("-+"), small, engine(name)) for _ in range(2))
    for number in (3, 4):
        marked.update(Week(number, "_"))

    assert skipped.update(Week(5, "+")) == marked.update(Week(5, "+"))


def test_a_week_that_is_not_after_the_last_is_refused():
    follower = PatientFollower(word("-+"), POPULATIONS["two states"])

    with pytest.raises(WeeksError, match="Week 2 is not after week 2"):
        follower.update(Week(2, "-"))


def test_an_engine_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="There is no engine 'abacus'"):
        engine("abacus")


def test_the_fastest_engine_is_the_compiled_one_where_numba_is_there():
    assert fastest().name == ("numpy" if find_spec("numba") is None else "compiled")
