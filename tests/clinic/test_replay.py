"""A stored next step is the same again: years later, under the limits and the model of its day."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from arrivals import has_happened
from builders import NOW, POLICY, infusion, pressure, score
from sextant.clinic.models import AuditEntry, Fact, Patient, User
from sextant.clinic.services import facts, policy, recommendations
from sextant.clinic.services.decisions import Choice, record_decision
from sextant.clinic.services.refusal import Refused
from sextant.clinic.services.replay import find_stored, replay
from sextant.course import StepCode

pytestmark = pytest.mark.django_db


def test_an_answer_is_the_same_again(ready_patient: Patient, prescriber: User):
    has_happened(prescriber, ready_patient, infusion(5), score("craving", 44, days=3))
    stored = recommendations.current(ready_patient, NOW)

    again = replay(stored)

    assert again.same
    assert again.answer["forecast"]["kind"] == "individual"
    assert AuditEntry.objects.filter(action="recommendation.replayed", patient=ready_patient).count() == 1


def test_it_is_the_same_after_new_facts_a_correction_and_other_limits(
    ready_patient: Patient, nurse: User, director: User
):
    stored = recommendations.current(ready_patient, NOW)
    later = NOW + timedelta(days=2)
    facts.add_fact(nurse, ready_patient, pressure(171, 99, days=-1), key=uuid4(), now=later)
    wrong = Fact.objects.get(kind="Weight")
    facts.withdraw_fact(nurse, wrong, key=uuid4(), reason="another person's", now=later)
    policy.set_policy(director, POLICY.replace("value = 14", "value = 90", 1).replace("-11-02", "-11-25", 1), later)

    again = replay(stored)

    assert again.same
    assert recommendations.current(ready_patient, later).step["code"] == "clear_gate"


def test_a_decision_names_the_answer_that_it_was_made_on(ready_patient: Patient, prescriber: User):
    shown = recommendations.current(ready_patient, NOW)
    decision = record_decision(
        prescriber,
        ready_patient,
        shown,
        choice=Choice.AS_ADVISED,
        step=StepCode.OFFER_INFUSION,
        infusion=1,
        reasons="Agreed.",
        planned_on=None,
        dose_mg_per_kg=0.5,
        duration_min=40,
        key=uuid4(),
        now=NOW,
    )

    assert find_stored(str(decision.pk)) == shown
    assert find_stored(str(shown.pk)) == shown


@pytest.mark.parametrize(("name", "says"), [("abc", "is no id"), ("0" * 32, "No next step and no decision")])
@pytest.mark.usefixtures("db")
def test_an_id_that_is_not_there_is_said(name: str, says: str):
    with pytest.raises(Refused, match=says):
        find_stored(name)


def test_what_differs_is_named_with_what_it_was_and_is(ready_patient: Patient):
    stored = recommendations.current(ready_patient, NOW)
    stored.answer["step"]["advice"] = "Something that was never advised"
    stored.answer["model"]["version"] = "an older model"

    again = replay(stored)

    places = {place for place, _, _ in again.differs}
    assert places == {"step.advice", "model.version"}
    assert "version was an older model" in again.other_version


def test_it_is_the_same_where_the_clinics_zone_is_another_since(ready_patient: Patient):
    stored = recommendations.current(ready_patient, NOW)

    with timezone.override("America/Los_Angeles"):
        again = replay(stored)

    assert again.same


def test_an_answer_of_before_the_weeks_ahead_were_kept_is_worked_out_again_and_says_that_the_program_changed(
    ready_patient: Patient,
):
    stored = recommendations.current(ready_patient, NOW)
    del stored.answer["use_ahead"]
    stored.answer["model"]["version"] = "response 3, protocol of then"

    again = replay(stored)

    assert {place for place, _, _ in again.differs} == {"use_ahead", "model.version"}
    assert "The program has changed since" in again.other_version
