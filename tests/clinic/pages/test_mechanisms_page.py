"""The four proposed mechanisms of one patient: what is known here, and what speaks for and against."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from django.test import Client

from builders import NOW, POLICY, days_ago, infusion, score
from sextant.clinic.models import AuditEntry, Patient, User
from sextant.clinic.services import policy
from sextant.evidence.mechanisms import mechanisms
from sextant.record import Weight

pytestmark = pytest.mark.django_db
Screen = Callable[[User], Client]
SWITCHED_ON = (
    '\n[switch.view_before_forecast]\nvalue = true\nsource = "clinic: against following without thought"\n'
    'set_by = "Test director"\non = 2026-11-23\n'
)


def read(screen: Client, patient: Patient) -> str:
    page = screen.get(f"/patients/{patient.pk}/mechanisms/")
    assert page.status_code == 200
    return unescape(page.text)


def card(page: str, key: str) -> str:
    return page.split(f'aria-labelledby="h-{key}"')[1].split("</section>")[0]


@pytest.fixture
def treated(ready_patient: Patient, give: Callable[..., None]) -> Patient:
    """Two infusions, with craving, PHQ-9 and GAD-7 around them."""
    give(
        ready_patient,
        Weight(fact_id="before", taken_at=days_ago(10), weight_kg=70),
        score("craving", 70, days=9),
        score("phq9", 18, days=9),
        score("gad7", 14, days=9),
        infusion(8),
        score("craving", 40, days=7),
        infusion(3),
        score("phq9", 9, days=2),
    )
    return ready_patient


def test_on_an_empty_chart_each_card_says_what_is_not_known_and_what_will_stand_there(
    patient: Patient, nurse: User, at_screen: Screen
):
    page = read(at_screen(nurse), patient)

    assert "No forecast yet" in card(page, "plasticity")
    assert "No infusion was given yet" in card(page, "glutamate")
    assert "Dissociation and the quality of the experience are not recorded yet" in card(page, "distance")
    assert "Nobody has asked yet: PHQ-9, MADRS and GAD-7" in card(page, "mood")


def test_none_is_established_and_each_has_what_speaks_against_it_with_row_and_address(
    treated: Patient, nurse: User, at_screen: Screen
):
    page = read(at_screen(nurse), treated)

    for one in mechanisms().values():
        shown = card(page, one.key)
        assert "Not established" in shown
        assert "Speaks against it" in shown
        for told in one.told:
            assert told.words in shown
            assert told.row_id in shown
            assert told.address.split(" ")[0] in shown


def test_each_infusion_stands_with_its_highest_level_and_no_occupancy_is_shown(
    treated: Patient, nurse: User, at_screen: Screen
):
    shown = card(read(at_screen(nurse), treated), "glutamate")

    assert shown.count("(minute 40)") >= 2
    assert "35.00" in shown
    assert "Receptor occupancy is not shown" in shown
    assert "It says nothing of benefit" in shown


def test_an_infusion_that_the_record_does_not_tell_enough_of_is_named_and_not_guessed(
    treated: Patient, nurse: User, give: Any, at_screen: Screen
):
    give(treated, replace(infusion(1), dose_mg_per_kg=None))

    shown = card(read(at_screen(nurse), treated), "glutamate")

    assert "Infusion 3, 22 Nov: the dose is not on record." in shown


def test_craving_stands_before_and_after_each_infusion_and_a_gap_is_not_known(
    treated: Patient, nurse: User, at_screen: Screen
):
    shown = card(read(at_screen(nurse), treated), "distance")

    first, second = shown.split("<tr")[2:4]
    assert "70 (14 Nov)" in first
    assert "40 (16 Nov)" in first
    assert "40 (16 Nov)" in second
    assert "not known" in second


def test_mood_stands_over_time_beside_the_infusions(treated: Patient, nurse: User, at_screen: Screen):
    shown = card(read(at_screen(nurse), treated), "mood")

    assert "PHQ-9, depression: from 18 to 9" in shown
    assert "GAD-7, anxiety: 14, once" in shown
    assert "Not on record: MADRS." in shown
    assert "cannot be read from this" in shown


def test_the_stand_in_is_called_one_and_waits_for_the_own_view_where_the_clinic_asks_for_it(
    ready_patient: Patient, prescriber: User, director: User, give: Any, at_screen: Screen
):
    give(ready_patient, score("craving", 70, days=9), infusion(days=5), score("craving", 30, days=3))
    screen = at_screen(prescriber)

    open_to_all = card(read(screen, ready_patient), "plasticity")
    policy.set_policy(director, POLICY + SWITCHED_ON, NOW)
    waiting = card(read(screen, ready_patient), "plasticity")

    assert "stands in for it" in open_to_all
    assert "Where benefit is clear it lasts" in open_to_all
    assert "The forecast is not shown yet. It is shown once you have written down your own view." in waiting
    assert "Where benefit is clear it lasts" not in waiting


def test_those_who_read_charts_open_it_and_others_do_not(
    treated: Patient, counsellor: User, director: User, administrator: User, outsider: User, at_screen: Screen
):
    seen = [
        at_screen(one).get(f"/patients/{treated.pk}/mechanisms/").status_code
        for one in (counsellor, director, administrator, outsider)
    ]

    assert seen == [200, 200, 403, 403]


def test_who_opened_the_page_stands_in_the_audit_chain(treated: Patient, nurse: User, at_screen: Screen):
    read(at_screen(nurse), treated)

    last = AuditEntry.objects.order_by("-seq").first()
    assert last is not None
    assert last.detail["page"] == "mechanisms"


def test_the_chart_leads_here(treated: Patient, nurse: User, at_screen: Screen):
    assert f"/patients/{treated.pk}/mechanisms/" in at_screen(nurse).get(f"/patients/{treated.pk}/").text
