"""`sextant manage verify_audit`: is every entry of the audit chain, and all that it vouches for, as it was written?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sextant.clinic.services import audit


class Command(BaseCommand):
    help = "Check the audit chain from its first entry, and every row against it."

    def handle(self, **options: Any) -> None:  # noqa: ARG002
        head = audit.head()  # before the walk, so that the walk has passed it
        verdict = audit.verify()
        if verdict.first_bad is not None:
            raise CommandError(
                f"The audit chain does not hold: entry {verdict.first_bad} of {verdict.entries}, or what it "
                "vouches for, was changed or removed. Keep this database as it is and compare it with a backup."
            )
        if verdict.unsealed_facts:
            raise CommandError(
                f"{verdict.unsealed_facts} rows have no entry in the audit chain: they were not written by Sextant."
            )
        self.stdout.write(f"The audit chain holds: {verdict.entries} entries, each as it was written.")
        if head is not None:
            self.stdout.write(
                f"Its head is entry {head.seq} with the hash {head.hash}. Keep both outside this database: they show "
                "later whether entries were removed from the end."
            )
