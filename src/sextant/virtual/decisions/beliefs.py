"""What the scores so far let an observer believe of each person, as draws of responders."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from sextant.response.engine import default_grid
from sextant.response.hyper_parameters import CLEAR_FRACTION_OF_BASELINE
from sextant.response.reading import ROBUST
from sextant.response.report import BoolArray, FloatArray
from sextant.response.settings import Settings
from sextant.virtual.decisions.clinic import Clinic
from sextant.virtual.decisions.run import Run

DRAWS = 32


@dataclass(frozen=True, slots=True)
class Ahead:
    """Evenly spaced times ahead: `n` of them, `step` days apart, the first after `first` days (above 0)."""

    first: float
    step: float
    n: int

    @property
    def days(self) -> FloatArray:
        """The days from now, (n,)."""
        return self.first + self.step * np.arange(float(self.n))


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What is believed of n people: m draws each of who they are if they respond, and how likely they do.

    fast, slow, tau_s_days, baseline : (n, m), in scaled points of the target
    p_responds : (n,); who gets worse is not among them
    """

    fast: FloatArray
    slow: FloatArray
    tau_s_days: FloatArray
    baseline: FloatArray
    p_responds: FloatArray
    settings: Settings

    @property
    def threshold(self) -> FloatArray:
        """Benefit above which it is clear, (n, m)."""
        return np.asarray(np.maximum(CLEAR_FRACTION_OF_BASELINE * self.baseline, 0.0))

    def of_one(self, ahead: Ahead) -> FloatArray:
        """B of a single infusion at these times after it, (n_times, n, m)."""
        return self.after(np.zeros(1), np.ones((len(self.fast), 1), bool), 0.0, ahead)

    def after(self, dose_days: FloatArray, given: BoolArray, now: float, ahead: Ahead) -> FloatArray:
        """B at these times after `now`, of the infusions given by then; (n_times, n, m).

        Parameters
        ----------
        dose_days, given : days of infusions in order of time, none later than `now`, and who got each, (n, n_doses)

        Notes
        -----
        Benefit is a sum of exponentials: each has run down until now, and from here loses the same share every step.
        That of fast benefit each infusion renews in those who got it; the others are sums over infusions.
        Single precision holds it far within a thousandth of a craving point and halves the work of comparing plans.
        """
        off, on = self.settings["tau_f_days"][0], self.settings["tau_on_days"][0]
        weights, multiples = self.settings.waning_parts()
        since = now - dose_days
        sums = [self.fast * self._fast_left(dose_days, given, now)[:, None]]
        rates = [np.broadcast_to(1 / off, self.fast.shape)]
        for weight, multiple in zip(weights[0], multiples[0], strict=True):
            rate = 1 / (multiple * self.tau_s_days)
            left = given[:, None, :] * np.exp(-since * rate[:, :, None])
            sums += [weight * self.slow * left.sum(axis=2), -weight * self.slow * (left @ np.exp(-since / on))]
            rates += [rate, rate + 1 / on]
        running = np.stack(sums) * np.exp(-ahead.first * np.stack(rates))
        kept = np.exp(-ahead.step * np.stack(rates))
        total = np.empty((ahead.n, *self.fast.shape), dtype=np.float32)
        for step in range(ahead.n):
            total[step] = running.sum(axis=0)
            running *= kept
        return np.asarray(total)

    def fast_of_one(self, ahead: Ahead) -> FloatArray:
        """The fast part of B of a single infusion at these times after it, (n_times, n, m)."""
        return self.fast_after(np.zeros(1), np.ones((len(self.fast), 1), bool), 0.0, ahead)

    def fast_after(self, dose_days: FloatArray, given: BoolArray, now: float, ahead: Ahead) -> FloatArray:
        """The fast part of what `after` says of the same infusions, (n_times, n, m)."""
        here = self.fast * self._fast_left(dose_days, given, now)[:, None]
        waned = np.exp(-ahead.days / self.settings["tau_f_days"][0])
        return np.asarray(waned.astype(np.float32)[:, None, None] * here.astype(np.float32))

    def _fast_left(self, dose_days: FloatArray, given: BoolArray, now: float) -> FloatArray:
        """What stands at `now` of the fast benefit of these infusions, in that of one at its time; (n,)."""
        off, carry_over = self.settings["tau_f_days"][0], self.settings["fast_carry_over"][0]
        left = np.zeros(len(given))
        for gone, whom in zip(np.diff(dose_days, append=now), given.T, strict=True):
            left = np.exp(-gone / off) * np.where(whom, carry_over * left + 1.0, left)
        return left


def beliefs(run: Run, until: int, draws: int = DRAWS) -> Beliefs:
    """What the engine believes after the scores of the first so many days.

    Draws are spread evenly (scrambled Sobol points, shifted anew for each person and each number of scores) and the
    same for every rule.
    """
    clinic = run.clinic
    n, h = len(clinic), len(clinic.people.instruments)
    grid = clinic.grid or default_grid(until)
    after = clinic.by.filter(
        run.timelines(until), clinic.believed, grid, ROBUST, who=np.arange(n), which=np.zeros(n, dtype=np.int64)
    )
    respond = after.weights[:, 1:-1]
    p_responds = np.maximum(respond.sum(axis=1), np.finfo(float).tiny)
    even = _even(clinic, until, draws, h + 4)
    steps = np.cumsum(respond, axis=1) / p_responds[:, None]
    node = np.minimum((even[:, :, -1:] > steps[:, None, :]).sum(axis=2), grid.nodes - 1)
    here = np.arange(n)[:, None]
    z = ndtri(even[:, :, :-1])
    # The whitened posterior turned back: first c, then baselines, h and a given c.
    slow = (after.node[here, node] + z[:, :, -1]) / after.pivot[here, node]
    right = after.shared[:, None, :] + z[:, :, :-1] - after.row.swapaxes(1, 2)[here, node] * slow[:, :, None]
    theta = right @ np.linalg.inv(after.factor)
    tau_s_days = clinic.believed.tau_s_days(grid.z())[0]
    return Beliefs(theta[:, :, h + 1], slow, tau_s_days[node], theta[:, :, 0], p_responds, clinic.believed)


def _even(clinic: Clinic, until: int, draws: int, dimensions: int) -> FloatArray:
    shifts = np.random.default_rng([clinic.seed, 4, until]).random((int(clinic.who.max(initial=0)) + 1, dimensions))
    points = (_sobol(draws, dimensions) + shifts[clinic.who][:, None, :]) % 1.0
    return np.asarray(np.clip(points, 1e-12, 1 - 1e-12))


@cache
def _sobol(draws: int, dimensions: int) -> FloatArray:
    return np.asarray(qmc.Sobol(dimensions, rng=20_261_125).random(draws))
