"""The population that the clinic's director adopted: who the average patient is."""

from typing import Any

from django.conf import settings
from django.db import models

from sextant.clinic.zones import utc_text


class PopulationVersion(models.Model):
    """One population file, whole; an empty text goes back to the shipped one. The newest holds, older ones stay."""

    text = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Population {self.pk} of {self.at:%Y-%m-%d}"

    def content(self) -> dict[str, Any]:
        """All that the row says, as plain values: what its audit entry vouches for."""
        return {"text": self.text, "at": utc_text(self.at), "by": self.by_id}
