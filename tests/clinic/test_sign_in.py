"""Nobody gets past the door without a name and a password, and nobody tries passwords for long."""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from sextant.clinic.models import Role, User

pytestmark = pytest.mark.django_db
PASSWORD = "a long made-up password"


@pytest.fixture
def nurse(db: None) -> User:
    return User.objects.create(username="nurse", role=Role.NURSE, password=make_password(PASSWORD))


def sign_in(client: Client, password: str, address: str = "192.0.2.1"):
    return client.post(
        reverse("account_login"), {"login": "nurse", "password": password}, headers={}, REMOTE_ADDR=address
    )


def test_a_member_of_staff_signs_in(client: Client, nurse: User):
    answer = sign_in(client, PASSWORD)

    assert (answer.status_code, answer.url) == (302, "/")
    assert int(client.session["_auth_user_id"]) == nurse.pk


def test_every_address_asks_for_a_sign_in_first(client: Client):
    answer = client.get("/")

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_nobody_signs_up(client: Client):
    client.post(reverse("account_signup"), {"username": "somebody", "password1": PASSWORD, "password2": PASSWORD})

    assert not User.objects.exists()


def test_after_five_wrong_passwords_the_right_one_waits_too(client: Client, nurse: User):
    for _ in range(5):
        answer = sign_in(client, "wrong")

    assert answer.status_code == 429
    assert "wait 15 minutes" in answer.content.decode()
    assert sign_in(client, PASSWORD).status_code == 429


def test_somebody_elses_wrong_passwords_do_not_lock_a_nurse_out(client: Client, nurse: User):
    for _ in range(6):
        sign_in(client, "wrong", address="203.0.113.9")

    assert sign_in(client, PASSWORD).status_code == 302


def test_somebody_who_has_left_does_not_get_in(client: Client, nurse: User):
    nurse.is_active = False
    nurse.save()

    sign_in(client, PASSWORD)

    assert "_auth_user_id" not in client.session


def test_a_page_loads_nothing_from_elsewhere_and_is_shown_in_no_frame(client: Client):
    answer = client.get(reverse("account_login"))

    policy = {part.split()[0]: part.split()[1:] for part in answer["Content-Security-Policy"].split("; ")}
    assert policy["default-src"] == ["'none'"]
    assert {words for sources in policy.values() for words in sources} == {"'none'", "'self'"}
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_ends_when_nobody_is_there(client: Client, nurse: User):
    sign_in(client, PASSWORD)

    cookie = client.cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
    assert client.session.get_expiry_age() <= 30 * 60


def test_a_staff_password_is_hashed_with_argon2(db: None):
    from sextant.clinic import settings

    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
