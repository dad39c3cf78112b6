"""Who looked at or changed what, each entry sealed to the one before."""

from django.conf import settings
from django.db import models

from sextant.clinic.models.patient import Patient


class AuditEntry(models.Model):
    """One link of the audit chain. `detail` never holds clinical content."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="+")
    object_ref = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("seq",)

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"
