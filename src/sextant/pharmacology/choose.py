"""Which engine works out the sums."""

from functools import cache
from typing import Protocol

from sextant.pharmacology.disposition import Disposition
from sextant.pharmacology.model import FloatArray
from sextant.pharmacology.timeline import Timeline
from sextant.units.engines import checked_engine


class Engine(Protocol):
    """What both engines do, with the same figures to the last digits."""

    @property
    def name(self) -> str:
        """What `engine` knows it by."""
        ...

    @property
    def threads(self) -> int:
        """How many of it work at a time."""
        ...

    @property
    def block(self) -> int:
        """How many patients each of them takes at a time: what the memory that is near can hold."""
        ...

    def curves(self, made: Disposition, steps: Timeline, found: FloatArray) -> None:
        """Fill `found`, shape (2, times, patients), with plasma and effect site in the unit of the amplitudes."""
        ...

    def summaries(self, made: Disposition, steps: Timeline, times_min: FloatArray, levels: FloatArray) -> FloatArray:
        """Shape (2, 3, patients): of plasma and effect site, the peak, its minute and the minutes above its level."""
        ...


@cache
def engine(name: str) -> Engine:
    """The engine of that name: 'numpy', or 'compiled' where the extra `fast` is installed.

    Raises
    ------
    ValueError
        If there is none of that name, or numba is not there.
    """
    if checked_engine(name) == "numpy":
        from sextant.pharmacology.numpy_engine import NumpyEngine

        return NumpyEngine()
    from sextant.pharmacology.compiled_engine import CompiledEngine

    return CompiledEngine()
