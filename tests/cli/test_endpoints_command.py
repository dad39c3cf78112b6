"""`sextant endpoints` as an analyst uses it."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sextant.cli.main import main
from sextant.outcomes import ENDPOINTS

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
ROWS = "patient,word\nA,--+o-----------\nB,ooo+\nC,-_+-\n"
TIME = "time_to_first_use_missing_as_negative"


@pytest.fixture
def words(tmp_path):
    file = tmp_path / "words.csv"
    file.write_text(ROWS)
    return file


def printed_rows(capsys) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def answer_of_schema(capsys, name: str) -> dict:
    whole = json.loads(capsys.readouterr().out)
    Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text())).validate(whole)
    return whole


def test_one_row_a_patient_and_endpoint_in_the_columns_of_the_format(capsys, words):
    assert main(["endpoints", str(words)]) == 0

    rows = printed_rows(capsys)
    assert ",".join(rows[0]) == "patient,endpoint,value,time,event,rule,missing_is"
    assert [(row["patient"], row["endpoint"]) for row in rows] == [(who, name) for who in "ABC" for name in ENDPOINTS]


def test_each_row_says_its_rule_and_what_missing_means(capsys, words):
    main(["endpoints", str(words)])

    for row in printed_rows(capsys):
        endpoint = ENDPOINTS[row["endpoint"]]
        assert (row["rule"], row["missing_is"]) == (endpoint.rule, endpoint.missing_is)


def test_a_time_has_no_value_and_a_value_no_time(capsys, words):
    main(["endpoints", str(words), "--endpoint", TIME, "--endpoint", "negative_in_week_15"])

    rows = [(row["value"], row["time"], row["event"]) for row in printed_rows(capsys)]
    assert rows == [("", "3", "1"), ("1", "", ""), ("", "4", "1"), ("0", "", ""), ("", "", ""), ("0", "", "")]


def test_empty_figures_are_counted_on_standard_error(capsys, words):
    main(["endpoints", str(words), "--endpoint", TIME])

    assert "1 of 3 figures" in capsys.readouterr().err


def test_json_follows_its_schema_and_says_each_rule_once(capsys, words):
    assert main(["endpoints", str(words), "--json"]) == 0

    whole = answer_of_schema(capsys, "endpoints")
    assert [one["endpoint"] for one in whole["endpoints"]] == [*ENDPOINTS]
    assert len(whole["rows"]) == 3 * len(ENDPOINTS)


def test_the_list_needs_no_file(capsys):
    assert main(["endpoints", "--list"]) == 0

    rows = printed_rows(capsys)
    assert [row["endpoint"] for row in rows] == [*ENDPOINTS]
    assert rows[0]["columns"] == "Ab_ctnNinetyFour_2023"


def test_the_list_as_json_follows_the_same_schema(capsys):
    assert main(["endpoints", "--list", "--json"]) == 0

    assert answer_of_schema(capsys, "endpoints")["rows"] == []


def test_a_curve_has_numbers_at_risk_and_says_whom_it_watches_for_less(capsys, words):
    words.write_text(ROWS + "D,_+\n")

    assert main(["endpoints", str(words), "--survival", TIME]) == 0

    printed = capsys.readouterr()
    rows = [*csv.DictReader(io.StringIO(printed.out))]
    assert [(row["time"], row["at_risk"], row["events"], row["survival"]) for row in rows] == [
        ("1.0", "3", "0", "1.0"),
        ("3.0", "2", "1", "0.5"),
        ("4.0", "1", "1", "0.0"),
    ]
    assert rows[0]["rule"] == ENDPOINTS[TIME].rule
    assert "watched up to the week before the first in which no test was due: 1 of 4 patients" in printed.err
    assert "left out, as no test was due in week 1: 1 of 4 patients" in printed.err


def test_who_was_never_asked_for_a_test_is_left_out_and_not_counted_as_watched_for_less(capsys, tmp_path):
    file = tmp_path / "words.csv"
    file.write_text("patient,word\nA,__\nB,------_\nC,------\nD,____\n")

    assert main(["endpoints", str(file), "--survival", "time_to_four_weeks_of_use_in_a_row_from_week_3"]) == 0

    printed = capsys.readouterr()
    assert printed.out.splitlines()[1].startswith("3.0,2,0,1.0")
    assert "watched up to the week before the first in which no test was due: 1 of 4 patients" in printed.err
    assert "left out, as no test was due in week 1: 2 of 4 patients" in printed.err


def test_who_is_no_longer_tested_counts_as_without_use_until_then(capsys, words):
    followed = ["-------________"] * 50 + ["--+-----_______"] * 10 + ["-" * 15] * 5
    survival = {}
    for name, cut in (("open", str), ("cut", lambda word: word.rstrip("_"))):
        words.write_text("patient,word\n" + "".join(f"P{n},{cut(word)}\n" for n, word in enumerate(followed)))
        assert main(["endpoints", str(words), "--survival", "time_to_first_use_missing_as_use"]) == 0
        survival[name] = capsys.readouterr().out

    assert survival["open"] == survival["cut"]
    assert survival["open"].splitlines()[1].startswith("3.0,65,10,0.846")


def test_a_confidence_without_a_curve_is_refused(capsys, words):
    assert main(["endpoints", str(words), "--confidence", "80"]) == 2

    assert "Add --survival NAME, or leave it out." in capsys.readouterr().err


@pytest.mark.parametrize("confidence", ["80", "95"])
def test_a_curve_as_json_follows_its_schema(capsys, words, confidence):
    assert main(["endpoints", str(words), "--survival", TIME, "--confidence", confidence, "--json"]) == 0

    whole = answer_of_schema(capsys, "endpoints-survival")
    assert (whole["confidence"], whole["patients"], whole["left_out"]) == (int(confidence), 3, 0)


def test_column_names_may_be_in_capitals(capsys, tmp_path):
    file = tmp_path / "words.csv"
    file.write_text("Patient,WORD\nA,--+\n")

    assert main(["endpoints", str(file), "--endpoint", "number_of_negative_weeks"]) == 0

    assert [(row["patient"], row["value"]) for row in printed_rows(capsys)] == [("A", "2")]


def test_a_file_that_is_too_large_is_to_be_sent_in_fewer_rows(capsys, tmp_path):
    file = tmp_path / "words.csv"
    with file.open("wb") as large:
        large.truncate(50_000_001)

    assert main(["endpoints", str(file)]) == 2

    assert "is larger than 50 MB. Send fewer rows at a time." in capsys.readouterr().err


def test_gz_and_the_order_of_columns_do_not_matter(capsys, tmp_path):
    file = tmp_path / "words.csv.gz"
    file.write_bytes(gzip.compress(b"\xef\xbb\xbfword,patient\r\n--+,A\r\n\r\n"))

    assert main(["endpoints", str(file), "--endpoint", "number_of_negative_weeks"]) == 0

    assert [(row["patient"], row["value"]) for row in printed_rows(capsys)] == [("A", "2")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ROWS + "D,--x\n", "Line 5: Week 3 of the word is none of - + * o _."),
        (ROWS + "D,--O\n", "Line 5: Week 3"),
        (ROWS + "D,\n", "Line 5: The word is empty"),
        (ROWS + "D,  \n", "Line 5: The word is empty"),
        (ROWS + "D\n", "Line 5: The line has 1 cell"),
        (ROWS + "D,--,--\n", "Line 5: The line has 3 cells"),
        (ROWS + ",--\n", "Line 5: The patient is missing"),
        (ROWS + "A,--\n", "Line 5: This patient is already on line 2"),
        (ROWS + "D,#NAME?\n", "Line 5: The word is no row of weeks. A spreadsheet"),
        (ROWS + "A,--\nD,--x\n", "Line 6: Week 3"),
        (ROWS + 'D,"--\nx"\n', "Line 5: Week 3"),
        (ROWS + 'D,"--\n"\nE,--x\n', "Line 7: Week 3"),
        (ROWS + 'D,"--\n', "Line 5: this is not a row"),
        ("patient\nA\n", "Line 1: the column word is missing"),
        ("patient,word,arm\nA,-,1\n", "Line 1: there are columns that are not known"),
        ("patient,word,word\nA,-,-\n", "Line 1: the column word stands twice"),
        ("A,--+\nB,--\n", "Line 1: the columns are not named"),
        ("patient;word\nA;--\n", "Line 1: the cells are not separated by commas"),
        ("patient,word\n", "no rows"),
        ("", "Line 1: the columns are missing"),
    ],
)
def test_what_cannot_be_read_is_refused_by_line_and_nothing_is_printed(capsys, tmp_path, text, says):
    file = tmp_path / "words.csv"
    file.write_text(text)

    assert main(["endpoints", str(file)]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--endpoint", "negative_in_week_5"], "Did you mean negative_in_week_15"),
        (["--endpoint", "joy"], "joy is no endpoint. `sextant endpoints --list`"),
        (["--survival", "joy"], "joy is no endpoint"),
        (["--survival", "negative_in_week_15"], "is a figure and no time. Times: time_to_"),
        (["--survival", TIME, "--list"], "--survival goes with neither"),
    ],
)
def test_a_name_that_cannot_be_answered_is_refused(capsys, words, arguments, says):
    assert main(["endpoints", str(words), *arguments]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err


def test_without_a_file_it_asks_for_one(capsys):
    assert main(["endpoints"]) == 2

    assert "Name a file" in capsys.readouterr().err


def test_a_curve_of_nobody_is_refused(capsys, tmp_path):
    file = tmp_path / "words.csv"
    file.write_text("patient,word\nA,_-+\n")

    assert main(["endpoints", str(file), "--survival", TIME]) == 2

    assert "no patient has a time" in capsys.readouterr().err
