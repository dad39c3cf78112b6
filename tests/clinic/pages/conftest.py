"""The clinic at nine o'clock of the made-up day, and people signed in at its screens."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from arrivals import has_happened
from builders import NOW, all_open
from sextant.clinic.models import Patient, User
from sextant.record import Fact

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def nine_o_clock(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """It is nine o'clock: the builders' facts are of today."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return NOW


@pytest.fixture
def at_screen() -> Callable[[User], Client]:
    """A browser at which somebody has signed in."""

    def signed_in(person: User) -> Client:
        client = Client()
        client.force_login(person, backend=BACKEND)
        return client

    return signed_in


@pytest.fixture
def give(prescriber: User) -> Callable[..., None]:
    """Put facts on a chart as they have happened: no gate is asked again."""

    def added(patient: Patient, *more: Fact) -> None:
        has_happened(prescriber, patient, *more)

    return added


@pytest.fixture
def known(give: Callable[..., None]) -> Callable[..., None]:
    """Fill a chart so that every gate stands open, but for some facts, and with others."""

    def filled(patient: Patient, *more: Fact, without: tuple[str, ...] = ()) -> None:
        give(patient, *(fact for name, fact in all_open().items() if name not in without), *more)

    return filled
