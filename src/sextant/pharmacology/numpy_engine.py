"""The sums in NumPy: some patients at once, step by step."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from sextant.pharmacology.disposition import Disposition, Fades, fades
from sextant.pharmacology.model import FloatArray
from sextant.pharmacology.timeline import Timeline

SAME = 1 + 1e-9
"""A peak is later than another only from here on: the peaks of six infusions alike differ in the last digits."""


class NumpyEngine:
    """Needs nothing but numpy; see `Engine`."""

    name = "numpy"
    threads = 1  # many short calls, so that two threads would wait for each other
    block = 4096

    @staticmethod
    def curves(made: Disposition, steps: Timeline, found: FloatArray) -> None:
        """Fill the array; see `Engine`."""
        for row, now in _shown(made, steps, Quiet()):
            found[:, row] = now

    @staticmethod
    def summaries(made: Disposition, steps: Timeline, times_min: FloatArray, levels: FloatArray) -> FloatArray:
        """Peak, its minute and the minutes above a level; see `Engine`."""
        quiet = Quiet()
        curves = _shown(made, steps, quiet)
        return summed_up(curves, steps, times_min, levels, made.rates.shape[1], quiet)


@dataclass(slots=True)
class Quiet:
    """Whether, until something is given again, nothing can happen that a summary tells of."""

    now: bool = False


def summed_up(
    curves: Iterable[tuple[int, FloatArray]],
    steps: Timeline,
    times_min: FloatArray,
    levels: FloatArray,
    n: int,
    quiet: Quiet | None = None,
) -> FloatArray:
    """Peak, its minute and the minutes above a level; see `Engine`.

    `curves` gives a row of the answer with (2, n) of its time: plasma and effect site; each stays as it is until the
    next but one. While it is `quiet` rows may be left out, up to the last before something is given.
    """
    quiet = quiet or Quiet()
    peak, at, above = np.zeros((3, 2 * n))
    level = np.repeat(levels, n)
    (over, was), (higher, changed) = np.zeros((2, 2, 2 * n), bool)
    before, room = np.zeros((2, 2 * n))
    may_come_down = level > 0
    times, nothing_given = times_min.tolist(), steps.nothing_given.tolist()
    last, any_over, falls = None, False, False
    for row, each in curves:
        now, time = each.reshape(-1), times[row]
        # Once nothing is given and the effect site stands above the plasma, both fall until something is given.
        falls = nothing_given[row] and (falls or bool(np.all(before[n:] >= before[:n])))
        if not falls and np.count_nonzero(np.greater(now, peak, out=higher)):
            np.greater(now, np.multiply(peak, SAME, out=room), out=higher)
            np.copyto(at, time, where=higher)
            np.maximum(peak, now, out=peak)
        if any_over or not falls:
            np.greater(now, level, out=over)
            if np.count_nonzero(np.not_equal(over, was, out=changed)):
                # Above from where a straight line goes up through the level, or from the first time, to where one
                # comes down.
                crossed = np.flatnonzero(changed)
                end = now.take(crossed)
                rise = end - before.take(crossed)
                when = time if last is None else time - (time - last) * (end - level.take(crossed)) / rise
                above[crossed] -= np.copysign(when, rise)
                any_over = bool(np.any(over & may_come_down))
            over, was = was, over
        before, last = now, time
        quiet.now = falls and not any_over
    if last is not None:
        above[was] += last
    return np.stack([one.reshape(2, n) for one in (peak, at, above)], axis=1)


def _shown(made: Disposition, steps: Timeline, quiet: Quiet) -> Iterator[tuple[int, FloatArray]]:
    """Of each time that is asked for, in order: its row, plasma and effect site; the next but one writes over them.

    While it is quiet only the last time before something is given is shown.
    """
    rooms, turn = np.empty((2, 2, made.rates.shape[1])), 0
    rows = steps.shown.tolist()
    for k, held, effect in _held(made, steps, quiet):
        row = rows[k]
        if row < 0:
            continue
        turn = 1 - turn
        room = rooms[turn]
        np.add(held[0], held[1], out=room[0])
        room[0] += held[2]
        room[1] = effect
        yield row, room


def _held(made: Disposition, steps: Timeline, quiet: Quiet) -> Iterator[tuple[int, FloatArray, FloatArray]]:
    """At the end of each step: which it is, what each exponential holds of the plasma, and the effect site.

    That is what they held before, faded, what passed from plasma to effect site, and what was given. While it is quiet
    the steps up to the last one that is shown before something is given are one long step.
    """
    held = np.zeros_like(made.plasma)
    effect = np.zeros(held.shape[1])
    room, room_of_effect = np.empty_like(held), np.empty_like(effect)
    kept: dict[int, Fades] = {}
    last_use = {which: k for k, which in enumerate(steps.which_length.tolist())}
    shown_before_more = _shown_before_more(steps)
    waited_min = 0.0
    for k, (which, rate, bolus) in enumerate(
        zip(steps.which_length.tolist(), steps.rate.tolist(), steps.bolus.tolist(), strict=True)
    ):
        if quiet.now and shown_before_more[k]:
            waited_min += steps.lengths_min[which]
            continue
        step = kept.get(which)
        if waited_min:
            step, waited_min = fades(made, waited_min + steps.lengths_min[which]), 0.0
        elif step is None:
            step = kept[which] = fades(made, steps.lengths_min[which])
        np.multiply(held, step.passed, out=room)
        effect *= step.left[3]
        effect += room[0]
        effect += room[1]
        effect += room[2]
        np.multiply(held, step.left[:3], out=held)
        if rate:
            np.multiply(step.grown, rate, out=room)
            held += room
            np.multiply(step.taken, rate, out=room_of_effect)
            effect += room_of_effect
        if bolus:
            np.multiply(made.plasma, bolus, out=room)
            held += room
        if last_use[which] == k:
            kept.pop(which, None)
        yield k, held, effect


def _shown_before_more(steps: Timeline) -> list[bool]:
    """Of each step: whether nothing is given in it, and one after it is shown before something is."""
    found, later = [], False
    for rate, bolus, row in zip(*(one.tolist()[::-1] for one in (steps.rate, steps.bolus, steps.shown)), strict=True):
        given = bool(rate or bolus)
        found.append(later and not given)
        later = not given and (later or row >= 0)
    return found[::-1]
