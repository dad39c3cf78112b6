"""Writing things down: after saving, the chart changes at once; what cannot be right is refused and nothing is lost."""

import re
from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.html import escape

from builders import NOW
from sextant.clinic.models import Fact, Patient, User
from sextant.clinic.pages.forms import FACT_FORMS
from sextant.clinic.pages.forms.plan import ADDICTIONS
from sextant.clinic.services import patients
from sextant.record import Concept, Sex
from sextant.record.concepts import concepts_of_code

Screen = Callable[[User], Client]
MORNING = "2026-11-23T08:30"

FILLED = {
    "score": {"instrument": "craving", "points": "42"},
    "use": {
        "problem": "any",
        "used": "no",
        "covers_from": "2026-11-20",
        "covers_to": "2026-11-23",
        "evidence": "self-report",
    },
    "infusion": {"dose_mg_per_kg": "0.5", "duration_min": "40", "given_elsewhere": "on"},
    "blood-pressure": {"systolic_mmhg": "128", "diastolic_mmhg": "82"},
    "weight": {"weight_kg": "78,5"},
    "pregnancy-test": {"result": "negative"},
    "answers": {"psychosis": "none", "capacity": "yes"},
    "target": {"problem": "gambling", "instrument": "craving"},
    "support": {"kind": "group", "attended": "yes"},
    "consent": {"given": "yes"},
    "condition": {"code": "F63.0"},
}


def address(patient: Patient, what: str) -> str:
    return f"/patients/{patient.pk}/add/{what}/"


def sent(patient: Patient, **fields: str) -> dict[str, str]:
    return {"patient": str(patient.pk), "key": str(uuid4()), "taken_at": MORNING, **fields}


def test_every_form_has_an_example_here():
    assert set(FILLED) == set(FACT_FORMS)


@pytest.mark.parametrize("what", FACT_FORMS)
def test_each_form_opens_saves_and_leads_back_to_the_chart(
    patient: Patient, prescriber: User, at_screen: Screen, what: str
):
    screen = at_screen(prescriber)

    assert screen.get(address(patient, what)).status_code == 200
    saved = screen.post(address(patient, what), sent(patient, **FILLED[what]), follow=True)

    assert saved.redirect_chain == [(f"/patients/{patient.pk}/", 302)]
    assert "is on the chart" in saved.text
    assert {fact.kind for fact in Fact.objects.filter(patient=patient)} == {FACT_FORMS[what].makes.__name__}


def test_a_score_moves_the_card_from_the_average_patient_to_this_one(
    ready_patient: Patient, prescriber: User, at_screen: Screen
):
    screen = at_screen(prescriber)
    before = screen.get(f"/patients/{ready_patient.pk}/").text

    screen.post(address(ready_patient, "score"), sent(ready_patient, **FILLED["score"]))

    after = screen.get(f"/patients/{ready_patient.pk}/").text
    assert "average patients reach" in before
    assert "people like this one reach" in after
    assert "Craving is 42, before any infusion" in after


def test_a_form_for_one_patient_sent_to_another_changes_neither_chart(
    patient: Patient, prescriber: User, at_screen: Screen
):
    other = patients.create_patient(
        prescriber, name="Other Patient", birth_date=date(1990, 1, 1), sex=Sex.MALE, key=uuid4(), now=NOW
    )

    page = at_screen(prescriber).post(address(other, "weight"), sent(patient, weight_kg="78"))

    assert page.status_code == 409
    assert "belongs to another patient" in page.text
    assert not Fact.objects.exists()


def test_ten_times_the_dose_is_refused_beside_its_field_and_nothing_is_saved(
    ready_patient: Patient, prescriber: User, at_screen: Screen
):
    stored = Fact.objects.count()

    page = at_screen(prescriber).post(
        address(ready_patient, "infusion"), sent(ready_patient, dose_mg_per_kg="5", duration_min="40")
    )

    assert "A dose of 5 mg/kg" in page.text
    assert 'id="id_dose_mg_per_kg_error"' in page.text
    assert Fact.objects.count() == stored


