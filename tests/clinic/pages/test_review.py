"""The review: the prescriber reads, decides and says why; never more than the next step."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from builders import NOW, score
from sextant.clinic.models import Fact, Patient, User
from sextant.clinic.services import recommendations

Screen = Callable[[User], Client]


def address(patient: Patient) -> str:
    return f"/patients/{patient.pk}/review/"


def sent(patient: Patient, **fields: str) -> dict[str, str]:
    read = recommendations.current(patient, NOW)
    return {"patient": str(patient.pk), "key": str(uuid4()), "recommendation": str(read.pk), **fields}


def decision() -> dict[str, object]:
    payload: dict[str, object] = Fact.objects.get(kind="Decision").payload
    return payload


def test_the_page_shows_the_advice_beside_the_form(ready_patient: Patient, prescriber: User, at_screen: Screen):
    page = at_screen(prescriber).get(address(ready_patient)).text

    assert "Offer infusion 1" in page
    assert "is not established" in page
    assert "Why, in your own words" in page


def test_accepting_records_what_was_advised_and_the_own_words(
    ready_patient: Patient, prescriber: User, at_screen: Screen
):
    form = sent(
        ready_patient,
        choice="accept",
        reasons="Agreed with the patient.",
        planned_on="2026-11-24",
        dose_mg_per_kg="0.5",
        duration_min="40",
    )

    page = at_screen(prescriber).post(address(ready_patient), form, follow=True)

    assert decision() == {
        "choice": "as_advised",
        "step": "offer_infusion",
        "infusion": 1,
        "reasons": "Agreed with the patient.",
        "planned_on": "2026-11-24",
        "dose_mg_per_kg": 0.5,
        "duration_min": 40,
    }
    assert "Agreed with the patient." in page.text
    assert "decided for" in page.text


def test_another_step_is_kept_with_its_reason(ready_patient: Patient, prescriber: User, at_screen: Screen):
    form = sent(ready_patient, choice="otherwise", step="pause", reasons="A hard week; we talk first.")

    at_screen(prescriber).post(address(ready_patient), form)

    assert (decision()["choice"], decision()["step"]) == ("otherwise", "pause")


def test_deciding_later_is_kept_as_waiting(ready_patient: Patient, prescriber: User, at_screen: Screen):
    form = sent(ready_patient, choice="postpone", reasons="Waiting for the heart tracing.")

    at_screen(prescriber).post(address(ready_patient), form)

    assert (decision()["choice"], decision()["step"]) == ("otherwise", "wait")


@pytest.mark.parametrize(
    ("fields", "asked"),
    [
        ({"choice": "accept"}, "Write why, in a sentence."),
        ({"reasons": "Because."}, "Choose one."),
        ({"choice": "otherwise", "reasons": "Because."}, "Say what you choose in place of the advice."),
        ({"choice": "accept", "step": "pause", "reasons": "Because."}, "Change one of the two."),
        ({"choice": "accept", "reasons": "Because.", "planned_on": "2026-11-01"}, "That day has passed."),
    ],
)
def test_what_is_missing_is_asked_kindly_and_the_words_stay(
    ready_patient: Patient, prescriber: User, at_screen: Screen, fields: dict[str, str], asked: str
):
    page = at_screen(prescriber).post(address(ready_patient), sent(ready_patient, **fields)).text

    assert asked in page
    assert fields.get("reasons", "") in page
    assert not Fact.objects.filter(kind="Decision").exists()


def test_when_the_chart_moved_on_the_new_advice_is_shown_and_the_words_stay(
    ready_patient: Patient, prescriber: User, give: Callable[..., None], at_screen: Screen
):
    screen = at_screen(prescriber)
    form = sent(ready_patient, choice="accept", reasons="Agreed with the patient.")
    give(ready_patient, score("craving", 70, days=0))

    page = screen.post(address(ready_patient), form).text

    newest = recommendations.current(ready_patient, NOW)
    assert "The chart has changed" in page
    assert "Agreed with the patient." in page
    assert f'value="{newest.pk}"' in page
    assert not Fact.objects.filter(kind="Decision").exists()


def test_a_nurse_decides_nothing(ready_patient: Patient, nurse: User, at_screen: Screen):
    screen = at_screen(nurse)

    assert screen.get(address(ready_patient)).status_code == 403
    assert screen.post(address(ready_patient), sent(ready_patient, choice="accept", reasons="Yes.")).status_code == 403


def test_a_decision_for_one_patient_never_lands_on_another(ready_patient: Patient, prescriber: User, at_screen: Screen):
    form = {**sent(ready_patient, choice="accept", reasons="Yes."), "patient": str(uuid4())}

    page = at_screen(prescriber).post(address(ready_patient), form)

    assert page.status_code == 409
    assert not Fact.objects.filter(kind="Decision").exists()
