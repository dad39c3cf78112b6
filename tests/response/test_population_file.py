"""population.json: what is written is read back, and what cannot be a population is refused in a sentence."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from cohorts import narrow, truth
from sextant.response import MODEL_VERSION, shipped_population
from sextant.response.held_out import Judged
from sextant.response.population import ASSUMED_SD, FITTED, even_shifts
from sextant.response.population_file import (
    MadeFrom,
    OtherModelError,
    PopulationFileError,
    named,
    numbers_sha256,
    read_population,
    text_of,
)
from sextant.response.waning import ONE_SPEED, power_law

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "population.json").read_text(encoding="utf-8"))
SHIPPED = shipped_population()
FITTED_BEFORE = named(SHIPPED, "Our clinic", 812)
MADE_FROM = MadeFrom(
    n_patients=812,
    n_scores=20_114,
    inputs_sha256="0" * 64,
    effective_draws=301.5,
    k_hat=0.31,
    largest_k_hat=0.65,
    held_out=Judged(812, 0.41, 0.05),
    parent="design assumptions 2",
)


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    """The file of the shipped population after a change."""
    whole = json.loads(text_of(FITTED_BEFORE, MADE_FROM))
    change(whole)
    return json.dumps(whole)


def with_(**changes: Any) -> Callable[[dict[str, Any]], object]:
    return lambda whole: whole.update(changes)


def test_a_population_that_is_written_is_read_back_to_the_last_digit():
    mine = narrow(truth(mu_a=0.3), sds=0.7, version="")
    mine = named(mine, "own record", 812)

    back = read_population(text_of(mine, MADE_FROM))

    assert (back.population.mean == mine.mean).all()
    assert (back.population.covariance == mine.covariance).all()
    assert (back.population.at(even_shifts(32)).table == mine.at(even_shifts(32)).table).all()
    assert (back.population.version, back.population.sources) == (mine.version, mine.sources)
    assert back.made_from == MADE_FROM
    assert back.better


@pytest.mark.parametrize("made_from", [None, MADE_FROM, replace(MADE_FROM, held_out=None, inputs_sha256=None)])
def test_a_file_follows_its_schema(made_from: MadeFrom | None):
    Draft202012Validator(SCHEMA).validate(json.loads(text_of(SHIPPED, made_from)))


def test_the_schema_names_what_the_model_fits_and_keeps():
    entry = SCHEMA["properties"]["fitted"]["items"]["properties"]

    assert entry["name"]["enum"] == list(FITTED)
    assert set(entry["scale"]["enum"]) == {scale for scale, _ in ASSUMED_SD.values()}
    assert SCHEMA["properties"]["fixed"]["required"] == list(json.loads(text_of(SHIPPED))["fixed"])


def test_a_population_that_was_not_judged_is_not_better():
    assert not read_population(text_of(SHIPPED)).better
    assert not read_population(text_of(FITTED_BEFORE, replace(MADE_FROM, held_out=None))).better
    assert not read_population(text_of(FITTED_BEFORE, replace(MADE_FROM, held_out=Judged(812, 0.05, 0.05)))).better


def test_the_names_may_stand_in_another_order():
    def backwards(whole: dict[str, Any]) -> None:
        for key in ("fitted", "mean", "covariance"):
            whole[key].reverse()
        whole["covariance"] = [row[::-1] for row in whole["covariance"]]

    back = read_population(changed(backwards)).population

    assert (back.mean == SHIPPED.mean).all()
    assert (back.covariance == SHIPPED.covariance).all()


@pytest.mark.parametrize("waning", [ONE_SPEED, power_law(1.5)])
def test_other_shapes_of_waning_are_known_by_name(waning: Any):
    other = replace(SHIPPED, waning=waning)

    back = read_population(text_of(other)).population

    assert back.waning.name == waning.name
    assert all(
        (a == b).all()
        for a, b in zip(back.at(even_shifts(8)).waning_parts(), other.at(even_shifts(8)).waning_parts(), strict=True)
    )


def test_the_mark_of_the_numbers_hangs_on_the_numbers_alone():
    assert numbers_sha256(SHIPPED) == numbers_sha256(replace(SHIPPED, version="by another name"))
    assert numbers_sha256(SHIPPED) != numbers_sha256(narrow(truth()))


ROWS = np.diag([sd**2 for _, sd in ASSUMED_SD.values()]).tolist()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (with_(schema="population/2"), "Its schema is 'population/2'"),
        (lambda whole: whole.pop("mean"), "does not have mean"),
        (with_(patients=[]), "has 'patients', which is not known"),
        (with_(version=""), "'version' is not a line of 1 to 120 characters"),
        (with_(version="two\nlines"), "'version' is not a line"),
        (with_(version="x" * 121), "'version' is not a line"),
        (with_(sources=[]), "'sources' is empty"),
        (with_(sources=["HEARSAY"]), "'HEARSAY', which is not on file"),
        (with_(waning="linear"), "waning is 'linear'"),
        (with_(waning="power law, exponent 0"), "waning is 'power law, exponent 0'"),
        (lambda whole: whole["fixed"].pop("sd_h"), "'fixed' does not have sd_h"),
        (lambda whole: whole["fixed"].update(mood=1.0), "has 'mood', which is not known"),
        (lambda whole: whole["fixed"].update(sd_h=-1.0), "sd_h is -1; the model takes 0.03 to 3"),
        (lambda whole: whole["fixed"].update(sd_worse=1e300), "sd_worse is 1e[+]300; the model takes"),
        (lambda whole: whole["fixed"].update(mu_worse=100.0), "mu_worse is 100; the model takes"),
        (lambda whole: whole["mean"].__setitem__(0, 0.7), "somebody changed them, or the name"),
        (with_(version="Our clinic, 812 patients"), "somebody changed them, or the name"),
        (lambda whole: whole["fixed"].update(sd_h=True), "sd_h is True"),
        (lambda whole: whole["fitted"][0].update(name="mu_z"), "It fits 'mu_z', which the model does not"),
        (lambda whole: whole["fitted"][0].update(name="sd_a"), "'sd_a' is fitted twice"),
        (lambda whole: whole["fitted"].pop(), "mu_h is missing from 'fitted'"),
        (lambda whole: whole["fitted"][1].update(scale="identity"), "sd_a is told on the scale 'identity'"),
        (lambda whole: whole["mean"].pop(), "'mean' has 18 numbers. It needs 19"),
        (lambda whole: whole["mean"].__setitem__(0, None), "Number 1 of 'mean' is None"),
        (lambda whole: whole["mean"].__setitem__(0, "0.6"), "Number 1 of 'mean' is '0.6'"),
        (lambda whole: whole["mean"].__setitem__(0, 10**400), "Number 1 of 'mean' is no number"),
        (lambda whole: whole["mean"].__setitem__(0, 15.0), "mean of mu_a is 15 .* more than 10 assumed SDs"),
        (lambda whole: whole["mean"].__setitem__(4, 45.0), "mean of mu_ln_tau_s is 45 .* Check its unit"),
        (with_(covariance=ROWS[:18]), "'covariance' has 18 rows"),
        (with_(covariance=[row[:18] for row in ROWS]), "Row 1 of 'covariance' has 18 numbers"),
        (lambda whole: whole["covariance"][0].__setitem__(1, 0.05), "not the same above and below its diagonal"),
        (lambda whole: whole["covariance"][0].__setitem__(0, -0.1), "not positive definite"),
        (lambda whole: whole["covariance"][0].__setitem__(0, 100.0), "variance of mu_a is 100"),
        (with_(mean=0.6), "'mean' is not a list"),
        (with_(made_from={}), "'made_from' does not have n_patients"),
        (lambda whole: whole["made_from"].update(n_patients=0), "'n_patients' is not a whole number"),
        (lambda whole: whole["made_from"].update(inputs_sha256="patient 7"), "not the 64 digits"),
        (lambda whole: whole["made_from"].update(effective_draws=-1), "'effective_draws' is -1"),
        (lambda whole: whole["made_from"]["held_out"].update(gain=0.01), "calls itself better, and its gain"),
        (lambda whole: whole["made_from"]["held_out"].update(better=False), "calls itself no better"),
        (lambda whole: whole["made_from"]["held_out"].update(error=-0.1), "'error' is -0.1"),
    ],
)
def test_what_cannot_be_a_population_is_refused_in_a_sentence(change: Callable[[dict[str, Any]], object], says: str):
    with pytest.raises(PopulationFileError, match=says):
        read_population(changed(change))


def test_a_population_of_another_model_is_told_apart_from_a_broken_file():
    with pytest.raises(OtherModelError, match=f"'response 1'; this version answers with '{MODEL_VERSION}'"):
        read_population(changed(with_(model="response 1")))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(number: str):
    text = re.sub(r'"mean": \[[^,]+', f'"mean": [{number}', text_of(SHIPPED))

    with pytest.raises(PopulationFileError, match=f"It holds {number}, which is not a number"):
        read_population(text)


@pytest.mark.parametrize("text", ["", "patient,day,what,value\n", "{", "[1, 2]", "null", "[" * 100_000])
def test_what_is_no_population_file_is_refused(text: str):
    with pytest.raises(PopulationFileError):
        read_population(text)
