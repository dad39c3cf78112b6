"""The population that Sextant ships with: the prior from published studies, rebuilt by `make prior`."""

from functools import cache
from importlib.resources import files

from sextant.response.population import Population
from sextant.response.population_file import read_population


@cache
def shipped_population() -> Population:
    """The population of every answer, until a clinic's director adopts one of the clinic's own."""
    text = files("sextant.response").joinpath("population.json").read_text(encoding="utf-8")
    return read_population(text).population
