"""The forecast of use on substances that it was not fitted to, and on what people told of alcohol: CTN-0094."""

import gzip
from dataclasses import astuple

import numpy as np
import pytest

from sextant.use import PatientWeeks, TriedOn, shipped_population, tried
from sextant.use.cross_validation import cross_validated, try_on
from sextant.use.ctn0094 import (
    SUBSTANCES,
    TABLES,
    Substance,
    read_told_of,
    read_trial_patients,
    read_urines_of,
    with_disorder,
)
from sextant.use.judge import folds


@pytest.fixture(scope="module")
def tables(shared) -> dict[str, str]:
    folder = shared / "data" / "ctn0094" / "tables"
    return {name: gzip.decompress((folder / f"{name}.csv.gz").read_bytes()).decode() for name in TABLES}


def weeks_of(substance: str, tables: dict[str, str]) -> dict[str, PatientWeeks]:
    """Of all randomised people, as the shipped population of the substance was tried."""
    if substance == "opioids":
        return read_trial_patients(tables["weekly"], tables["randomization"])
    read = read_told_of if shipped_population(substance).tried_on[substance].told else read_urines_of
    return read(SUBSTANCES[substance], tables)


def having(substance: str, tables: dict[str, str]) -> list[int]:
    """Places, among the randomised people, of those who have its use disorder."""
    who = list(weeks_of("opioids", tables))
    some = with_disorder(SUBSTANCES[substance], tables["psychiatric"]) if substance in SUBSTANCES else set(who)
    return [k for k, one in enumerate(who) if one in some]


def test_the_weeks_of_the_days_are_the_weeks_of_the_source(tables):
    """Opioids, which the source has by week too: its rules count more names for some people, so that a few differ."""
    by_week = weeks_of("opioids", tables)
    by_day = read_urines_of(Substance("opioids", "Opioid", "Heroin", ""), tables)

    pairs = [
        (one.code == 1, other.code == 1)
        for who in by_week
        for one, other in zip(by_week[who].weeks, by_day[who].weeks, strict=True)
        if one.tested and one.number >= 1
    ]

    assert len(pairs) > 23_000
    assert sum(one == other for one, other in pairs) / len(pairs) > 0.98


@pytest.mark.parametrize("substance", tried())
def test_the_shipped_values_foretell_what_they_were_tried_on_as_their_file_says(substance: str, tables):
    """A little better, as the fit read these people: the file says how it foretold people that it had not seen."""
    population = shipped_population(substance)
    told = population.tried_on[substance]
    weeks, rows = list(weeks_of(substance, tables).values()), having(substance, tables)
    some = [weeks[k] for k in rows]

    found = try_on(some, folds(np.zeros(len(some), int)), [population] * 5, looked_for=told.looked_for, told=told.told)

    assert (found.n_patients, found.n_weeks) == (told.n_patients, told.n_weeks)
    assert found.log_loss_average == pytest.approx(told.log_loss_average, abs=1e-4)
    assert told.log_loss - 0.01 < found.log_loss < told.log_loss + 0.001
    assert found.log_loss_own_weeks == pytest.approx(told.log_loss_own_weeks, abs=0.005)


@pytest.mark.slow
@pytest.mark.parametrize("fitted_to", ["opioids", "alcohol"])
def test_people_that_the_fit_never_saw_are_foretold_as_the_files_say(fitted_to: str, tables):
    shipped = shipped_population(fitted_to)
    everybody = list(weeks_of(fitted_to, tables).values())

    fold, populations = cross_validated(everybody, shipped.plans, shipped.n_states, like=shipped)

    for substance, told in shipped.tried_on.items():
        rows = having(substance, tables)
        weeks = list(weeks_of(substance, tables).values())
        found = try_on(
            [weeks[k] for k in rows],
            fold[rows],
            populations,
            looked_for=told.looked_for,
            told=told.told,
            fitted=told.fitted,
        )
        assert _figures(found) == pytest.approx(_figures(told), abs=0.003), substance


def _figures(one: TriedOn) -> list[float]:
    return [value for value in astuple(one) if isinstance(value, float)]
