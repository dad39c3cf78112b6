"""`sextant endpoints --return-of-symptoms` as an analyst uses it: how long patients stay well."""

import csv
import io
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sextant.cli.main import main
from sextant.outcomes import ReturnOfSymptoms

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
NAME = "time_to_return_of_symptoms"
HEAD = "patient,day,what,value\n"
ROWS = (
    f"{HEAD}A,0,phq9,18\nA,14,phq9,4\nA,42,phq9,11\nB,0,phq9,15\nB,7,phq9,3\nB,60,phq9,8\n"
    "C,0,phq9,20\nC,30,phq9,14\nD,0,craving,70\nD,1,infusion,0.5\n"
)
RULE = ["--return-of-symptoms", "phq9", "--well-at", "4", "--back-at", "10"]


@pytest.fixture
def course(tmp_path):
    file = tmp_path / "course.csv"
    file.write_text(ROWS)
    return str(file)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def answer_of_schema(capsys, name: str) -> dict:
    whole = json.loads(capsys.readouterr().out)
    Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text())).validate(whole)
    return whole


def test_one_row_a_patient_in_the_columns_of_every_endpoint(capsys, course):
    assert main(["endpoints", course, *RULE]) == 0

    rows = rows_of(capsys.readouterr().out)
    assert ",".join(rows[0]) == "patient,endpoint,value,time,event,rule,missing_is"
    assert [(row["patient"], row["value"], row["time"], row["event"]) for row in rows] == [
        ("A", "", "28.0", "1"),
        ("B", "", "53.0", "0"),
        ("C", "", "", ""),
        ("D", "", "", ""),
    ]


def test_each_row_says_its_rule_with_the_score_and_the_clinics_two_figures(capsys, course):
    main(["endpoints", course, *RULE])

    for row in rows_of(capsys.readouterr().out):
        assert row["endpoint"] == NAME
        assert row["rule"] == (
            "Days from the first phq9 of 4 or less after the first infusion (where there is none, from day 0 on) to "
            "the first later one of 10 or more; without one, to the last phq9."
        )
        assert row["missing_is"] == ReturnOfSymptoms.missing_is


def test_who_was_never_well_is_counted_on_standard_error(capsys, course):
    main(["endpoints", course, *RULE])

    assert "without a time, as no phq9 in treatment is 4 or less: 2 of 4 patients." in capsys.readouterr().err


def test_the_curve_has_numbers_at_risk_and_its_rule_and_leaves_out_who_was_never_well(capsys, course):
    assert main(["endpoints", course, *RULE, "--survival", NAME]) == 0

    printed = capsys.readouterr()
    rows = rows_of(printed.out)
    assert [(row["time"], row["at_risk"], row["events"], row["survival"]) for row in rows] == [
        ("28.0", "2", "1", "0.5"),
        ("53.0", "1", "0", "0.5"),
    ]
    assert {(row["endpoint"], row["rule"][:30]) for row in rows} == {(NAME, "Days from the first phq9 of 4 ")}
    assert "2 of 4 patients" in printed.err


def test_the_clock_starts_after_the_first_infusion_of_the_course(capsys, tmp_path):
    file = tmp_path / "course.csv"
    file.write_text(f"{HEAD}A,-30,phq9,3\nA,-1,phq9,18\nA,0,infusion,0.5\nA,1,phq9,3\nA,60,phq9,3\n")

    main(["endpoints", str(file), *RULE])

    assert [(row["time"], row["event"]) for row in rows_of(capsys.readouterr().out)] == [("59.0", "0")]


def test_28_days_at_other_hours_are_one_time_of_the_curve(capsys, tmp_path):
    file = tmp_path / "course.csv"
    file.write_text(f"{HEAD}B,4.3,phq9,3\nB,32.3,phq9,12\nC,4.2,phq9,3\nC,32.2,phq9,12\n")

    main(["endpoints", str(file), *RULE, "--survival", NAME])

    assert [(row["time"], row["events"]) for row in rows_of(capsys.readouterr().out)] == [("28.0", "2")]


