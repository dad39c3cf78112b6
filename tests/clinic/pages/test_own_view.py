"""Where the clinic has set it so, the prescriber's own view comes before the forecast."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from builders import NOW, POLICY, infusion, score
from sextant.clinic.models import Fact, Patient, User
from sextant.clinic.services import policy, recommendations
from sextant.clinic.services.decisions import Choice, record_decision
from sextant.clinic.services.refusal import Refused
from sextant.course import StepCode

Screen = Callable[[User], Client]
pytestmark = pytest.mark.django_db
SWITCHED_ON = (
    '\n[switch.view_before_forecast]\nvalue = true\nsource = "clinic: against following without thought"\n'
    'set_by = "Test director"\non = 2026-11-23\n'
)
ODDS = "Likely range"


@pytest.fixture
def seen_first(ready_patient: Patient, director: User, give: Callable[..., None]) -> Patient:
    """A person with a forecast of their own, in a clinic that asks for a view first."""
    give(ready_patient, score("craving", 70, days=9), infusion(days=5), score("craving", 30, days=3))
    policy.set_policy(director, POLICY + SWITCHED_ON, NOW)
    return ready_patient


def view(patient: Patient) -> dict[str, str]:
    return {"patient": str(patient.pk), "key": str(uuid4()), "odds_in_ten": "3", "step": "offer_infusion"}


def test_without_the_setting_the_forecast_is_there_at_once(
    ready_patient: Patient, prescriber: User, at_screen: Screen, give: Callable[..., None]
):
    give(ready_patient, score("craving", 70, days=9), infusion(days=5), score("craving", 30, days=3))

    assert ODDS in at_screen(prescriber).get(f"/patients/{ready_patient.pk}/").text


def test_with_it_neither_chart_nor_review_nor_evidence_tells_the_odds_before_the_view(
    seen_first: Patient, prescriber: User, at_screen: Screen
):
    screen = at_screen(prescriber)

    chart = screen.get(f"/patients/{seen_first.pk}/").text
    review = screen.get(f"/patients/{seen_first.pk}/review/").text
    behind = screen.get(f"/patients/{seen_first.pk}/evidence/")

    assert ODDS not in chart
    assert ODDS not in review
    assert "Write down your view" in chart
    assert "once you have written down your own view" in chart
    assert behind.status_code == 302


def test_after_the_view_the_forecast_is_shown_and_the_view_is_on_record(
    seen_first: Patient, prescriber: User, at_screen: Screen
):
    page = at_screen(prescriber).post(f"/patients/{seen_first.pk}/review/", view(seen_first), follow=True).text

    assert ODDS in page
    kept = Fact.objects.get(kind="OwnView").payload
    assert (kept["odds_in_ten"], kept["step"]) == (3, "offer_infusion")


def test_a_view_changes_no_answer(seen_first: Patient, prescriber: User, at_screen: Screen):
    before = recommendations.current(seen_first, NOW)

    at_screen(prescriber).post(f"/patients/{seen_first.pk}/review/", view(seen_first))

    assert recommendations.current(seen_first, NOW) == before


def test_nobody_decides_before(seen_first: Patient, prescriber: User):
    shown = recommendations.current(seen_first, NOW)

    with pytest.raises(Refused, match="own view before the forecast"):
        record_decision(
            prescriber,
            seen_first,
            shown,
            choice=Choice.OTHERWISE,
            step=StepCode.WAIT,
            infusion=None,
            reasons="Next week.",
            planned_on=None,
            key=uuid4(),
            now=NOW,
        )


def test_a_nurse_is_not_asked(seen_first: Patient, nurse: User, at_screen: Screen):
    assert ODDS in at_screen(nurse).get(f"/patients/{seen_first.pk}/").text


def test_today_tells_neither_advice_nor_odds_before_the_view_and_both_after_it(
    seen_first: Patient, prescriber: User, nurse: User, at_screen: Screen
):
    screen = at_screen(prescriber)

    before, of_the_nurse = screen.get("/").text, at_screen(nurse).get("/").text
    screen.post(f"/patients/{seen_first.pk}/review/", view(seen_first))
    after = screen.get("/").text

    assert ODDS not in before
    assert "Offer infusion 2" not in before
    assert "Your own view first" in before
    assert "Offer infusion 2" in of_the_nurse
    assert ODDS in after
    assert "Offer infusion 2" in after
