"""The weeks of a patient, and the file they come in."""

import pytest

from sextant.use import Covariate, PatientWeeks, Week, WeeksCsvError, WeeksError, read_weeks

COVARIATES = {
    "craving": Covariate("point of 100", 50.0, 0.0, 0.02, 0.0, 100.0, 100.0, "design assumption"),
    "mood": Covariate("point of PHQ-9", 10.0, 0.0, 0.05, 0.0, 27.0, 27.0, "design assumption"),
}
ROWS = "patient,week,result,self_report,arm\nA,0,+,,X\nA,1,-,-,X\nB,1,o,+,\nA,2,*,*,X\n"


def test_patients_come_in_the_order_of_the_file_with_their_weeks_in_order():
    read = read_weeks(ROWS)

    assert list(read.patients) == ["A", "B"]
    assert [week.number for week in read.patients["A"].weeks] == [0, 1, 2]
    assert (read.patients["A"].arm, read.patients["B"].arm) == ("X", None)


def test_columns_may_stand_in_any_order_and_hold_covariates():
    read = read_weeks("result,craving,week,patient\n-,70,1,A\no,,2,A\n", COVARIATES)

    assert [dict(week.covariates) for week in read.patients["A"].weeks] == [{"craving": 70.0}, {}]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("A,1,x\n", "Line 2: The result is no symbol"),
        ("A,1,-\nA,2,+\nA,1,o\n", "Line 4: Week 1 of this patient is already on line 2"),
        ("A,1.5,-\n", "Line 2: The week is not a whole number"),
        ("A,one,-\n", "Line 2: The week is not a whole number"),
        ("A,,-\n", "Line 2: The week is missing"),
        ("A,1,\n", "Line 2: The result is missing"),
        ("A,,\n", "Line 2: The patient has no week here"),
        (",1,-\n", "Line 2: The patient is missing"),
        ("A,1\n", "Line 2: The line has 2 cells"),
        ("A,1,-,+\n", "Line 2: The line has 4 cells"),
        ("A,20260102,-\n", "Line 2: The week is over twenty years"),
        ("A,-1041,-\n", "Write a number from -1040 to 1040, no day and no date."),
        (f"A,{'9' * 5000},-\n", "Line 2: The week is over twenty years"),
        ("A,1e3,-\n", "Line 2: The week is not a whole number"),
        ("A,\uff11,-\n", "Line 2: The week is not a whole number"),
        ("A,01,-\nA,+1,-\n", "Line 3: Week 1 of this patient is already on line 2"),
        ("A,9000,-\n", "Line 2: The week is over twenty years"),
        ('A,1,"-\n', "this is not a row of a CSV file"),
        ("", "columns but no rows"),
    ],
)
def test_a_line_that_cannot_be_right_is_named(rows, says):
    with pytest.raises(WeeksCsvError) as refused:
        read_weeks("patient,week,result\n" + rows)

    assert says in str(refused.value)


def test_every_wrong_line_is_named_at_once():
    with pytest.raises(WeeksCsvError) as refused:
        read_weeks("patient,week,result\nA,1,x\nA,2,-\nA,3,y\n")

    assert len(refused.value.problems) == 2


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("patient,week\n", "the column result is missing"),
        ("patient,week,week,result\n", "the column week stands twice"),
        ("patient,week,result,site,site\n", "a column that is not known stands twice"),
        ("patient;week;result\n", "not separated by commas"),
        ("A,1,-\n", "the columns are not named"),
        ("\n", "the columns are missing"),
    ],
)
def test_wrong_columns_are_named(header, says):
    with pytest.raises(WeeksCsvError) as refused:
        read_weeks(header + "A,1,-\n")

    assert "Line 1" in str(refused.value)
    assert says in str(refused.value)


def test_a_column_of_another_name_is_left_unread_and_told():
    read = read_weeks("site,patient,week,result,,mood\nnorth,A,1,-,,12\n")

    assert read.unread == ("site", "mood")
    assert read.patients == {"A": PatientWeeks((Week(1, "-"),))}


def test_a_line_without_the_cell_of_an_unread_column_is_still_refused():
    with pytest.raises(WeeksCsvError, match="Line 2: The line has 3 cells"):
        read_weeks("patient,week,result,site\nA,1,-\n")


def test_an_unknown_symbol_of_a_self_report_is_refused_by_line():
    with pytest.raises(WeeksCsvError, match="Line 2: The self-report is no symbol"):
        read_weeks("patient,week,result,self_report\nA,1,-,?\n")


def test_an_arm_that_changes_is_told_of_and_the_first_counts():
    read = read_weeks("patient,week,result,arm\nA,2,-,Y\nA,1,-,X\n")

    assert (read.patients["A"].arm, read.changed_arm) == ("X", ("A",))


def test_weeks_before_the_start_are_no_weeks_of_the_programme():
    assert PatientWeeks((Week(-3, "-"), Week(-1, "+"))).last == 0


def test_a_week_twice_is_refused():
    with pytest.raises(WeeksError, match="Week 1 stands twice"):
        PatientWeeks((Week(1, "-"), Week(1, "+")))


@pytest.mark.parametrize("result", ["", "x", "--", "O", "−"])
def test_an_unknown_symbol_is_refused(result):
    with pytest.raises(WeeksError):
        Week(1, result)


@pytest.mark.parametrize("value", ["9999", "-1", "1e300"])
def test_a_covariate_beyond_its_bounds_is_refused_by_line(value: str):
    with pytest.raises(WeeksCsvError, match="Line 2: The value of craving lies outside 0 to 100"):
        read_weeks(f"patient,week,result,craving\nA,1,-,{value}\n", COVARIATES)


def test_the_arm_of_the_first_week_counts_and_not_one_from_before_it():
    read = read_weeks("patient,week,result,arm\nA,-1,-,detoxification\nA,1,-,X\nA,2,-,X\n")

    assert (read.patients["A"].arm, read.changed_arm) == ("X", ())


def test_a_row_of_a_week_without_a_test_due_is_as_no_row_to_the_arm():
    without, with_row = (
        read_weeks(f"patient,week,result,arm\n{row}A,2,-,X\n").patients["A"].arm for row in ("", "A,1,_,\n")
    )

    assert without == with_row == "X"


def test_an_arm_that_is_told_later_moves_no_earlier_week():
    later = read_weeks("patient,week,result,arm\nA,1,-,\nA,2,-,\nA,9,-,X\n")
    before = read_weeks("patient,week,result,arm\nA,0,-,\nA,1,-,X\n")

    assert (later.patients["A"].arm, later.changed_arm) == (None, ("A",))
    assert (before.patients["A"].arm, before.changed_arm) == ("X", ())


def test_an_arm_that_changed_before_the_start_is_read_as_it_stood_in_the_first_week():
    read = read_weeks("patient,week,result,arm\nA,-2,-,X\nA,0,-,Y\nA,1,-,\nA,2,-,Z\n")

    assert (read.patients["A"].arm, read.changed_arm) == ("Y", ("A",))


def test_a_name_is_one_name_in_whichever_form_its_letters_were_typed():
    read = read_weeks("patient,week,result\nJos\u00e9,1,-\nJose\u0301,2,+\n")

    assert [week.result for week in read.patients["Jos\u00e9"].weeks] == ["-", "+"]
    assert len(read.patients) == 1
