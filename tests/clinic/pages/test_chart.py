"""The chart: where does this patient stand, and what is the next step?"""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from builders import answer, infusion, pressure, score, target, use_report
from sextant.clinic.models import Patient, User
from sextant.record import Allergy

Screen = Callable[[User], Client]


def chart(screen: Client, patient: Patient) -> str:
    page = screen.get(f"/patients/{patient.pk}/")
    assert page.status_code == 200
    return page.text


def test_allergies_that_nobody_recorded_are_not_known_and_never_none(
    ready_patient: Patient, nurse: User, at_screen: Screen
):
    page = chart(at_screen(nurse), ready_patient)

    assert "<dt>Allergies</dt><dd>not known</dd>" in page


def test_a_recorded_allergy_stands_in_the_strip_with_its_reaction(
    ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen, nine_o_clock
):
    give(
        ready_patient,
        Allergy(
            fact_id=str(uuid4()),
            taken_at=nine_o_clock,
            code="7980",
            system="http://www.nlm.nih.gov/research/umls/rxnorm",
            text="Penicillin",
            reaction="rash",
        ),
    )

    assert "Penicillin (rash)" in chart(at_screen(nurse), ready_patient)


def test_the_strip_says_how_long_sober_and_how_we_know(
    patient: Patient, nurse: User, known: Callable[..., None], at_screen: Screen
):
    known(patient, use_report(True, from_days=30, to_days=24, last_used_days=24), without=("use",))
    known_page = chart(at_screen(nurse), patient)

    assert "0 to 24 days" in known_page
    assert "23 days not known" in known_page or "24 days not known" in known_page
    assert "self-report" in known_page


def test_with_a_score_before_the_first_infusion_this_patient_stands_over_the_average(
    ready_patient: Patient, prescriber: User, give: Callable[..., None], at_screen: Screen
):
    give(ready_patient, score("craving", 70, days=9), infusion(days=0.1), score("craving", 40, days=0.05))

    page = chart(at_screen(prescriber), ready_patient)

    assert 'class="median"' in page
    assert "this patient" in page
    assert "people like this one" in page


def test_without_one_only_the_average_patient_is_shown_and_the_page_says_so(
    patient: Patient, prescriber: User, known: Callable[..., None], at_screen: Screen
):
    known(patient, without=("baseline",))

    page = chart(at_screen(prescriber), patient)

    assert "only the average patient can be shown" in page
    assert 'class="median"' not in page
    assert "there is no own score from before the first infusion" in page


def test_wherever_odds_stand_it_is_said_once_that_nothing_is_established(
    ready_patient: Patient, prescriber: User, at_screen: Screen
):
    page = chart(at_screen(prescriber), ready_patient)

    assert page.count("in addiction is not established") == 1
    assert "The odds are an average over what is not known" in page


def test_the_odds_are_said_in_words_with_their_doubt(ready_patient: Patient, prescriber: User, at_screen: Screen):
    page = chart(at_screen(prescriber), ready_patient)

    assert "in 10</strong>" in page
    assert "Likely range " in page


def test_before_a_target_is_chosen_the_page_says_what_will_stand_there(
    patient: Patient, prescriber: User, at_screen: Screen
):
    page = chart(at_screen(prescriber), patient)

    assert "No target chosen yet" in page
    assert "<svg viewBox=" not in page
    assert "In 10</strong>" not in page


def test_a_closed_gate_comes_first_and_says_what_would_open_it(
    patient: Patient, nurse: User, known: Callable[..., None], at_screen: Screen
):
    known(patient, answer("psychosis", "current"), without=("psychosis",))

    page = chart(at_screen(nurse), patient)

    assert page.index('<span class="tag shut">Closed</span>') < page.index('<span class="tag go">Open</span>')
    assert "Opens when:" in page


def test_only_a_prescriber_is_offered_the_decision(
    ready_patient: Patient, prescriber: User, nurse: User, at_screen: Screen
):
    assert "Read and decide" in chart(at_screen(prescriber), ready_patient)
    assert "Read and decide" not in chart(at_screen(nurse), ready_patient)
    assert "A prescriber reads this and decides." in chart(at_screen(nurse), ready_patient)


def test_the_course_line_never_shows_more_than_the_next_infusion_as_proposed(
    ready_patient: Patient, prescriber: User, give: Callable[..., None], at_screen: Screen
):
    page = chart(at_screen(prescriber), ready_patient)

    assert page.count("<span>proposed</span>") == 1
    assert page.count("<span>undecided</span>") == 5


def test_there_is_no_word_of_packages_or_supply_to_take_home(
    ready_patient: Patient, prescriber: User, at_screen: Screen
):
    page = chart(at_screen(prescriber), ready_patient)

    for word in ("package", "take-home", "take home", "bundle of infusions"):
        assert word not in page.lower()


