"""`sextant forecast-use` as an analyst uses it."""

import csv
import gzip
import io
import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from sextant.cli import forecast_use
from sextant.cli.main import main
from sextant.use import text_of
from use_people import small_population

ROWS = (
    "patient,week,result,self_report,arm\nA,0,+,,Methadone\nA,1,-,-,Methadone\nA,2,o,+,Methadone\nB,1,*,*,\nA,4,+,+,\n"
)


@pytest.fixture
def weeks(tmp_path):
    file = tmp_path / "weeks.csv"
    file.write_text(ROWS)
    return file


def printed_rows(capsys) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_one_row_for_every_week_that_was_due_the_first_too(capsys, weeks):
    assert main(["forecast-use", str(weeks)]) == 0

    rows = printed_rows(capsys)
    assert [(row["patient"], row["week"]) for row in rows] == [("A", "1"), ("A", "2"), ("A", "4"), ("B", "1")]
    for row in rows:
        assert 0 < float(row["p_use_low"]) <= float(row["p_use"]) <= float(row["p_use_high"]) < 1
        assert 0 < float(row["p_use_or_missing"]) < 1


def test_the_columns_are_those_of_the_documented_format(capsys, weeks):
    main(["forecast-use", str(weeks)])

    assert ",".join(printed_rows(capsys)[0]) == "patient,week,p_use,p_use_low,p_use_high,p_use_or_missing"


def test_nothing_that_is_printed_tells_of_dropping_out(capsys, weeks):
    main(["forecast-use", str(weeks), "--json"])

    text = capsys.readouterr().out
    assert "drop" not in text
    assert "p_missing" not in text


def test_json_follows_its_schema_and_has_the_same_figures(capsys, weeks):
    schema = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "forecast-use.json").read_text())
    main(["forecast-use", str(weeks)])
    rows = printed_rows(capsys)

    assert main(["forecast-use", str(weeks), "--json"]) == 0

    whole = json.loads(capsys.readouterr().out)
    Draft202012Validator(schema).validate(whole)
    for row, one in zip(rows, whole["rows"], strict=True):
        assert float(row["p_use"]) == pytest.approx(one["p_use"])


