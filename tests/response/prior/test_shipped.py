"""The prior that ships is the one that the shipped tables give."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sextant.cli.main import main
from sextant.evidence.library import library
from sextant.response import MODEL_VERSION, About, design_assumptions, shipped_population
from sextant.response.prior import inputs_sha256, readings_of

KEPT = json.loads(files("sextant.response").joinpath("prior.json").read_text(encoding="utf-8"))


def test_it_was_made_from_the_tables_and_the_method_that_ship():
    readings, _ = readings_of(library())
    mark = inputs_sha256(readings, library().series, design_assumptions())

    assert KEPT["inputs_sha256"] == mark, "rebuild it: make prior calibration decisions"
    assert KEPT["model"] == MODEL_VERSION
    assert KEPT["population"] == shipped_population().version
    assert mark[:12] in shipped_population().version


def test_it_says_on_what_it_rests():
    assert {"RESPONSE-MODEL", "EVIDENCE-PRIOR"} <= set(shipped_population().sources)


def test_its_bands_hold_figures_of_studies_left_out_nearly_as_often_as_they_should():
    told = [one["within"] for one in KEPT["figures"] if one["unblinded"] and not one["words"].startswith("control")]

    assert sum(told) / len(told) == pytest.approx(0.8, abs=0.1)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("murrough2013#03", "half still well after 18 days"),
        ("mcinnes2022#07", "80 % after four weeks"),
        ("mcinnes2022#08", "60 % after eight weeks"),
        ("nimh_ds005917#02", "what is lost from day 2 to day 10"),
    ],
)
def test_durability_is_reproduced(row: str, words: str):
    (figure,) = (one for one in KEPT["figures"] if row in one["rows"])

    assert figure["within"], words
    assert figure["own"] == pytest.approx(figure["published"], abs=0.05 + 0.05 * figure["published"]), words


def test_of_how_long_benefit_lasts_the_studies_tell_most_that_followed_people_who_had_responded():
    (lasting,) = (one for one in KEPT["weights"] if one["about"] == About.LASTING)

    assert [one["study"] for one in lasting["studies"][:3]] == ["mcinnes2022", "murrough2013", "nimh_ds005917"]


@pytest.mark.slow
def test_the_command_makes_it_again(capsys: pytest.CaptureFixture[str]):
    assert main(["evidence", "prior", "--json"]) == 0

    again = json.loads(capsys.readouterr().out)
    for now, kept in zip(again["figures"], KEPT["figures"], strict=True):
        assert now["own"] == pytest.approx(kept["own"], rel=1e-3, abs=1e-3)
    assert again["changes"] == []


def test_what_is_kept_follows_its_schema():
    schema = Path(__file__).parents[3] / "docs" / "schemas" / "evidence-prior.json"

    Draft202012Validator(json.loads(schema.read_text(encoding="utf-8"))).validate(KEPT)
