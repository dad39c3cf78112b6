"""Whom a chart is about."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models

from sextant import record
from sextant.clinic.zones import utc_text


class Patient(models.Model):
    """One person. `external_id` is the identifier that an import came with; it is imported once."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=200)
    birth_date = models.DateField()
    sex = models.CharField(max_length=10, choices=[(sex.value, sex.value.capitalize()) for sex in record.Sex])
    deceased_at = models.DateTimeField(null=True, blank=True)
    external_id = models.CharField(max_length=200, unique=True, null=True, blank=True)
    created_at = models.DateTimeField()
    key = models.UUIDField(unique=True, editable=False)

    def __str__(self) -> str:
        return self.name

    @property
    def as_record(self) -> record.Patient:
        """The person as the core reads it."""
        return record.Patient(
            patient_id=str(self.id),
            birth_date=self.birth_date,
            sex=record.Sex(self.sex),
            name=self.name,
            deceased_at=self.deceased_at,
        )

    def content(self) -> dict[str, Any]:
        """All that the row says, as plain values: what the newest audit entry of the first line vouches for."""
        return {
            "id": str(self.id),
            "name": self.name,
            "birth_date": self.birth_date.isoformat(),
            "sex": str(self.sex),
            "deceased_at": self.deceased_at and utc_text(self.deceased_at),
            "external_id": self.external_id,
            "created_at": utc_text(self.created_at),
            "key": str(self.key),
        }


class PatientCorrection(models.Model):
    """What stood on a chart's first line before it was corrected, who corrected it, and why."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="corrections")
    before = models.JSONField()
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True, editable=False)

    def content(self) -> dict[str, Any]:
        """All that the row says, as plain values: what its audit entry vouches for."""
        return {
            "patient": str(self.patient_id),
            "before": self.before,
            "reason": self.reason,
            "at": utc_text(self.at),
            "by": self.by_id,
            "key": str(self.key),
        }