def test_a_name_with_markup_in_it_is_shown_as_it_is_written(prescriber: User, at_screen: Screen, nine_o_clock):
    from datetime import date

    from sextant.clinic.services import patients
    from sextant.record import Sex

    odd = patients.create_patient(
        prescriber,
        name="<b>Odd</b> & Co",
        birth_date=date(1980, 1, 1),
        sex=Sex.OTHER,
        key=uuid4(),
        now=nine_o_clock,
    )

    page = chart(at_screen(prescriber), odd)

    assert "<b>Odd</b>" not in page
    assert "&lt;b&gt;Odd&lt;/b&gt; &amp; Co" in page


def test_nothing_on_the_page_needs_a_script_or_a_style_of_its_own(
    ready_patient: Patient, prescriber: User, at_screen: Screen
):
    page = chart(at_screen(prescriber), ready_patient)

    assert "<script" not in page
    assert "style=" not in page


@pytest.mark.usefixtures("clinic_policy")
@pytest.mark.parametrize("instrument", ["phq9", "use_days", "gad7", "madrs"])
def test_a_target_on_another_scale_is_drawn_on_that_scale(
    patient: Patient, prescriber: User, known: Callable[..., None], at_screen: Screen, instrument: str
):
    known(
        patient,
        target(instrument),
        score(instrument, 6, days=9),
        pressure(124, 78, days=0.2),
        infusion(days=0.1),
        score(instrument, 2, days=0.05),
        without=("target",),
    )

    page = chart(at_screen(prescriber), patient)

    assert "score 2; before infusion 1 6" in page


def test_nobody_finds_a_patient_who_is_not_there(prescriber: User, at_screen: Screen):
    page = at_screen(prescriber).get(f"/patients/{uuid4()}/")

    assert page.status_code == 404
    assert "There is no such page" in page.text


def test_a_role_that_keeps_accounts_opens_no_chart(ready_patient: Patient, administrator: User, at_screen: Screen):
    page = at_screen(administrator).get(f"/patients/{ready_patient.pk}/")

    assert page.status_code == 403
    assert "may not open charts" in page.text
    assert "Made-up Patient" not in page.text


def test_a_crisis_names_plain_steps_and_leads_to_the_one_question_that_opens_the_gate(
    ready_patient: Patient, prescriber: User, give: Callable[..., None], at_screen: Screen
):
    give(ready_patient, answer("suicidality", "plan", days=0))

    page = chart(at_screen(prescriber), ready_patient)

    assert "Stay with the person." in page
    assert 'href="tel:988"' in page
    assert 'href="tel:911"' in page
    assert "Crisis path walked: write it down" in page
    assert f'href="/patients/{ready_patient.pk}/add/answers/?first=crisis_path#id_crisis_path"' in page


def test_a_nurse_is_told_who_writes_down_that_the_crisis_path_was_walked(
    ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    give(ready_patient, answer("suicidality", "plan", days=0))

    page = chart(at_screen(nurse), ready_patient)

    assert "Stay with the person." in page
    assert "A prescriber writes down that it was walked." in page
    assert "first=crisis_path" not in page


def test_a_nurse_is_not_asked_for_a_prescribers_judgement(ready_patient: Patient, nurse: User, at_screen: Screen):
    page = at_screen(nurse).get(f"/patients/{ready_patient.pk}/add/answers/").text

    assert "What the prescriber alone answers is not here: a clearance note, an ECG" in page
    assert "id_capacity" not in page


def test_after_what_screening_asked_for_one_is_back_at_screening(
    ready_patient: Patient, nurse: User, at_screen: Screen
):
    screen = at_screen(nurse)
    address = f"/patients/{ready_patient.pk}/add/answers/?first=seizures&back=screening"
    key = re.search(r'name="key" value="([^"]+)"', screen.get(address).text)
    assert key is not None

    sent = {"patient": ready_patient.pk, "key": key[1], "seizures": "no", "taken_at": "2026-11-23T08:00"}
    answered = screen.post(address, sent)

    assert (answered.status_code, answered.url) == (302, f"/patients/{ready_patient.pk}/screening/")


def test_the_question_that_was_asked_for_stands_first(ready_patient: Patient, prescriber: User, at_screen: Screen):
    page = at_screen(prescriber).get(f"/patients/{ready_patient.pk}/add/answers/?first=crisis_path").text

    assert page.index("id_crisis_path") < page.index("id_can_be_pregnant")


def test_what_the_person_takes_and_what_nobody_asked_stand_apart(
    ready_patient: Patient, nurse: User, at_screen: Screen
):
    page = chart(at_screen(nurse), ready_patient)

    assert "Conditions now" in page
    assert "Not known: nobody has recorded any." in page


def test_the_heading_says_that_all_gates_are_open_only_when_all_are(
    ready_patient: Patient, nurse: User, give: Callable[..., None], at_screen: Screen
):
    before = chart(at_screen(nurse), ready_patient)
    give(ready_patient, answer("psychosis", "current", days=0))

    after = chart(at_screen(nurse), ready_patient)

    assert "gates stand open" in before
    assert "gates stand open" not in after
    assert "1 gate to look at" in after
    assert "See what opens the gates" in after
