"""Which engine works out the forecast of use."""

from functools import cache
from typing import Protocol

from sextant.units.engines import checked_engine, fastest_engine
from sextant.use.coding import SideBySide
from sextant.use.history import FloatArray
from sextant.use.population import Population


class Steps(Protocol):
    """One patient, week by week from week 1: p_use, its low and high, p_use_or_missing of the coming week."""

    def look(self) -> list[float]:
        """The coming week; it comes first."""
        ...

    def update(self, result: int, told: int, shift: float, shift_sd: float) -> list[float]:
        """The week as it was, as codes of `Week`, and the one after it.

        Parameters
        ----------
        result, told : codes of the week
        shift, shift_sd : what its covariates add to the next test's log odds, and the SD of that
        """
        ...


class Engine(Protocol):
    """What both engines do, with the same numbers to 1e-12."""

    @property
    def name(self) -> str:
        """What `engine` knows it by."""
        ...

    def figures(self, patients: SideBySide, population: Population) -> FloatArray:
        """p_use, its low and high, p_use_or_missing of each week from earlier weeks alone, shape (patients, weeks, 4).

        Figures of weeks after a patient's last have no meaning.
        """
        ...

    def steps(self, patient: SideBySide, population: Population) -> Steps:
        """One patient week by week; weeks on record from week 1 on are not read."""
        ...


@cache
def engine(name: str) -> Engine:
    """The engine of that name: 'numpy', or 'compiled' where the extra `fast` is installed.

    The compiled one takes a second to load: for a server, and for some hundred thousand weeks.
    """
    if checked_engine(name) == "numpy":
        from sextant.use.numpy_engine import NumpyEngine

        return NumpyEngine()
    from sextant.use.compiled_engine import CompiledEngine

    return CompiledEngine()


@cache
def fastest() -> Engine:
    """The compiled engine where the extra `fast` is installed, else NumPy's: for what runs long or serves many."""
    return engine(fastest_engine())
