"""The sums compiled with numba, a block of patients at a time: it fits the processor's nearest memory.

Everything that is compiled stands in this one file and takes no constant from another: numba keeps compiled code on
disk and looks at this file alone to see whether it is still good.

rates    (4, patients) 1/min; plasma (3, patients): amplitudes of the exponentials; see `Disposition`
lengths  (lengths,) of the steps, min; `kept` (lengths,): place in the table of those that come more than once, else -1
which, rate, bolus, shown: (steps,) as in `Timeline`
fades    (11, block): four that are left, three that passed, three that grew, one that was taken; see `Fades`
held     (4, block): what each exponential holds of the plasma, and the effect site, mg/L
"""

import numpy as np
from numba import njit

from sextant.pharmacology.model import FloatArray
from sextant.pharmacology.timeline import IntArray

_OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy", "fastmath": {"contract", "nsz"}}
_BLOCK = 128
_SAME = 1 + 1e-9  # as in `numpy_engine`
_PASSED, _GROWN, _TAKEN, _FADES = 4, 7, 10, 11


@njit(**_OPTIONS)
def curves(
    rates: FloatArray,
    plasma: FloatArray,
    lengths: FloatArray,
    kept: IntArray,
    which: IntArray,
    rate: FloatArray,
    bolus: FloatArray,
    shown: IntArray,
    found: FloatArray,
) -> None:
    """Fill `found` (2, times, patients): plasma and effect site."""
    table, room, held = _room(kept)
    now = np.empty(_BLOCK)
    for first in range(0, rates.shape[1], _BLOCK):
        n = min(_BLOCK, rates.shape[1] - first)
        of_rates, of_plasma = rates[:, first : first + n], plasma[:, first : first + n]
        _begin(of_rates, of_plasma, lengths, kept, table, held)
        for k in range(len(which)):
            fades = _fades(of_rates, of_plasma, lengths, kept, which[k], table, room)
            _step(held, fades, of_plasma, rate[k], bolus[k], now)
            if shown[k] >= 0:
                for i in range(n):
                    found[0, shown[k], first + i] = now[i]
                    found[1, shown[k], first + i] = held[3, i]


@njit(**_OPTIONS)
def summaries(
    rates: FloatArray,
    plasma: FloatArray,
    lengths: FloatArray,
    kept: IntArray,
    which: IntArray,
    rate: FloatArray,
    bolus: FloatArray,
    shown: IntArray,
    times: FloatArray,
    levels: FloatArray,
    found: FloatArray,
) -> None:
    """Fill `found` (2, 3, patients), which comes as zeros: peak, its minute, minutes above the level."""
    table, room, held = _room(kept)
    now, before, best = np.empty((2, _BLOCK)), np.empty((2, _BLOCK)), np.empty((2, 3, _BLOCK))
    for first in range(0, rates.shape[1], _BLOCK):
        n = min(_BLOCK, rates.shape[1] - first)
        of_rates, of_plasma = rates[:, first : first + n], plasma[:, first : first + n]
        _begin(of_rates, of_plasma, lengths, kept, table, held)
        best[:] = 0.0
        for k in range(len(which)):
            fades = _fades(of_rates, of_plasma, lengths, kept, which[k], table, room)
            _step(held, fades, of_plasma, rate[k], bolus[k], now[0])
            row = shown[k]
            if row < 0:
                continue
            for i in range(n):
                now[1, i] = held[3, i]
            length = times[row] - times[row - 1] if row > 0 else 0.0
            for of in range(2):
                _sum_up(now[of, :n], before[of, :n], times[row], length, levels[of], best[of])
            now, before = before, now
        for of in range(2):
            for j in range(3):
                for i in range(n):
                    found[of, j, first + i] = best[of, j, i]


