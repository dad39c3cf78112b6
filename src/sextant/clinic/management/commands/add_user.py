"""`sextant manage add_user NAME --role ROLE`: an account for a member of staff."""

import secrets
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from sextant.clinic.models import Role
from sextant.clinic.services.refusal import Refused
from sextant.clinic.services.staff import add_user


class Command(BaseCommand):
    help = "Make an account. The password is read from standard input, or made up and shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="sign-in name")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--display-name", default="", help="name that the pages show")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(
        self,
        *,
        name: str,
        role: str,
        display_name: str,
        password_stdin: bool,
        **options: Any,  # noqa: ARG002
    ) -> None:
        password = sys.stdin.readline().rstrip("\n") if password_stdin else secrets.token_urlsafe(12)
        try:
            validate_password(password)
            add_user(name, Role(role), password, display_name=display_name)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{name} can sign in as {Role(role).label.lower()}.")
        if not password_stdin:
            self.stdout.write(f"Password, shown this once: {password}")
