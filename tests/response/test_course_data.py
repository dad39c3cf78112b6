from datetime import UTC, date, datetime, timedelta

import pytest

from sextant.record import Attendance, Infusion, Patient, PatientRecord, Score, Sex, Target
from sextant.response import Ages, CourseData, CourseDataError, Dose, Plan, ScoreAt, from_record, now_day

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PATIENT = Patient(patient_id="p", birth_date=date(1980, 5, 1), sex=Sex.FEMALE)


CHOSEN = Target(fact_id="t", taken_at=NOW - timedelta(days=60), problem="alcohol", instrument="craving")


def score(days_ago: float, points: float, instrument: str = "craving") -> Score:
    taken_at = NOW - timedelta(days=days_ago)
    return Score(fact_id=f"s{days_ago}", taken_at=taken_at, instrument=instrument, points=points)


def infusion(days_ago: float, mg_per_kg: float | None = 0.5, route: str = "intravenous") -> Infusion:
    taken_at = NOW - timedelta(days=days_ago)
    return Infusion(
        fact_id=f"i{days_ago}",
        taken_at=taken_at,
        dose_mg_per_kg=mg_per_kg,
        duration_min=40,
        route=route,
    )


def test_day_zero_is_the_first_infusion_and_times_of_day_are_kept():
    record = PatientRecord.of(PATIENT, [CHOSEN, score(10.5, 70), infusion(10), infusion(7), score(1.25, 40)])

    course = from_record(record, NOW)

    assert [dose.day for dose in course.infusions] == [0.0, 3.0]
    assert [one.day for one in course.scores] == [-0.5, 8.75]
    assert now_day(record, NOW) == 10.0


def test_before_the_first_infusion_day_zero_is_now():
    record = PatientRecord.of(PATIENT, [CHOSEN, score(3, 70)])

    course = from_record(record, NOW)

    assert course.scores == (ScoreAt(-3.0, "craving", 70),)
    assert now_day(record, NOW) == 0.0
    assert course.has_baseline("craving")


def test_what_comes_after_now_is_left_out():
    record = PatientRecord.of(PATIENT, [CHOSEN, score(3, 70), infusion(2), score(-1, 20), infusion(-2)])

    course = from_record(record, NOW)

    assert len(course.scores) == len(course.infusions) == 1


def test_an_instrument_that_the_model_does_not_read_is_left_out():
    record = PatientRecord.of(PATIENT, [CHOSEN, score(3, 9, "auditc"), score(3, 70)])

    assert [one.instrument for one in from_record(record, NOW).scores] == ["craving"]


def test_attendance_counts_from_its_day_on():
    told = Attendance(fact_id="a", taken_at=NOW - timedelta(days=9), share=0.2)
    newer = Attendance(fact_id="b", taken_at=NOW - timedelta(days=2), share=0.8)

    course = from_record(PatientRecord.of(PATIENT, [CHOSEN, infusion(10), newer, told]), NOW)

    assert course.attendance == ((1.0, 0.2), (8.0, 0.8))
    assert from_record(PatientRecord.of(PATIENT, [CHOSEN]), NOW).attendance == ()


AGES = Ages(youngest=18, oldest=60, sources=("S001", "S002"))


@pytest.mark.parametrize(
    ("born", "says"),
    [
        (date(1966, 11, 24), ""),  # 59 years
        (date(1966, 11, 23), ""),  # 60 today
        (date(1965, 11, 24), ""),  # 60, and 61 tomorrow
        (date(1965, 11, 23), "Nobody over 60 was studied (S001, S002; the clinic's limits)"),
        (date(2008, 11, 23), ""),  # 18 today
        (date(2008, 11, 24), "Nobody under 18"),
    ],
)
def test_outside_the_ages_of_the_clinics_policy_the_model_says_that_it_does_not_apply(born, says):
    patient = Patient(patient_id="p", birth_date=born, sex=Sex.FEMALE)

    course = from_record(PatientRecord.of(patient, [CHOSEN]), NOW, ages=AGES)

    assert (says in course.not_modelled) if says else (course.not_modelled == "")


def test_a_clinic_without_an_upper_limit_refuses_no_old_age():
    patient = Patient(patient_id="p", birth_date=date(1930, 1, 1), sex=Sex.MALE)
    no_upper = Ages(youngest=18, oldest=None, sources=())

    assert from_record(PatientRecord.of(patient, [CHOSEN]), NOW, ages=no_upper).not_modelled == ""


def test_another_route_or_a_dose_without_weight_is_said_not_modelled():
    nasal = from_record(PatientRecord.of(PATIENT, [CHOSEN, infusion(3, route="intranasal")]), NOW)
    unknown = from_record(PatientRecord.of(PATIENT, [CHOSEN, infusion(3, mg_per_kg=None)]), NOW)

    assert "another route (intranasal)" in nasal.not_modelled
    assert "weight" in unknown.not_modelled


def test_the_plan_fills_the_series_to_six_and_starts_no_earlier_than_now():
    record = PatientRecord.of(PATIENT, [CHOSEN, infusion(10), infusion(7)])

    course = from_record(record, NOW, plan=Plan(days_between=3.5, mg_per_kg=0.5))

    assert [dose.day for dose in course.planned] == [10.0, 13.5, 17.0, 20.5]


def test_without_an_infusion_the_plan_starts_now_and_after_six_it_adds_nothing():
    plan = Plan(days_between=7, mg_per_kg=0.5)
    six = CourseData(infusions=tuple(Dose(float(day), 0.5) for day in range(6)))

    assert [dose.day for dose in CourseData().with_plan(plan, 0.0).planned] == [0, 7, 14, 21, 28, 35]
    assert six.with_plan(plan, 9.0).planned == ()


@pytest.mark.parametrize("mg_per_kg", [0.0, -0.5, float("nan"), float("inf")])
def test_a_dose_that_cannot_have_been_given_is_refused(mg_per_kg):
    with pytest.raises(CourseDataError, match="Day 3: a dose"):
        Dose(3.0, mg_per_kg)


@pytest.mark.parametrize("points", [-1.0, 101.0, float("nan")])
def test_a_score_outside_the_instruments_range_is_refused(points):
    with pytest.raises(CourseDataError, match="outside its range of 0 to 100"):
        ScoreAt(0.0, "craving", points)


def test_a_score_of_an_unknown_instrument_or_time_is_refused():
    with pytest.raises(CourseDataError, match="does not know 'auditc'"):
        ScoreAt(0.0, "auditc", 5)
    with pytest.raises(CourseDataError, match="day nan"):
        ScoreAt(float("nan"), "craving", 5)


def test_attendance_is_a_share():
    with pytest.raises(CourseDataError, match=r"Attendance of 1\.5 is not a share"):
        CourseData(attendance=((0.0, 1.5),))
