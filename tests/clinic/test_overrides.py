"""Who may pass a closed gate, how many sign, and for how long it holds."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from builders import NOW, answer, infusion, pressure
from sextant.clinic.models import AuditEntry, Fact, Patient, Role, User
from sextant.clinic.selectors.records import record_of
from sextant.clinic.services import facts, gates
from sextant.clinic.services.overrides import sign_override
from sextant.clinic.services.refusal import NotAllowed, Refused
from sextant.record import Override

pytestmark = pytest.mark.django_db
SOFT, HARD, ABSOLUTE = "GATE-023", "GATE-025", "GATE-014"
WHY = "The neurologist has written; the person is well known here."


@pytest.fixture
def colleague(db: None) -> User:
    return User.objects.create(username="colleague", role=Role.PRESCRIBER)


def close(actor: User, patient: Patient, question: str, value: str = "yes", days: float = 0.1) -> None:
    """Answer a question so that its gate closes."""
    facts.add_fact(actor, patient, answer(question, value, days=days), key=uuid4(), now=NOW)


def sign(actor: User, patient: Patient, code: str, now=NOW, **changes: object) -> Fact:
    gate = gates.gate_now(record_of(patient), code, now)
    said: dict = {"code": code, "saw": gate.saw, "reason": WHY, "key": uuid4(), "now": now}
    return sign_override(actor, patient, **(said | changes))


def give(actor: User, patient: Patient) -> Fact:
    return facts.add_fact(actor, patient, infusion(0), key=uuid4(), now=NOW)


def test_a_soft_gate_is_passed_by_the_prescriber_with_a_reason(arrived_patient: Patient, nurse: User, prescriber: User):
    close(nurse, arrived_patient, "seizures", "other")
    with pytest.raises(Refused, match="Or the prescriber signs"):
        give(nurse, arrived_patient)

    sign(prescriber, arrived_patient, SOFT, NOW)
    give(nurse, arrived_patient)

    assert len(record_of(arrived_patient).infusions) == 1


def test_a_soft_gate_is_not_passed_by_the_director_alone(arrived_patient: Patient, nurse: User, director: User):
    close(nurse, arrived_patient, "seizures", "other")

    sign(director, arrived_patient, SOFT)

    with pytest.raises(Refused, match="Seizures"):
        give(nurse, arrived_patient)


def test_a_hard_gate_needs_a_second_person(arrived_patient: Patient, nurse: User, prescriber: User, colleague: User):
    close(nurse, arrived_patient, "ketamine_misuse")
    sign(prescriber, arrived_patient, HARD)
    with pytest.raises(Refused, match="a second qualified person"):
        give(nurse, arrived_patient)

    sign(colleague, arrived_patient, HARD)
    give(nurse, arrived_patient)

    assert len(record_of(arrived_patient).infusions) == 1


def test_one_person_signing_twice_is_still_one(arrived_patient: Patient, nurse: User, prescriber: User):
    close(nurse, arrived_patient, "ketamine_misuse")

    sign(prescriber, arrived_patient, HARD)
    sign(prescriber, arrived_patient, HARD)

    with pytest.raises(Refused, match="Ketamine taken outside of treatment"):
        give(nurse, arrived_patient)


def test_an_absolute_gate_takes_no_signature(arrived_patient: Patient, nurse: User, prescriber: User):
    close(nurse, arrived_patient, "vessel_malformation")

    with pytest.raises(Refused, match="nobody passes this gate while it holds"):
        sign(prescriber, arrived_patient, ABSOLUTE)

    assert not Fact.objects.filter(kind="Override").exists()


def test_a_gate_that_asks_takes_no_signature(ready_patient: Patient, prescriber: User):
    with pytest.raises(Refused, match="what is missing is supplied and not waived"):
        sign(prescriber, ready_patient, "GATE-058")


def test_an_open_gate_takes_no_signature(arrived_patient: Patient, prescriber: User):
    with pytest.raises(Refused, match="there is nothing to pass"):
        sign(prescriber, arrived_patient, SOFT)


@pytest.mark.parametrize("role", [Role.NURSE, Role.COUNSELLOR, Role.ADMINISTRATOR])
def test_nobody_else_signs(arrived_patient: Patient, nurse: User, role: str):
    close(nurse, arrived_patient, "seizures", "other")
    somebody = User.objects.create(username=f"somebody-{role}", role=role)

    with pytest.raises(NotAllowed):
        sign(somebody, arrived_patient, SOFT)


def test_without_a_reason_nothing_is_signed(arrived_patient: Patient, nurse: User, prescriber: User):
    close(nurse, arrived_patient, "seizures", "other")

    with pytest.raises(Refused, match="in your own words"):
        sign(prescriber, arrived_patient, SOFT, reason="  ")


def test_what_the_gate_says_by_now_is_what_is_signed(arrived_patient: Patient, nurse: User, prescriber: User):
    close(nurse, arrived_patient, "seizures", "withdrawal")
    read = gates.gate_now(record_of(arrived_patient), SOFT, NOW).saw
    close(nurse, arrived_patient, "seizures", "other", days=0.05)

    with pytest.raises(Refused, match="says something else by now"):
        sign(prescriber, arrived_patient, SOFT, saw=read)


def test_a_signature_is_void_when_the_danger_is_another(arrived_patient: Patient, nurse: User, prescriber: User):
    facts.add_fact(nurse, arrived_patient, answer("seizures", "withdrawal", days=0.1), key=uuid4(), now=NOW)
    sign(prescriber, arrived_patient, SOFT, NOW - timedelta(hours=1))
    close(nurse, arrived_patient, "seizures", "other", days=0.01)

    with pytest.raises(Refused, match="Seizures"):
        give(nurse, arrived_patient)


def test_a_signature_lapses_with_the_day(arrived_patient: Patient, nurse: User, prescriber: User):
    facts.add_fact(nurse, arrived_patient, answer("seizures", "other", days=0.99), key=uuid4(), now=NOW)
    sign(prescriber, arrived_patient, SOFT, NOW - timedelta(days=0.95))

    with pytest.raises(Refused, match="Seizures"):
        give(nurse, arrived_patient)


def test_nobody_signs_for_somebody_else_or_for_longer(arrived_patient: Patient, nurse: User, prescriber: User):
    close(nurse, arrived_patient, "seizures", "other")
    gate = gates.gate_now(record_of(arrived_patient), SOFT, NOW)
    for_another = Override(
        fact_id="x",
        taken_at=NOW,
        code=SOFT,
        saw=gate.saw,
        reason=WHY,
        signed_by=str(nurse.pk),
        role="prescriber",
        ends_at=NOW,
    )

    with pytest.raises(Refused, match="the signer's own"):
        facts.add_fact(prescriber, arrived_patient, for_another, key=uuid4(), now=NOW)


def test_pressure_above_the_limit_is_absolute_at_the_start(arrived_patient: Patient, nurse: User, prescriber: User):
    facts.add_fact(nurse, arrived_patient, pressure(152, 96, days=0), key=uuid4(), now=NOW)

    with pytest.raises(Refused, match="nobody passes this gate"):
        sign(prescriber, arrived_patient, "GATE-002")


def test_each_signature_is_in_the_audit_chain(arrived_patient: Patient, nurse: User, prescriber: User):
    close(nurse, arrived_patient, "seizures", "other")

    signature = sign(prescriber, arrived_patient, SOFT)

    entry = AuditEntry.objects.get(object_ref=f"fact:{signature.pk}")
    assert (entry.action, entry.actor) == ("fact.added", prescriber)


def test_a_signature_is_taken_back_by_the_signer_alone(
    arrived_patient: Patient, nurse: User, prescriber: User, director: User
):
    close(nurse, arrived_patient, "seizures", "other")
    signed = sign(prescriber, arrived_patient, SOFT)

    with pytest.raises(Refused, match="nobody else gives it or takes it back"):
        facts.withdraw_fact(director, signed, key=uuid4(), reason="x", now=NOW)

    give(nurse, arrived_patient)
    assert len(record_of(arrived_patient).infusions) == 1


def test_a_signature_is_not_replaced_by_anothers(
    arrived_patient: Patient, nurse: User, prescriber: User, director: User
):
    close(nurse, arrived_patient, "seizures", "other")
    signed = sign(prescriber, arrived_patient, SOFT)
    own = replace(signed.as_record, signed_by=str(director.pk), role="director")

    with pytest.raises(Refused, match="the signer's own"):
        facts.add_fact(director, arrived_patient, own, key=uuid4(), replaces=signed, reason="x", now=NOW)
