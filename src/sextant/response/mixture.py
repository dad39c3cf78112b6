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

Roots = Callable[
    [FloatArray, FloatArray, FloatArray, IntArray, FloatArray, FloatArray, FloatArray, FloatArray], FloatArray
]


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
        at that level, which brackets it without fixed limits; inside, Newton steps with bisection as a guard.
        """
        counting = self._counting()
        weights, means = self.weights[counting], self.means[:, counting]
        atom = self.sds[:, counting] == 0
        sds = np.where(atom, 1.0, self.sds[:, counting])
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
            mass = np.where(smooth_mass > 0, smooth_mass, 1.0)[:, 0]
            mean = (smooth * means).sum(axis=1) / mass
            sd = np.sqrt((smooth * (sds**2 + (means - mean[:, None]) ** 2)).sum(axis=1) / mass)
            z = np.clip(ndtri(np.clip(goals / mass[times], 0.0, 1.0)), -_WIDEST_SD, _WIDEST_SD)
            ends = np.where(smooth > 0, means, np.nan)[times] + z[:, None] * sds[times]
            low, high = np.nanmin(ends, axis=1), np.nanmax(ends, axis=1)
            start = np.clip(mean[times] + z * sd[times], low, high)
            found[~on_atom] = self.roots(smooth, means, sds, times, goals, low, high, start)
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
    low: FloatArray,
    high: FloatArray,
    start: FloatArray,
) -> FloatArray:
    """x with sum of weights * Phi((x - mean) / sd) = goal, for each goal at its time.

    Parameters
    ----------
    weights, means, sds : arrays of shape (n_times, n_components); SDs above 0
    times, goals : row of those arrays and wanted sum, each of shape (n_goals,)
    low, high, start : what brackets each root and where to begin, each of shape (n_goals,)
    """
    with np.errstate(divide="ignore", over="ignore"):  # SDs shrink to 1e-160 over years
        tight, slope = 1.0 / sds, weights / sds / np.sqrt(2 * np.pi)
    x = start
    found: FloatArray = np.empty(len(x))
    searching, last_step = np.arange(len(x)), high - low
    for _ in range(_MOST_STEPS):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            scaled = (x[:, None] - means[times]) * tight[times]
            excess = (weights[times] * ndtr(scaled)).sum(axis=1) - goals
            density = (slope[times] * np.exp(-0.5 * scaled**2)).sum(axis=1)
            step = -excess / density
        high, low = np.where(excess >= 0, x, high), np.where(excess < 0, x, low)
        tolerance = _ROOT_TOLERANCE * (1.0 + np.abs(x))
        # A near-certain explanation makes a spike in the density, on which a Newton step is tiny far from the root:
        # a small step ends the search only where the excess is small too, and steps must shrink or we bisect.
        at_root = (np.abs(step) <= tolerance) & (np.abs(excess) <= _ROOT_TOLERANCE)
        good = (x + step >= low) & (x + step <= high) & (np.abs(step) <= 0.5 * last_step)
        good &= np.abs(step) > tolerance
        stepped = np.where(at_root, x, np.where(good, x + step, 0.5 * (low + high)))
        last_step, x = np.abs(stepped - x), stepped
        found[searching] = x
        still = ~at_root & (high - low > tolerance)
        if not still.any():
            break
        if not still.all():
            searching, x, low, high = searching[still], x[still], low[still], high[still]
            times, goals, last_step = times[still], goals[still], last_step[still]
    return found
