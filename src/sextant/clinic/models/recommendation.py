"""The next step that was shown for a patient, with what it was read from."""

from typing import Any
from uuid import uuid4

from django.db import models

from sextant.clinic.models.patient import Patient
from sextant.clinic.models.policy_version import PolicyVersion
from sextant.clinic.zones import utc_text


class NewestRecommendations(models.QuerySet["Recommendation"]):
    """Recommendations, with the one question that every list asks of them."""

    def newest(self) -> "NewestRecommendations":
        """The newest one of each patient."""
        later = Recommendation.objects.filter(patient=models.OuterRef("patient"), number__gt=models.OuterRef("number"))
        return self.filter(~models.Exists(later))


class Recommendation(models.Model):
    """One answer, as `sextant.course.answer_json`; `inputs` names the facts, person, policy, model and day it is of."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="recommendations")
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    as_of = models.DateField()
    answer = models.JSONField()
    inputs = models.JSONField()
    inputs_hash = models.CharField(max_length=64)
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, null=True, related_name="+")
    model_version = models.CharField(max_length=200)

    objects = NewestRecommendations.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["patient", "number"], name="recommendation_number_once"),)

    def __str__(self) -> str:
        return f"Recommendation {self.number} for {self.patient_id}"

    @property
    def step(self) -> dict[str, Any]:
        """The one step of the answer."""
        step: dict[str, Any] = self.answer["step"]
        return step

    def content(self) -> dict[str, Any]:
        """All that the row says, as plain values: what its audit entry vouches for."""
        return {
            "id": str(self.id),
            "patient": str(self.patient_id),
            "number": self.number,
            "made_at": utc_text(self.made_at),
            "as_of": self.as_of.isoformat(),
            "answer": self.answer,
            "inputs": self.inputs,
            "inputs_hash": self.inputs_hash,
            "policy": self.policy_id,
            "model_version": self.model_version,
        }
