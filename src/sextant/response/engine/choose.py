"""Which engine does the work."""

from functools import cache
from typing import Protocol

from sextant.response.engine.curves import Curves
from sextant.response.engine.filtered import Filtered, Weighed
from sextant.response.engine.grid import Grid
from sextant.response.mixture import Roots
from sextant.response.reading import Reading
from sextant.response.report import IntArray
from sextant.response.settings import Settings
from sextant.response.timeline import Timelines
from sextant.units.engines import checked_engine, fastest_engine


class Engine(Protocol):
    """What both engines do, with the same numbers to 1e-10."""

    @property
    def name(self) -> str:
        """What `engine` knows it by."""
        ...

    @property
    def roots(self) -> Roots:
        """Who searches the quantiles of mixtures."""
        ...

    @property
    def curves(self) -> Curves:
        """Who works out what infusions have come to on given days."""
        ...

    def weigh(
        self, timelines: Timelines, settings: Settings, grid: Grid, reading: Reading, *, who: IntArray, which: IntArray
    ) -> Weighed:
        """Evidence and weights of each case: patient `who[n]` under setting `which[n]`."""
        ...

    def filter(
        self,
        timelines: Timelines,
        settings: Settings,
        grid: Grid,
        reading: Reading,
        *,
        who: IntArray,
        which: IntArray,
        keep_path: bool = False,
    ) -> Filtered:
        """The whole posterior of each case.

        Parameters
        ----------
        timelines, settings : patients and settings of the population
        grid : nodes over ln tau_s
        reading : how scores are read
        who, which : patient (row of `timelines`) and setting (row of `settings`) of each case, shape (n_cases,)
        keep_path : whether to keep what was known of day-to-day variation after each visit
        """
        ...


@cache
def engine(name: str) -> Engine:
    """The engine of that name: 'numpy', or 'compiled' where the extra `fast` is installed.

    The compiled one takes a second to load and then is some hundred times faster: for a server and for many patients.
    """
    if checked_engine(name) == "numpy":
        from sextant.response.engine.numpy_engine import NumpyEngine

        return NumpyEngine()
    from sextant.response.engine.compiled_engine import CompiledEngine

    return CompiledEngine()


@cache
def fastest() -> Engine:
    """The compiled engine where the extra `fast` is installed, else NumPy's: for what runs long or serves many."""
    return engine(fastest_engine())
