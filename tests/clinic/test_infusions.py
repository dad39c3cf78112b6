"""The gates are asked again when an infusion is recorded."""

from dataclasses import replace
from datetime import timedelta, timezone
from uuid import uuid4

import pytest

from arrivals import arrive
from builders import (
    NOW,
    POLICY,
    answer,
    infusion,
    order,
    pregnancy_test,
    pressure,
    target,
)
from sextant.clinic.models import Fact, Patient, User
from sextant.clinic.selectors.records import record_of
from sextant.clinic.services import facts, policy, recommendations
from sextant.clinic.services.refusal import Refused
from sextant.record import Infusion, QualitativeResult, Target

pytestmark = pytest.mark.django_db


def test_an_infusion_with_every_gate_open_is_recorded(arrived_patient: Patient, nurse: User):
    facts.add_fact(nurse, arrived_patient, infusion(0), key=uuid4(), now=NOW)

    assert len(record_of(arrived_patient).infusions) == 1


def test_an_infusion_behind_a_closed_gate_is_refused_with_the_gates_own_sentence(arrived_patient: Patient, nurse: User):
    facts.add_fact(nurse, arrived_patient, pressure(182, 104, days=0.1), key=uuid4(), now=NOW)

    with pytest.raises(Refused) as refusal:
        facts.add_fact(nurse, arrived_patient, infusion(0), key=uuid4(), now=NOW)

    assert "182/104 mmHg" in str(refusal.value)
    assert refusal.value.code == "GATE-002"
    assert not Fact.objects.filter(kind="Infusion").exists()


def test_pregnancy_unknown_is_not_no_and_bars_the_infusion_too(arrived_patient: Patient, nurse: User):
    facts.add_fact(nurse, arrived_patient, pregnancy_test(QualitativeResult.UNCLEAR, 0.1), key=uuid4(), now=NOW)

    with pytest.raises(Refused, match="not answered"):
        facts.add_fact(nurse, arrived_patient, infusion(0), key=uuid4(), now=NOW)

    assert not Fact.objects.filter(kind="Infusion").exists()


def test_thoughts_of_suicide_unasked_bar_the_infusion_too(arrived_patient: Patient, nurse: User):
    facts.withdraw_fact(nurse, Fact.objects.get(payload__question="suicidality"), key=uuid4(), reason="x", now=NOW)

    with pytest.raises(Refused, match="Thoughts of suicide"):
        facts.add_fact(nurse, arrived_patient, infusion(0), key=uuid4(), now=NOW)


def test_a_second_infusion_of_one_day_is_refused(arrived_patient: Patient, nurse: User):
    facts.add_fact(nurse, arrived_patient, infusion(0.1), key=uuid4(), now=NOW)

    with pytest.raises(Refused, match="on the chart for 23 Nov 2026 already"):
        facts.add_fact(nurse, arrived_patient, infusion(0), key=uuid4(), now=NOW)


def test_what_was_given_elsewhere_has_happened_and_is_recorded(arrived_patient: Patient, nurse: User):
    facts.add_fact(nurse, arrived_patient, pressure(182, 104, days=0.1), key=uuid4(), now=NOW)

    facts.add_fact(nurse, arrived_patient, replace(infusion(0), given_elsewhere=True), key=uuid4(), now=NOW)

    assert record_of(arrived_patient).other_ketamine[0].given_elsewhere


def test_the_gates_are_those_of_the_time_of_the_infusion_not_of_its_entry(arrived_patient: Patient, nurse: User):
    facts.add_fact(nurse, arrived_patient, pressure(182, 104, days=0.1), key=uuid4(), now=NOW)

    facts.add_fact(nurse, arrived_patient, infusion(0.2), key=uuid4(), now=NOW)

    assert len(record_of(arrived_patient).infusions) == 1