def test_a_compressed_file_is_read(capsys, tmp_path, weeks):
    file = tmp_path / "weeks.csv.gz"
    file.write_bytes(gzip.compress(ROWS.encode()))
    main(["forecast-use", str(weeks)])
    plain = capsys.readouterr().out

    assert main(["forecast-use", str(file)]) == 0

    assert capsys.readouterr().out == plain


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ROWS + "A,5,x,,\n", "Line 7"),
        (ROWS + "A,2,-,,\n", "Line 7: Week 2 of this patient is already on line 4"),
        (ROWS + "A,5.5,-,,\n", "Line 7"),
        (ROWS + "C,,,,\n", "Line 7: The patient has no week"),
        (ROWS + 'C,"1\n",?,,\n', "Line 7: The result is no symbol"),
        ("patient,week,result,infusions\nA,1,-,2.5\n", "Line 2: The value of infusions is no whole number"),
        ("patient,week,result,infusions\nA,1,-,9\n", "Line 2: The value of infusions lies outside 0 to 7"),
        ("patient,week\nA,1\n", "Line 1: the column result is missing"),
        ("patient,week,result\nA,0,-\n", "nothing to forecast"),
    ],
)
def test_what_cannot_be_read_is_refused_by_line_and_nothing_is_half_read(capsys, tmp_path, text, says):
    file = tmp_path / "weeks.csv"
    file.write_text(text)

    assert main(["forecast-use", str(file)]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err


def test_an_arm_that_is_not_known_is_said_and_answered_as_not_told(capsys, tmp_path):
    file = tmp_path / "weeks.csv"
    file.write_text("patient,week,result,arm\nA,1,-,ketamine\nA,2,-,ketamine\n")
    other = tmp_path / "other.csv"
    other.write_text("patient,week,result\nA,1,-\nA,2,-\n")
    main(["forecast-use", str(other)])
    without = capsys.readouterr().out

    assert main(["forecast-use", str(file)]) == 0

    printed = capsys.readouterr()
    assert printed.out == without
    assert "patients with an arm that the population does not know, read as not told: 1." in printed.err


def test_a_patient_with_only_baseline_weeks_has_no_row_and_is_counted(capsys, tmp_path):
    file = tmp_path / "weeks.csv"
    file.write_text("patient,week,result\nA,0,-\nB,1,-\n")

    assert main(["forecast-use", str(file)]) == 0

    printed = capsys.readouterr()
    assert "A," not in printed.out
    assert "as no week of theirs was due: 1 of 2, first named on line 2." in printed.err


def test_patients_without_a_row_are_all_counted_and_three_of_them_named_by_their_first_line(capsys, tmp_path):
    file = tmp_path / "weeks.csv"
    file.write_text("patient,week,result\nA,1,-\nB,0,-\nB,2,_\nC,0,-\nD,1,_\nE,1,_\n")

    assert main(["forecast-use", str(file)]) == 0

    assert "was due: 4 of 5, first named on lines 3, 5, 6 and more." in capsys.readouterr().err


def test_column_names_may_be_in_capitals(capsys, tmp_path, weeks):
    main(["forecast-use", str(weeks)])
    plain = capsys.readouterr().out
    weeks.write_text(ROWS.replace("patient,week,result,self_report", "Patient,WEEK,Result,Self_Report"))

    assert main(["forecast-use", str(weeks)]) == 0

    assert capsys.readouterr().out == plain


def test_an_infusion_before_week_1_moves_week_1(capsys, tmp_path):
    chances = []
    for infusions in ("", "1"):
        file = tmp_path / "weeks.csv"
        file.write_text(f"patient,week,result,infusions\nA,0,_,{infusions}\nA,1,-,\n")
        assert main(["forecast-use", str(file)]) == 0
        chances.append(printed_rows(capsys)[0]["p_use"])

    assert chances[0] != chances[1]


def test_covariates_may_stand_in_the_file(capsys, tmp_path, weeks):
    file = tmp_path / "weeks.csv"
    file.write_text("patient,week,result,infusions,attendance,craving,mood\nA,1,-,1,0.5,70,12\nA,2,-,,,,\n")

    assert main(["forecast-use", str(file)]) == 0

    assert len(printed_rows(capsys)) == 2


@pytest.mark.parametrize("cells", [",,,", "0,0.5,22.46563,10"], ids=["empty", "at their references"])
def test_covariates_that_are_not_known_or_as_usual_change_nothing(capsys, tmp_path, weeks, cells):
    main(["forecast-use", str(weeks)])
    plain = capsys.readouterr().out
    first, *rows = ROWS.splitlines()
    file = tmp_path / "covariates.csv"
    file.write_text("\n".join([f"{first},infusions,attendance,craving,mood", *(f"{row},{cells}" for row in rows)]))

    assert main(["forecast-use", str(file)]) == 0

    assert capsys.readouterr().out == plain


def test_columns_that_are_not_read_are_named_once_and_change_nothing(capsys, tmp_path, weeks):
    main(["forecast-use", str(weeks)])
    plain = capsys.readouterr().out
    lines = ROWS.splitlines()
    for columns, says in (
        (("site",), "column 'site' is not read"),
        (("site", "ward"), "columns 'site', 'ward' are not read"),
    ):
        file = tmp_path / "other.csv"
        rows = [",".join([lines[0], *columns]), *(line + ",x" * len(columns) for line in lines[1:])]
        file.write_text("\n".join(rows))

        assert main(["forecast-use", str(file)]) == 0

        printed = capsys.readouterr()
        assert printed.out == plain
        assert printed.err.count(says) == 1
        assert "columns that are: patient, week, result, self_report, arm, infusions, attendance" in printed.err


def test_a_column_named_twice_is_refused(capsys, tmp_path):
    file = tmp_path / "weeks.csv"
    file.write_text("patient,week,result,result\nA,1,-,+\n")

    assert main(["forecast-use", str(file)]) == 2

    assert "Line 1: the column result stands twice" in capsys.readouterr().err


@pytest.mark.skipif(find_spec("numba") is None, reason="no numba on this machine; it is the extra 'fast'")
def test_many_weeks_are_answered_as_few_are(capsys, monkeypatch, weeks):
    main(["forecast-use", str(weeks)])
    few = capsys.readouterr().out
    monkeypatch.setattr(forecast_use, "MANY_WEEKS", 1)

    main(["forecast-use", str(weeks)])

    assert capsys.readouterr().out == few


def test_weeks_of_a_substance_that_it_was_tried_on_have_the_same_chances_with_more_doubt(capsys, weeks):
    main(["forecast-use", str(weeks)])
    of_opioids = printed_rows(capsys)

    assert main(["forecast-use", str(weeks), "--of", "cannabis"]) == 0

    for one, other in zip(printed_rows(capsys), of_opioids, strict=True):
        assert one["p_use"] == other["p_use"]
        assert float(one["p_use_high"]) - float(one["p_use_low"]) > float(other["p_use_high"]) - float(
            other["p_use_low"]
        )


def test_weeks_that_were_told_of_have_a_population_of_their_own(capsys, weeks):
    assert main(["forecast-use", str(weeks), "--of", "alcohol", "--json"]) == 0

    assert json.loads(capsys.readouterr().out)["model"]["population"] == "CTN-0094, three trials: alcohol as told"


def test_a_substance_that_none_was_tried_on_is_refused(capsys, tmp_path, weeks):
    file = tmp_path / "population.json"
    file.write_text(text_of(small_population()))

    assert main(["forecast-use", str(weeks), "--of", "gambling"]) == 2
    assert main(["forecast-use", str(weeks), "--of", "cocaine", "--population", str(file)]) == 2

    none_shipped, not_of_this_one = capsys.readouterr().err.splitlines()
    assert "--of gambling: no shipped population was tried on it; opioids, cocaine" in none_shipped
    assert "does not say that it was tried on it. Leave out --of." in not_of_this_one


def test_another_population_gives_another_answer_and_says_whose(capsys, tmp_path, weeks):
    file = tmp_path / "population.json"
    file.write_text(text_of(small_population()))

    assert main(["forecast-use", str(weeks), "--population", str(file), "--json"]) == 0

    assert json.loads(capsys.readouterr().out)["model"]["population"] == "small"


def test_a_population_that_cannot_be_used_is_refused(capsys, tmp_path, weeks):
    file = tmp_path / "population.json"
    file.write_text("{}")

    assert main(["forecast-use", str(weeks), "--population", str(file)]) == 2

    assert f"{file}: It is not a population of the forecast of use" in capsys.readouterr().err
