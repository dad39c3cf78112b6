"""Writing things down: after saving, the chart changes at once; what cannot be right is refused and nothing is lost."""

import re
from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.html import escape

from arrivals import arrive
from builders import NOW, infusion, target, use_report
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
    "infusion": {"dose_mg_per_kg": "0.5", "duration_min": "40", "given_elsewhere": "on", "read_back": "yes"},
    "blood-pressure": {"systolic_mmhg": "128", "diastolic_mmhg": "82"},
    "weight": {"weight_kg": "78,5"},
    "pregnancy-test": {"result": "negative"},
    "answers": {"psychosis": "none", "capacity": "yes"},
    "target": {"problem": "gambling", "instrument": "craving"},
    "support": {"kind": "group", "attended": "yes"},
    "consent": {"given": "yes"},
    "condition": {"code": "F63.0"},
    "allergy": {"text": "Penicillin", "reaction": "rash"},
    "today": {"intoxicated": "no", "breath_alcohol_g_per_210l": "0.00"},
    "measurements": {"heart_rate_per_min": "72", "height_cm": "172"},
    "benzodiazepine": {"drug": "lorazepam", "mg_per_day": "2"},
    "new-series": {"reason": "A relapse after four months."},
    "use-judged": {"problem": "coffee", "reason": "It is a drink."},
}


SAID = {
    "score": "Craving score 42 is written down.",
    "use": "No use of anything from 20 to 23 Nov (self-report) is written down.",
    "infusion": "An infusion at another clinic of 0.5 mg/kg is written down.",
    "blood-pressure": "Blood pressure 128/82 mmHg is written down.",
    "weight": "Weight 78.5 kg is written down.",
    "pregnancy-test": "Pregnancy test, negative: it is written down.",
    "answers": "Answers are written down.",
    "target": "The target is written down: gambling, judged by craving.",
    "support": "Group, 12-step or secular: that it took place is written down.",
    "consent": "Consent is written down.",
    "condition": "Pathological gambling is written down.",
    "allergy": "Allergy to Penicillin is written down.",
    "today": "Answers are written down.",
    "measurements": "The values are written down.",
    "benzodiazepine": "Lorazepam 2 mg a day is written down.",
    "new-series": "A new series is written down.",
    "use-judged": "The judgement is written down.",
}


def address(patient: Patient, what: str) -> str:
    return f"/patients/{patient.pk}/add/{what}/"


def sent(patient: Patient, **fields: str) -> dict[str, str]:
    return {"patient": str(patient.pk), "key": str(uuid4()), "taken_at": MORNING, **fields}


def test_every_form_has_an_example_here():
    assert set(FILLED) == set(FACT_FORMS)


@pytest.mark.parametrize("what", FACT_FORMS)
def test_each_form_opens_saves_and_leads_to_what_follows_from_it(
    patient: Patient, prescriber: User, at_screen: Screen, give: Callable[..., None], what: str
):
    screen = at_screen(prescriber)
    if what == "new-series":
        give(patient, target(), infusion(days=120))
    if what == "use-judged":
        give(patient, target(), use_report(True, from_days=1, to_days=1, problem="coffee"))

    page = screen.get(address(patient, what))
    hidden = dict(re.findall(r'type="hidden" name="(seen)" value="([^"]*)"', page.text))
    saved = screen.post(address(patient, what), sent(patient, **FILLED[what], **hidden), follow=True)

    assert page.status_code == 200
    following = "screening/" if what == "today" else ""
    assert saved.redirect_chain == [(f"/patients/{patient.pk}/{following}", 302)]
    assert SAID[what] in saved.text
    assert Fact.objects.filter(patient=patient, kind=FACT_FORMS[what].makes.__name__).exists()


def test_a_score_moves_the_card_from_the_average_patient_to_this_one(
    ready_patient: Patient, prescriber: User, at_screen: Screen
):
    screen = at_screen(prescriber)
    before = screen.get(f"/patients/{ready_patient.pk}/").text

    screen.post(address(ready_patient, "score"), sent(ready_patient, **FILLED["score"]))

    after = screen.get(f"/patients/{ready_patient.pk}/").text
    assert "average patients reach" in before
    # Before any infusion the score says nothing of benefit: the odds stay the average patient's.
    assert "average patients reach" in after
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


def test_a_withdrawal_of_consent_is_called_a_withdrawal(patient: Patient, prescriber: User, at_screen: Screen):
    saved = at_screen(prescriber).post(address(patient, "consent"), sent(patient, given="no"), follow=True)

    assert "Withdrawal of consent is written down." in saved.text