def test_the_limits_are_those_of_the_time_of_the_infusion(arrived_patient: Patient, nurse: User, director: User):
    stricter = POLICY + (
        '\n[limit.screening_systolic_mmhg]\nvalue = 120\nunit = "mmHg"\nsource = "clinic: made up"\n'
        'set_by = "Test director"\non = 2026-11-23\n'
    )
    policy.set_policy(director, stricter, NOW - timedelta(hours=1))

    with pytest.raises(Refused, match="122/76"):
        facts.add_fact(nurse, arrived_patient, infusion(0), key=uuid4(), now=NOW)
    facts.add_fact(nurse, arrived_patient, infusion(0.2), key=uuid4(), now=NOW)

    assert len(record_of(arrived_patient).infusions) == 1


def test_a_correction_of_an_infusion_is_not_stopped_by_what_came_after_it(arrived_patient: Patient, nurse: User):
    given = facts.add_fact(nurse, arrived_patient, infusion(0.2, dose_mg_per_kg=0.4), key=uuid4(), now=NOW)
    facts.add_fact(nurse, arrived_patient, answer("suicidality", "plan", days=0.1), key=uuid4(), now=NOW)

    facts.add_fact(
        nurse, arrived_patient, infusion(0.2), key=uuid4(), replaces=given, reason="the pump log says 0.5", now=NOW
    )

    assert [one.dose_mg_per_kg for one in record_of(arrived_patient).infusions] == [0.5]


def test_without_an_order_no_infusion_begins(ready_patient: Patient, nurse: User):
    with pytest.raises(Refused, match="No prescriber has ordered infusion 1") as refusal:
        facts.add_fact(nurse, ready_patient, infusion(0), key=uuid4(), now=NOW)

    assert refusal.value.code == "GATE-050"


def test_more_than_was_ordered_is_not_recorded(arrived_patient: Patient, nurse: User):
    with pytest.raises(Refused, match=r"0\.55 mg/kg is more than was ordered, 0\.5"):
        facts.add_fact(nurse, arrived_patient, infusion(0, dose_mg_per_kg=0.55), key=uuid4(), now=NOW)

    assert not Fact.objects.filter(kind="Infusion").exists()


def test_whoever_arrives_intoxicated_is_not_infused_whoever_signs(arrived_patient: Patient, nurse: User):
    facts.add_fact(nurse, arrived_patient, answer("intoxicated", "yes", days=0), key=uuid4(), now=NOW)

    with pytest.raises(Refused, match="Intoxication") as refusal:
        facts.add_fact(nurse, arrived_patient, infusion(0), key=uuid4(), now=NOW)

    assert refusal.value.code == "GATE-051"
    assert "sign" not in str(refusal.value)


def test_what_was_asked_at_the_door_yesterday_does_not_count_today(
    ready_patient: Patient, nurse: User, prescriber: User
):
    arrive(prescriber, ready_patient, days=1)

    with pytest.raises(Refused, match="was not answered when this infusion began"):
        facts.add_fact(nurse, ready_patient, infusion(0), key=uuid4(), now=NOW)


def test_yesterdays_door_does_not_count_because_the_start_is_told_in_another_zone(
    ready_patient: Patient, nurse: User, prescriber: User
):
    arrive(prescriber, ready_patient, days=0.75)
    far_west = timezone(timedelta(hours=-12))  # there it was the same day when the door asked

    with pytest.raises(Refused, match="was not answered when this infusion began"):
        facts.add_fact(
            nurse, ready_patient, replace(infusion(0), taken_at=NOW.astimezone(far_west)), key=uuid4(), now=NOW
        )

    assert not Fact.objects.filter(kind="Infusion").exists()


@pytest.mark.parametrize(("days", "why"), [(0.1, "An infusion is on the chart"), (1, "Order")])
def test_one_order_is_not_carried_out_twice_by_a_late_entry(
    arrived_patient: Patient, nurse: User, days: float, why: str
):
    facts.add_fact(nurse, arrived_patient, infusion(0), key=uuid4(), now=NOW)

    with pytest.raises(Refused, match=why):
        facts.add_fact(nurse, arrived_patient, infusion(days), key=uuid4(), now=NOW)

    assert len(record_of(arrived_patient).all(Infusion)) == 1


