"""`sextant manage read_next_steps`: the next steps of a new day, read at night and not by whoever comes first."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from sextant.clinic.services import recommendations
from sextant.units.words import count_words

_SAID_EVERY = 100


class Command(BaseCommand):
    help = "Read again the next step of every patient whose stored one is of another day, policy, population or model."

    def handle(self, **options: Any) -> None:  # noqa: ARG002
        now = timezone.now()
        of = recommendations.stale(now).count()
        for count in recommendations.refresh_stale(now):
            if count % _SAID_EVERY == 0:
                self.stderr.write(f"{count} of {of} read")
        self.stdout.write(f"{count_words(of, 'next step')} read again.")
