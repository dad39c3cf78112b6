"""The audit trail: for the administrator and the director, without clinical content."""

from collections.abc import Callable

from django.test import Client

from sextant.clinic.models import AuditEntry, Patient, User

Screen = Callable[[User], Client]


def test_the_administrator_lands_on_the_audit_trail(administrator: User, at_screen: Screen):
    page = at_screen(administrator).get("/", follow=True)

    assert page.redirect_chain == [("/audit/", 302)]
    assert "Who looked at or changed what" in page.text


def test_opening_a_chart_stands_in_the_trail_by_name_of_the_reader_and_not_of_the_patient(
    ready_patient: Patient, nurse: User, administrator: User, at_screen: Screen
):
    at_screen(nurse).get(f"/patients/{ready_patient.pk}/")

    page = at_screen(administrator).get("/audit/").text

    assert "page.read" in page
    assert "Test nurse" in page
    assert ready_patient.name not in page


def test_the_chain_is_walked_when_asked(ready_patient: Patient, director: User, at_screen: Screen):
    page = at_screen(director).get("/audit/?verify=1").text

    assert "Holds" in page


def test_the_head_of_the_chain_is_shown_to_be_kept_elsewhere(patient: Patient, director: User, at_screen: Screen):
    head = AuditEntry.objects.last()

    page = at_screen(director).get("/audit/").text

    assert f"entry {head.seq} with the hash" in page
    assert head.hash in page


def test_a_nurse_may_not_read_the_trail(nurse: User, at_screen: Screen):
    assert at_screen(nurse).get("/audit/").status_code == 403
