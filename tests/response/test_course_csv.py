import pytest
from hypothesis import given
from hypothesis import strategies as st

from sextant.response import FORECAST_COLUMNS, CourseCsvError, forecast_rows, read_courses, shipped_population

COURSE = """patient,day,what,value
A,8,craving,25
A,-7,craving,80
B,0,infusion,0.8
A,0,infusion,0.5
A,3.5,infusion,0.5
A,7,planned_infusion,0.5
A,2,attendance,0.9
A,-5,attendance,0.1
B,-1,madrs,33
"""


def test_rows_in_any_order_become_one_course_a_patient():
    courses = read_courses(COURSE)

    assert list(courses) == ["A", "B"]
    assert [dose.day for dose in courses["A"].infusions] == [0.0, 3.5]
    assert [dose.day for dose in courses["A"].planned] == [7.0]
    assert courses["A"].last_day == 8.0
    assert courses["B"].scores[0].instrument == "madrs"


def test_attendance_counts_from_its_day_on():
    courses = read_courses(COURSE)

    assert courses["A"].attendance == ((-5.0, 0.1), (2.0, 0.9))
    assert courses["B"].attendance == ()


def test_every_line_is_checked_and_every_problem_named_by_its_line():
    text = (
        "patient,day,what,value\n"
        "A,-1,craving,70\n"
        "A,0,infusion,0\n"
        "A,one,craving,70\n"
        "A,1,craving,170\n"
        "A,1,sleep,3\n"
        ",1,craving,3\n"
        "A,2,craving\n"
        "A,2,attendance,2\n"
        "A,3,infusion,nan\n"
    )

    with pytest.raises(CourseCsvError) as refused:
        read_courses(text)

    problems = refused.value.problems
    assert [problem.split(":")[0] for problem in problems] == [f"Line {n}" for n in range(3, 11)]
    for problem, says in zip(
        problems,
        (
            "a dose of 0 mg/kg",
            "The day is not a number",
            "outside its range of 0 to 100",
            "holds no fact",
            "The patient is missing",
            "The line has 3 cells",
            "Attendance of 2 is not a share",
            "The value is not a number",
        ),
        strict=True,
    ):
        assert says in problem


def test_an_infusion_on_file_twice_is_refused_with_both_lines():
    with pytest.raises(CourseCsvError, match=r"Line 3: .* already on line 2"):
        read_courses("patient,day,what,value\nA,0,infusion,0.5\nA,0.0,infusion,0.5\n")


def test_a_long_list_of_problems_is_cut_in_the_message_and_whole_in_the_answer():
    text = "patient,day,what,value\n" + "A,0,sleep,1\n" * 14

    with pytest.raises(CourseCsvError, match="And 4 more") as refused:
        read_courses(text)

    assert len(refused.value.problems) == 14


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the columns are missing"),
        ("who,day,what,value\nA,0,craving,1\n", "the column patient is missing; there are columns that are not known"),
        ("patient,day,value\n", "the column what is missing"),
        ("patient,day,day,what,value\n", "the column day stands twice"),
        ("patient;day;what;value\n", "the cells are not separated by commas"),
        ("Jane Doe,-1,craving,70\n", "the columns are not named"),
    ],
)
def test_other_columns_are_refused_and_what_stands_there_is_not_repeated(text: str, says: str):
    with pytest.raises(CourseCsvError, match=f"Line 1: {says}") as refused:
        read_courses(text)

    assert "Jane" not in str(refused.value)


def test_a_file_without_rows_is_refused():
    with pytest.raises(CourseCsvError, match="no rows"):
        read_courses("patient,day,what,value\n")


def test_a_quotation_mark_left_open_is_refused_by_line():
    with pytest.raises(CourseCsvError, match=r"Line \d+: this is not a row"):
        read_courses('patient,day,what,value\nA,0,"craving,1\n')


def test_a_mark_at_the_start_of_the_file_and_other_line_ends_do_no_harm():
    courses = read_courses("\ufeffpatient,day,what,value\r\nA,-1,craving,70\r\n\r\n")

    assert courses["A"].scores[0].points == 70.0


def test_the_answer_has_exactly_the_documented_columns_one_row_a_day():
    course = read_courses(COURSE)["A"]

    rows = forecast_rows("A", course, "craving", [8.0, 20.0], shipped_population())

    assert [tuple(row) for row in rows] == [FORECAST_COLUMNS, FORECAST_COLUMNS]
    assert ",".join(FORECAST_COLUMNS) == (
        "patient,day,target,kind,mean,sd,q025,q10,q25,q50,q75,q90,q975,benefit_mean,benefit_q10,benefit_q90,"
        "pred_q025,pred_q10,pred_q25,pred_q50,pred_q75,pred_q90,pred_q975"
    )
    assert (rows[1]["patient"], rows[1]["day"], rows[1]["kind"]) == ("A", 20.0, "individual")
    assert rows[1]["pred_q025"] < rows[1]["q025"] < rows[1]["q50"] < rows[1]["q975"] < rows[1]["pred_q975"]


def test_a_patient_without_a_baseline_gets_the_average_patients_row():
    course = read_courses(COURSE)["B"]

    (row,) = forecast_rows("B", course, "craving", [course.last_day], shipped_population())

    assert row["kind"] == "average"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A", "B", "", "ä", '"', "A\x00"]),
            st.one_of(st.floats(), st.integers(), st.text(max_size=4)).map(str),
            st.sampled_from(["craving", "use_days", "infusion", "planned_infusion", "attendance", "x"]),
            st.one_of(st.floats(-1, 101), st.floats(), st.text(max_size=4)).map(str),
        ),
        max_size=6,
    )
)
def test_whatever_stands_in_the_cells_is_read_or_refused(rows: list[tuple[str, str, str, str]]):
    text = "patient,day,what,value\n" + "".join(",".join(row) + "\n" for row in rows)

    try:
        courses, problems = read_courses(text), ()
    except CourseCsvError as refused:
        courses, problems = {}, refused.problems

    assert all(problem.startswith(("Line", "The file")) for problem in problems)
    assert all(abs(course.last_day) <= 36_525 for course in courses.values())
