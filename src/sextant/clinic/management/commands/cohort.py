"""`sextant manage cohort --out FILE --by USER`: the clinic's own patients, without names, for `sextant refit`."""

import os
import tempfile
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sextant.clinic.models import User
from sextant.clinic.services.cohort import take_cohort
from sextant.clinic.services.refusal import Refused
from sextant.units.words import count_words


class Command(BaseCommand):
    help = "Write the scores, infusions and attendance of all patients with a target and infusions as a COURSE.csv."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the COURSE.csv to write")
        parser.add_argument("--by", required=True, metavar="USER", help="sign-in name of the medical director")
        parser.add_argument(
            "--started-from",
            type=_day,
            metavar="YYYY-MM-DD",
            help="only patients whose first infusion was on that day or later: those that the last refit had not seen",
        )

    def handle(self, *, out: Path, by: str, started_from: date | None, **options: Any) -> None:  # noqa: ARG002
        director = User.objects.filter(username=by).first()
        if director is None:
            raise CommandError(
                f"Nobody signs in as {by!r}. Make the account first: sextant manage add_user.", returncode=2
            )
        if out.is_dir() or not out.absolute().parent.is_dir():
            raise CommandError(f"{out} cannot be written. Name a file in a folder that is there.", returncode=2)
        try:
            taken = take_cohort(director, timezone.now(), started_from=started_from)
        except Refused as refused:
            raise CommandError(str(refused), returncode=2) from None
        _write(out.absolute(), taken.text)
        self.stdout.write(f"{out} holds {count_words(taken.n_patients, 'patient')}, numbered anew at random.")
        for why, n in taken.left_out.items():
            self.stdout.write(f"  left out: {count_words(n, 'patient')} with {why}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("that is no day; write it as 2026-01-31") from None


def _write(file: Path, text: str) -> None:
    """Whole or not at all, and for whoever runs the command alone to read."""
    try:
        number, part = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # made with mode 0600
        with os.fdopen(number, "w", encoding="utf-8", newline="") as written:
            written.write(text)
        os.replace(part, file)
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}.", returncode=2) from None
