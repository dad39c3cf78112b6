"""The population of the forecast of use as a file."""

import json

import numpy as np
import pytest

from sextant.evidence import sources
from sextant.use import PopulationFileError, read_population, shipped_population, text_of
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


def test_a_value_that_is_no_number_is_refused():
    whole = json.loads(TEXT)
    whole["values"]["test_level"] = ["high", 1]

    with pytest.raises(PopulationFileError, match="test_level is not made of numbers"):
        read_population(json.dumps(whole))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"counts_to": 101.0}, "craving of a week count to 101"),
        ({"counts_to": float("nan")}, "craving of a week count to nan"),
        ({"sd": 0.0}, "prior of craving"),
        ({"mean": float("inf")}, "prior of craving"),
        ({"source": "somebody"}, "not on file"),
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
