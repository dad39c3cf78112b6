"""Everything on record: nothing is hidden, and what was wrong is taken back with a reason."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from builders import NOW, days_ago, score
from sextant import record
from sextant.clinic.fact_codec import KINDS
from sextant.clinic.models import AuditEntry, Fact, Patient, User
from sextant.clinic.pages.fact_words import KIND_WORDS, fact_words
from sextant.clinic.services import facts

Screen = Callable[[User], Client]


def address(patient: Patient, fact: Fact | None = None, what: str = "") -> str:
    return f"/patients/{patient.pk}/facts/" + (f"{fact.pk}/{what}/" if fact else "")


def sent(patient: Patient, **fields: str) -> dict[str, str]:
    return {"patient": str(patient.pk), "key": str(uuid4()), **fields}


def of_kind(kind: str) -> Fact:
    return Fact.objects.current().get(kind=kind)


def test_every_fact_stands_there_with_who_entered_it_and_when(ready_patient: Patient, nurse: User, at_screen: Screen):
    page = at_screen(nurse).get(address(ready_patient)).text

    assert page.count('class="gate fact"') == Fact.objects.count()
    assert "Blood pressure 124/78 mmHg" in page
    assert "Any unstable heart or vessel disease now? No" in page
    assert "Entered 23 Nov, 09:00 by Test prescriber" in page


def test_the_newest_stands_first(ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen):
    give(ready_patient, score("craving", 70, days=3), score("craving", 40, days=0))

    page = at_screen(nurse).get(address(ready_patient)).text

    assert page.index("Craving 40") < page.index("Craving 70")


def test_one_kind_can_be_read_alone(ready_patient: Patient, nurse: User, at_screen: Screen):
    page = at_screen(nurse).get(address(ready_patient), {"kind": "Consent"}).text

    assert page.count('class="gate fact"') == 1
    assert "Consent to treatment given" in page


def test_a_long_record_is_read_in_pages_of_a_hundred(
    patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    give(patient, *(score("craving", 40, days=day) for day in range(101)))
    screen = at_screen(nurse)

    assert screen.get(address(patient)).text.count('class="gate fact"') == 100
    assert screen.get(address(patient), {"page": "2"}).text.count('class="gate fact"') == 1


def test_an_empty_record_says_what_will_stand_there(patient: Patient, nurse: User, at_screen: Screen):
    assert "Nothing is on record yet" in at_screen(nurse).get(address(patient)).text


def test_the_chart_leads_there_and_reading_it_is_kept(ready_patient: Patient, nurse: User, at_screen: Screen):
    screen = at_screen(nurse)

    assert address(ready_patient) in screen.get(f"/patients/{ready_patient.pk}/").text
    screen.get(address(ready_patient))

    entry = AuditEntry.objects.filter(action="page.read").last()
    assert (entry.actor, entry.patient, entry.detail["page"]) == (nurse, ready_patient, "facts")


def test_what_was_corrected_is_struck_out_with_the_reason(
    ready_patient: Patient, prescriber: User, nurse: User, at_screen: Screen
):
    wrong = of_kind("BloodPressure")
    right = record.BloodPressure(fact_id="f", taken_at=days_ago(1), systolic_mmhg=142, diastolic_mmhg=88)
    facts.add_fact(prescriber, ready_patient, right, key=uuid4(), replaces=wrong, reason="Two digits swapped.", now=NOW)

    page = at_screen(nurse).get(address(ready_patient), {"kind": "BloodPressure"}).text

    assert "<s>Blood pressure 124/78 mmHg</s>" in page
    assert "Corrected" in page
    assert "23 Nov, 09:00 by Test prescriber: “Two digits swapped.”" in page
    assert "<strong>Blood pressure 142/88 mmHg</strong>" in page


def test_a_nurse_takes_a_reading_back_and_the_chart_says_so(ready_patient: Patient, nurse: User, at_screen: Screen):
    screen, reading = at_screen(nurse), of_kind("BloodPressure")
    assert "Blood pressure 124/78 mmHg" in screen.get(address(ready_patient, reading, "take-back")).text
    form = sent(ready_patient, reason="Cuff of another patient.")

    page = screen.post(address(ready_patient, reading, "take-back"), form, follow=True)

    assert page.redirect_chain == [(f"/patients/{ready_patient.pk}/", 302)]
    assert "It is taken back" in page.text
    assert not Fact.objects.current().filter(kind="BloodPressure").exists()
    struck = screen.get(address(ready_patient)).text
    assert "<s>Blood pressure 124/78 mmHg</s>" in struck
    assert "Cuff of another patient." in struck


def test_taking_back_twice_with_one_form_does_it_once(ready_patient: Patient, nurse: User, at_screen: Screen):
    screen, reading = at_screen(nurse), of_kind("BloodPressure")
    form = sent(ready_patient, reason="Cuff of another patient.")

    screen.post(address(ready_patient, reading, "take-back"), form)
    again = screen.post(address(ready_patient, reading, "take-back"), form)

    assert again.status_code == 302
    assert Fact.objects.filter(replaces=reading).count() == 1


def test_what_was_taken_back_already_leads_to_what_holds_now(ready_patient: Patient, nurse: User, at_screen: Screen):
    screen, reading = at_screen(nurse), of_kind("BloodPressure")
    screen.post(address(ready_patient, reading, "take-back"), sent(ready_patient, reason="Wrong cuff."))

    opened = screen.get(address(ready_patient, reading, "take-back"), follow=True)
    other = screen.post(address(ready_patient, reading, "take-back"), sent(ready_patient, reason="Again."))

    assert opened.redirect_chain == [(address(ready_patient), 302)]
    assert "corrected already" in opened.text
    assert "FACT-005" in other.text


def test_without_a_reason_nothing_is_taken_back(ready_patient: Patient, nurse: User, at_screen: Screen):
    reading = of_kind("BloodPressure")

    page = at_screen(nurse).post(address(ready_patient, reading, "take-back"), sent(ready_patient, reason=" ")).text

    assert "Write why, in a sentence." in page
    assert of_kind("BloodPressure") == reading


def test_a_counsellor_is_shown_no_way_to_take_back_a_reading_and_has_none(
    ready_patient: Patient, counsellor: User, at_screen: Screen
):
    screen, reading = at_screen(counsellor), of_kind("BloodPressure")

    assert address(ready_patient, reading, "take-back") not in screen.get(address(ready_patient)).text
    assert screen.get(address(ready_patient, reading, "take-back")).status_code == 403
    form = sent(ready_patient, reason="Wrong.")
    assert screen.post(address(ready_patient, reading, "take-back"), form).status_code == 403


def test_a_director_reads_and_changes_nothing(ready_patient: Patient, director: User, at_screen: Screen):
    page = at_screen(director).get(address(ready_patient)).text

    assert "Blood pressure 124/78 mmHg" in page
    assert "Take back" not in page


@pytest.mark.parametrize("who", ["administrator", "outsider"])
def test_whoever_may_not_read_charts_does_not_read_this(
    ready_patient: Patient, who: str, request: pytest.FixtureRequest, at_screen: Screen
):
    page = at_screen(request.getfixturevalue(who)).get(address(ready_patient))

    assert page.status_code == 403
    assert ready_patient.name not in page.text


def test_a_prescriber_ends_a_condition_on_a_day(ready_patient: Patient, prescriber: User, at_screen: Screen):
    screen, condition = at_screen(prescriber), of_kind("Condition")
    form = sent(ready_patient, since="2026-11-01", reason="In remission for years, says the letter.")
    assert address(ready_patient, condition, "over") in screen.get(address(ready_patient)).text

    page = screen.post(address(ready_patient, condition, "over"), form, follow=True)

    ended = of_kind("Condition")
    assert "recorded as over" in page.text
    assert (ended.replaces, ended.payload["clinical_status"]) == (condition, "resolved")
    assert ended.as_record.present_at(days_ago(40))
    assert not ended.as_record.present_at(NOW)
    listed = screen.get(address(ready_patient), {"kind": "Condition"}).text
    assert "over since 1 Nov 2026" in listed
    assert "This is over" not in listed
    assert screen.get(address(ready_patient, ended, "over")).status_code == 404


@pytest.mark.parametrize(
    ("since", "asked"), [("2026-11-24", "has not come yet"), ("2001-01-01", "before it began"), ("", "Write the day.")]
)
def test_a_day_on_which_it_cannot_have_ended_is_asked_again(
    ready_patient: Patient, prescriber: User, at_screen: Screen, since: str, asked: str
):
    condition = of_kind("Condition")
    form = sent(ready_patient, since=since, reason="Over.")

    page = at_screen(prescriber).post(address(ready_patient, condition, "over"), form).text

    assert asked in page
    assert of_kind("Condition") == condition


def test_a_condition_that_began_today_can_be_over_today(
    patient: Patient, prescriber: User, give: Callable[..., None], at_screen: Screen
):
    began = NOW - timedelta(hours=1)
    give(patient, record.Condition(fact_id="f", taken_at=began, code="F10.20", system="icd-10", text="Alcohol"))
    form = sent(patient, since="2026-11-23", reason="Written on the wrong chart.")

    at_screen(prescriber).post(address(patient, of_kind("Condition"), "over"), form)

    assert not of_kind("Condition").as_record.present_at(NOW)


def test_a_nurse_ends_no_condition(ready_patient: Patient, nurse: User, at_screen: Screen):
    screen, condition = at_screen(nurse), of_kind("Condition")

    assert address(ready_patient, condition, "over") not in screen.get(address(ready_patient)).text
    assert screen.get(address(ready_patient, condition, "over")).status_code == 403


def test_only_a_condition_can_be_over(ready_patient: Patient, prescriber: User, at_screen: Screen):
    assert at_screen(prescriber).get(address(ready_patient, of_kind("Consent"), "over")).status_code == 404


def test_a_form_for_one_patient_changes_nothing_on_another(ready_patient: Patient, nurse: User, at_screen: Screen):
    reading = of_kind("BloodPressure")
    form = {**sent(ready_patient, reason="Wrong."), "patient": str(uuid4())}

    page = at_screen(nurse).post(address(ready_patient, reading, "take-back"), form)

    assert page.status_code == 409
    assert of_kind("BloodPressure") == reading


def test_a_fact_is_found_under_its_own_patient_alone(ready_patient: Patient, nurse: User, at_screen: Screen):
    reading = of_kind("BloodPressure")

    assert at_screen(nurse).get(f"/patients/{uuid4()}/facts/{reading.pk}/take-back/").status_code == 404


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_fact_has_words(kind: str):
    assert KIND_WORDS[kind]
    assert fact_words.dispatch(KINDS[kind]) is not fact_words.dispatch(record.Fact)
