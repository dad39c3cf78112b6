"""`sextant forecast` as an analyst uses it."""

import csv
import io
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sextant.cli.main import main

ROWS = "patient,day,what,value\nA,-7,craving,72\nA,-1,craving,70\nA,0,infusion,0.5\nA,1,craving,48\nB,0,infusion,0.5\n"


@pytest.fixture
def course(tmp_path):
    file = tmp_path / "course.csv"
    file.write_text(ROWS)
    return file


def printed_rows(capsys) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_one_row_a_patient_and_day_asked_for(capsys, course):
    assert main(["forecast", str(course), "--at", "1,28.5"]) == 0

    rows = printed_rows(capsys)
    assert [(row["patient"], row["day"]) for row in rows] == [("A", "1.0"), ("A", "28.5"), ("B", "1.0"), ("B", "28.5")]


def test_without_a_baseline_it_is_the_average_patient_and_says_so(capsys, course):
    main(["forecast", str(course)])

    assert {row["patient"]: row["kind"] for row in printed_rows(capsys)} == {"A": "individual", "B": "average"}


def test_the_columns_are_those_of_the_documented_format(capsys, course):
    main(["forecast", str(course)])

    assert ",".join(printed_rows(capsys)[0]) == (
        "patient,day,target,kind,mean,sd,q025,q10,q25,q50,q75,q90,q975,benefit_mean,benefit_q10,benefit_q90,"
        "pred_q025,pred_q10,pred_q25,pred_q50,pred_q75,pred_q90,pred_q975"
    )


def test_json_follows_its_schema_and_has_the_figures_of_next_step(capsys, course):
    schema = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "forecast.json").read_text())

    assert main(["forecast", str(course), "--json"]) == 0

    whole = json.loads(capsys.readouterr().out)
    Draft202012Validator(schema).validate(whole)
    assert whole["forecasts"][0]["p_clear_by_six"]["low80"] <= whole["forecasts"][0]["p_clear_by_six"]["high80"]


@pytest.mark.parametrize(
    ("text", "arguments", "says"),
    [
        (ROWS + "A,2,craving,700\n", [], "Line 7"),
        (ROWS + "A,2,mood,7\n", [], "'mood'"),
        (ROWS + "A,2,infusion,0\n", [], "Line 7"),
        (ROWS + "A,2,craving,nan\n", [], "Line 7"),
        ("patient,day\nA,1\n", [], "Line 1"),
        (ROWS, ["--at", "soon"], "--at soon"),
        (ROWS, ["--target", "joy"], "--target joy"),
    ],
)
def test_what_cannot_be_read_is_refused_by_line(capsys, tmp_path, text, arguments, says):
    file = tmp_path / "course.csv"
    file.write_text(text)

    assert main(["forecast", str(file), *arguments]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err
