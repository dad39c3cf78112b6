"""`sextant evidence prior`: the average patient from published studies."""

import csv
import io
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sextant.cli.main import main
from sextant.evidence.library import Kind, shipped_text
from sextant.response.population_file import read_population

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "schemas" / "evidence-prior.json").read_text(encoding="utf-8")
)


def test_too_few_figures_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    rows = list(csv.reader(io.StringIO(shipped_text(Kind.SERIES))))
    with (tmp_path / "series_response.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows[:3])

    assert main(["evidence", "prior", "--studies", str(tmp_path)]) == 2

    assert "a prior needs at least 10" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_refused_before_any_work(capsys: pytest.CaptureFixture[str]):
    assert main(["evidence", "prior", "--out", "no-such-folder/prior.json"]) == 2

    assert "there is no folder" in capsys.readouterr().err


@pytest.mark.slow
def test_the_prior_is_the_same_in_every_run_and_follows_its_schema(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    written = [tmp_path / "one.json", tmp_path / "two.json"]
    told = []
    for file in written:
        assert main(["evidence", "prior", "--json", "--out", str(file)]) == 0
        told.append(json.loads(capsys.readouterr().out))

    Draft202012Validator(SCHEMA).validate(told[0])
    assert told[0] == told[1]
    assert written[0].read_bytes() == written[1].read_bytes()
    assert read_population(written[0].read_text()).population.version == told[0]["population"]
    assert len(told[0]["reference_patients"]) == 12
    assert {one["study"] for one in told[0]["influence"]} == {one["study"] for one in told[0]["figures"]}
