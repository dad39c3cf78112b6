"""F(t) and W(t): what fast and slow benefit of all infusions so far have come to on given days."""

from collections.abc import Callable

import numpy as np

from sextant.response.report import FloatArray

Curves = Callable[
    [FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray, FloatArray],
    tuple[FloatArray, FloatArray],
]


def numpy_curves(
    dose_day: FloatArray,
    effect: FloatArray,
    days: FloatArray,
    off: FloatArray,
    carry_over: FloatArray,
    onset: FloatArray,
    waning: FloatArray,
    share: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Sums over infusions on each day; an infusion counts strictly after its own time.

    Parameters
    ----------
    dose_day, effect : of each infusion in order of time, (n_doses,)
    days : in any order, (n_days,)
    off, onset : one over tau_f and tau_on, (n_settings,)
    carry_over : part of F that an infusion adds to, (n_settings,)
    waning : one over the days of each part at each node, (n_settings, n_parts, n_nodes)
    share : of each part, (n_settings, n_parts)

    Returns
    -------
    F, (n_settings, n_days), and W, (n_settings, n_days, n_nodes)
    """
    n_settings, n_parts, n_nodes = waning.shape
    flat = waning.reshape(n_settings, -1)
    # Running sums just after each infusion (nothing before the first): each day then runs on from the last one.
    rate = np.hstack([off[:, None], flat, flat + onset[:, None]])
    decay = np.exp(-np.diff(dose_day, prepend=dose_day[:1])[:, None] * rate[:, None, :])
    running = np.zeros((n_settings, len(dose_day) + 1, rate.shape[1]))
    kept = np.ones_like(rate)
    kept[:, 0] = carry_over
    for n in range(len(dose_day)):
        running[:, n + 1] = kept * running[:, n] * decay[:, n] + effect[n]
    parts, weight = (n_settings, -1, n_parts, n_nodes), share[:, None, :, None]
    risen = running[:, :, 1 : 1 + n_parts * n_nodes].reshape(parts) * weight
    rising = running[:, :, 1 + n_parts * n_nodes :].reshape(parts) * weight
    last = np.searchsorted(dose_day, days, side="left")  # strictly: a score at the infusion's own time is before it
    since = np.where(last > 0, days - np.concatenate([[0.0], dose_day])[last], 0.0)
    fast = running[:, last, 0] * np.exp(-since * off[:, None])
    slow = risen[:, last] - rising[:, last] * np.exp(-since * onset[:, None])[:, :, None, None]
    slow *= np.exp(-since[:, None] * flat[:, None, :]).reshape(parts)
    return fast, slow.sum(axis=2)
