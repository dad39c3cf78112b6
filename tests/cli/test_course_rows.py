"""COURSE.csv as people really write it: a right answer or a sentence that names the line, and never a wrong number."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from sextant.cli.main import main

HEAD = "patient,day,what,value\n"
ROWS = "A,-7,craving,72\nA,-1,craving,70\nA,0,infusion,0.5\nA,1,craving,48\nA,8,craving,50\n"


@pytest.fixture
def answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """What `sextant forecast` prints for these rows, as (exit code, rows, sentences)."""

    def ask(rows: str, *arguments: str) -> tuple[int, list[dict[str, str]], str]:
        file = tmp_path / "course.csv"
        file.write_text(HEAD + rows, encoding="utf-8")
        code = main(["forecast", str(file), *arguments])
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return code, list(csv.DictReader(io.StringIO(printed.out))), printed.err

    return ask


def figures(row: dict[str, str]) -> np.ndarray:
    return np.array([float(value) for name, value in row.items() if name not in ("patient", "target", "kind")])


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("A,9,craving,101", "outside its range of 0 to 100"),
        ("A,9,craving,-1", "outside its range"),
        ("A,9,phq9,28", "outside its range of 0 to 27"),
        ("A,9,use_days,8", "outside its range of 0 to 7"),
        ("A,9,craving,nan", "not a number"),
        ("A,nan,craving,50", "not a number"),
        ("A,9,craving,inf", "not a number"),
        ("A,9,craving,1e999", "not a number"),
        ("A,9,craving,5_0", "not a number"),
        ("A,9,craving,٥٠", "not a number"),
        ("A,9,craving,0x10", "not a number"),
        ('A,9,craving,"50,5"', "not a number"),
        ("A,9,craving,", "The value is missing"),
        ("A,2026-11-25,craving,50", "not a number"),
        ("A,46351,craving,50", "over a hundred years from day 0"),
        ("A,1e300,craving,50", "over a hundred years from day 0"),
        ("A,9,infusion,0", "dose of 0 mg/kg cannot have been given"),
        ("A,9,infusion,-0.5", "dose of -0.5 mg/kg cannot have been given"),
        ("A,9,planned_infusion,0", "dose of 0 mg/kg"),
        ("A,0,infusion,0.5", "already on line 4"),
        ("A,0.0,planned_infusion,0.5", "already on line 4"),
        ("A,9,attendance,1.5", "not a share"),
        ("A,9,craving,50,phq9,12", "The line has 6 cells"),
        ("A,9,craving 50", "The line has 3 cells"),
        ("A,9,Craving,50", "holds no fact"),
        ("A,9,craving;phq9,50", "holds no fact"),
        (" ,9,craving,50", "The patient is missing"),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_by_its_line(answered, row: str, says: str):
    code, rows, said = answered(ROWS + row + "\n")

    assert (code, rows) == (2, [])
    assert "Line 7: " in said
    assert says in said


def test_two_shares_from_one_day_on_are_refused_with_both_lines(answered):
    code, _, said = answered(ROWS + "A,3,attendance,0.2\nA,3.0,attendance,0.9\n")

    assert code == 2
    assert "Line 8: Attendance of this patient on day 3 is already on line 7" in said


def test_rows_in_any_order_give_the_same_answer(answered):
    _, in_order, _ = answered(ROWS)
    _, reversed_rows, _ = answered("".join(reversed(ROWS.splitlines(keepends=True))))

    assert in_order == reversed_rows


def test_two_scores_of_one_instrument_at_one_time_are_refused_with_both_lines(answered):
    code, _, said = answered(ROWS + "A,12,craving,40\nA,12.0,craving,52\n", "--at", "14")

    assert code == 2
    assert "Line 8: A craving score of this patient on day 12 is already on line 7" in said


def test_two_scores_a_blink_apart_both_count(answered):
    a_blink_apart = answered(ROWS + "A,12,craving,40\nA,12.000001,craving,52\n", "--at", "14")[1][0]
    one_alone = answered(ROWS + "A,12,craving,40\n", "--at", "14")[1][0]

    assert float(a_blink_apart["mean"]) > float(one_alone["mean"])
    assert float(a_blink_apart["sd"]) < float(one_alone["sd"])


def test_an_infusion_later_than_the_day_asked_about_changes_nothing_of_that_day(answered):
    _, without, _ = answered(ROWS, "--at", "10")
    _, with_later, _ = answered(ROWS + "A,20,infusion,0.5\n", "--at", "10")

    assert figures(without[0]) == pytest.approx(figures(with_later[0]), abs=1e-9)


def test_an_infusion_later_than_all_scores_counts_from_its_day_on(answered):
    _, without, _ = answered(ROWS, "--at", "21")
    _, with_later, _ = answered(ROWS + "A,20,infusion,0.5\n", "--at", "21")

    assert float(with_later[0]["benefit_mean"]) > float(without[0]["benefit_mean"]) + 1


def test_spaces_plus_signs_and_a_last_line_without_an_end_do_no_harm(answered):
    _, plain, _ = answered(ROWS)
    _, spaced, _ = answered(ROWS.replace("A,8,craving,50\n", " A , +8.0 , craving , 5e1"))

    assert plain == spaced


def test_a_patient_without_a_forecast_is_told_by_number_and_the_others_are_answered(answered):
    code, rows, said = answered(ROWS + "B,-1,craving,0\nB,0,infusion,0.5\nC,0,infusion,50\n")

    assert code == 0
    assert {row["patient"] for row in rows} == {"A"}
    assert "Patient 2 of the file has no forecast: Craving was 0 before the first infusion" in said
    assert "Patient 3 of the file has no forecast: A dose of 50 mg/kg is outside" in said


def test_when_no_patient_has_a_forecast_the_file_is_refused(answered):
    code, rows, said = answered("C,0,infusion,50\n")

    assert (code, rows) == (2, [])
    assert "Patient 1 of the file has no forecast: A dose of 50 mg/kg" in said


@pytest.mark.parametrize("at", ["soon", "nan", "1e999", "", "7,,8", "40000", "1_0"])
def test_days_that_are_none_are_refused(answered, at: str):
    code, rows, said = answered(ROWS, f"--at={at}")

    assert (code, rows) == (2, [])
    assert "is not a list of days" in said


@pytest.mark.slow
def test_five_thousand_visits_are_answered(answered):
    rng = np.random.default_rng(1)
    points = np.clip(np.round(60 - 20 * (np.arange(5000) > 100) + 12 * rng.standard_normal(5000)), 0, 100)
    scores = "".join(f"A,{-5 + 0.05 * n:.2f},craving,{value:g}\n" for n, value in enumerate(points))

    code, rows, _ = answered("A,0,infusion,0.5\n" + scores)

    assert code == 0
    assert float(rows[0]["mean"]) == pytest.approx(40, abs=3)
    assert 0 < float(rows[0]["sd"]) < 3
