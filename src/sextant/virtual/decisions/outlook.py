"""What further infusions are expected to bring: one after each wait, or a plan of several.

Benefit adds up over infusions, so the future with one more is the future without it plus that one's own course,
shifted. All arrays have time first, since the same step in time of all people and draws is worked on together.
"""

from dataclasses import dataclass

import numpy as np

from sextant.response.report import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Outlook:
    """The time from now to the end of the programme, as believed.

    Parameters
    ----------
    margin : benefit without further infusions, less the benefit that is clear; (n_times, n, m)
    one : benefit of one infusion, so long after it, (n_times, n, m)
    clear_days : what one clear cell counts for, in expected days; (n,)
    per_check : times between two check-ins; an infusion is given at a check-in, the first one now
    """

    margin: FloatArray
    one: FloatArray
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
        return np.asarray(_gained(self.margin, -self.one, self.per_check) * self.clear_days)

    def plans(self, price: float) -> tuple[FloatArray, FloatArray]:
        """Worth of the best plan that begins with an infusion now, and of the best that does not; (n,) each.

        Worth is expected further clear days less `price` for each infusion of the plan. A plan is built by adding the
        infusion that brings most, at whichever check-in that is, as long as it brings more than its price. Moving or
        pairing the infusions of a plan afterwards was tried and changed nothing that could be measured.
        """
        without = self._worth_from(self.margin, np.zeros(self.margin.shape[1], bool), price)
        now = self.margin + self.one
        at_once = ((now > 0).sum(axis=(0, 2)) - (self.margin > 0).sum(axis=(0, 2))) * self.clear_days - price
        return at_once + self._worth_from(now, np.ones(self.margin.shape[1], bool), price), without

    def _worth_from(self, margin: FloatArray, now: BoolArray, price: float) -> FloatArray:
        """Worth of what is planned for later check-ins on top of this margin."""
        worth = np.zeros(len(now))
        people = np.arange(len(now))
        margin, less = margin.copy(), -self.one
        taken = np.zeros((self.n_checks, len(now)), bool)
        taken[0] = True  # now is settled: given already, or not at all
        while people.size:
            gains = np.where(taken, -np.inf, _gained(margin, less, self.per_check) * self.clear_days[people])
            best, gain = gains.argmax(axis=0), gains.max(axis=0) - price
            going_on = np.flatnonzero(gain > 0)
            people, best = people[going_on], best[going_on]
            worth[people] += gain[going_on]
            margin, less, taken = margin[:, going_on], less[:, going_on], taken[:, going_on]
            taken[best, np.arange(len(best))] = True
            for check in np.unique(best):
                rows, at = np.flatnonzero(best == check), check * self.per_check
                margin[at:, rows] -= less[: len(less) - at, rows]
        return worth


def _gained(margin: FloatArray, less_one: FloatArray, per_check: int) -> IntArray:
    """How many more cells are clear with one infusion at each check-in, (n_checks, n); `less_one` is minus its own."""
    n_times, n, _ = margin.shape
    clear = margin > 0
    later = np.cumsum(clear.sum(axis=2)[::-1], axis=0)[::-1]  # from each time on
    gained = np.empty((n_times // per_check, n), dtype=np.int64)
    for check in range(len(gained)):
        at = check * per_check
        with_it = np.greater(margin[at:], less_one[: n_times - at]).view(np.uint8)
        # At most 255 times: counted in bytes, many at once.
        gained[check] = np.add.reduce(with_it, axis=0, dtype=np.uint8).sum(axis=1, dtype=np.int64) - later[at]
    return gained
