"""What is known of one quantity when several explanations remain: a weighted mixture of normals, atoms included."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from sextant.response.report import FloatArray

_ROOT_TOLERANCE = 1e-12
_WIDEST_SD = 14.0
_MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Mixture:
    """The distribution of a quantity at each of several times.

    Parameters
    ----------
    weights : array of shape (n_components,), summing to 1
    means, sds : arrays of shape (n_times, n_components). A component with an SD of exactly 0 is an atom; quantiles
        take every atom to lie at 0 (no benefit).
    """

    weights: FloatArray
    means: FloatArray
    sds: FloatArray

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
        atoms = np.where(self.sds == 0, self.weights, 0.0)
        smooth = self.weights - atoms
        sds = np.where(self.sds == 0, 1.0, self.sds)
        atom_mass = atoms.sum(axis=1)[:, None]
        smooth_mass = smooth.sum(axis=1)[:, None]
        below_atom = (smooth * ndtr(-self.means / sds)).sum(axis=1)[:, None]
        wanted = np.broadcast_to(np.asarray(levels), (len(atoms), len(levels)))
        on_atom = (wanted > below_atom) & (wanted <= below_atom + atom_mass) | (smooth_mass <= 0)
        goals = np.where(wanted > below_atom, wanted - atom_mass, wanted)

        found = np.zeros(wanted.shape)
        times, _ = np.nonzero(~on_atom)
        if times.size:
            found[~on_atom] = _roots(smooth[times], self.means[times], sds[times], goals[~on_atom])
        return found


def _roots(weights: FloatArray, means: FloatArray, sds: FloatArray, goals: FloatArray) -> FloatArray:
    """x with sum of weights * Phi((x - mean) / sd) = goal, row by row; goals lie between 0 and the sum of weights."""
    mass = weights.sum(axis=1)
    z = np.clip(ndtri(np.clip(goals / mass, 0.0, 1.0)), -_WIDEST_SD, _WIDEST_SD)
    ends = np.where(weights > 0, means + z[:, None] * sds, np.nan)
    low, high = np.nanmin(ends, axis=1), np.nanmax(ends, axis=1)
    mean = (weights * means).sum(axis=1) / mass
    variance = (weights * (sds**2 + (means - mean[:, None]) ** 2)).sum(axis=1) / mass
    x = np.clip(mean + z * np.sqrt(variance), low, high)

    found: FloatArray = np.empty(len(x))
    searching, last_step = np.arange(len(x)), high - low
    for _ in range(_MOST_STEPS):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # SDs shrink to 1e-160 over years
            scaled = (x[:, None] - means) / sds
            excess = (weights * ndtr(scaled)).sum(axis=1) - goals
            density = (weights / sds * np.exp(-0.5 * scaled**2)).sum(axis=1) / np.sqrt(2 * np.pi)
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
            weights, means, sds = weights[still], means[still], sds[still]
            goals, last_step = goals[still], last_step[still]
    return found
