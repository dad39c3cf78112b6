"""Who looked at or changed what is kept, and nobody can change it unseen."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection

from builders import NOW, pressure
from sextant.clinic.models import AuditEntry, Fact, Patient, PolicyVersion, User
from sextant.clinic.services import audit, facts, patients
from sextant.clinic.services.refusal import NotAllowed
from sextant.clinic.services.transaction import write
from sextant.record import Sex

pytestmark = pytest.mark.django_db


def tamper(table: str, action: str, statement: str, *values: object) -> None:
    """What somebody with the database's own password can do: take the trigger away first."""
    with connection.cursor() as cursor:
        cursor.execute(dropped(table, action))
        cursor.execute(statement, values)


def dropped(table: str, action: str) -> str:
    """The statement that takes a trigger away."""
    return f"DROP TRIGGER {table}_no_{action}" + (f" ON {table}" if connection.vendor == "postgresql" else "")


@pytest.fixture
def reading(patient: Patient, nurse: User) -> Fact:
    return facts.add_fact(nurse, patient, pressure(124, 78), key=uuid4(), now=NOW)


def test_an_untouched_chain_holds(reading: Fact, nurse: User, patient: Patient):
    audit.saw(nurse, patient, "chart")

    verdict = audit.verify()

    assert verdict.ok
    assert verdict.entries == AuditEntry.objects.count()
    assert verdict.first_bad is None


def test_an_empty_chain_holds(db: None):
    assert audit.verify() == audit.AuditVerdict(entries=0, first_bad=None, unsealed_facts=0)


def test_reading_a_chart_is_kept_with_who_and_which_page(patient: Patient, counsellor: User):
    audit.saw(counsellor, patient, "chart")

    entry = AuditEntry.objects.last()

    assert (entry.actor, entry.action, entry.patient, entry.detail) == (
        counsellor,
        "page.read",
        patient,
        {"page": "chart"},
    )


def test_the_chain_holds_no_clinical_content(reading: Fact):
    entry = AuditEntry.objects.get(action="fact.added")

    assert entry.object_ref == f"fact:{reading.pk}"
    assert set(entry.detail) == {"seal"}


@pytest.mark.parametrize(
    "change",
    ["action = 'page.read'", "actor_id = NULL", "detail = '{}'", "object_ref = 'fact:other'", "patient_id = NULL"],
)
def test_a_changed_entry_is_found(reading: Fact, change: str):
    entry = AuditEntry.objects.get(action="fact.added")

    tamper("clinic_auditentry", "update", f"UPDATE clinic_auditentry SET {change} WHERE seq = %s", entry.seq)

    assert audit.verify().first_bad == entry.seq


def test_a_removed_entry_is_found(reading: Fact):
    entry = AuditEntry.objects.order_by("seq").first()

    tamper("clinic_auditentry", "delete", "DELETE FROM clinic_auditentry WHERE seq = %s", entry.seq)

    assert audit.verify().first_bad == entry.seq + 1


def test_an_entry_whose_own_hash_was_made_to_fit_breaks_the_next_one(reading: Fact, nurse: User, patient: Patient):
    audit.saw(nurse, patient, "chart")
    entry = AuditEntry.objects.get(action="fact.added")
    entry.action = "fact.imported"

    tamper(
        "clinic_auditentry",
        "update",
        "UPDATE clinic_auditentry SET action = 'fact.imported', hash = %s WHERE seq = %s",
        audit._hash(entry),
        entry.seq,
    )

    assert audit.verify().first_bad == entry.seq + 1


def test_a_fact_changed_behind_the_clinic_is_found(reading: Fact):
    entry = AuditEntry.objects.get(action="fact.added")

    tamper("clinic_fact", "update", "UPDATE clinic_fact SET reason = 'changed'")

    assert audit.verify().first_bad == entry.seq


WRITTEN = {
    "clinic_patient": ("patient", ["birth_date = '1981-03-04'", "sex = 'male'", "name = 'Other Name'"]),
    "clinic_patientcorrection": ("correction", ["reason = 'changed'", "before = '{}'"]),
    "clinic_policyversion": ("policy", ["text = 'changed'"]),
    "clinic_recommendation": ("recommendation", ["answer = '{}'", "inputs = '{}'", "number = number + 50"]),
}


