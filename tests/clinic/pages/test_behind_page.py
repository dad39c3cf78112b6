"""What stands behind the advice for one patient: its sentences, their studies, their weight and how like they are."""

from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from builders import infusion, score
from sextant.clinic.models import AuditEntry, Patient, Recommendation, User
from sextant.clinic.pages.behind import sentences
from sextant.clinic.pages.evidence_words import name_of
from sextant.clinic.services import population
from sextant.response import About
from sextant.response.prior.kept import kept_prior

from .test_model_page import a_better_population

Screen = Callable[[User], Client]
HEAVIEST = {one["about"]: name_of(one["studies"][0]["study"]) for one in kept_prior()["weights"]}


@pytest.fixture
def begun(ready_patient: Patient, give: Callable[..., None]) -> Patient:
    """One infusion was given, with craving before and after it."""
    give(ready_patient, score("craving", 70, days=9), infusion(days=0.1), score("craving", 40, days=0.05))
    return ready_patient


def read(screen: Client, patient: Patient) -> str:
    page = screen.get(f"/patients/{patient.pk}/evidence/")
    assert page.status_code == 200
    return unescape(page.text)


def test_each_sentence_of_the_advice_stands_there_with_what_it_rests_on(
    begun: Patient, prescriber: User, at_screen: Screen
):
    page = read(at_screen(prescriber), begun)

    step = Recommendation.objects.newest().get().answer["step"]
    assert page.count(step["advice"]) == 1
    for sentence in (*step["reasons"], *step["doubts"]):
        assert f"<strong>{sentence}</strong>" in page
    for source in step["sources"]:
        assert source["address"] in page


def test_behind_each_answer_stand_its_studies_with_their_share_and_likeness(
    begun: Patient, prescriber: User, at_screen: Screen
):
    page = read(at_screen(prescriber), begun)

    clear = page.split(f'id="{About.CLEAR.name.lower()}"')[1].split("</section>")[0]
    assert "was assumed before any study was read" in clear
    assert HEAVIEST[About.CLEAR] in clear
    assert "Unlike: what is treated and the score. Alike: dose. Not known: days between infusions" in clear
    assert "None of them is of addiction: that ketamine works there is not established." in page


def test_a_share_cannot_be_taken_for_a_chance(begun: Patient, prescriber: User, at_screen: Screen):
    page = read(at_screen(prescriber), begun)

    assert '<h2 id="h-clear">Clear benefit: what the average patient rests on</h2>' in page
    assert "It is nobody’s chance of anything." in page
    assert "share –" not in page


def test_of_people_who_get_worse_nothing_stands_there_where_nothing_is_said(
    begun: Patient, prescriber: User, at_screen: Screen
):
    worse = Recommendation.objects.newest().first()

    page = read(at_screen(prescriber), begun)

    assert worse is None or worse.answer["forecast"]["p_worse"] is not None or "Who gets worse" not in page


def test_without_a_forecast_there_are_sentences_and_no_studies(patient: Patient, prescriber: User, at_screen: Screen):
    page = read(at_screen(prescriber), patient)

    assert "What stands behind the advice" in page
    assert "was assumed before any study" not in page


def test_of_a_clinic_s_own_population_it_says_whose_the_shares_are(
    begun: Patient, director: User, prescriber: User, at_screen: Screen
):
    population.adopt(director, a_better_population("Our clinic 2027"), timezone.now())

    page = read(at_screen(prescriber), begun)

    assert "The clinic answers with its own population, Our clinic 2027" in page


def test_sentences_that_rest_on_the_same_stand_together():
    same = {"sources": ["C014"], "forecast": About.CLEAR.value}
    step = {"rests_on": [{"sentence": "One.", **same}, {"sentence": "Two.", **same}]}

    (said,) = sentences(step)

    assert said.words == ["One.", "Two."]
    assert said.anchor == "clear"


def test_advice_from_before_this_was_kept_has_no_sentences():
    assert list(sentences({"advice": "Offer infusion 2, then look again"})) == []


def test_whoever_reads_no_charts_reads_nothing_and_a_reading_is_written_down(
    begun: Patient, administrator: User, nurse: User, at_screen: Screen
):
    assert at_screen(administrator).get(f"/patients/{begun.pk}/evidence/").status_code == 403

    read(at_screen(nurse), begun)

    assert AuditEntry.objects.filter(actor=nurse, action="page.read").count() == 1