def test_what_was_typed_stays_on_the_page_when_something_is_wrong(
    ready_patient: Patient, prescriber: User, at_screen: Screen
):
    form = sent(ready_patient, dose_mg_per_kg="0.5", duration_min="forty")

    page = at_screen(prescriber).post(address(ready_patient, "infusion"), form)

    assert 'value="forty"' in page.text
    assert 'value="0.5"' in page.text
    assert f'value="{form["key"]}"' in page.text
    assert escape("“forty” is not a number. Write it like 40.") in page.text


def test_a_blood_pressure_of_12_over_8_is_refused_with_what_to_write(
    patient: Patient, prescriber: User, at_screen: Screen
):
    page = at_screen(prescriber).post(
        address(patient, "blood-pressure"), sent(patient, systolic_mmhg="12", diastolic_mmhg="8")
    )

    assert "12/8" in page.text
    assert not Fact.objects.exists()


def test_a_time_that_has_not_come_is_refused_beside_its_field(patient: Patient, prescriber: User, at_screen: Screen):
    page = at_screen(prescriber).post(
        address(patient, "weight"), {**sent(patient, weight_kg="78"), "taken_at": "2026-11-23T23:00"}
    )

    assert "has not come yet" in page.text
    assert 'id="id_taken_at_error"' in page.text


def test_the_same_form_sent_twice_is_kept_once(patient: Patient, prescriber: User, at_screen: Screen):
    form = sent(patient, weight_kg="78")
    screen = at_screen(prescriber)

    screen.post(address(patient, "weight"), form)
    again = screen.post(address(patient, "weight"), form)

    assert again.status_code == 302
    assert Fact.objects.filter(kind="Weight").count() == 1


def test_questions_left_unanswered_stay_unknown(patient: Patient, prescriber: User, at_screen: Screen):
    at_screen(prescriber).post(address(patient, "answers"), sent(patient, psychosis="none"))

    assert [fact.payload["question"] for fact in Fact.objects.all()] == ["psychosis"]


def test_sending_no_answer_at_all_is_pointed_out(patient: Patient, prescriber: User, at_screen: Screen):
    page = at_screen(prescriber).post(address(patient, "answers"), sent(patient))

    assert "No question was answered" in page.text


def test_the_time_is_now_in_the_clinics_zone_unless_changed(patient: Patient, prescriber: User, at_screen: Screen):
    page = at_screen(prescriber).get(address(patient, "weight"))

    assert 'value="2026-11-23T09:00"' in page.text


@pytest.mark.parametrize("what", ["infusion", "condition", "target", "consent"])
def test_a_counsellor_is_not_offered_what_a_counsellor_may_not_enter(
    patient: Patient, counsellor: User, at_screen: Screen, what: str
):
    screen = at_screen(counsellor)

    assert screen.get(address(patient, what)).status_code == 403
    assert screen.post(address(patient, what), sent(patient, **FILLED[what])).status_code == 403
    assert f"/add/{what}/" not in screen.get(f"/patients/{patient.pk}/").text


def test_there_is_no_address_for_a_package_or_a_supply_to_take_home(
    patient: Patient, prescriber: User, at_screen: Screen
):
    for what in ("package", "series", "take-home", "supply", "prescription"):
        assert at_screen(prescriber).get(address(patient, what)).status_code == 404


def test_every_error_is_tied_to_its_field_for_those_who_hear_the_page(
    patient: Patient, prescriber: User, at_screen: Screen
):
    page = at_screen(prescriber).post(address(patient, "score"), sent(patient, points="many")).text

    for error in re.findall(r'class="problem" id="(\w+)"', page):
        assert re.search(rf'aria-describedby="[^"]*{error}', page)


@pytest.mark.parametrize("code", ADDICTIONS)
def test_each_addiction_offered_is_one_that_the_gate_knows(code: str):
    assert Concept.ADDICTION in concepts_of_code("http://hl7.org/fhir/sid/icd-10-cm", code)
