"""One fact of a patient's record, as it was entered."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models

from sextant import record
from sextant.clinic.fact_codec import decode
from sextant.clinic.models.patient import Patient
from sextant.clinic.zones import in_zone, utc_text


class CurrentFacts(models.QuerySet["Fact"]):
    """Facts, with the one question that readers ask of them all."""

    def current(self) -> "CurrentFacts":
        """Facts that hold: neither corrected by a later one nor taken back."""
        return self.filter(replaced_by=None, withdrawn=False)


class Fact(models.Model):
    """A fact is added, never changed: a correction is a new row that names the one it replaces and why.

    `taken_at` is when it held, `entered_at` when it was written here; `zone` is the zone in which it was recorded.
    `withdrawn` marks a correction that puts nothing in place of what was entered in error. `key` is made by whoever
    sends the fact, so that a repeat after a lost answer does no harm. `based_on` is the next step that a decision
    was made on.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=40)
    payload = models.JSONField()
    taken_at = models.DateTimeField()
    zone = models.CharField(max_length=60)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=300, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    reason = models.TextField(blank=True)
    withdrawn = models.BooleanField(default=False)
    based_on = models.ForeignKey("Recommendation", on_delete=models.PROTECT, null=True, related_name="decisions")
    key = models.UUIDField(unique=True, editable=False)

    objects = CurrentFacts.as_manager()

    class Meta:
        indexes = (models.Index(fields=["patient", "taken_at"], name="fact_by_patient_and_time"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(replaces=None, withdrawn=False)
                | (models.Q(replaces__isnull=False) & ~models.Q(reason="")),
                name="correction_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"

    @property
    def taken_at_local(self) -> datetime:
        """When it held, in the zone in which it was recorded."""
        return in_zone(self.taken_at, self.zone)

    @property
    def as_record(self) -> record.Fact:
        """The fact as the core reads it."""
        return decode(self.kind, self.payload, fact_id=str(self.id), taken_at=self.taken_at_local, source=self.source)

    def content(self) -> dict[str, Any]:
        """All that the row says, as plain values: what the audit entry of the fact vouches for."""
        return {
            "id": str(self.id),
            "patient": str(self.patient_id),
            "kind": self.kind,
            "payload": self.payload,
            "taken_at": utc_text(self.taken_at),
            "zone": self.zone,
            "entered_at": utc_text(self.entered_at),
            "entered_by": self.entered_by_id,
            "source": self.source,
            "replaces": self.replaces_id and str(self.replaces_id),
            "reason": self.reason,
            "withdrawn": self.withdrawn,
            "based_on": self.based_on_id and str(self.based_on_id),
            "key": str(self.key),
        }