def test_other_scores_of_the_same_patient_are_not_read(capsys, tmp_path):
    file = tmp_path / "course.csv"
    file.write_text(f"{HEAD}A,0,phq9,3\nA,5,madrs,40\nA,9,phq9,6\n")

    main(["endpoints", str(file), *RULE])

    assert [(row["time"], row["event"]) for row in rows_of(capsys.readouterr().out)] == [("9.0", "0")]


def test_json_follows_its_schema_and_says_the_rule_once(capsys, course):
    assert main(["endpoints", course, *RULE, "--json"]) == 0

    whole = answer_of_schema(capsys, "return-of-symptoms")
    assert (whole["endpoint"]["score"], whole["endpoint"]["well_at"], whole["endpoint"]["back_at"]) == ("phq9", 4, 10)
    assert whole["rows"][0] == {"patient": "A", "time": 28.0, "event": 1}
    assert whole["rows"][2] == {"patient": "C", "time": None, "event": None}


@pytest.mark.parametrize("confidence", ["80", "95"])
def test_the_curve_as_json_follows_its_schema(capsys, course, confidence):
    assert main(["endpoints", course, *RULE, "--survival", NAME, "--confidence", confidence, "--json"]) == 0

    whole = answer_of_schema(capsys, "return-of-symptoms-survival")
    assert (whole["confidence"], whole["patients"], whole["left_out"]) == (int(confidence), 2, 2)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("A,50,phq9,28", "Line 12: Day 50: PHQ-9 of 28 is outside its range of 0 to 27"),
        ("A,50,phq9,x", "Line 12: The value is not a number"),
        ("A,50,phq9,", "Line 12: The value is missing"),
        ("A,later,phq9,5", "Line 12: The day is not a number"),
        ("A,14,phq9,5", "Line 12: A phq9 score of this patient on day 14 is already on line 3"),
        (",50,phq9,5", "Line 12: The patient is missing"),
        ("A,50,mood,5", "Line 12: The column 'what' holds no fact"),
        ("A,50,phq9", "Line 12: The line has 3 cells"),
    ],
)
def test_a_line_that_cannot_be_right_is_refused_and_nothing_is_printed(capsys, tmp_path, line, says):
    file = tmp_path / "course.csv"
    file.write_text(f"{ROWS}{line}\n")

    assert main(["endpoints", str(file), *RULE]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--return-of-symptoms", "phq9"], "no source gives it. Write --well-at and --back-at in points of phq9"),
        (["--return-of-symptoms", "phq9", "--well-at", "4"], "Write --well-at and --back-at"),
        (["--return-of-symptoms", "joy", "--well-at", "4", "--back-at", "9"], "joy is no score of a COURSE.csv"),
        (["--return-of-symptoms", "phq9", "--well-at", "10", "--back-at", "4"], "Give --back-at above --well-at"),
        (["--return-of-symptoms", "phq9", "--well-at", "4", "--back-at", "4"], "Give --back-at above --well-at"),
        (["--return-of-symptoms", "phq9", "--well-at", "4", "--back-at", "40"], "outside its range of 0 to 27"),
        (["--return-of-symptoms", "phq9", "--well-at", "nan", "--back-at", "4"], "outside its range"),
        ([*RULE, "--endpoint", "negative_in_week_15"], "goes with neither --endpoint nor --list"),
        ([*RULE, "--list"], "goes with neither --endpoint nor --list"),
        ([*RULE, "--survival", "time_to_first_use_missing_as_use"], f"Write --survival {NAME}"),
        (["--well-at", "4", "--back-at", "10"], "Say of which score"),
        (["--survival", NAME], "Say of which score"),
        (["--return-of-symptoms", "madrs", "--well-at", "4", "--back-at", "10"], "no patient has a madrs of 4 or less"),
    ],
)
def test_options_that_do_not_go_together_are_refused_with_what_to_write(capsys, course, options, says):
    assert main(["endpoints", course, *options]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err


def test_without_a_file_it_asks_for_one(capsys):
    assert main(["endpoints", *RULE]) == 2

    assert "Name a file: sextant endpoints COURSE.csv --return-of-symptoms phq9." in capsys.readouterr().err
