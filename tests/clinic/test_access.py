"""Each role sees and enters what it is for, and no more."""

from dataclasses import replace
from uuid import uuid4

import pytest

from builders import (
    NOW,
    answer,
    condition,
    consent,
    counselling,
    infusion,
    pregnancy_test,
    pressure,
    score,
    target,
    use_report,
)
from sextant import record
from sextant.clinic.fact_codec import KINDS
from sextant.clinic.models import AuditEntry, Fact, Patient, Role, User
from sextant.clinic.services import access, audit, facts, patients, policy
from sextant.clinic.services.refusal import NotAllowed, Refused
from sextant.record import QUESTIONS

pytestmark = pytest.mark.django_db

EXAMPLES: dict[str, record.Fact] = {
    "Answer": answer("suicidality", "none"),
    "BloodPressure": pressure(124, 78),
    "Condition": condition("7200002", "Alcoholism"),
    "Consent": consent(),
    "Infusion": replace(infusion(1), given_elsewhere=True),
    "PregnancyTest": pregnancy_test(record.QualitativeResult.NEGATIVE),
    "Score": score("craving", 60, 1),
    "Support": counselling(),
    "Target": target(),
    "UseReport": use_report(False, from_days=7),
}


def member(role: str) -> User:
    return User.objects.create(username=f"somebody-{role}", role=role)


def test_the_table_names_every_kind_of_fact():
    assert set(access.MAY_ENTER) == set(KINDS)


@pytest.mark.parametrize("role", ["", *Role.values])
@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_role_enters_what_it_is_for_and_no_more(ready_patient: Patient, kind: str, role: str):
    before = Fact.objects.count()
    actor = member(role)

    if role in access.MAY_ENTER[kind]:
        facts.add_fact(actor, ready_patient, EXAMPLES[kind], key=uuid4(), now=NOW)
    else:
        with pytest.raises(NotAllowed, match="may not enter this"):
            facts.add_fact(actor, ready_patient, EXAMPLES[kind], key=uuid4(), now=NOW)

    assert Fact.objects.count() - before == (role in access.MAY_ENTER[kind])


@pytest.mark.parametrize(
    ("kind", "roles"),
    [
        ("Decision", {Role.PRESCRIBER}),
        ("Infusion", {Role.PRESCRIBER, Role.NURSE}),
        ("Score", {Role.PRESCRIBER, Role.NURSE, Role.COUNSELLOR}),
        ("UseJudged", {Role.PRESCRIBER}),
        ("UseReport", {Role.PRESCRIBER, Role.NURSE, Role.COUNSELLOR}),
    ],
)
def test_who_enters_the_facts_that_matter_most(kind: str, roles: set[Role]):
    assert access.MAY_ENTER[kind] == roles


def test_the_director_signs_at_gates_and_enters_nothing_else_and_the_administrator_nothing_at_all():
    assert {kind for kind, roles in access.MAY_ENTER.items() if Role.DIRECTOR in roles} == {"Override"}
    assert not any(Role.ADMINISTRATOR in roles for roles in access.MAY_ENTER.values())


def test_everyone_in_care_and_the_director_open_charts(
    patient: Patient, prescriber: User, nurse: User, counsellor: User, director: User
):
    for actor in (prescriber, nurse, counsellor, director):
        audit.saw(actor, patient, "chart")

    assert AuditEntry.objects.filter(action="page.read").count() == 4


def test_an_outsider_sees_nothing_and_writes_nothing(patient: Patient, nurse: User, outsider: User):
    theirs = facts.add_fact(nurse, patient, pressure(124, 78), key=uuid4(), now=NOW)
    before = (Fact.objects.count(), Patient.objects.count(), AuditEntry.objects.count())

    with pytest.raises(NotAllowed):
        audit.saw(outsider, patient, "chart")
    with pytest.raises(NotAllowed):
        audit.saw(outsider, None, "today")
    with pytest.raises(NotAllowed):
        facts.withdraw_fact(outsider, theirs, key=uuid4(), reason="no reason", now=NOW)
    with pytest.raises(NotAllowed):
        patients.import_bundle(outsider, b"{}", now=NOW, key=uuid4())
    with pytest.raises(NotAllowed):
        patients.create_patient(
            outsider, name="X", birth_date=patient.birth_date, sex=record.Sex.MALE, key=uuid4(), now=NOW
        )
    with pytest.raises(NotAllowed):
        policy.set_policy(outsider, "", NOW)

    assert (Fact.objects.count(), Patient.objects.count(), AuditEntry.objects.count()) == before


def test_somebody_who_has_left_the_clinic_sees_nothing(patient: Patient, prescriber: User):
    prescriber.is_active = False

    with pytest.raises(NotAllowed):
        audit.saw(prescriber, patient, "chart")


def test_a_refusal_says_whom_to_ask(outsider: User):
    with pytest.raises(NotAllowed) as refusal:
        access.require_entry(outsider, "Infusion")

    assert str(refusal.value) == (
        "A person without a role may not enter this (Infusion). Ask one of these: prescriber, nurse. [ACCESS-001]"
    )


@pytest.mark.parametrize("question", [one.key for one in QUESTIONS.values() if one.judged])
@pytest.mark.parametrize("role", [Role.NURSE, Role.COUNSELLOR])
def test_a_prescribers_own_judgement_is_not_given_or_taken_back_by_another_role(
    question: str, role: Role, patient: Patient, prescriber: User
):
    other = User.objects.create(username="other", role=role)
    said = answer(question, QUESTIONS[question].opening)
    with pytest.raises(NotAllowed, match="prescriber's own judgement"):
        facts.add_fact(other, patient, said, key=uuid4(), now=NOW)

    row = facts.add_fact(prescriber, patient, said, key=uuid4(), now=NOW)

    with pytest.raises(NotAllowed, match="prescriber's own judgement"):
        facts.withdraw_fact(other, row, key=uuid4(), reason="x", now=NOW)


def test_a_correction_is_of_the_same_question_by_somebody_who_may_answer_it(
    patient: Patient, nurse: User, prescriber: User
):
    ecg = facts.add_fact(prescriber, patient, answer("ecg", "abnormal"), key=uuid4(), now=NOW)
    harmless = answer("urinary_symptoms", "no")

    with pytest.raises(NotAllowed, match="prescriber's own judgement"):
        facts.add_fact(nurse, patient, harmless, key=uuid4(), replaces=ecg, reason="oops", now=NOW)
    with pytest.raises(Refused, match="same question"):
        facts.add_fact(prescriber, patient, harmless, key=uuid4(), replaces=ecg, reason="oops", now=NOW)


def test_what_was_taken_back_is_not_taken_back_again(patient: Patient, nurse: User):
    row = facts.add_fact(nurse, patient, answer("seizures", "no"), key=uuid4(), now=NOW)
    taken_back = facts.withdraw_fact(nurse, row, key=uuid4(), reason="x", now=NOW)

    with pytest.raises(Refused, match="corrected already"):
        facts.withdraw_fact(nurse, taken_back, key=uuid4(), reason="x", now=NOW)
