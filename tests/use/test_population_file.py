"""The population of the forecast of use as a file."""

import json
from dataclasses import replace

import numpy as np
import pytest

from sextant.evidence import sources
from sextant.use import PopulationFileError, forecast, read_population, shipped_population, text_of, word
from sextant.use.population import MadeFrom
from use_people import small_population

TEXT = text_of(small_population())


def test_a_population_is_read_as_it_was_written():
    read = read_population(TEXT)

    assert text_of(read) == TEXT
    np.testing.assert_allclose(read.values["moves"], small_population().values["moves"], atol=1e-5)


def test_the_shipped_population_names_its_patients_and_a_source_on_file():
    shipped = shipped_population()

    assert shipped.n_patients == 1870
    assert shipped.sources == ("CTN0094",)
    assert shipped.sources[0] in sources()


def test_each_covariate_says_where_its_prior_comes_from():
    told = {name: one.source for name, one in shipped_population().covariates.items()}

    assert told == {
        "infusions": "KETAMINE-ABSTINENCE",
        "attendance": "design assumption",
        "craving": "SUDMEX-TMS",
        "mood": "design assumption",
    }


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"schema": "population/1"}, "It is not a population of the forecast of use"),
        ({"model": "other/1"}, "It is not a population of the forecast of use"),
        ({"sources": []}, "'sources' is empty"),
        ({"sources": ["NOWHERE"]}, "not on file"),
        ({"arm_share": [0.5, 0.6, 0.2]}, "arm_share"),
        ({"arm_share": [0.5, 0.5, 0.0]}, "arm_share are not shares above 0"),
        ({"arm_share": [0.7, 0.5, -0.2]}, "arm_share are not shares above 0"),
        ({"parameter_sd": float("nan")}, "parameter_sd"),
        ({"parameter_sd": -1}, "below 0"),
        ({"values": {}}, "not laid out"),
        ({"plans": 3}, "not laid out"),
        ({"test_terms": []}, "terms of a patient's past"),
        ({"surplus": 1}, "exactly the names"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(change, says):
    with pytest.raises(PopulationFileError, match=says):
        read_population(json.dumps({**json.loads(TEXT), **change}))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"n_patients": "many"}, "n_patients"),
        ({"n_patients": -3}, "n_patients"),
        ({"n_patients": 2.5}, "n_patients"),
        ({"n_patients": True}, "n_patients"),
        ({"parameter_sd": 1e6}, "parameter_sd holds a number beyond 30"),
        ({"version": None}, "'version' is no text"),
        ({"sources": "CTN0094"}, "'sources' is not a list"),
        ({"sources": [{"a": 1}]}, "A source is no text"),
        ({"test_terms": 5}, "terms of a patient's past"),
        ({"plans": []}, "Name at least one"),
        ({"plans": [5]}, "A plan has exactly the names"),
        ({"covariates": 5}, "not laid out"),
        ({"values": [1]}, "not laid out"),
        ({"start_terms": [10**400] * 30}, "start_terms is not made of numbers"),
    ],
)
def test_a_part_of_another_kind_is_refused_in_a_sentence(change, says):
    with pytest.raises(PopulationFileError, match=says):
        read_population(json.dumps({**json.loads(TEXT), **change}))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"test": [[5, 2]]}, "stretch of weeks of the plan 'short'"),
        ({"test": [["a", 2]]}, "stretch of weeks of the plan 'short'"),
        ({"test": [[1, 2, 3]]}, "stretch of weeks of the plan 'short'"),
        ({"test": [[None, 2]]}, "stretch of weeks of the plan 'short'"),
        ({"test": [[0, 2]]}, "stretch of weeks of the plan 'short'"),
        ({"arms": ["A", "A"]}, "The arm 'A' stands twice"),
        ({"arms": ["A", "C"]}, "The arm 'C' stands twice"),
        ({"arms": []}, "has no arms"),
        ({"arms": ["A", 5]}, "An arm of the plan 'short' is no text"),
        ({"name": ""}, "The name of a plan is no text"),
        ({"surplus": 1}, "A plan has exactly the names"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(change, says):
    whole = json.loads(TEXT)
    whole["plans"][0].update(change)

    with pytest.raises(PopulationFileError, match=says):
        read_population(json.dumps(whole))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("test_level", [1e6, 0], "test_level holds a number beyond 30"),
        ("ln_sd_use", 1000, "ln_sd_use holds a number beyond 30"),
        ("ln_sd_use", 5, "people do not differ by so much"),
        ("test_level", [], "no state"),
        ("test_level", 5, "not laid out"),
    ],
)
def test_a_value_that_no_fit_gives_is_refused(name, value, says):
    whole = json.loads(TEXT)
    whole["values"][name] = value

    with pytest.raises(PopulationFileError, match=says):
        read_population(json.dumps(whole))


@pytest.mark.parametrize("side", [-30.0, 30.0])
def test_the_furthest_values_that_are_taken_give_chances_and_nothing_else(side):
    whole = json.loads(TEXT)
    for name, value in whole["values"].items():
        whole["values"][name] = np.full(np.shape(value), 3.0 if name.startswith("ln_sd") else side).tolist()

    found = forecast([word("-+o*_-+o", "-+_*_+-_")], read_population(json.dumps(whole)))

    for one in found[0]:
        assert 0 <= one.p_use_low <= one.p_use <= one.p_use_high <= 1
        assert 0 <= one.p_use_or_missing <= 1


