"""The populations that are shipped: which one foretells a substance, and how well it was seen to do so."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from sextant.use.population import Population
from sextant.use.population_file import read_population

OPIOID_URINES, ALCOHOL_TOLD = "opioid_urines", "alcohol_told"
"""Names of the files, each fitted to what it says."""


def shipped_population(substance: str = "opioids") -> Population:
    """The population that foretells a substance; of a clinic's record with the doubt of `Population.of`.

    Raises
    ------
    KeyError
        If none was tried on it.
    """
    return _by_substance()[substance]


def tried() -> tuple[str, ...]:
    """The substances that a shipped population was tried on, by their names in `sextant.record`."""
    return tuple(_by_substance())


@cache
def _by_substance() -> Mapping[str, Population]:
    folder = files("sextant.use").joinpath("populations")
    read = [
        read_population(folder.joinpath(f"{name}.json").read_text(encoding="utf-8"))
        for name in (OPIOID_URINES, ALCOHOL_TOLD)
    ]
    return {substance: one for one in read for substance in one.tried_on}
