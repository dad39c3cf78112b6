"""WEEKS.csv and the population that reads it, for the commands of the forecast of use."""

from collections.abc import Iterable

from sextant.cli.files import read_text
from sextant.cli.refused import Refused
from sextant.use import (
    Population,
    PopulationFileError,
    WeeksCsvError,
    WeeksFile,
    columns_read,
    read_population,
    read_weeks,
    shipped_population,
    tried,
)


def use_population(name: str | None, substance: str | None) -> Population:
    """The shipped one that foretells the substance, or that of a file with the doubt that it has there."""
    if name is None:
        if substance not in (None, *tried()):
            raise Refused(f"--of {substance}: no shipped population was tried on it; {', '.join(tried())} are known.")
        return _with_doubt(shipped_population(substance or "opioids"), substance)
    try:
        found = read_population(read_text(name))
    except PopulationFileError as error:
        raise Refused(f"{name}: {error}") from None
    if found.made_from is not None:
        fitted_to = found.made_from.substance
        if substance not in (None, fitted_to):
            raise Refused(f"--of {substance}: {name} was fitted to weeks of {fitted_to}. Leave out --of.")
        return found
    if substance is not None and substance not in found.tried_on:
        on = f"It says so of {', '.join(found.tried_on)}." if found.tried_on else "Leave out --of."
        raise Refused(f"--of {substance}: {name} does not say that it was tried on it. {on}")
    return _with_doubt(found, substance)


def _with_doubt(population: Population, substance: str | None) -> Population:
    """What it was fitted to, it foretells with the doubt of its values; another substance with more."""
    if substance is None or population.tried_on[substance].fitted:
        return population
    return population.of(substance)


def weeks_file(name: str, population: Population) -> WeeksFile:
    """The weeks of a file, with the covariates that the population knows."""
    try:
        return read_weeks(read_text(name), population.covariates)
    except WeeksCsvError as error:
        raise Refused(f"{name}: {error}") from None


def reading_notes(read: WeeksFile, population: Population) -> Iterable[str]:
    """What was not read as it stands in the file. Patients are counted, not named."""
    if read.unread:
        names = ", ".join(map(repr, read.unread))
        which = f"column {names} is" if len(read.unread) == 1 else f"columns {names} are"
        yield f"{which} not read; columns that are: {', '.join(columns_read(population.covariates))}."
    if read.changed_arm:
        changed = len(read.changed_arm)
        yield f"patients whose arm is told or changes later, so that the one of the first week counts: {changed}."