@pytest.mark.parametrize("name", ["patient", "week", "result", "self_report", "arm", "", " craving", "Craving"])
def test_a_covariate_cannot_have_the_name_of_another_column_or_capitals(name):
    whole = json.loads(TEXT)
    whole["covariates"][name] = whole["covariates"]["craving"]

    with pytest.raises(PopulationFileError, match="A covariate cannot be named"):
        read_population(json.dumps(whole))


def test_a_file_from_before_it_was_said_who_tells_a_covariate_takes_it_for_told_by_the_patient():
    whole = json.loads(TEXT)
    for switch in ("whole_number", "told_by_patient"):
        del whole["covariates"]["craving"][switch]

    read = read_population(json.dumps(whole)).covariates["craving"]

    assert (read.whole_number, read.told_by_patient) == (False, True)


MADE_FROM = {"parent": "CTN-0094, three trials", "substance": "alcohol", "n_weeks": 1200, "inputs_sha256": "0f" * 32}


def test_a_clinics_own_population_says_what_it_was_made_from():
    text = text_of(replace(small_population(), made_from=MadeFrom(**MADE_FROM)))

    read = read_population(text)

    assert read.made_from == MadeFrom(**MADE_FROM)
    assert text_of(read) == text
    assert read_population(TEXT).made_from is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (None, "'made_from' has exactly the names"),
        ({}, "'made_from' has exactly the names"),
        ({**MADE_FROM, "surplus": 1}, "'made_from' has exactly the names"),
        ({**MADE_FROM, "parent": ""}, "'parent' of 'made_from' is no text"),
        ({**MADE_FROM, "substance": "coffee"}, "'substance' of 'made_from' is not known here"),
        ({**MADE_FROM, "n_weeks": 0}, "'n_weeks' of 'made_from'"),
        ({**MADE_FROM, "n_weeks": True}, "'n_weeks' of 'made_from'"),
        ({**MADE_FROM, "inputs_sha256": "0f"}, "no SHA-256 mark"),
        ({**MADE_FROM, "inputs_sha256": 5}, "no SHA-256 mark"),
    ],
)
def test_what_it_was_made_from_is_checked(change, says):
    with pytest.raises(PopulationFileError, match=says):
        read_population(json.dumps({**json.loads(TEXT), "made_from": change}))


def test_a_value_that_is_no_number_is_refused():
    whole = json.loads(TEXT)
    whole["values"]["test_level"] = ["high", 1]

    with pytest.raises(PopulationFileError, match="test_level is not made of numbers"):
        read_population(json.dumps(whole))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"counts_to": 101.0}, "'counts_to' of craving is 101, which lies outside 0 to 100"),
        ({"counts_to": float("nan")}, "'counts_to' of craving is nan"),
        ({"reference": -500}, "'reference' of craving is -500, which lies outside 0 to 100"),
        ({"lowest": "0"}, "'lowest' of craving is '0'"),
        ({"highest": True}, "'highest' of craving is True"),
        ({"highest": 1e7}, "'highest' of craving is 10000000.0"),
        ({"highest": 0, "counts_to": 0, "reference": 0}, "'lowest' of craving is not below 'highest'"),
        ({"sd": 0.0}, "prior of craving"),
        ({"sd": 31}, "prior of craving"),
        ({"mean": -31}, "prior of craving"),
        ({"mean": float("inf")}, "'mean' of craving is inf"),
        ({"mean": None}, "'mean' of craving is None"),
        ({"mean": 10**400}, "'mean' of craving"),
        ({"told_by_patient": 1}, "write true or false"),
        ({"source": 5}, "'source' of craving is no text"),
        ({"source": "somebody"}, "not on file"),
        ({"surplus": 1}, "has not the names"),
    ],
)
def test_a_prior_that_cannot_be_is_refused(change, says):
    whole = json.loads(TEXT)
    whole["covariates"]["craving"].update(change)

    with pytest.raises(PopulationFileError, match=says):
        read_population(json.dumps(whole))


def test_text_that_is_no_json_is_refused():
    with pytest.raises(PopulationFileError, match="not a JSON file"):
        read_population("{")


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("coffee", {}, "It was tried on 'coffee', which is not known here"),
        ("cocaine", {"surplus": 1}, "has not exactly the names looked_for"),
        ("cocaine", {"looked_for": ""}, "'looked_for' of cocaine is no text"),
        ("cocaine", {"told": 0}, "'told' of cocaine is 0. Write true or false"),
        ("cocaine", {"n_patients": 0}, "'n_patients' of cocaine is 0. Write a whole number from 1 on"),
        ("cocaine", {"n_weeks": True}, "'n_weeks' of cocaine is True"),
        ("cocaine", {"slope": "1"}, "'slope' of cocaine is '1'. Write a number"),
        ("cocaine", {"further_sd": -0.1}, "'further_sd' of cocaine is -0.1. Write a number from 0 to 30"),
        ("cocaine", {"log_loss": float("nan")}, "'log_loss' of cocaine is nan"),
        ("cocaine", {"source": "NOWHERE"}, "not on file"),
    ],
)
def test_what_it_was_tried_on_is_checked(name, change, says):
    whole = json.loads(text_of(shipped_population()))
    whole["tried_on"] = {name: whole["tried_on"]["cocaine"] | change}

    with pytest.raises(PopulationFileError, match=says):
        read_population(json.dumps(whole))


def test_what_it_was_tried_on_is_read_as_it_was_written():
    shipped = shipped_population()

    assert read_population(text_of(shipped)).tried_on == shipped.tried_on
