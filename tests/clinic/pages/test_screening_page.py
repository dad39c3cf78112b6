"""Screening: each gate with what would open it, and the signatures that pass one."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.utils.html import escape

from builders import answer, order
from sextant.clinic.models import Fact, Patient, Role, User

Screen = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def address(patient: Patient) -> str:
    return f"/patients/{patient.pk}/screening/"


def signed(patient: Patient, code: str, saw: str, **more: str) -> dict[str, str]:
    return {"patient": str(patient.pk), "key": str(uuid4()), "code": code, "saw": saw, "reason": "Seen.", **more}


def saw_of(page: str, code: str) -> str:
    """What the form of one gate would sign."""
    form = page.split(f'value="{code}"')[1]
    return form.split('name="saw" value="')[1].split('"')[0].replace("&#x27;", "'")


def test_a_person_for_whom_all_is_well_may_be_planned_and_not_started_without_the_door(
    ready_patient: Patient, prescriber: User, at_screen: Screen
):
    page = at_screen(prescriber).get(address(ready_patient)).text

    assert "All gates stand open or were passed: the next step can be planned." in page
    assert "No infusion can begin now: 15 gates" not in page
    assert "No infusion can begin now" in page
    assert "On the day of the infusion" in page


def test_with_the_door_answered_an_infusion_may_begin(arrived_patient: Patient, nurse: User, at_screen: Screen):
    page = at_screen(nurse).get(address(arrived_patient)).text

    assert "An infusion may begin now." in page


def test_with_nothing_known_every_gate_says_where_to_write_it_down(
    patient: Patient, prescriber: User, at_screen: Screen
):
    page = at_screen(prescriber).get(address(patient)).text

    assert "Not yet:" in page
    assert f"/patients/{patient.pk}/add/answers/?first=seizures&amp;back=screening#id_seizures" in page
    assert f"/patients/{patient.pk}/add/today/?first=escort&amp;back=screening#id_escort" in page
    assert f"/patients/{patient.pk}/add/measurements/" in page


def test_the_prescriber_signs_a_soft_gate_and_the_page_says_who_did(
    arrived_patient: Patient, prescriber: User, at_screen: Screen, give: Callable[..., None]
):
    give(arrived_patient, answer("seizures", "other", days=0.1))
    screen = at_screen(prescriber)
    before = screen.get(address(arrived_patient)).text

    after = screen.post(
        address(arrived_patient),
        signed(arrived_patient, "GATE-023", saw_of(before, "GATE-023"), reason="The neurologist has written."),
        follow=True,
    ).text

    assert "An infusion may begin now." not in before
    assert "An infusion may begin now." in after
    assert "Test prescriber, prescriber: “The neurologist has written.”" in after
    assert '<span class="tag later">Passed</span>' in after


def test_a_hard_gate_waits_for_a_second_person(
    arrived_patient: Patient, prescriber: User, director: User, at_screen: Screen, give: Callable[..., None]
):
    give(arrived_patient, answer("ketamine_misuse", "yes", days=0.1))
    one, two = at_screen(prescriber), at_screen(director)
    saw = saw_of(one.get(address(arrived_patient)).text, "GATE-025")

    first = one.post(address(arrived_patient), signed(arrived_patient, "GATE-025", saw), follow=True).text
    second = two.post(address(arrived_patient), signed(arrived_patient, "GATE-025", saw), follow=True).text

    assert "A second person signs too." in first
    assert 'value="GATE-025"' not in first  # nobody signs twice
    assert "An infusion may begin now." in second


def test_an_absolute_gate_shows_nobody_a_place_to_sign(
    arrived_patient: Patient, prescriber: User, at_screen: Screen, give: Callable[..., None]
):
    give(arrived_patient, answer("vessel_malformation", "yes", days=0.1))

    page = at_screen(prescriber).get(address(arrived_patient)).text

    assert "Nobody may pass it while it is closed." in page
    assert 'value="GATE-014"' not in page


def test_a_signature_of_what_the_gate_no_longer_says_is_refused_and_the_reason_stays(
    arrived_patient: Patient, prescriber: User, at_screen: Screen, give: Callable[..., None]
):
    give(arrived_patient, answer("seizures", "other", days=0.1))

    page = at_screen(prescriber).post(
        address(arrived_patient), signed(arrived_patient, "GATE-023", "Something else.", reason="A long reason.")
    )

    assert "the gate says something else by now" in page.text
    assert "A long reason." in page.text
    assert not Fact.objects.filter(kind="Override").exists()


def test_a_nurse_sees_the_gates_and_no_place_to_sign(
    arrived_patient: Patient, nurse: User, at_screen: Screen, give: Callable[..., None]
):
    give(arrived_patient, answer("seizures", "other", days=0.1))
    screen = at_screen(nurse)

    page = screen.get(address(arrived_patient)).text
    sent = screen.post(address(arrived_patient), signed(arrived_patient, "GATE-023", "x"))

    assert "Seizures" in page
    assert "Sign that it is passed" not in page
    assert sent.status_code == 403


def test_a_signature_for_another_patient_changes_neither_chart(
    arrived_patient: Patient, prescriber: User, at_screen: Screen
):
    form = {**signed(arrived_patient, "GATE-023", "x"), "patient": str(uuid4())}

    page = at_screen(prescriber).post(address(arrived_patient), form)

    assert page.status_code == 409
    assert not Fact.objects.filter(kind="Override").exists()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, ""])
def test_whoever_opens_no_charts_opens_no_screening(arrived_patient: Patient, at_screen: Screen, role: str):
    somebody = User.objects.create(username="somebody", role=role)

    assert at_screen(somebody).get(address(arrived_patient)).status_code == 403


def test_what_is_signed_is_shown_as_it_was_said(
    arrived_patient: Patient, prescriber: User, at_screen: Screen, give: Callable[..., None]
):
    give(arrived_patient, answer("seizures", "other", days=0.1, note="once, 1998 <febrile>"))

    page = at_screen(prescriber).get(address(arrived_patient)).text

    assert escape("once, 1998 <febrile>") in page


def test_a_passed_gate_holds_neither_the_chart_nor_the_strip(
    arrived_patient: Patient, prescriber: User, at_screen: Screen, give: Callable[..., None]
):
    give(arrived_patient, answer("seizures", "other", days=0.1))
    screen = at_screen(prescriber)
    saw = saw_of(screen.get(address(arrived_patient)).text, "GATE-023")
    before = screen.get(f"/patients/{arrived_patient.pk}/").text

    screen.post(address(arrived_patient), signed(arrived_patient, "GATE-023", saw))
    after = screen.get(f"/patients/{arrived_patient.pk}/").text

    assert "1 closed" in before
    assert "1 passed" in after
    assert "1 closed" not in after
    assert "1 passed today" in after


def test_with_an_order_the_headline_and_the_first_gates_are_those_of_the_day(
    ready_patient: Patient, nurse: User, at_screen: Screen, give: Callable[..., None]
):
    give(ready_patient, order())

    page = at_screen(nurse).get(address(ready_patient)).text

    headline = page.split('<h2 id="h-may" class="t3">')[1].split("<")[0]
    assert headline.startswith("No infusion can begin now")
    assert page.index("On the day of the infusion") < page.index("Before every step")
