"""What further infusions are expected to bring: one after each wait, or a plan of several.

Slow benefit adds up over infusions; fast benefit is renewed, and only a share of `carry_over` of what stands is kept.
So the future with one more is the future without it plus that one's own course, shifted, less the rest of the fast
benefit that stands then. From the next infusion of a plan on, only `carry_over` of that change in fast benefit is left.
This is exact.

All arrays have time first, since the same step in time of all people and draws is worked on together.
"""

from dataclasses import dataclass

import numpy as np

from sextant.response.report import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The time from now to the end of the programme, as believed.

    Parameters
    ----------
    margin : benefit without further infusions, less the benefit that is clear; (n_times, n, m)
    fast : the fast part of that benefit, (n_times, n, m)
    one, one_fast : benefit of one infusion, so long after it, and its fast part; (n_times, n, m). The fast parts of all
        infusions lose the same share in every step.
    carry_over : share of the fast benefit still there that a further infusion adds to
    clear_days : what one clear cell counts for, in expected days; (n,)
    per_check : times between two check-ins; an infusion is given at a check-in, the first one now
    """

    margin: FloatArray
    fast: FloatArray
    one: FloatArray
    one_fast: FloatArray
    carry_over: float
    clear_days: FloatArray
    per_check: int

    @property
    def n_checks(self) -> int:
        """Check-ins left, this one included."""
        return len(self.margin) // self.per_check

    def chance_clear(self, n_times: int) -> FloatArray:
        """Share of the draws and of the next so many times in which benefit is clear, (n,)."""
        return np.asarray((self.margin[:n_times] > 0).mean(axis=(0, 2)))

    def gains(self) -> FloatArray:
        """Expected further clear days of one infusion at each check-in against none, (n_checks, n)."""
        return np.asarray(_Plans.none(self).gained() * self.clear_days)

    def plans(self, price: float) -> tuple[FloatArray, FloatArray]:
        """Worth of the best plan that begins with an infusion now, and of the best that does not; (n,) each.

        Worth is expected further clear days less `price` for each infusion of the plan. A plan is built by adding the
        infusion that brings most, at whichever check-in that is, as long as it brings more than its price.
        """
        without = _Plans.none(self)
        now = without.take(np.arange(self.margin.shape[1]))
        now.add(0, slice(None))
        at_once = (now.n_clear() - without.n_clear()) * self.clear_days - price
        return at_once + self._worth_from(now, price), self._worth_from(without, price)

    def _worth_from(self, plans: "_Plans", price: float) -> FloatArray:
        """Worth of what is planned for later check-ins on top of these plans."""
        worth = np.zeros(len(self.clear_days))
        people = np.arange(len(worth))
        plans.taken[0] = True  # now is settled: given already, or not at all
        while people.size:
            gains = np.where(plans.taken, -np.inf, plans.gained() * self.clear_days[people])
            best, gain = gains.argmax(axis=0), gains.max(axis=0) - price
            going_on = np.flatnonzero(gain > 0)
            people, best = people[going_on], best[going_on]
            worth[people] += gain[going_on]
            plans = plans.take(going_on)
            for check in np.unique(best):
                plans.add(int(check), np.flatnonzero(best == check))
        return worth


@dataclass(slots=True, kw_only=True)
class _Plans:
    """One plan of further infusions for each person, to which more are added in any order of time.

    Parameters
    ----------
    margin, fast : as in `Outlook`, with the infusions of the plan; (n_times, n, m)
    less_one, less_slow : what one infusion brings in all and of slow benefit, negative; (n_times, n, m)
    one_fast : fast benefit of one infusion at the first time after it, (n, m)
    left : share of fast benefit that is left after so many steps, (n_times,)
    taken : check-ins of the plan, (n_checks, n)
    """

    margin: FloatArray
    fast: FloatArray
    less_one: FloatArray
    less_slow: FloatArray
    one_fast: FloatArray
    left: FloatArray
    carry_over: np.float32
    per_check: int
    taken: BoolArray

    @classmethod
    def none(cls, outlook: Outlook) -> "_Plans":
        """Nothing is planned; `take` before `add`, since these arrays are the outlook's own."""
        n_times, n, _ = outlook.margin.shape
        largest = outlook.one_fast.reshape(n_times, -1)[:, np.abs(outlook.one_fast[0]).argmax()]
        return cls(
            margin=outlook.margin,
            fast=outlook.fast,
            less_one=-outlook.one,
            less_slow=outlook.one_fast - outlook.one,
            one_fast=outlook.one_fast[0],
            left=largest / largest[0] if largest[0] else np.zeros_like(largest),
            carry_over=np.float32(outlook.carry_over),
            per_check=outlook.per_check,
            taken=np.zeros((outlook.n_checks, n), bool),
        )

    def take(self, rows: IntArray) -> "_Plans":
        """The plans of these people, to be added to."""
        return _Plans(
            margin=self.margin[:, rows],
            fast=self.fast[:, rows],
            less_one=self.less_one[:, rows],
            less_slow=self.less_slow[:, rows],
            one_fast=self.one_fast[rows],
            left=self.left,
            carry_over=self.carry_over,
            per_check=self.per_check,
            taken=self.taken[:, rows],
        )

    def n_clear(self) -> IntArray:
        """In how many cells benefit is clear, (n,)."""
        return np.asarray((self.margin > 0).sum(axis=(0, 2)))

    def add(self, check: int, rows: IntArray | slice) -> None:
        """One more infusion for these people at a check-in that is not in their plans."""
        at = check * self.per_check
        change = self._fast_change(check, at, rows)
        self.fast[at:, rows] += change
        self.margin[at:, rows] += change - self.less_slow[: len(self.less_slow) - at, rows]
        self.taken[check, rows] = True

    def gained(self) -> IntArray:
        """How many more cells are clear with one more infusion at each check-in, (n_checks, n).

        From the last check-in to the first: so the times that lie beyond a later infusion of a person's plan only grow.
        Before it the new one's fast benefit takes the place of what stands, beyond it little or nothing of it is left.
        """
        n_times, n, _ = self.margin.shape
        clear = np.add.reduce((self.margin > 0).view(np.uint8), axis=2, dtype=np.uint16)
        later = np.cumsum(clear[::-1], axis=0, dtype=np.int64)[::-1]  # from each time on
        gained = np.empty((len(self.taken), n), dtype=np.int64)
        before = self.margin - (1 - self.carry_over) * self.fast
        beyond, first = np.full_like(before, -np.inf) if self.taken[1:].any() else before[:0], n_times
        for check in reversed(range(len(self.taken))):
            at = check * self.per_check
            with_it = np.greater(before[at:], self.less_one[: n_times - at])
            if first < n_times:
                less = self.less_slow[first - at : n_times - at]
                if self.carry_over > 0:
                    less = less - self._fast_change(check, first, slice(None))
                with_it[first - at :] |= np.greater(beyond[first:], less)
            # At most 255 times: counted in bytes, many at once.
            counts = np.add.reduce(with_it.view(np.uint8), axis=0, dtype=np.uint8)
            gained[check] = counts.sum(axis=1, dtype=np.int64) - later[at]
            rows = np.flatnonzero(self.taken[check])
            if check and rows.size:
                before[at:, rows], beyond[at:, rows], first = -np.inf, self.margin[at:, rows], at
        return gained

    def _fast_change(self, check: int, start: int, rows: IntArray | slice) -> FloatArray:
        """What one more infusion at a check-in changes in fast benefit from a time on, (n_times - start, n_rows, m)."""
        at = check * self.per_check
        after = self.taken[:, rows].copy()
        after[: check + 1] = False
        checks = np.minimum(np.arange(start, len(self.left)) // self.per_check, len(after) - 1)
        overtaken = np.cumsum(after, axis=0)[checks]
        left = self.left[start - at : len(self.left) - at, None] * self.carry_over**overtaken
        change = self.one_fast[rows] - (1 - self.carry_over) * self.fast[at, rows]
        return np.asarray(left.astype(change.dtype)[:, :, None] * change)
