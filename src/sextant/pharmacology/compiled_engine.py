"""The sums compiled with numba (extra `fast`): the same figures, some times sooner."""

from os import cpu_count

import numpy as np

from sextant.pharmacology import kernel
from sextant.pharmacology.disposition import Disposition
from sextant.pharmacology.model import FloatArray
from sextant.pharmacology.timeline import IntArray, Timeline

_MOST_KEPT = 64
"""Lengths of step whose exponentials are kept; those of more would not fit the memory that is near."""


class CompiledEngine:
    """See `Engine`."""

    name = "compiled"
    threads = cpu_count() or 1
    block = 1024

    @staticmethod
    def curves(made: Disposition, steps: Timeline, found: FloatArray) -> None:
        """Fill the array; see `Engine`."""
        kernel.curves(*_laid_out(made, steps), found)

    @staticmethod
    def summaries(made: Disposition, steps: Timeline, times_min: FloatArray, levels: FloatArray) -> FloatArray:
        """Peak, its minute and the minutes above a level; see `Engine`."""
        found = np.zeros((2, 3, made.rates.shape[1]))
        kernel.summaries(*_laid_out(made, steps), times_min, levels, found)
        return found


def _laid_out(made: Disposition, steps: Timeline) -> tuple[FloatArray | IntArray, ...]:
    often = np.bincount(steps.which_length, minlength=len(steps.lengths_min))
    kept = np.full(len(often), -1)
    most = np.argsort(-often, kind="stable")[:_MOST_KEPT]
    most = most[often[most] > 1]
    kept[most] = np.arange(len(most))
    return (
        *(np.ascontiguousarray(one) for one in (made.rates, made.plasma)),
        *(steps.lengths_min, kept, steps.which_length, steps.rate, steps.bolus, steps.shown),
    )