@pytest.fixture
def corrected(ready_patient: Patient, prescriber: User) -> Patient:
    """A person whose first line was corrected, beside a policy and next steps."""
    return patients.correct_patient(
        prescriber,
        ready_patient,
        name="Made-up Patient",
        birth_date=date(1981, 3, 30),
        sex=Sex.FEMALE,
        reason="A zero was missing.",
        key=uuid4(),
        now=NOW,
    )


def test_a_chain_with_every_kind_of_row_holds(corrected: Patient):
    vouched_for = {entry.object_ref.partition(":")[0] for entry in AuditEntry.objects.all() if "seal" in entry.detail}

    assert vouched_for == {"fact", "patient", "correction", "policy", "recommendation"}
    assert audit.verify().ok


@pytest.mark.parametrize(
    ("table", "change"), [(table, change) for table, (_, changes) in WRITTEN.items() for change in changes]
)
def test_a_row_changed_behind_the_clinic_is_found(corrected: Patient, table: str, change: str):
    newest = {e.object_ref: e.seq for e in AuditEntry.objects.all() if e.object_ref.startswith(WRITTEN[table][0])}

    with connection.cursor() as cursor:
        if table != "clinic_patient":  # a first line is corrected in place
            cursor.execute(dropped(table, "update"))
        cursor.execute(f"UPDATE {table} SET {change}")

    assert audit.verify().first_bad == min(newest.values())


def test_an_earlier_first_line_put_back_behind_the_clinic_is_found(corrected: Patient):
    newest = AuditEntry.objects.get(action="patient.corrected")

    with connection.cursor() as cursor:
        cursor.execute("UPDATE clinic_patient SET birth_date = '1981-03-03'")

    assert audit.verify().first_bad == newest.seq


def test_a_correction_removed_behind_the_clinic_is_found(corrected: Patient):
    entry = AuditEntry.objects.get(action="patient.correction")

    tamper("clinic_patientcorrection", "delete", "DELETE FROM clinic_patientcorrection")

    assert audit.verify().first_bad == entry.seq


def test_a_policy_put_in_behind_the_clinic_is_found(corrected: Patient, director: User):
    PolicyVersion.objects.create(text="", at=NOW, by=director)

    assert not audit.verify().ok


def test_the_head_shows_what_the_chain_cannot_that_its_end_was_cut_off(reading: Fact, nurse: User, patient: Patient):
    audit.saw(nurse, patient, "chart")
    kept = audit.head()

    tamper("clinic_auditentry", "delete", "DELETE FROM clinic_auditentry WHERE seq = %s", kept.seq)

    assert audit.verify().ok
    assert (audit.head().seq, audit.head().hash) != (kept.seq, kept.hash)


def test_a_fact_put_in_behind_the_clinic_is_found(reading: Fact):
    reading.pk, reading.key = uuid4(), uuid4()

    reading.save(force_insert=True)

    assert audit.verify() == audit.AuditVerdict(entries=AuditEntry.objects.count(), first_bad=None, unsealed_facts=1)
    assert not audit.verify().ok


def test_an_entry_outside_a_write_is_a_fault_of_the_program(db: None):
    with pytest.raises(RuntimeError, match=r"transaction\.write"):
        audit.record_entry(None, "page.read")


def test_the_entry_goes_when_the_change_goes(patient: Patient, nurse: User):
    before = AuditEntry.objects.count()

    def change_and_break() -> None:
        with write():
            facts.add_fact(nurse, patient, pressure(124, 78), key=uuid4(), now=NOW)
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        change_and_break()

    assert (AuditEntry.objects.count(), Fact.objects.count()) == (before, 0)


@pytest.mark.parametrize("who", ["outsider", "administrator"])
def test_whoever_may_not_read_leaves_no_trace_of_having_read(
    patient: Patient, who: str, request: pytest.FixtureRequest
):
    before = AuditEntry.objects.count()

    with pytest.raises(NotAllowed):
        audit.saw(request.getfixturevalue(who), patient, "chart")

    assert AuditEntry.objects.count() == before
