"""A regimen and the times that are asked for, laid out as steps: within each one the rate is constant."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sextant.pharmacology.model import FloatArray
from sextant.pharmacology.regimen import Regimen

IntArray = NDArray[np.int64]

_ALIKE_MIN = 1e-11
"""Steps that differ by less are one length: minutes like 0.1 have no exact binary fraction."""
_SAME_MIN = 1e-9
"""Moments nearer to each other are one, for the same reason."""


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """Steps from the first moment that matters to the last.

    Parameters
    ----------
    lengths_min : the lengths of step that there are, shape (lengths,)
    which_length : which of them each step has, shape (steps,)
    rate : mg/min during each step
    bolus : mg given at once at the end of each step
    shown : row of the answer that each step ends on, -1 where none does
    n_times : rows of the answer
    """

    lengths_min: FloatArray
    which_length: IntArray
    rate: FloatArray
    bolus: FloatArray
    shown: IntArray
    n_times: int

    @property
    def nothing_given(self) -> NDArray[np.bool_]:
        """Of each row of the answer: whether nothing was given since the one before."""
        given = np.cumsum((self.rate != 0) | (self.bolus != 0))
        return np.asarray(np.diff(given[self.shown >= 0], prepend=0) == 0)


def timeline(regimen: Regimen, times_min: FloatArray) -> Timeline:
    """The steps of a regimen up to the last of the times, which rise and are 0 or more."""
    last = times_min[-1] if len(times_min) else 0.0
    starts = _snapped([one.start_min for one in regimen.segments], times_min)
    ends = _snapped([one.end_min for one in regimen.segments], times_min)
    at = _snapped([one.at_min for one in regimen.boluses], times_min)
    points = np.unique(np.concatenate([[0.0], starts, ends, at, times_min]))
    points = points[points <= last]
    lengths = np.diff(points, prepend=0.0)
    rate = np.zeros(len(points))
    for one, start, end in zip(regimen.segments, starts, ends, strict=True):
        rate[np.searchsorted(points, start, "right") : np.searchsorted(points, end, "right")] = one.rate_mg_per_min
    bolus = np.zeros(len(points))
    for given, minute in zip(regimen.boluses, at, strict=True):
        if minute <= last:
            bolus[np.searchsorted(points, minute)] += given.mg
    shown = np.full(len(points), -1)
    shown[np.searchsorted(points, times_min)] = np.arange(len(times_min))
    return Timeline(*_alike(lengths), rate, bolus, shown, len(times_min))


def _snapped(minutes: list[float], times_min: FloatArray) -> FloatArray:
    """Minutes that miss one of the times by the last digits of a sum, put on it: a bolus at a time has been given."""
    found = np.array(minutes)
    if not len(times_min) or not len(found):
        return found
    after = np.clip(np.searchsorted(times_min, found), 1, max(len(times_min) - 1, 1))
    near = np.stack([times_min[after - 1], times_min[np.minimum(after, len(times_min) - 1)]])
    nearest = np.where(found - near[0] < near[1] - found, near[0], near[1])
    return np.where(np.abs(nearest - found) < _SAME_MIN, nearest, found)


def _alike(lengths: FloatArray) -> tuple[FloatArray, IntArray]:
    """The different lengths, and which of them each step has."""
    _, which = np.unique(np.round(lengths / _ALIKE_MIN), return_inverse=True)
    return np.bincount(which, lengths) / np.bincount(which), which
