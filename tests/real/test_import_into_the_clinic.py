"""Synthetic bundles that others made, stored in the clinic and read back."""

from dataclasses import replace
from datetime import UTC
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from sextant.clinic.models import Role, User
from sextant.clinic.selectors.records import record_of
from sextant.clinic.services import audit
from sextant.clinic.services.patients import import_bundle
from sextant.fhir import OutOfScopeError, read_bundle
from sextant.record import Fact


def said(facts: tuple[Fact, ...]) -> list[str]:
    """What facts say, without the names that each store gives them."""
    return sorted(repr(replace(fact, fact_id="", taken_at=fact.taken_at.astimezone(UTC))) for fact in facts)


@pytest.mark.django_db
def test_every_living_person_is_stored_as_read_and_the_dead_leave_nothing(shared: Path):
    nurse = User.objects.create(username="nurse", role=Role.NURSE)
    now, stored = timezone.now(), 0

    for file in sorted((shared / "data" / "synthea_fhir").glob("**/p0[01]*.json.gz")):
        data = file.read_bytes()
        try:
            read = read_bundle(data, now=now).record
        except OutOfScopeError:
            continue
        outcome = import_bundle(nurse, data, now=now, key=uuid4())
        stored += 1
        assert said(record_of(outcome.patient).facts) == said(read.facts)

    assert stored >= 5
    assert audit.verify().ok
