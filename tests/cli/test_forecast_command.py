"""`sextant forecast` as an analyst uses it."""

import csv
import io
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cohorts import course_csv, narrow, simulated, truth
from sextant.cli import forecast as command
from sextant.cli.main import main
from sextant.response import shipped_population
from sextant.response.population_file import text_of

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
        (ROWS + "A,2,mood,7\n", [], "Line 7"),
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


def test_many_patients_are_answered_by_the_compiled_engine_with_the_same_numbers(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "many.csv"
    file.write_text(course_csv(simulated(4, 3)))
    main(["forecast", str(file), "--at", "7,60", "--json"])
    by_numpy = json.loads(capsys.readouterr().out)
    monkeypatch.setattr(command, "MANY_PATIENTS", 4)

    main(["forecast", str(file), "--at", "7,60", "--json"])

    assert_same(json.loads(capsys.readouterr().out), by_numpy)


def assert_same(found: object, expected: object) -> None:
    """The same values in the same places, numbers to 1e-10 (relative where they are large)."""
    if isinstance(expected, dict):
        assert list(found) == list(expected)
        for name in expected:
            assert_same(found[name], expected[name])
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            assert_same(one, other)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, rel=1e-10, abs=1e-10)
    else:
        assert found == expected


def test_a_long_command_says_how_far_it_has_come(
    capsys: pytest.CaptureFixture[str], course: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(command, "_LONG", 2)

    main(["forecast", str(course)])

    assert "sextant: 2 of 2 patients" in capsys.readouterr().err


def test_another_population_gives_another_answer_and_says_whose(
    capsys: pytest.CaptureFixture[str], course: Path, tmp_path: Path
):
    file = tmp_path / "population.json"
    file.write_text(text_of(narrow(truth(mu_a=3.0), version="our clinic")))
    main(["forecast", str(course), "--json"])
    shipped = json.loads(capsys.readouterr().out)

    assert main(["forecast", str(course), "--population", str(file), "--json"]) == 0

    ours = json.loads(capsys.readouterr().out)
    assert (shipped["model"]["prior"], ours["model"]["prior"]) == (shipped_population().version, "our clinic")
    assert ours["rows"][0]["benefit_mean"] > shipped["rows"][0]["benefit_mean"] + 1


def test_a_population_that_cannot_be_used_is_refused(capsys: pytest.CaptureFixture[str], course: Path, tmp_path: Path):
    file = tmp_path / "population.json"
    file.write_text("{}")

    assert main(["forecast", str(course), "--population", str(file)]) == 2

    assert f"{file}: Its schema is None" in capsys.readouterr().err
