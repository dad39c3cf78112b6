"""The population that a command is asked to answer with."""

from sextant.cli.files import read_text
from sextant.cli.refused import Refused
from sextant.response import Population, shipped_population
from sextant.response.population_file import PopulationFile, PopulationFileError, read_population


def population_file(name: str | None) -> PopulationFile:
    """The population of a file, or the shipped one where none is named."""
    if name is None:
        return PopulationFile(shipped_population())
    try:
        return read_population(read_text(name))
    except PopulationFileError as error:
        raise Refused(f"{name}: {error}") from None


def population_of(name: str | None) -> Population:
    """The population alone."""
    return population_file(name).population
