"""Who is used for a fit, and why the others are not."""

from dataclasses import replace

import pytest

from cohorts import simulated
from sextant.response import CourseData, Dose, ScoreAt, read_courses
from sextant.response.refit import mark_of
from sextant.response.refit.selection import kept_out, select

BEFORE, AFTER = ScoreAt(-1.0, "craving", 70.0), ScoreAt(8.0, "craving", 40.0)
GIVEN = (Dose(0.0, 0.5),)


def test_a_patient_scored_before_and_after_an_infusion_is_used():
    chosen = select([CourseData(scores=(BEFORE, AFTER), infusions=GIVEN)])

    assert (len(chosen.used), chosen.n_scores, chosen.left_out) == (1, 2, {})


@pytest.mark.parametrize(
    ("course", "why"),
    [
        (CourseData(scores=(BEFORE, AFTER)), "no infusion"),
        (CourseData(scores=(BEFORE, AFTER), planned=GIVEN), "no infusion"),
        (CourseData(infusions=GIVEN), "no score at or before the first infusion"),
        (CourseData(scores=(AFTER,), infusions=GIVEN), "no score at or before the first infusion"),
        (CourseData(scores=(BEFORE,), infusions=GIVEN), "scored again after it"),
        (CourseData(scores=(BEFORE, ScoreAt(8.0, "phq9", 9.0)), infusions=GIVEN), "scored again after it"),
        (CourseData(scores=(BEFORE, AFTER), infusions=(Dose(0.0, 50.0),)), "a dose outside the 0.1 to 1.41 mg/kg"),
    ],
)
def test_whoever_shows_no_response_is_left_out_and_counted(course: CourseData, why: str):
    chosen = select([course])

    ((said, n),) = chosen.left_out.items()
    assert chosen.used == ()
    assert why in said
    assert n == 1


def test_a_score_at_the_time_of_the_first_infusion_comes_before_it():
    chosen = select([CourseData(scores=(ScoreAt(0.0, "craving", 70.0), AFTER), infusions=GIVEN)])

    assert len(chosen.used) == 1


def test_the_mark_of_a_cohort_hangs_on_facts_alone():
    text = "patient,day,what,value\nA,-1,craving,70\nA,0,infusion,0.5\nA,8,craving,40\n"
    again = "patient,day,what,value\nother,8.0,craving,40.0\nother,0,infusion,.5\nother,-1,craving,70\n"
    changed = text.replace("40", "41")

    marks = [mark_of(list(read_courses(one).values())) for one in (text, again, changed)]

    assert marks[0] == marks[1] != marks[2]


def test_about_a_fifth_is_kept_out_of_shared_sums_and_always_the_same():
    courses = simulated(200, 5)

    first, again = ([kept_out(course) for course in some] for some in (courses, courses[::-1]))

    assert 20 <= sum(first) <= 60
    assert first == again[::-1]


def test_the_very_facts_of_one_patient_under_two_names_count_once():
    twice = [CourseData(scores=(BEFORE, AFTER), infusions=GIVEN), CourseData(scores=(AFTER, BEFORE), infusions=GIVEN)]

    chosen = select(twice)

    assert len(chosen.used) == 1
    assert list(chosen.left_out.values()) == [1]


def test_a_later_score_does_not_deal_a_patient_anew():
    courses = simulated(60, 3)

    again = [replace(course, scores=(*course.scores, ScoreAt(90.0, "craving", 33.0))) for course in courses]

    assert [kept_out(course) for course in again] == [kept_out(course) for course in courses]