def test_minutes_that_were_hours_are_a_slip(arrived_patient: Patient, nurse: User):
    with pytest.raises(Refused, match=r"An infusion of 0\.67 minutes") as refusal:
        facts.add_fact(nurse, arrived_patient, replace(infusion(0), duration_min=0.67), key=uuid4(), now=NOW)

    assert refusal.value.code == "DOSE-003"


def test_the_target_that_infusions_stand_on_is_not_taken_back(arrived_patient: Patient, nurse: User, prescriber: User):
    facts.add_fact(nurse, arrived_patient, infusion(0), key=uuid4(), now=NOW)
    chosen = Fact.objects.get(kind="Target")

    with pytest.raises(Refused, match="would no longer be counted"):
        facts.withdraw_fact(prescriber, chosen, key=uuid4(), reason="another one", now=NOW)

    assert len(record_of(arrived_patient).infusions) == 1


def test_a_target_is_corrected_where_every_infusion_still_counts(
    arrived_patient: Patient, nurse: User, prescriber: User
):
    facts.add_fact(nurse, arrived_patient, infusion(0), key=uuid4(), now=NOW)
    chosen = Fact.objects.get(kind="Target")

    facts.add_fact(
        prescriber, arrived_patient, target("phq9", days=20), key=uuid4(), replaces=chosen, reason="a slip", now=NOW
    )
    with pytest.raises(Refused, match="Enter the new target as a new one"):
        facts.add_fact(
            prescriber,
            arrived_patient,
            target("phq9", days=-1),
            key=uuid4(),
            replaces=Fact.objects.current().get(kind="Target"),
            reason="later",
            now=NOW + timedelta(days=2),
        )


def test_a_target_without_infusions_is_taken_back(ready_patient: Patient, prescriber: User):
    facts.withdraw_fact(prescriber, Fact.objects.get(kind="Target"), key=uuid4(), reason="a slip", now=NOW)

    assert record_of(ready_patient).latest(Target) is None


def test_an_order_is_not_dated_back_and_not_rewritten(ready_patient: Patient, prescriber: User):
    shown = recommendations.current(ready_patient, NOW)
    dated_back = order(1, days=2)

    with pytest.raises(Refused, match="A decision is made now"):
        facts.add_fact(prescriber, ready_patient, dated_back, key=uuid4(), based_on=shown, now=NOW)

    assert not Fact.objects.filter(kind="Decision").exists()


@pytest.mark.parametrize(
    ("dose", "minutes", "may"),
    [(0.5, 40, True), (0.5, 50, True), (0.25, 20, True), (0.5, 39.9, False), (0.25, 19, False)],
)
def test_no_milligram_goes_faster_than_was_ordered(
    arrived_patient: Patient, nurse: User, dose: float, minutes: float, may: bool
):
    given = replace(infusion(0), dose_mg_per_kg=dose, duration_min=minutes)

    if may:
        facts.add_fact(nurse, arrived_patient, given, key=uuid4(), now=NOW)
    else:
        with pytest.raises(Refused, match="faster than was ordered") as refusal:
            facts.add_fact(nurse, arrived_patient, given, key=uuid4(), now=NOW)
        assert refusal.value.code == "ORDER-003"

    assert len(record_of(arrived_patient).infusions) == int(may)


def test_a_refused_infusion_names_every_gate_that_barred_it(arrived_patient: Patient, nurse: User):
    facts.add_fact(nurse, arrived_patient, pressure(182, 104, days=0.1), key=uuid4(), now=NOW)
    facts.add_fact(nurse, arrived_patient, answer("intoxicated", "yes", days=0.1), key=uuid4(), now=NOW)

    with pytest.raises(Refused, match="barred it too: Intoxication and Blood pressure on the day") as refusal:
        facts.add_fact(nurse, arrived_patient, infusion(0), key=uuid4(), now=NOW)

    assert refusal.value.code == "GATE-002"
