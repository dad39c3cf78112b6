"""Adding a patient: what the bundle holds is filled in, what was set aside is said, a refusal leaves nothing."""

import json
from collections.abc import Callable
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sextant.clinic.models import Patient, User

Screen = Callable[[User], Client]

BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {
            "resource": {
                "resourceType": "Patient",
                "id": "made-up",
                "birthDate": "1984-05-06",
                "gender": "female",
                "name": [{"given": ["Made"], "family": "Up"}],
            }
        },
        {"resource": {"resourceType": "Claim", "id": "claim-1"}},
    ],
}


def sent(content: object) -> dict[str, object]:
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return {"key": str(uuid4()), "bundle": SimpleUploadedFile("bundle.json", text)}


def test_an_upload_opens_a_chart_and_says_what_was_used_and_set_aside(nurse: User, at_screen: Screen, db: None):
    page = at_screen(nurse).post("/patients/add/", sent(BUNDLE), follow=True)

    patient = Patient.objects.get()
    assert page.redirect_chain == [(f"/patients/{patient.pk}/import/", 302)]
    assert "Made Up" in page.text
    assert "Set aside, and why" in page.text
    assert "Claim" in page.text


def test_the_same_person_twice_is_refused(nurse: User, at_screen: Screen):
    screen = at_screen(nurse)
    screen.post("/patients/add/", sent(BUNDLE))

    page = screen.post("/patients/add/", sent(BUNDLE))

    assert "has a chart already" in page.text
    assert Patient.objects.count() == 1


def test_what_is_no_bundle_is_refused_with_a_sentence_and_nothing_is_saved(nurse: User, at_screen: Screen):
    for content in (b"not json", {"resourceType": "Patient"}, b"", {"resourceType": "Bundle", "type": "collection"}):
        page = at_screen(nurse).post("/patients/add/", sent(content))

        assert page.status_code == 200
        assert 'id="id_bundle_error"' in page.text
    assert not Patient.objects.exists()


def test_what_was_set_aside_can_be_read_again_while_signed_in(nurse: User, counsellor: User, at_screen: Screen):
    screen = at_screen(nurse)
    screen.post("/patients/add/", sent(BUNDLE))
    patient = Patient.objects.get()

    assert f"/patients/{patient.pk}/import/" in screen.get(f"/patients/{patient.pk}/").text
    assert at_screen(counsellor).get(f"/patients/{patient.pk}/import/").status_code == 302


def test_a_counsellor_adds_nobody_and_is_not_shown_the_way(counsellor: User, at_screen: Screen):
    screen = at_screen(counsellor)

    assert screen.get("/patients/add/").status_code == 403
    assert "/patients/add/" not in screen.get("/").text
