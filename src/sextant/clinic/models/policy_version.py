"""The clinic's own limits, as its director set them."""

from django.conf import settings
from django.db import models


class PolicyVersion(models.Model):
    """One policy file, whole. The newest holds; older ones stay, so that a past answer can be read under its own."""

    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Policy {self.pk} of {self.at:%Y-%m-%d}"
