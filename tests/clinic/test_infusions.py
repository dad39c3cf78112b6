"""The gates are asked again when an infusion is recorded."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from builders import NOW, POLICY, answer, infusion, pregnancy_test, pressure
from sextant.clinic.models import Fact, Patient, User
from sextant.clinic.selectors.records import record_of
from sextant.clinic.services import facts, policy, recommendations
from sextant.clinic.services.decisions import Choice, record_decision
from sextant.clinic.services.refusal import Refused
from sextant.course import StepCode
from sextant.record import QualitativeResult

pytestmark = pytest.mark.django_db


def test_an_infusion_with_every_gate_open_is_recorded(ready_patient: Patient, nurse: User):
    facts.add_fact(nurse, ready_patient, infusion(0), key=uuid4(), now=NOW)

    assert len(record_of(ready_patient).infusions) == 1


def test_an_infusion_behind_a_closed_gate_is_refused_with_the_gates_own_sentence(ready_patient: Patient, nurse: User):
    facts.add_fact(nurse, ready_patient, pressure(182, 104, days=0.1), key=uuid4(), now=NOW)

    with pytest.raises(Refused) as refusal:
        facts.add_fact(nurse, ready_patient, infusion(0), key=uuid4(), now=NOW)

    assert "182/104 mmHg" in str(refusal.value)
    assert refusal.value.code == "GATE-002"
    assert not Fact.objects.filter(kind="Infusion").exists()


def test_pregnancy_unknown_is_not_no_and_bars_the_infusion_too(ready_patient: Patient, nurse: User):
    facts.add_fact(nurse, ready_patient, pregnancy_test(QualitativeResult.UNCLEAR, 0.1), key=uuid4(), now=NOW)

    with pytest.raises(Refused, match="not answered"):
        facts.add_fact(nurse, ready_patient, infusion(0), key=uuid4(), now=NOW)

    assert not Fact.objects.filter(kind="Infusion").exists()


def test_thoughts_of_suicide_unasked_bar_the_infusion_too(ready_patient: Patient, nurse: User):
    facts.withdraw_fact(nurse, Fact.objects.get(payload__question="suicidality"), key=uuid4(), reason="x", now=NOW)

    with pytest.raises(Refused, match="Thoughts of suicide"):
        facts.add_fact(nurse, ready_patient, infusion(0), key=uuid4(), now=NOW)


def test_a_soft_gate_is_passed_by_the_prescribers_decision_and_by_nothing_else(
    ready_patient: Patient, nurse: User, prescriber: User
):
    facts.withdraw_fact(nurse, Fact.objects.get(kind="Support"), key=uuid4(), reason="another person", now=NOW)

    with pytest.raises(Refused, match="Counselling"):
        facts.add_fact(nurse, ready_patient, infusion(0), key=uuid4(), now=NOW)
    record_decision(
        prescriber,
        ready_patient,
        recommendations.current(ready_patient, NOW),
        choice=Choice.OTHERWISE,
        step=StepCode.OFFER_INFUSION,
        infusion=1,
        reasons="Counselling begins tomorrow; the person is well known here.",
        planned_on=None,
        key=uuid4(),
        now=NOW,
    )
    facts.add_fact(nurse, ready_patient, infusion(0), key=uuid4(), now=NOW)

    assert len(record_of(ready_patient).infusions) == 1


def test_a_second_infusion_of_one_day_is_refused(ready_patient: Patient, nurse: User):
    facts.add_fact(nurse, ready_patient, infusion(0.1), key=uuid4(), now=NOW)

    with pytest.raises(Refused, match="on the chart for 23 Nov 2026 already"):
        facts.add_fact(nurse, ready_patient, infusion(0), key=uuid4(), now=NOW)


def test_what_was_given_elsewhere_has_happened_and_is_recorded(ready_patient: Patient, nurse: User):
    facts.add_fact(nurse, ready_patient, pressure(182, 104, days=0.1), key=uuid4(), now=NOW)

    facts.add_fact(nurse, ready_patient, replace(infusion(0), given_elsewhere=True), key=uuid4(), now=NOW)

    assert record_of(ready_patient).other_ketamine[0].given_elsewhere


def test_the_gates_are_those_of_the_time_of_the_infusion_not_of_its_entry(ready_patient: Patient, nurse: User):
    facts.add_fact(nurse, ready_patient, pressure(182, 104, days=0.1), key=uuid4(), now=NOW)

    facts.add_fact(nurse, ready_patient, infusion(0.2), key=uuid4(), now=NOW)

    assert len(record_of(ready_patient).infusions) == 1


def test_the_limits_are_those_of_the_time_of_the_infusion(ready_patient: Patient, nurse: User, director: User):
    stricter = POLICY + (
        '\n[limit.screening_systolic_mmhg]\nvalue = 120\nunit = "mmHg"\nsource = "clinic: made up"\n'
        'set_by = "Test director"\non = 2026-11-02\n'
    )
    policy.set_policy(director, stricter, NOW - timedelta(hours=1))

    with pytest.raises(Refused, match="124/78"):
        facts.add_fact(nurse, ready_patient, infusion(0), key=uuid4(), now=NOW)
    facts.add_fact(nurse, ready_patient, infusion(0.2), key=uuid4(), now=NOW)

    assert len(record_of(ready_patient).infusions) == 1


def test_a_correction_of_an_infusion_is_not_stopped_by_what_came_after_it(ready_patient: Patient, nurse: User):
    given = facts.add_fact(nurse, ready_patient, infusion(0.2, dose_mg_per_kg=0.8), key=uuid4(), now=NOW)
    facts.add_fact(nurse, ready_patient, answer("suicidality", "plan", days=0.1), key=uuid4(), now=NOW)

    facts.add_fact(
        nurse, ready_patient, infusion(0.2), key=uuid4(), replaces=given, reason="the pump log says 0.5", now=NOW
    )

    assert [one.dose_mg_per_kg for one in record_of(ready_patient).infusions] == [0.5]
