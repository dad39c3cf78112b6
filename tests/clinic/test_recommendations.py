"""The next step is read again when something changed, and only then; each one is kept with its inputs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arrivals import has_happened
from builders import NOW, POLICY, infusion, pressure, score
from sextant.clinic.models import AuditEntry, Fact, Patient, Recommendation, User
from sextant.clinic.selectors.records import record_of
from sextant.clinic.selectors.today import patients_by_next_action
from sextant.clinic.services import facts, patients, policy, recommendations
from sextant.course import answer_json
from sextant.record import Sex

pytestmark = pytest.mark.django_db

TOMORROW = NOW + timedelta(days=1)
STRICTER = POLICY.replace("value = 14", "value = 90", 1).replace("on = 2026-11-02", "on = 2026-11-23", 1)


def test_a_person_for_whom_every_gate_is_open_is_offered_the_first_infusion(ready_patient: Patient):
    shown = recommendations.current(ready_patient, NOW)

    assert (shown.step["code"], shown.step["infusion"]) == ("offer_infusion", 1)


def test_a_new_fact_changes_the_next_step_at_once(ready_patient: Patient, nurse: User):
    facts.add_fact(nurse, ready_patient, pressure(182, 104, days=0.1), key=uuid4(), now=NOW)

    shown = ready_patient.recommendations.newest().get()

    assert shown.step["code"] == "clear_gate"


def test_looking_again_reads_nothing_anew(ready_patient: Patient, monkeypatch: pytest.MonkeyPatch):
    shown = recommendations.current(ready_patient, NOW)
    before = Recommendation.objects.count()
    monkeypatch.delattr("sextant.course.advise")

    again = recommendations.current(ready_patient, NOW + timedelta(hours=2))

    assert again == shown
    assert Recommendation.objects.count() == before


def test_a_new_day_is_a_new_question(ready_patient: Patient):
    today = recommendations.current(ready_patient, NOW)

    tomorrow = recommendations.current(ready_patient, TOMORROW)

    assert (tomorrow.number, tomorrow.as_of) == (today.number + 1, today.as_of + timedelta(days=1))


def test_a_new_policy_is_a_new_question(ready_patient: Patient, director: User):
    before = recommendations.current(ready_patient, NOW)

    stricter = policy.set_policy(director, STRICTER, NOW)
    after = recommendations.current(ready_patient, NOW)

    assert after.policy == stricter
    assert after.number == before.number + 1
    assert after.answer["model"]["policy"] != before.answer["model"]["policy"]


def test_an_answer_is_kept_with_what_it_was_read_from(ready_patient: Patient):
    shown = recommendations.current(ready_patient, NOW)

    assert shown.inputs["facts"] == sorted(fact.fact_id for fact in record_of(ready_patient).facts)
    assert shown.inputs["day"] == "2026-11-23"
    assert shown.inputs["policy"] == shown.policy_id
    assert AuditEntry.objects.filter(object_ref=f"recommendation:{shown.pk}").exists()


def test_the_stored_answer_is_the_answer_of_the_course(ready_patient: Patient):
    from sextant.course import advise
    from sextant.response import fastest, shipped_population

    shown = recommendations.current(ready_patient, NOW)

    answer = advise(
        record_of(ready_patient),
        policy.current_limits(NOW),
        now=NOW,
        population=shipped_population(),
        by=fastest(),
    )
    assert shown.answer == answer_json(answer)


def test_a_correction_of_the_birth_date_asks_the_gates_again(ready_patient: Patient, prescriber: User):
    patients.correct_patient(
        prescriber,
        ready_patient,
        name=ready_patient.name,
        birth_date=NOW.date() - timedelta(days=16 * 365),
        sex=Sex.FEMALE,
        reason="year mistyped",
        key=uuid4(),
        now=NOW,
    )

    assert recommendations.current(ready_patient, NOW).step["code"] == "clear_gate"
    assert ready_patient.corrections.get().before["birth_date"] == "1981-03-03"


def test_a_new_morning_reads_every_next_step_once(ready_patient: Patient):
    recommendations.current(ready_patient, NOW)

    assert [*recommendations.refresh_stale(TOMORROW)] == [1]
    assert [*recommendations.refresh_stale(TOMORROW)] == []


def test_today_shows_the_one_who_can_go_on_before_the_one_who_waits(
    ready_patient: Patient, prescriber: User, nurse: User
):
    waiting = patients.create_patient(
        prescriber, name="A Waiting Patient", birth_date=ready_patient.birth_date, sex=Sex.MALE, key=uuid4(), now=NOW
    )

    rows = patients_by_next_action(NOW)

    assert [(row.patient, row.code) for row in rows] == [(ready_patient, "offer_infusion"), (waiting, "none")]
    assert all(row.up_to_date for row in rows)


def test_today_counts_infusions_without_those_taken_back(ready_patient: Patient, nurse: User):
    has_happened(nurse, ready_patient, infusion(0.1), infusion(0.2))
    wrong = Fact.objects.get(kind="Infusion", taken_at=NOW - timedelta(days=0.1))
    facts.withdraw_fact(nurse, wrong, key=uuid4(), reason="another time", now=NOW)

    (row,) = patients_by_next_action(NOW)

    assert row.infusions_given == 1
    assert row.last_infusion_at == NOW - timedelta(days=0.2)


def test_today_takes_two_queries_however_many_patients_there_are(ready_patient: Patient, prescriber: User, nurse: User):
    for number in range(5):
        patient = patients.create_patient(
            prescriber,
            name=f"Patient {number}",
            birth_date=ready_patient.birth_date,
            sex=Sex.MALE,
            key=uuid4(),
            now=NOW,
        )
        facts.add_fact(nurse, patient, score("craving", 50 + number, 1), key=uuid4(), now=NOW)

    with CaptureQueriesContext(connection) as queries:
        rows = patients_by_next_action(NOW)
        assert [row.advice for row in rows]

    assert (len(rows), len(queries)) == (6, 2)
