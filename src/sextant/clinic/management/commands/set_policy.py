"""`sextant manage set_policy FILE --by USER`: put the clinic's limits in force."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sextant.clinic.models import User
from sextant.clinic.services.policy import set_policy
from sextant.clinic.services.refusal import Refused


class Command(BaseCommand):
    help = "Put the limits in a policy file in force, in the name of the medical director."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the policy, TOML")
        parser.add_argument("--by", required=True, metavar="USER", help="sign-in name of the medical director")

    def handle(self, *, file: Path, by: str, **options: Any) -> None:  # noqa: ARG002
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The policy {file} cannot be read: {error}.", returncode=2) from None
        director = User.objects.filter(username=by).first()
        if director is None:
            raise CommandError(
                f"Nobody signs in as {by!r}. Make the account first: sextant manage add_user.", returncode=2
            )
        try:
            version = set_policy(director, text, timezone.now())
        except Refused as refused:
            raise CommandError(str(refused), returncode=2) from None
        self.stdout.write(f"Policy {version.pk} is in force.")
