"""Somebody who knows the truth: the most clear days that each number of further infusions could bring a person.

Nobody can know this; it is the mark that rules are held against. The best dates are searched from check-in to check-in:
for each number of infusions so far the most promising plans are kept, and each is gone on with and without one more
(beam search). What it finds can be reached, so the true best is at least as good; with four times as many plans kept,
300 people gained less than 0.1 days each at any number of infusions, and 0.2 at most at prices from 1 to 11 days.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sextant.response.report import BoolArray, FloatArray
from sextant.virtual.decisions.clinic import Clinic
from sextant.virtual.decisions.maintenance import COUNTED_DAYS, WEEKLY, Schedule
from sextant.virtual.decisions.series import DOSE_DAYS

_KEPT = 8  # plans of each number of infusions
_PROMISE_DAYS = 70.0  # how far ahead a plan's promise is looked at
_STEP = 3.5


@dataclass(frozen=True, slots=True)
class Foresight:
    """Best plans of n people for no further infusion, one, two ...

    clear_days : (n, n_checks + 1)
    plans : (n, n_checks + 1, n_checks), at which check-ins
    """

    clear_days: FloatArray
    plans: BoolArray

    def at(self, price: float) -> BoolArray:
        """Each person's plan that is best if every infusion must bring so many clear days, (n, n_checks)."""
        best = (self.clear_days - price * np.arange(self.clear_days.shape[1])).argmax(axis=1)
        return np.asarray(self.plans[np.arange(len(best)), best])

    @classmethod
    def joined(cls, parts: Sequence["Foresight"]) -> "Foresight":
        """The people of all parts, one after the other."""
        return cls(np.concatenate([part.clear_days for part in parts]), np.concatenate([part.plans for part in parts]))


def foresee(clinic: Clinic, schedule: Schedule = WEEKLY) -> Foresight:
    """The best plans after a series of six, for each person of the clinic."""
    checks, n = schedule.checks, len(clinic)
    benefit = _Benefit.of(clinic)
    ends = np.append(checks[1:], COUNTED_DAYS[-1] + 1.0)
    # Plans of each number of infusions so far: (n, n_numbers, n_kept), and with exponentials first for their sums.
    sums = benefit.after_series(float(checks[0]))
    clear = np.zeros((n, 1, 1))
    taken = np.zeros((n, 1, 1, len(checks)), bool)
    for check, (day, end) in enumerate(zip(checks, ends, strict=True)):
        counted = np.array([float(one) - day for one in COUNTED_DAYS if day <= one < end])
        if counted[0] == 0:  # that day still is as it was before the infusion
            clear = clear + benefit.is_clear(sums)
            counted = counted[1:]
        sums, clear, taken = _with_and_without(sums, benefit.with_one(sums), clear, taken, check)
        at = 0.0
        for later in counted:
            sums, at = benefit.later(sums, later - at), later
            clear += benefit.is_clear(sums)
        sums = benefit.later(sums, end - day - at)
        promise = clear + benefit.promise(sums, min(_PROMISE_DAYS, ends[-1] - end))
        keep = np.argsort(-promise, axis=2)[:, :, :_KEPT]
        sums = np.take_along_axis(sums, keep[None], axis=3)
        clear = np.take_along_axis(clear, keep, axis=2)
        taken = np.take_along_axis(taken, keep[..., None], axis=2)
    best = clear.argmax(axis=2)[:, :, None]
    return Foresight(
        np.take_along_axis(clear, best, axis=2)[:, :, 0], np.take_along_axis(taken, best[..., None], axis=2)[:, :, 0]
    )


def _with_and_without(
    sums: FloatArray, with_one: FloatArray, clear: FloatArray, taken: BoolArray, check: int
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Every plan gone on with, without an infusion at this check-in and with one; one more number than before."""
    exponentials, n, numbers, kept = sums.shape
    more_sums = np.zeros((exponentials, n, numbers + 1, 2 * kept))
    more_clear = np.full((n, numbers + 1, 2 * kept), -np.inf)
    more_taken = np.zeros((n, numbers + 1, 2 * kept, taken.shape[3]), bool)
    more_sums[:, :, :-1, :kept], more_sums[:, :, 1:, kept:] = sums, with_one
    more_clear[:, :-1, :kept], more_clear[:, 1:, kept:] = clear, clear
    more_taken[:, :-1, :kept], more_taken[:, 1:, kept:] = taken, taken
    more_taken[:, 1:, kept:, check] = True
    return more_sums, more_clear, more_taken


@dataclass(frozen=True, slots=True)
class _Benefit:
    """B of n people as a sum of exponentials, the first of them fast benefit.

    weights, rates : how much each weighs and how fast it runs down, (n_exponentials, n)
    carry_over : the share of each that stays at a further infusion, (n_exponentials, n)
    threshold : (n,)
    """

    weights: FloatArray
    rates: FloatArray
    carry_over: FloatArray
    threshold: FloatArray

    @classmethod
    def of(cls, clinic: Clinic) -> "_Benefit":
        people, settings = clinic.people, clinic.people.settings
        weights, rates = [people.fast], [1 / settings["tau_f_days"]]
        for weight, multiple in zip(*(parts.T for parts in settings.waning_parts()), strict=True):
            rate = 1 / (multiple * people.tau_s_days)
            weights += [weight * people.slow, -weight * people.slow]
            rates += [rate, rate + 1 / settings["tau_on_days"]]
        carry_over = np.ones_like(rates)
        carry_over[0] = settings["fast_carry_over"]
        threshold = np.maximum(clinic.threshold, 1e-9)
        return cls(np.array(weights) * people.responds, np.array(rates), carry_over, threshold)

    def after_series(self, day: float) -> FloatArray:
        sums = np.zeros((*self.rates.shape, 1, 1))
        for gone in np.diff(DOSE_DAYS, append=day):
            sums = self.later(self.with_one(sums), float(gone))
        return sums

    def with_one(self, sums: FloatArray) -> FloatArray:
        """One more infusion now: fast benefit is renewed, slow benefit adds up."""
        return np.asarray(self.carry_over[:, :, None, None] * sums + 1.0)

    def later(self, sums: FloatArray, days: float) -> FloatArray:
        return np.asarray(sums * np.exp(-days * self.rates)[:, :, None, None])

    def relative(self, sums: FloatArray) -> FloatArray:
        """B as a share of what is clear, (n, n_numbers, n_kept)."""
        return np.asarray(np.einsum("engk,en->ngk", sums, self.weights / self.threshold))

    def is_clear(self, sums: FloatArray) -> BoolArray:
        return np.asarray(self.relative(sums) > 1.0)

    def promise(self, sums: FloatArray, days: float) -> FloatArray:
        """Clear days to come if nothing more were given; what is not clear counts a little, as more may build on it."""
        total = np.zeros(sums.shape[1:])
        for step in range(round(days / _STEP)):
            relative = self.relative(self.later(sums, (step + 0.5) * _STEP))
            total += np.where(relative > 1.0, 1.0, 0.5 * np.maximum(relative, 0.0) ** 2)
        return _STEP * total