def test_an_infusion_is_read_back_in_milligrams_before_it_is_kept(
    arrived_patient: Patient, prescriber: User, at_screen: Screen
):
    form = sent(arrived_patient, dose_mg_per_kg="0.5", duration_min="40")
    screen = at_screen(prescriber)

    heard = screen.post(address(arrived_patient, "infusion"), form)
    unsaved = Fact.objects.filter(kind="Infusion").count()
    kept = screen.post(address(arrived_patient, "infusion"), {**form, "read_back": "yes"}, follow=True)

    assert "0.5 mg/kg x 70.0 kg (22 Nov) = 35 mg over 40 min from 08:30 on 23 Nov." in heard.text
    assert "This weight was measured 1 day ago" in heard.text
    assert "Is this what was given?" in heard.text
    assert f'name="key" value="{form["key"]}"' in heard.text
    assert unsaved == 0
    assert Fact.objects.filter(kind="Infusion").count() == 1, kept.text


def test_change_leads_back_to_what_was_typed_and_nothing_is_kept(
    ready_patient: Patient, prescriber: User, at_screen: Screen
):
    form = sent(ready_patient, dose_mg_per_kg="0.45", duration_min="40", read_back="change")

    page = at_screen(prescriber).post(address(ready_patient, "infusion"), form).text

    assert 'value="0.45"' in page
    assert "Is this what was given?" not in page
    assert not Fact.objects.filter(kind="Infusion").exists()


def test_without_a_weight_the_read_back_says_that_the_milligrams_are_not_known(
    patient: Patient, prescriber: User, at_screen: Screen, known: Callable[..., None]
):
    known(patient, without=("weight",))
    form = sent(patient, dose_mg_per_kg="0.5", duration_min="40")

    assert "the milligrams are not known" in at_screen(prescriber).post(address(patient, "infusion"), form).text


def test_an_infusion_at_another_clinic_may_have_no_dose_and_one_given_here_may_not(
    ready_patient: Patient, prescriber: User, at_screen: Screen
):
    screen, where = at_screen(prescriber), address(ready_patient, "infusion")

    elsewhere = screen.post(where, sent(ready_patient, given_elsewhere="on"))
    here = screen.post(where, sent(ready_patient))

    assert "dose not known" in elsewhere.text
    assert 'id="id_dose_mg_per_kg_error"' in here.text


def test_the_start_of_an_infusion_is_never_filled_in(patient: Patient, prescriber: User, at_screen: Screen):
    page = at_screen(prescriber).get(address(patient, "infusion")).text

    assert 'value="2026-11-23T09:00"' not in page


def test_an_allergy_to_ketamine_is_sent_to_the_question_that_closes_the_gate(
    patient: Patient, nurse: User, at_screen: Screen
):
    page = at_screen(nurse).post(address(patient, "allergy"), sent(patient, text="Ketamine")).text

    assert "Answer it under Questions" in page
    assert not Fact.objects.exists()


def test_a_sleeping_medicine_that_is_in_no_table_is_written_down_by_its_name(
    patient: Patient, prescriber: User, at_screen: Screen
):
    form = sent(patient, drug="other", other="zolpidem", mg_per_day="10")

    at_screen(prescriber).post(address(patient, "benzodiazepine"), form)

    assert Fact.objects.get(kind="BenzodiazepineDose").payload == {"drug": "zolpidem", "mg_per_day": 10}


@pytest.mark.parametrize(
    ("more", "says"),
    [({"drug": "other"}, "Write the name of the medicine."), ({"drug": "lorazepam", "other": "zolpidem"}, "Keep one.")],
)
def test_another_medicine_is_named_exactly_where_another_one_is_chosen(
    patient: Patient, prescriber: User, at_screen: Screen, more: dict[str, str], says: str
):
    page = at_screen(prescriber).post(address(patient, "benzodiazepine"), sent(patient, mg_per_day="2", **more))

    assert says in page.text
    assert not Fact.objects.exists()


def test_a_start_in_another_zone_does_not_make_yesterday_today(
    ready_patient: Patient, nurse: User, prescriber: User, at_screen: Screen
):
    arrive(prescriber, ready_patient, days=0.75)
    sent = {"patient": str(ready_patient.pk), "key": str(uuid4()), "dose_mg_per_kg": "0.5", "duration_min": "40"}

    page = at_screen(nurse).post(
        f"/patients/{ready_patient.pk}/add/infusion/",
        {**sent, "read_back": "yes", "taken_at": "2026-11-22T20:55-12:00"},
    )

    assert "was not answered when this infusion began" in page.text
    assert not Fact.objects.filter(kind="Infusion").exists()


def test_days_before_anybodys_memory_are_a_slip_and_nothing_typed_is_lost(
    ready_patient: Patient, nurse: User, at_screen: Screen
):
    sent = {"patient": str(ready_patient.pk), "key": str(uuid4()), "problem": "alcohol", "used": "no"}
    days = {"covers_from": "0001-01-01", "covers_to": "2026-11-23", "evidence": "self-report"}

    page = at_screen(nurse).post(
        f"/patients/{ready_patient.pk}/add/use/", {**sent, **days, "taken_at": "2026-11-23T08:50"}
    )

    assert page.status_code == 200
    assert "0001-01-01 is too long ago to be meant" in page.text
    assert 'value="0001-01-01"' in page.text
