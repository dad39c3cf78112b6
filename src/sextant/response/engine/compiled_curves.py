"""What infusions have come to on given days, compiled; the same sums as `curves.numpy_curves`."""

import numpy as np
from numba import njit

from sextant.response.report import FloatArray


@njit(cache=True, nogil=True)
def curves(
    dose_day: FloatArray,
    effect: FloatArray,
    days: FloatArray,
    off: FloatArray,
    carry_over: FloatArray,
    onset: FloatArray,
    waning: FloatArray,
    share: FloatArray,
    fast: FloatArray,
    slow: FloatArray,
) -> None:
    """Shapes as `curves.numpy_curves`; F and W are written into `fast` and `slow`, which hold zeros."""
    n_settings, n_parts, n_nodes = waning.shape
    n_doses = dose_day.shape[0]
    risen, rising = np.zeros((n_doses + 1, n_parts, n_nodes)), np.zeros((n_doses + 1, n_parts, n_nodes))
    quick = np.zeros(n_doses + 1)
    last = np.searchsorted(dose_day, days)  # strictly: a score at the infusion's own time is before it
    for s in range(n_settings):
        for n in range(n_doses):
            gap = dose_day[n] - dose_day[max(n - 1, 0)]
            quick[n + 1] = carry_over[s] * quick[n] * np.exp(-gap * off[s]) + effect[n]
            building = np.exp(-gap * onset[s])
            for p in range(n_parts):
                for g in range(n_nodes):
                    left = np.exp(-gap * waning[s, p, g])
                    risen[n + 1, p, g] = risen[n, p, g] * left + effect[n]
                    rising[n + 1, p, g] = rising[n, p, g] * left * building + effect[n]
        for t in range(days.shape[0]):
            n = last[t]
            if n == 0:
                continue
            since = days[t] - dose_day[n - 1]
            fast[s, t] = quick[n] * np.exp(-since * off[s])
            building = np.exp(-since * onset[s])
            for p in range(n_parts):
                for g in range(n_nodes):
                    left = share[s, p] * np.exp(-since * waning[s, p, g])
                    slow[s, t, g] += left * (risen[n, p, g] - rising[n, p, g] * building)
