"""The made-up clinic's people. Roles recur and keep their meaning; the outsider has none and must see nothing."""

from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone

from arrivals import arrive, has_happened
from builders import NOW, POLICY, all_open
from sextant.clinic.models import Patient, PolicyVersion, Role, User
from sextant.clinic.services import patients, policy
from sextant.record import Sex


def _member(name: str, role: str) -> User:
    return User.objects.create(username=name, role=role, display_name=f"Test {name}")


@pytest.fixture
def prescriber(db: None) -> User:
    return _member("prescriber", Role.PRESCRIBER)


@pytest.fixture
def nurse(db: None) -> User:
    return _member("nurse", Role.NURSE)


@pytest.fixture
def counsellor(db: None) -> User:
    return _member("counsellor", Role.COUNSELLOR)


@pytest.fixture
def director(db: None) -> User:
    return _member("director", Role.DIRECTOR)


@pytest.fixture
def administrator(db: None) -> User:
    return _member("administrator", Role.ADMINISTRATOR)


@pytest.fixture
def outsider(db: None) -> User:
    return _member("outsider", "")


@pytest.fixture
def clinic_policy(director: User) -> PolicyVersion:
    """The limits of the made-up clinic, in force since long ago."""
    return policy.set_policy(director, POLICY, NOW - timezone.timedelta(days=1))


@pytest.fixture
def patient(prescriber: User) -> Patient:
    """A person with a chart and nothing on it."""
    return patients.create_patient(
        prescriber, name="Made-up Patient", birth_date=date(1981, 3, 3), sex=Sex.FEMALE, key=uuid4(), now=NOW
    )


@pytest.fixture
def ready_patient(patient: Patient, prescriber: User, clinic_policy: PolicyVersion) -> Patient:
    """A person for whom every gate stands open."""
    has_happened(prescriber, patient, *all_open().values())
    return patient


@pytest.fixture
def arrived_patient(ready_patient: Patient, prescriber: User) -> Patient:
    """A person who came this morning for the first infusion: it is ordered, and all that the door asks is answered."""
    arrive(prescriber, ready_patient)
    return ready_patient
