"""`sextant manage adopt_population FILE --by USER`: who the average patient is from now on."""

import gzip
import zlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sextant.clinic.models import User
from sextant.clinic.services.population import adopt, population_of, return_to_shipped
from sextant.clinic.services.refusal import Refused


class Command(BaseCommand):
    help = "Answer with a population that `sextant refit` found better, in the name of the medical director."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="population.json, as `sextant refit` wrote it")
        parser.add_argument("--shipped", action="store_true", help="go back to the population that Sextant ships with")
        parser.add_argument("--by", required=True, metavar="USER", help="sign-in name of the medical director")

    def handle(self, *, file: Path | None, shipped: bool, by: str, **options: Any) -> None:  # noqa: ARG002
        if shipped == (file is not None):
            raise CommandError("Name a population file, or --shipped to go back to the shipped one.", returncode=2)
        director = User.objects.filter(username=by).first()
        if director is None:
            raise CommandError(
                f"Nobody signs in as {by!r}. Make the account first: sextant manage add_user.", returncode=2
            )
        try:
            now = timezone.now()
            version = return_to_shipped(director, now) if file is None else adopt(director, _text(file), now)
        except Refused as refused:
            raise CommandError(str(refused), returncode=2) from None
        self.stdout.write(
            f"Population {version.pk} is in force: {population_of(version).version}. "
            "Next steps are read again as charts are opened."
        )


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
        return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error) as error:
        why = (isinstance(error, OSError) and error.strerror) or "it is cut off"
        raise CommandError(f"The population {file} cannot be read: {why}.", returncode=2) from None
    except UnicodeDecodeError:
        raise CommandError(
            f"The population {file} is not UTF-8 text. Name a file of `sextant refit`.", returncode=2
        ) from None
