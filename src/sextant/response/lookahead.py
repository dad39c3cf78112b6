"""When would one more infusion bring the most: now, or later?

Benefit that still stands is partly wasted when more is given on top of it; once it has gone, days are lost. So the
expected number of days with clear benefit is worked out for one infusion after each of several waits, and the best
wait is where it is largest. How much this saves against fixed spacing, against giving as soon as one infusion pays for
itself, and against somebody who knows the truth, is shown in `docs/decisions.md`.
"""

from dataclasses import dataclass

import numpy as np

from sextant.response.course_data import Dose
from sextant.response.posterior import Columns, Posterior
from sextant.response.quantities import clear_margin, p_above_zero
from sextant.response.report import FloatArray

HORIZON_DAYS = 182.0
STEP_DAYS = 3.5
WAIT_DAYS = 7.0
_NEARLY = 0.9  # share of the best gain that a day needs to stand in the window


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What one more infusion would bring after each wait, over the next `HORIZON_DAYS` days.

    Parameters
    ----------
    waits : days from now, shape (n_waits,)
    clear_days : expected further days with clear benefit, of one infusion then against none; shape (n_waits,)
    """

    waits: FloatArray
    clear_days: FloatArray

    @property
    def best(self) -> float:
        """The wait that brings most, in days."""
        return float(self.waits[self.clear_days.argmax()])

    @property
    def most(self) -> float:
        """What it brings, in days with clear benefit."""
        return float(self.clear_days.max())

    @property
    def window(self) -> tuple[float, float]:
        """The waits around the best one that bring nearly as much."""
        enough = self.clear_days >= _NEARLY * self.most
        best = int(self.clear_days.argmax())
        first = last = best
        while first > 0 and enough[first - 1]:
            first -= 1
        while last + 1 < len(enough) and enough[last + 1]:
            last += 1
        return float(self.waits[first]), float(self.waits[last])


def timing(after: Posterior, target: str, now_day: float, mg_per_kg: float) -> Timing:
    """Expected further days with clear benefit of one infusion after each wait, this patient's settings averaged.

    Parameters
    ----------
    target : instrument that benefit is judged on
    now_day : the day from which waits count
    mg_per_kg : dose of the infusion
    """
    steps = int(HORIZON_DAYS / STEP_DAYS)
    ahead = STEP_DAYS * (np.arange(float(steps)) + 0.5)
    waits = np.arange(0.0, HORIZON_DAYS, WAIT_DAYS)
    without = after.benefit_columns(now_day + ahead, after.course.infusions)
    one = after.benefit_columns(ahead, (Dose(0.0, mg_per_kg),))
    none = _clear_days(after, target, without)
    carry_over = after.settings["fast_carry_over"][:, None, None]
    gained = np.empty(len(waits))
    for n, wait in enumerate(waits):
        shift = round(wait / STEP_DAYS)
        # Of benefit, the shared columns hold the fast part alone: it is renewed, where the slow part adds up.
        shared, slow = without.shared.copy(), without.slow.copy()
        shared[:, shift:] = carry_over * shared[:, shift:] + one.shared[:, : steps - shift]
        slow[:, shift:] += one.slow[:, : steps - shift]
        gained[n] = _clear_days(after, target, Columns(shared, slow, without.constant)) - none
    return Timing(waits=waits, clear_days=gained)


def _clear_days(after: Posterior, target: str, benefit: Columns) -> float:
    probability = p_above_zero(after, clear_margin(after, target, benefit))
    return float(STEP_DAYS * (after.shares @ probability).sum())
