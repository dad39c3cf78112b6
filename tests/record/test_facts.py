"""Facts: when they hold, and the order in which a record keeps them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from builders import NOW, answer, person
from sextant.record import Answer, Condition, Patient, PatientRecord, Score, Sex, Weight

DAY = timedelta(days=1)


def condition(**fields) -> Condition:
    given = {"fact_id": "c", "taken_at": NOW - 100 * DAY, "code": "1", "system": "s", "text": "a condition"}
    return Condition(**{**given, **fields})


def weight(kg: float, taken_at: datetime) -> Weight:
    return Weight(fact_id=f"w{kg:g}", taken_at=taken_at, weight_kg=kg)


def patient() -> Patient:
    return Patient(patient_id="p", birth_date=date(1980, 5, 4), sex=Sex.UNKNOWN)


def test_a_time_without_a_zone_is_refused_by_name():
    with pytest.raises(ValueError, match=r"Weight\.taken_at is .* a time without a zone"):
        weight(78, datetime(2026, 11, 23, 9, 0))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize("status", ["", "active", "recurrence", "relapse"])
def test_a_condition_that_has_begun_and_not_ended_is_present(status):
    assert condition(clinical_status=status).present_at(NOW)


@pytest.mark.parametrize("status", ["inactive", "remission", "resolved"])
def test_without_an_end_date_the_status_says_that_it_is_over(status):
    assert not condition(clinical_status=status).present_at(NOW)


def test_the_dates_win_over_the_status():
    over = condition(clinical_status="resolved", abated_at=NOW - 10 * DAY)

    assert over.present_at(NOW - 11 * DAY)
    assert not over.present_at(NOW - 10 * DAY)
    assert not condition(clinical_status="active", abated_at=NOW - DAY).present_at(NOW)


def test_a_condition_is_not_present_before_it_began():
    assert not condition(onset_at=NOW - 50 * DAY).present_at(NOW - 51 * DAY)


@pytest.mark.parametrize(
    ("verification", "confirmed"),
    [("", True), ("confirmed", True), ("provisional", False), ("differential", False), ("unconfirmed", False)],
)
def test_a_diagnosis_is_confirmed_unless_a_doubt_is_stated(verification, confirmed):
    assert condition(verification=verification).confirmed is confirmed


@pytest.mark.parametrize(
    ("day", "age"), [(date(1980, 5, 4), 0), (date(1998, 5, 3), 17), (date(1998, 5, 4), 18), (date(2026, 11, 23), 46)]
)
def test_age_counts_full_years(day, age):
    assert patient().age_on(day) == age


def test_a_record_keeps_facts_by_time_and_equal_times_in_the_order_of_entry():
    later, first, second = weight(80, NOW), weight(78, NOW - DAY), weight(79, NOW - DAY)

    record = PatientRecord.of(patient(), [later, first, second])

    assert [one.weight_kg for one in record.all(Weight)] == [78, 79, 80]
    assert record.latest(Weight) == later
    assert record.latest(Score) is None


def test_the_newest_answer_to_a_question_counts():
    answers = [
        Answer(fact_id=str(days), taken_at=NOW - days * DAY, question=question, value=value)
        for days, question, value in ((3, "psychosis", "none"), (2, "psychosis", "past"), (1, "capacity", "yes"))
    ]

    answer = PatientRecord.of(patient(), answers).answer("psychosis")

    assert answer is not None
    assert answer.value == "past"


def test_a_record_as_of_a_moment_names_what_came_later():
    record = PatientRecord.of(patient(), [weight(78, NOW - DAY), weight(80, NOW)])

    then, later = record.as_of(NOW - timedelta(hours=1))

    assert [one.weight_kg for one in then.all(Weight)] == [78]
    assert [one.weight_kg for one in later] == [80]


def test_the_day_of_a_fact_is_the_day_where_it_was_recorded():
    late = datetime.fromisoformat("2026-11-22T23:30:00-05:00")

    assert weight(78, late).day == date(2026, 11, 22)
    assert weight(78, late.astimezone(UTC)).day == date(2026, 11, 23)


def test_of_answers_at_one_time_the_one_that_opens_no_gate_counts():
    danger, safe = answer("seizures", "other", days=1), answer("seizures", "no", days=1)

    for entered in ([danger, safe], [safe, danger]):
        assert PatientRecord.of(person(), entered).answer("seizures") == danger


def test_a_later_answer_takes_an_earlier_one_back():
    later = answer("stimulant", "no", days=0.5)

    assert PatientRecord.of(person(), [answer("stimulant", "yes", days=1), later]).answer("stimulant") == later


def test_what_once_was_is_not_taken_back_by_a_later_answer():
    seizure = answer("seizures", "other", days=1)

    assert PatientRecord.of(person(), [seizure, answer("seizures", "no", days=0.5)]).answer("seizures") == seizure
