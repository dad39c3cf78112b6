"""What is in the blood and at the effect site at each time, of many patients at once, and its peak.

Concentrations are exact: the sum of exponentials that solves the compartments, with no step of time that could be too
long. Where the effect site's rate falls on one of the compartments', matrix exponentials take over.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from sextant.pharmacology.by_matrix import curves_by_matrix
from sextant.pharmacology.choose import Engine, engine
from sextant.pharmacology.disposition import Disposition, disposition
from sextant.pharmacology.model import FloatArray
from sextant.pharmacology.numpy_engine import summed_up
from sextant.pharmacology.patients import Patients
from sextant.pharmacology.regimen import Regimen
from sextant.pharmacology.timeline import Timeline, timeline

NG_PER_ML = 1000.0
"""1 mg/L in ng/mL."""

CHUNK = 8192
"""Patients worked out and handed on together: with 500 times, 66 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Concentrations:
    """Ketamine in the plasma and at the effect site, ng/mL; each of shape (patients, times)."""

    plasma_ng_per_ml: FloatArray
    effect_site_ng_per_ml: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Exposure:
    """Of plasma or effect site, each of shape (patients,): the highest of the times asked for, when it was, and for
    how many minutes it was above a level, with straight lines between the times."""

    peak_ng_per_ml: FloatArray
    peak_min: FloatArray
    minutes_above: FloatArray


def concentrations(
    patients: Patients, regimen: Regimen, times_min: FloatArray, *, per_kg: bool = False, by: Engine | None = None
) -> Concentrations:
    """Plasma and effect site of each patient at each time.

    Parameters
    ----------
    patients : of one model or of several together
    regimen : what is given, in mg; in mg/kg with `per_kg`, and then each patient's weight counts
    times_min : minutes from the start of the first infusion, rising; at the minute of a bolus it has been given
    by : the engine, NumPy's where none is named

    Raises
    ------
    ValueError
        If the times do not rise from 0 or later.
    """
    found = np.empty((2, len(times_min), len(patients)))
    steps = timeline(regimen, _checked(times_min))
    _fill(patients, steps, found, per_kg=per_kg, by=by or engine("numpy"))
    return Concentrations(found[0].T, found[1].T)


def concentrations_in_chunks(
    patients: Patients, regimen: Regimen, times_min: FloatArray, *, per_kg: bool = False, by: Engine | None = None
) -> Iterator[tuple[slice, Concentrations]]:
    """The same for more patients than memory holds: which patients, and what they have. The next chunk writes over it.

    Raises
    ------
    ValueError
        If the times do not rise from 0 or later.
    """
    steps = timeline(regimen, _checked(times_min))
    room = np.empty((2, len(times_min), min(CHUNK, len(patients))))
    for first in range(0, len(patients), CHUNK):
        which = slice(first, min(first + CHUNK, len(patients)))
        found = room[:, :, : which.stop - which.start]
        _fill(patients[which], steps, found, per_kg=per_kg, by=by or engine("numpy"))
        yield which, Concentrations(found[0].T, found[1].T)


def exposure(
    patients: Patients,
    regimen: Regimen,
    times_min: FloatArray,
    level_ng_per_ml: tuple[float, float] = (0.0, 0.0),
    *,
    per_kg: bool = False,
    by: Engine | None = None,
) -> tuple[Exposure, Exposure]:
    """Peak and time above a level of plasma and of effect site, without keeping a curve.

    Parameters
    ----------
    level_ng_per_ml : of plasma and of effect site
    others : as for `concentrations`

    Raises
    ------
    ValueError
        If the times do not rise from 0 or later.
    """
    times = _checked(times_min)
    steps, levels = timeline(regimen, times), np.array(level_ng_per_ml)
    if not np.all(np.isfinite(levels)):
        raise ValueError("A level is not a number. Write one for the plasma and one for the effect site, in ng/mL.")
    worker = by or engine("numpy")
    found = np.empty((2, 3, len(patients)))

    def work(which: slice) -> None:
        some = patients[which]
        made = _amplified(disposition(some), some, per_kg=per_kg)
        found[:, :, which] = worker.summaries(made, steps, times, levels)
        if made.is_degenerate.any():
            alone = np.flatnonzero(made.is_degenerate)
            curves = _by_matrix(some[alone], steps, per_kg=per_kg)
            found[:, :, which.start + alone] = summed_up(
                enumerate(np.moveaxis(curves, 1, 0)), steps, times, levels, len(alone)
            )

    _in_blocks(len(patients), work, worker)
    return Exposure(*found[0]), Exposure(*found[1])


def _checked(times_min: FloatArray) -> FloatArray:
    times = np.asarray(times_min, dtype=float)
    if times.ndim != 1 or not np.all(np.isfinite(times)) or np.any(times < 0) or np.any(np.diff(times) <= 0):
        raise ValueError("Times are minutes from the start of the first infusion: each 0 or more, each after the last.")
    return times


def _fill(patients: Patients, steps: Timeline, found: FloatArray, *, per_kg: bool, by: Engine) -> None:
    def work(which: slice) -> None:
        some = patients[which]
        made = _amplified(disposition(some), some, per_kg=per_kg)
        by.curves(made, steps, found[:, :, which])
        if made.is_degenerate.any():
            alone = np.flatnonzero(made.is_degenerate)
            found[:, :, which.start + alone] = _by_matrix(some[alone], steps, per_kg=per_kg)

    _in_blocks(len(patients), work, by)


def _by_matrix(patients: Patients, steps: Timeline, *, per_kg: bool) -> FloatArray:
    curves = np.stack(curves_by_matrix(patients, steps))
    return np.asarray(curves * NG_PER_ML * (patients.weight_kg if per_kg else 1.0))


def _amplified(made: Disposition, patients: Patients, *, per_kg: bool) -> Disposition:
    """The compartments are linear: to give so many times as much is to have so many times as much."""
    factor = NG_PER_ML * (patients.weight_kg if per_kg else 1.0)
    return replace(made, plasma=made.plasma * factor)


def _in_blocks(n: int, work: Callable[[slice], None], by: Engine) -> None:
    blocks = [slice(at, min(at + by.block, n)) for at in range(0, n, by.block)]
    if by.threads == 1 or len(blocks) == 1:
        for block in blocks:
            work(block)
        return
    with ThreadPoolExecutor(by.threads) as pool:
        for _ in pool.map(work, blocks):
            pass
