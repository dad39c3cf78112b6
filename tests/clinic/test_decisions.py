"""The prescriber decides, one step at a time, on the next step that was shown."""

from datetime import timedelta
from uuid import uuid4

import pytest

from builders import NOW, TODAY, pressure
from sextant.clinic.models import Fact, Patient, Role, User
from sextant.clinic.services import facts, recommendations
from sextant.clinic.services.decisions import Choice, record_decision
from sextant.clinic.services.refusal import NotAllowed, Refused
from sextant.course import StepCode
from sextant.record import Decision

pytestmark = pytest.mark.django_db


NO_DOSE = {"dose_mg_per_kg": None, "duration_min": None}


def decide(actor: User, patient: Patient, **changes: object) -> Fact:
    decision: dict = {
        "recommendation": recommendations.current(patient, NOW),
        "choice": Choice.AS_ADVISED,
        "step": StepCode.OFFER_INFUSION,
        "infusion": 1,
        "reasons": "",
        "planned_on": TODAY + timedelta(days=2),
        "dose_mg_per_kg": 0.5,
        "duration_min": 40,
        "key": uuid4(),
        "now": NOW,
    }
    return record_decision(actor, patient, **(decision | changes))


def test_a_decision_is_kept_with_the_next_step_that_it_was_made_on(ready_patient: Patient, prescriber: User):
    shown = recommendations.current(ready_patient, NOW)

    decision = decide(prescriber, ready_patient)

    assert decision.based_on == shown
    assert (decision.as_record.step, decision.as_record.infusion) == ("offer_infusion", 1)
    assert recommendations.current(ready_patient, NOW).step["code"] == "wait"


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.PRESCRIBER])
def test_nobody_but_the_prescriber_decides(ready_patient: Patient, role: str):
    somebody = User.objects.create(username=f"somebody-{role}", role=role)

    with pytest.raises(NotAllowed):
        decide(somebody, ready_patient)


def test_another_step_than_advised_needs_the_prescribers_own_words(ready_patient: Patient, prescriber: User):
    other = {"choice": Choice.OTHERWISE, "step": StepCode.WAIT, "infusion": None, **NO_DOSE}

    with pytest.raises(Refused, match="your own words"):
        decide(prescriber, ready_patient, **other, reasons="  ")
    decision = decide(prescriber, ready_patient, **other, reasons="The family visits first.")

    assert decision.as_record.reasons == "The family visits first."


def test_another_step_cannot_be_called_as_advised(ready_patient: Patient, prescriber: User):
    with pytest.raises(Refused, match="do not fit together"):
        decide(prescriber, ready_patient, step=StepCode.WAIT, infusion=None, **NO_DOSE)


@pytest.mark.parametrize("infusion", [2, 6, 0, None])
def test_only_the_next_infusion_can_be_decided(ready_patient: Patient, prescriber: User, infusion: int | None):
    with pytest.raises(Refused, match="Only the next infusion can be decided on, and that is infusion 1"):
        decide(prescriber, ready_patient, choice=Choice.OTHERWISE, infusion=infusion, reasons="All at once.")


def test_a_decision_on_a_chart_that_has_moved_on_is_refused(ready_patient: Patient, prescriber: User, nurse: User):
    shown = recommendations.current(ready_patient, NOW)
    facts.add_fact(nurse, ready_patient, pressure(126, 80, days=0.1), key=uuid4(), now=NOW)

    with pytest.raises(Refused, match="has changed since"):
        decide(prescriber, ready_patient, recommendation=shown)


def test_two_windows_two_patients(ready_patient: Patient, prescriber: User):
    other = Patient.objects.create(
        name="Somebody Else", birth_date=ready_patient.birth_date, sex="male", created_at=NOW, key=uuid4()
    )

    with pytest.raises(Refused, match="another patient"):
        decide(prescriber, other, recommendation=recommendations.current(ready_patient, NOW))

    assert not Fact.objects.filter(kind="Decision").exists()


def test_a_closed_gate_is_not_opened_by_a_reason(ready_patient: Patient, prescriber: User, nurse: User):
    facts.add_fact(nurse, ready_patient, pressure(182, 104, days=0.1), key=uuid4(), now=NOW)

    with pytest.raises(Refused, match="the gate is closed") as refusal:
        decide(prescriber, ready_patient, choice=Choice.OTHERWISE, reasons="It is urgent.")

    assert refusal.value.code == "GATE-002"


def test_a_decision_is_made_on_a_next_step_or_not_at_all(ready_patient: Patient, prescriber: User):
    decision = Decision(
        fact_id="new", taken_at=NOW, choice="otherwise", step="offer_infusion", infusion=6, reasons="All six at once."
    )

    with pytest.raises(Refused, match="made on a next step"):
        facts.add_fact(prescriber, ready_patient, decision, key=uuid4(), now=NOW)


def test_a_planned_day_is_not_in_the_past(ready_patient: Patient, prescriber: User):
    with pytest.raises(Refused, match="is past"):
        decide(prescriber, ready_patient, planned_on=TODAY - timedelta(days=1))


def test_the_same_decision_sent_twice_is_one(ready_patient: Patient, prescriber: User):
    key, shown = uuid4(), recommendations.current(ready_patient, NOW)

    first = decide(prescriber, ready_patient, key=key, recommendation=shown)
    again = decide(prescriber, ready_patient, key=key, recommendation=shown, now=NOW + timedelta(minutes=1))

    assert again == first
    assert Fact.objects.filter(kind="Decision").count() == 1


@pytest.mark.parametrize("left_out", [{"dose_mg_per_kg": None}, {"duration_min": None}])
def test_an_infusion_is_ordered_with_its_dose_and_minutes(ready_patient: Patient, prescriber: User, left_out: dict):
    with pytest.raises(Refused, match="Enter both"):
        decide(prescriber, ready_patient, **left_out)


def test_a_dose_without_an_infusion_is_not_taken(ready_patient: Patient, prescriber: User):
    with pytest.raises(Refused, match="no infusion is decided on"):
        decide(
            prescriber, ready_patient, choice=Choice.OTHERWISE, step=StepCode.WAIT, infusion=None, reasons="Next week."
        )


def test_ten_times_too_much_is_not_ordered(ready_patient: Patient, prescriber: User):
    with pytest.raises(Refused, match="5 mg/kg is outside"):
        decide(prescriber, ready_patient, dose_mg_per_kg=5)

    assert not Fact.objects.filter(kind="Decision").exists()