@njit(**_OPTIONS)
def _sum_up(now: FloatArray, before: FloatArray, time: float, length: float, level: float, best: FloatArray) -> None:
    peak, at, above = best[0], best[1], best[2]
    for i in range(len(now)):
        at[i] = time if now[i] > peak[i] * _SAME else at[i]
        peak[i] = max(peak[i], now[i])
    if length == 0.0:
        return
    crossings = 0
    for i in range(len(now)):
        above[i] += length if min(before[i], now[i]) > level else 0.0
        crossings += (before[i] > level) != (now[i] > level)
    if crossings:
        for i in range(len(now)):
            # A straight line between the two lies above for the part that is.
            low, high = min(before[i], now[i]), max(before[i], now[i])
            if low <= level < high:
                above[i] += length * (high - level) / (high - low)


@njit(**_OPTIONS)
def _room(kept: IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    return np.empty((kept.max() + 2, _FADES, _BLOCK)), np.empty((_FADES, _BLOCK)), np.empty((4, _BLOCK))


@njit(**_OPTIONS)
def _begin(
    rates: FloatArray, plasma: FloatArray, lengths: FloatArray, kept: IntArray, table: FloatArray, held: FloatArray
) -> None:
    """Nothing is held yet, and what fades in the lengths that come more than once is worked out."""
    held[:] = 0.0
    for j in range(len(lengths)):
        if kept[j] >= 0:
            _fade(rates, plasma, lengths[j], table[kept[j]])


@njit(**_OPTIONS)
def _fade(rates: FloatArray, plasma: FloatArray, length: float, fades: FloatArray) -> None:
    """What a step of this length makes of what there is, and of 1 mg a minute; see `disposition.fades`."""
    ke0, taken = rates[3], fades[_TAKEN]
    for i in range(len(ke0)):
        fades[3, i], taken[i] = np.exp(-length * ke0[i]), 0.0
    for m in range(3):
        for i in range(len(ke0)):
            one, gap = rates[m, i], abs(ke0[i] - rates[m, i])
            left = np.exp(-length * one)
            within = -np.expm1(-length * gap) / gap * max(left, fades[3, i]) if gap > 0.0 else 0.0
            grown = plasma[m, i] * -np.expm1(-length * one) / one
            fades[m, i], fades[_PASSED + m, i], fades[_GROWN + m, i] = left, ke0[i] * within, grown
            taken[i] += grown - plasma[m, i] * within
    for i in range(len(ke0)):
        taken[i] = max(taken[i], 0.0)


@njit(**_OPTIONS)
def _fades(
    rates: FloatArray,
    plasma: FloatArray,
    lengths: FloatArray,
    kept: IntArray,
    which: int,
    table: FloatArray,
    room: FloatArray,
) -> FloatArray:
    fades: FloatArray = table[kept[which]] if kept[which] >= 0 else room
    if kept[which] < 0:
        _fade(rates, plasma, lengths[which], room)
    return fades


@njit(**_OPTIONS)
def _step(
    held: FloatArray, fades: FloatArray, plasma: FloatArray, rate: float, bolus: float, of_plasma: FloatArray
) -> None:
    """One step on; `of_plasma` is what the plasma then holds."""
    n = plasma.shape[1]
    a, b, c, effect = held[0, :n], held[1, :n], held[2, :n], held[3, :n]
    left_a, left_b, left_c, left = fades[0, :n], fades[1, :n], fades[2, :n], fades[3, :n]
    from_a, from_b, from_c = fades[4, :n], fades[5, :n], fades[6, :n]
    for i in range(n):
        effect[i] = effect[i] * left[i] + a[i] * from_a[i] + b[i] * from_b[i] + c[i] * from_c[i]
    for i in range(n):
        a[i], b[i], c[i] = a[i] * left_a[i], b[i] * left_b[i], c[i] * left_c[i]
    if rate != 0.0:
        for m in range(3):
            one, grown = held[m, :n], fades[_GROWN + m, :n]
            for i in range(n):
                one[i] += grown[i] * rate
        for i in range(n):
            effect[i] += fades[_TAKEN, i] * rate
    if bolus != 0.0:
        for m in range(3):
            for i in range(n):
                held[m, i] += plasma[m, i] * bolus
    for i in range(n):
        of_plasma[i] = a[i] + b[i] + c[i]
