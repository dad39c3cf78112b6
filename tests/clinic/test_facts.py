"""Facts are added and corrected by addition; nothing is overwritten, on any path."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from builders import NOW, days_ago, infusion, measured, pressure, score, target, use_report
from sextant import record
from sextant.clinic.models import AuditEntry, Fact, Patient, PolicyVersion, Recommendation, User
from sextant.clinic.selectors.history import facts_of
from sextant.clinic.selectors.records import record_of
from sextant.clinic.services import facts
from sextant.clinic.services.refusal import Refused

pytestmark = pytest.mark.django_db


def weight(weight_kg: float, days: float = 1) -> record.Weight:
    return record.Weight(fact_id="new", taken_at=days_ago(days), weight_kg=weight_kg)


def test_a_fact_that_was_entered_is_on_the_record(patient: Patient, nurse: User):
    facts.add_fact(nurse, patient, pressure(124, 78), key=uuid4(), now=NOW)

    (known,) = record_of(patient).all(record.BloodPressure)

    assert (known.systolic_mmhg, known.diastolic_mmhg, known.taken_at) == (124.0, 78.0, days_ago(1))
    assert known.source == "entered by Test nurse"


def test_a_late_entry_keeps_both_times(patient: Patient, nurse: User):
    row = facts.add_fact(nurse, patient, pressure(124, 78, days=3), key=uuid4(), now=NOW)

    row.refresh_from_db()

    assert (row.taken_at, row.entered_at) == (days_ago(3), NOW)


def test_a_correction_is_a_new_fact_that_says_why_and_the_old_one_stays(patient: Patient, nurse: User):
    wrong = facts.add_fact(nurse, patient, weight(87), key=uuid4(), now=NOW)

    right = facts.add_fact(nurse, patient, weight(78), key=uuid4(), replaces=wrong, reason="digits swapped", now=NOW)

    assert [one.weight_kg for one in record_of(patient).all(record.Weight)] == [78.0]
    assert {(one.row, one.holds, one.reason) for one in facts_of(patient)} == {
        (right, True, "digits swapped"),
        (wrong, False, ""),
    }


def test_a_fact_entered_in_error_is_taken_back_with_nothing_in_its_place(patient: Patient, nurse: User):
    wrong = facts.add_fact(nurse, patient, weight(78), key=uuid4(), now=NOW)

    facts.withdraw_fact(nurse, wrong, key=uuid4(), reason="another patient's weight", now=NOW)

    assert record_of(patient).all(record.Weight) == ()
    assert [(one.fact is None, one.holds) for one in facts_of(patient)].count((True, False)) == 1
    assert Fact.objects.filter(pk=wrong.pk).exists()


def test_a_correction_without_a_reason_is_refused(patient: Patient, nurse: User):
    wrong = facts.add_fact(nurse, patient, weight(87), key=uuid4(), now=NOW)

    with pytest.raises(Refused, match="says why"):
        facts.add_fact(nurse, patient, weight(78), key=uuid4(), replaces=wrong, reason=" ", now=NOW)

    assert Fact.objects.count() == 1


def test_a_fact_is_corrected_once_and_the_second_who_tries_is_told(patient: Patient, nurse: User):
    wrong = facts.add_fact(nurse, patient, weight(87), key=uuid4(), now=NOW)
    facts.add_fact(nurse, patient, weight(78), key=uuid4(), replaces=wrong, reason="digits swapped", now=NOW)

    with pytest.raises(Refused, match="corrected already"):
        facts.withdraw_fact(nurse, wrong, key=uuid4(), reason="too late", now=NOW)


def test_a_correction_cannot_reach_into_another_chart(patient: Patient, ready_patient: Patient, nurse: User):
    other = Patient.objects.create(
        name="Somebody Else", birth_date=patient.birth_date, sex="male", created_at=NOW, key=uuid4()
    )
    theirs = facts.add_fact(nurse, other, weight(87), key=uuid4(), now=NOW)

    with pytest.raises(Refused, match="same patient"):
        facts.add_fact(nurse, patient, weight(78), key=uuid4(), replaces=theirs, reason="digits", now=NOW)


def test_the_same_form_sent_twice_makes_one_fact(patient: Patient, nurse: User):
    key, reading = uuid4(), pressure(124, 78)

    first = facts.add_fact(nurse, patient, reading, key=key, now=NOW)
    again = facts.add_fact(nurse, patient, reading, key=key, now=NOW + timedelta(minutes=5))

    assert again == first
    assert Fact.objects.count() == 1
    assert AuditEntry.objects.filter(action="fact.added").count() == 1


def test_a_key_that_comes_back_with_other_content_is_refused(patient: Patient, nurse: User):
    key = uuid4()
    facts.add_fact(nurse, patient, pressure(124, 78), key=key, now=NOW)

    with pytest.raises(Refused, match="other content"):
        facts.add_fact(nurse, patient, pressure(164, 98), key=key, now=NOW)

    assert Fact.objects.get().payload == {"systolic_mmhg": 124, "diastolic_mmhg": 78}


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        (weight(78, days=-1), "FACT-001"),
        (infusion(0, dose_mg_per_kg=5.0), "DOSE-002"),
        (infusion(0, dose_mg_per_kg=0.0), "DOSE-002"),
        (measured("heart_rate_per_min", 5000), "MEASURE-001"),
        (measured("breath_alcohol_g_per_210l", 8), "MEASURE-001"),
        (pressure(12, 8), "VITALS-001"),
        (pressure(78, 124), "VITALS-001"),
        (weight(780), "VITALS-002"),
        (score("phq9", 28, 0), "SCORE-001"),
        (score("phq9", 12, 0, item_nine=4), "SCORE-002"),
        (score("craving", 12, 0, item_nine=1), "SCORE-002"),
        (score("phq9", 1, 0, item_nine=3), "SCORE-003"),
        (score("beck", 12, 0), "SCORE-001"),
        (target("beck"), "TARGET-001"),
        (use_report(False, from_days=7, last_used_days=2), "USE-002"),
        (use_report(True, from_days=7, last_used_days=9), "USE-002"),
        (use_report(True, from_days=2, to_days=7), "USE-001"),
        (use_report(None, from_days=7, last_used_days=2), "USE-002"),
        (use_report(False, from_days=7, problem="Gambling disorder", evidence=record.UseEvidence.URINE), "USE-006"),
        (replace(use_report(None, from_days=7), days_used=1), "USE-003"),
        (replace(use_report(None, from_days=7), days_used=0), "USE-003"),
        (replace(use_report(False, from_days=7), days_used=2), "USE-003"),
        (replace(use_report(True, from_days=7), days_used=0), "USE-003"),
        (replace(use_report(True, from_days=7), days_used=9), "USE-003"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_cannot_be_true_is_refused_and_nothing_is_saved(
    patient: Patient, prescriber: User, fact: record.Fact, code: str
):
    with pytest.raises(Refused) as refusal:
        facts.add_fact(prescriber, patient, fact, key=uuid4(), now=NOW)

    assert refusal.value.code == code
    assert not Fact.objects.exists()


def test_ten_times_too_much_is_refused_with_what_was_seen_and_what_to_do(patient: Patient, nurse: User):
    with pytest.raises(Refused) as refusal:
        facts.add_fact(nurse, patient, infusion(0, dose_mg_per_kg=5.0), key=uuid4(), now=NOW)

    assert str(refusal.value).startswith("A dose of 5 mg/kg ")
    assert "Check the decimal point" in str(refusal.value)


def test_a_weight_in_pounds_is_refused_beside_the_last_one_in_kilograms(patient: Patient, nurse: User):
    facts.add_fact(nurse, patient, weight(78, days=20), key=uuid4(), now=NOW)

    with pytest.raises(Refused, match=r"172 kg does not fit the 78 kg of 3 Nov 2026.*pounds, enter 78\.0 kg"):
        facts.add_fact(nurse, patient, weight(172), key=uuid4(), now=NOW)


def _change_by_save(fact: Fact) -> None:
    fact.reason = "changed"
    fact.save()


def _remove(fact: Fact) -> None:
    fact.delete()


def _change_many(fact: Fact) -> None:
    Fact.objects.filter(pk=fact.pk).update(reason="changed")


def _change_in_bulk(fact: Fact) -> None:
    fact.reason = "changed"
    Fact.objects.bulk_update([fact], ["reason"])


def _remove_many(fact: Fact) -> None:
    Fact.objects.all().delete()


def _raw(statement: str) -> Callable[[Fact], None]:
    def run(fact: Fact) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    return run


@pytest.mark.parametrize(
    "attack",
    [
        _change_by_save,
        _remove,
        _change_many,
        _change_in_bulk,
        _remove_many,
        _raw("UPDATE clinic_fact SET reason = 'changed'"),
        _raw("DELETE FROM clinic_fact"),
    ],
    ids=["save", "delete", "update", "bulk update", "delete many", "raw update", "raw delete"],
)
def test_no_path_changes_or_removes_a_fact(patient: Patient, nurse: User, attack: Callable[[Fact], None]):
    fact = facts.add_fact(nurse, patient, pressure(124, 78), key=uuid4(), now=NOW)

    with pytest.raises(DatabaseError, match=r"(UPDATE|DELETE) refused"), transaction.atomic():
        attack(Fact.objects.get())

    assert Fact.objects.get().content() == fact.content()


@pytest.mark.parametrize("unique", ["id", "key"])
def test_a_row_cannot_be_put_over_another(patient: Patient, nurse: User, unique: str):
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has INSERT OR REPLACE")
    facts.add_fact(nurse, patient, pressure(124, 78), key=uuid4(), now=NOW)
    columns = [column.column for column in Fact._meta.concrete_fields]
    values = [f"'{uuid4().hex}'" if name in {"id", "key"} and name != unique else f'"{name}"' for name in columns]

    statement = f"INSERT OR REPLACE INTO clinic_fact ({', '.join(columns)}) SELECT {', '.join(values)} FROM clinic_fact"
    with pytest.raises(DatabaseError, match="DELETE refused"), transaction.atomic():
        _raw(statement)(Fact.objects.get())


def test_a_table_cannot_be_emptied_in_one_go(patient: Patient, nurse: User):
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has TRUNCATE")
    facts.add_fact(nurse, patient, pressure(124, 78), key=uuid4(), now=NOW)

    _raw("SET CONSTRAINTS ALL IMMEDIATE")(Fact.objects.get())  # else PostgreSQL refuses for a reason of its own
    with pytest.raises(DatabaseError, match="TRUNCATE refused"), transaction.atomic():
        _raw("TRUNCATE clinic_fact CASCADE")(Fact.objects.get())


@pytest.mark.parametrize("model", [AuditEntry, PolicyVersion, Recommendation], ids=lambda model: model.__name__)
def test_audit_policies_and_recommendations_are_added_to_only(ready_patient: Patient, model: type):
    field = {AuditEntry: "action", PolicyVersion: "text", Recommendation: "model_version"}[model]

    with pytest.raises(DatabaseError, match="UPDATE refused"), transaction.atomic():
        model.objects.update(**{field: "changed"})
    with pytest.raises(DatabaseError, match="DELETE refused"), transaction.atomic():
        model.objects.all()._raw_delete("default")


def test_a_chart_is_never_removed(patient: Patient):
    with pytest.raises(DatabaseError, match="DELETE refused"), transaction.atomic():
        Patient.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"problem": " "}, "names the substance or behaviour"),
        ({"covers_from": date(26, 11, 2)}, "too long ago to be meant"),
        ({"covers_from": date(1926, 11, 2)}, "check it"),
    ],
    ids=["no name", "a year of two digits", "another century"],
)
def test_a_report_of_use_that_cannot_be_meant_is_refused(patient: Patient, nurse: User, wrong: dict, sentence: str):
    report = replace(use_report(False, from_days=3), **wrong)

    with pytest.raises(Refused, match=sentence):
        facts.add_fact(nurse, patient, report, key=uuid4(), now=NOW)
