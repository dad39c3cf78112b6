"""What is known of one quantity when several explanations remain: a weighted mixture of normals, atoms included."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtr, ndtri

from sextant.response.report import FloatArray, IntArray

_ROOT_TOLERANCE = 1e-12
_NEGLIGIBLE = 1e-14  # summed weight of the components that are left out of quantiles
_WIDEST_SD = 14.0
_MOST_STEPS = 200
_NUMBERS_AT_ONCE = 30_000  # components times goals: what a processor's cache holds
_LAST_STEP = 1e-5  # in SDs of the narrowest component: the step's own error is then below 1e-13 of them

Roots = Callable[[FloatArray, FloatArray, FloatArray, IntArray, FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True, slots=True)
class Mixture:
    """The distribution of a quantity at each of several times.

    Parameters
    ----------
    weights : array of shape (n_components,), summing to 1
    means, sds : arrays of shape (n_times, n_components). A component with an SD of exactly 0 is an atom; quantiles
        take every atom to lie at 0 (no benefit).
    roots : who searches quantiles; the compiled engine has its own
    """

    weights: FloatArray
    means: FloatArray
    sds: FloatArray
    roots: Roots = field(default_factory=lambda: numpy_roots, repr=False, compare=False)

    def mean(self) -> FloatArray:
        """Mean at each time."""
        return self.means @ self.weights

    def sd(self) -> FloatArray:
        """Standard deviation at each time, the spread between explanations included."""
        deviations = self.means - self.mean()[:, None]
        return np.asarray(np.sqrt((self.sds**2 + deviations**2) @ self.weights))

    def quantiles(self, levels: tuple[float, ...]) -> FloatArray:
        """The smallest value whose cumulative probability reaches each level; an atom gives exactly 0.

        Returns
        -------
        array of shape (n_times, n_levels)

        Notes
        -----
        Off the atom this is a smooth root. It lies between the smallest and the largest quantile of the components
        at that level; their means and SDs bracket it without fixed limits. Inside, Halley's steps (Newton's, with the
        slope of the density) and bisection as a guard.
        """
        weights, means, sds = self.weights, self.means, self.sds
        counting = self._counting()
        if len(counting) < len(weights):
            weights, means, sds = weights[counting], means.take(counting, axis=1), sds.take(counting, axis=1)
        atom = sds == 0
        if not atom.any():
            goals = np.tile(np.asarray(levels), len(means))
            times = np.repeat(np.arange(len(means)), len(levels))
            z = ndtri(np.clip(goals / weights.sum(), 0.0, 1.0)).clip(-_WIDEST_SD, _WIDEST_SD)
            whole = np.tile(weights, (len(means), 1))
            return self.roots(whole, means, sds, times, goals, z).reshape(len(means), len(levels))
        sds = np.where(atom, 1.0, sds)
        atoms = np.where(atom, weights, 0.0)
        smooth = weights - atoms
        atom_mass = atoms.sum(axis=1)[:, None]
        smooth_mass = smooth.sum(axis=1)[:, None]
        below_atom = (smooth * ndtr(-means / sds)).sum(axis=1)[:, None]
        wanted = np.broadcast_to(np.asarray(levels), (len(atoms), len(levels)))
        on_atom = (wanted > below_atom) & (wanted <= below_atom + atom_mass) | (smooth_mass <= 0)
        goals = np.where(wanted > below_atom, wanted - atom_mass, wanted)

        found = np.zeros(wanted.shape)
        times, _ = np.nonzero(~on_atom)
        if times.size:
            goals = goals[~on_atom]
            z = ndtri(np.clip(goals / smooth_mass[times, 0], 0.0, 1.0)).clip(-_WIDEST_SD, _WIDEST_SD)
            found[~on_atom] = self.roots(smooth, means, sds, times, goals, z)
        return found

    def _counting(self) -> IntArray:
        """The components without those whose weights together change nothing."""
        order = np.argsort(self.weights)
        first = int(np.searchsorted(np.cumsum(self.weights[order]), _NEGLIGIBLE))
        return np.sort(order[first:])


def numpy_roots(
    weights: FloatArray,
    means: FloatArray,
    sds: FloatArray,
    times: IntArray,
    goals: FloatArray,
    z: FloatArray,
) -> FloatArray:
    """x with sum of weights * Phi((x - mean) / sd) = goal, for each goal at its time.

    Parameters
    ----------
    weights, means, sds : arrays of shape (n_times, n_components); SDs above 0
    times, goals : row of those arrays and wanted sum, each of shape (n_goals,)
    z : of a unit normal at each goal's share of all weight, shape (n_goals,); with the components' means and SDs it
        brackets the root
    """
    mass = np.where((total := weights.sum(axis=1)) > 0, total, 1.0)
    mean = (weights * means).sum(axis=1) / mass
    sd = np.sqrt((weights * (sds**2 + (means - mean[:, None]) ** 2)).sum(axis=1) / mass)
    none = weights <= 0
    least, most = np.where(none, np.inf, sds).min(axis=1)[times], np.where(none, 0.0, sds).max(axis=1)[times]
    low = np.where(none, np.inf, means).min(axis=1)[times] + np.minimum(z * least, z * most)
    high = np.where(none, -np.inf, means).max(axis=1)[times] + np.maximum(z * least, z * most)
    start = np.clip(mean[times] + z * sd[times], low, high)
    with np.errstate(divide="ignore", over="ignore"):  # SDs shrink to 1e-160 over years
        tight = 1.0 / sds
    narrow = np.where(weights > 0, sds, np.inf).min(axis=1)
    found: FloatArray = np.empty(len(goals))
    step = max(1, _NUMBERS_AT_ONCE // weights.shape[1])
    for at in range(0, len(goals), step):
        some, t = slice(at, at + step), times[at : at + step]
        found[some] = _search(
            weights[t], means[t], tight[t], narrow[t], goals[some], low[some], high[some], start[some]
        )
    return found


def _search(
    weights: FloatArray,
    means: FloatArray,
    tight: FloatArray,
    narrow: FloatArray,
    goals: FloatArray,
    low: FloatArray,
    high: FloatArray,
    x: FloatArray,
) -> FloatArray:
    """The same with a row for each goal; `tight` is one over the SD, `narrow` the least SD that counts."""
    found: FloatArray = np.empty(len(x))
    searching, last_step = np.arange(len(x)), high - low
    for _ in range(_MOST_STEPS):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            scaled = (x[:, None] - means) * tight
            excess = np.vecdot(weights, ndtr(scaled)) - goals
            each = weights * tight * np.exp(-0.5 * scaled**2) / np.sqrt(2 * np.pi)
            density = each.sum(axis=1)
            step = -excess / density
            step /= np.clip(1.0 - 0.5 * step * np.vecdot(each * tight, scaled) / density, 0.5, 2.0)
        high, low = np.where(excess >= 0, x, high), np.where(excess < 0, x, low)
        # A near-certain explanation makes a spike in the density, on which a step is tiny far from the root: steps are
        # held against the narrowest explanation, and must shrink or we bisect.
        done = np.abs(step) <= _LAST_STEP * narrow
        good = (x + step >= low) & (x + step <= high) & (np.abs(step) <= 0.5 * last_step)
        stepped = np.where(good | done, x + step, 0.5 * (low + high))
        last_step, x = np.abs(stepped - x), stepped
        found[searching] = x
        still = ~done & (high - low > _ROOT_TOLERANCE * (1.0 + np.abs(x)))
        if not still.any():
            break
        if not still.all():
            searching, x, low, high, last_step = (a[still] for a in (searching, x, low, high, last_step))
            goals, narrow, weights, means, tight = (a[still] for a in (goals, narrow, weights, means, tight))
    return found
