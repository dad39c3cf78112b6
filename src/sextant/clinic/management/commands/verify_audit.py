"""`sextant manage verify_audit`: is every entry of the audit chain, and every fact, as it was written?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sextant.clinic.services import audit


class Command(BaseCommand):
    help = "Check the audit chain from its first entry, and every fact against it."

    def handle(self, **options: Any) -> None:  # noqa: ARG002
        verdict = audit.verify()
        if verdict.first_bad is not None:
            raise CommandError(
                f"The audit chain does not hold: entry {verdict.first_bad} of {verdict.entries}, or the fact it "
                "vouches for, was changed or removed. Keep this database as it is and compare it with a backup."
            )
        if verdict.unsealed_facts:
            raise CommandError(
                f"{verdict.unsealed_facts} facts have no entry in the audit chain: they were not written by Sextant."
            )
        self.stdout.write(f"The audit chain holds: {verdict.entries} entries, each as it was written.")
