"""The clinic's own limits, as its director set them."""

from typing import Any

from django.conf import settings
from django.db import models

from sextant.clinic.zones import utc_text


class PolicyVersion(models.Model):
    """One policy file, whole. The newest holds; older ones stay, so that a past answer can be read under its own."""

    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Policy {self.pk} of {self.at:%Y-%m-%d}"

    def content(self) -> dict[str, Any]:
        """All that the row says, as plain values: what its audit entry vouches for."""
        return {"text": self.text, "at": utc_text(self.at), "by": self.by_id}
