"""Who looked at or changed what is kept, and nobody can change it unseen."""

from uuid import uuid4

import pytest
from django.db import connection

from builders import NOW, pressure
from sextant.clinic.models import AuditEntry, Fact, Patient, User
from sextant.clinic.services import audit, facts
from sextant.clinic.services.refusal import NotAllowed
from sextant.clinic.services.transaction import write

pytestmark = pytest.mark.django_db


def tamper(table: str, action: str, statement: str, *values: object) -> None:
    """What somebody with the database's own password can do: take the trigger away first."""
    trigger = f"{table}_no_{action}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
        cursor.execute(statement, values)


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
