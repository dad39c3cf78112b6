"""The population that the clinic's director has adopted, and the one in force at a moment."""

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from sextant.clinic.models import PopulationVersion, User
from sextant.clinic.services import access, audit
from sextant.clinic.services.refusal import Refused
from sextant.clinic.services.transaction import write

if TYPE_CHECKING:
    from sextant.response import Population


def adopt(actor: User, text: str, now: datetime) -> PopulationVersion:
    """Answer with the population of a file from now on; the earlier ones stay on file.

    Raises
    ------
    Refused
        If the person is not the director, the file cannot be used, or it was not better on held-out patients.
    """
    from sextant.response.population_file import PopulationFileError, read_population

    access.require(actor, access.MAY_ADOPT_POPULATION, "adopt a population")
    try:
        file = read_population(text)
    except PopulationFileError as error:
        raise Refused(str(error), code="POPULATION-001") from None
    if not file.better:
        raise Refused(
            f"{file.population.version!r} does not say that it was better on patients whom it never saw, so the one in "
            "force goes on. Judge it first: sextant refit.",
            code="POPULATION-002",
        )
    return _put_in_force(actor, text, now, "population.adopted")


def return_to_shipped(actor: User, now: datetime) -> PopulationVersion:
    """Answer with the shipped population from now on; what was adopted before stays on file.

    Raises
    ------
    Refused
        If the person is not the director, or it is in force already.
    """
    access.require(actor, access.MAY_ADOPT_POPULATION, "go back to the shipped population")
    version = version_at(now)
    if version is None or not version.text:
        raise Refused("The shipped population is in force already. Nothing was changed.", code="POPULATION-003")
    return _put_in_force(actor, "", now, "population.shipped")


def version_at(moment: datetime) -> PopulationVersion | None:
    """What was adopted last before a moment, or None before the director adopted any."""
    return PopulationVersion.objects.filter(at__lte=moment).order_by("-at", "-pk").first()


def population_at(moment: datetime) -> "Population":
    """The population in force at a moment."""
    return population_of(version_at(moment))


def population_of(version: PopulationVersion | None) -> "Population":
    """The population of one version; the shipped one where none was adopted.

    A population is of one response model. Under another, which reads its numbers in another way, the shipped one is in
    force until the director adopts one anew; every answer names the population that it rests on.
    """
    from sextant.response import shipped_population

    return shipped_population() if version is None or not version.text else _read(version.text)


@lru_cache(maxsize=32)
def _read(text: str) -> "Population":
    from sextant.response import shipped_population
    from sextant.response.population_file import OtherModelError, read_population

    try:
        return read_population(text).population
    except OtherModelError:
        return shipped_population()


def _put_in_force(actor: User, text: str, now: datetime, action: str) -> PopulationVersion:
    with write():
        version = PopulationVersion.objects.create(text=text, at=now, by=actor)
        audit.record_written(actor, action, version)
    return version
