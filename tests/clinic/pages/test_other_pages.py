"""Sign-in, the limits, and what is shown when something goes wrong."""

from collections.abc import Callable

from django.test import Client, RequestFactory
from django.views.defaults import server_error

from sextant.clinic.models import User

Screen = Callable[[User], Client]


def test_a_wrong_password_is_said_kindly(db: None):
    page = Client().post("/sign-in/", {"login": "nobody", "password": "wrong"})

    assert "That did not work" in page.text
    assert 'value="nobody"' in page.text


def test_made_up_sign_ins_are_shown_in_the_demo_alone(db: None, settings):
    outside = Client().get("/sign-in/").text
    settings.DEMO = True

    inside = Client().get("/sign-in/").text

    assert "made-up clinic" not in outside
    assert "demo-nurse-sign-in" in inside


def test_the_limits_that_nobody_has_set_stand_first_with_what_was_read(director: User, at_screen: Screen):
    page = at_screen(director).get("/policy/").text

    assert page.index("Not set") < page.index("Limits in force")
    assert "Days sober before the first infusion" in page
    assert "https://" in page


def test_the_director_is_told_on_today_how_many_limits_are_not_set(director: User, at_screen: Screen):
    assert "limits not set" in at_screen(director).get("/").text


def test_a_form_from_another_window_is_explained(nurse: User):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(nurse, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = strict.post("/patients/add/", {})

    assert page.status_code == 403
    assert "Please send it again" in page.text


def test_a_fault_of_ours_says_what_to_do(rf: RequestFactory):
    page = server_error(rf.get("/"))

    assert "A fault of ours" in page.text
    assert "before you send it again" in page.text


def test_the_password_can_be_changed_from_every_page(nurse: User, at_screen: Screen):
    screen = at_screen(nurse)

    assert 'href="/password/"' in screen.get("/").text
    assert "Change the password" in screen.get("/password/").text


def test_nobody_signs_up(db: None):
    assert "Nobody signs up here" in Client().get("/sign-up/").text
