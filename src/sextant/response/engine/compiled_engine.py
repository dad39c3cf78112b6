"""The engine compiled with numba (extra `fast`)."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
from numba import get_num_threads
from numpy.typing import NDArray

from sextant.response.engine import compiled_curves, compiled_roots, kernel
from sextant.response.engine.filtered import Filtered, Weighed
from sextant.response.engine.grid import Grid
from sextant.response.reading import OUTLIER_SDS, Reading
from sextant.response.report import FloatArray, IntArray
from sextant.response.settings import Settings
from sextant.response.timeline import Timelines

_PATIENTS = (
    *("first_visit", "day", "trend", "first_score", "column", "value", "low", "high"),
    *("first_dose", "dose_day", "dose_effect"),
)
_CASES_WORTH_A_THREAD = 16
_ROOT_NUMBERS_WORTH_A_THREAD = 40_000  # roots times components of the mixture


class CompiledEngine:
    """Same numbers as the engine in NumPy, some hundred times sooner for one patient."""

    name = "compiled"

    def weigh(
        self, timelines: Timelines, settings: Settings, grid: Grid, reading: Reading, *, who: IntArray, which: IntArray
    ) -> Weighed:
        """Evidence and weights alone, one thread a core; see `Engine`."""
        n = len(who)
        total, correction, weights = np.zeros(n), np.zeros(n), np.zeros((n, grid.nodes + 2))
        given, columns = arguments(timelines, settings, grid, reading), (*_rows(who, which), total, correction, weights)
        _in_threads(kernel.weigh, given, columns, _CASES_WORTH_A_THREAD)
        return Weighed(log_evidence_total=total, correction=correction, weights=weights)

    def filter(
        self,
        timelines: Timelines,
        settings: Settings,
        grid: Grid,
        reading: Reading,
        *,
        who: IntArray,
        which: IntArray,
        keep_path: bool = False,
    ) -> Filtered:
        """The whole posterior; see `Engine`."""
        n, g, s = len(who), grid.nodes, len(timelines.instruments) + 2
        n_visits = int(np.diff(timelines.first_visit)[who].max(initial=0)) if keep_path else 0
        total, now, shared, square = np.zeros(n), np.zeros((n, 11)), np.zeros((n, 10, s + 1)), np.zeros((n, 2, s, s))
        node, explained = np.zeros((n, kernel.NODE_GRAM + 2 * s, g)), np.zeros((n, 2, g + 2))
        means, variances = np.zeros((n, n_visits, s + 1 + g)), np.zeros((n, n_visits))
        kernel.keep(
            *arguments(timelines, settings, grid, reading),
            *_rows(who, which),
            *(total, now, shared, square, node, explained, means, variances),
        )
        return Filtered(
            factor=square[:, kernel.FACTOR],
            shared=shared[:, kernel.MEAN, :s],
            row=node[:, kernel.NODE_GRAM + s :],
            pivot=node[:, kernel.PIVOT],
            node=node[:, kernel.NODE],
            worse_pivot=now[:, kernel.WORSE_PIVOT],
            worse=now[:, kernel.WORSE],
            log_evidence=explained[:, 0],
            log_evidence_total=total,
            weights=explained[:, 1],
            correction=now[:, kernel.CORRECTION],
            means=means if keep_path else None,
            variances=variances if keep_path else None,
        )

    @staticmethod
    def curves(
        dose_day: FloatArray,
        effect: FloatArray,
        days: FloatArray,
        off: FloatArray,
        carry_over: FloatArray,
        onset: FloatArray,
        waning: FloatArray,
        share: FloatArray,
    ) -> tuple[FloatArray, FloatArray]:
        """What infusions have come to; see `curves.numpy_curves`."""
        n_settings, _, n_nodes = waning.shape
        fast, slow = np.zeros((n_settings, len(days))), np.zeros((n_settings, len(days), n_nodes))
        days = np.ascontiguousarray(days, dtype=float)
        share = np.ascontiguousarray(share)
        compiled_curves.curves(dose_day, effect, days, off, carry_over, onset, waning, share, fast, slow)
        return fast, slow

    @staticmethod
    def roots(
        weights: FloatArray,
        means: FloatArray,
        sds: FloatArray,
        times: IntArray,
        goals: FloatArray,
        z: FloatArray,
    ) -> FloatArray:
        """Quantiles of mixtures; see `mixture.numpy_roots`."""
        found = np.empty(len(goals))
        columns = (np.ascontiguousarray(times, dtype=np.int64), goals, z, found)
        least = _ROOT_NUMBERS_WORTH_A_THREAD // means.shape[1] + 1
        _in_threads(compiled_roots.roots, (weights, means, sds), columns, least)
        return found


def _in_threads(work: Callable[..., None], given: Sequence[Any], columns: Sequence[NDArray[Any]], least: int) -> None:
    """Call work(*given, *columns) with the rows of all columns shared among threads, at least so many for each."""
    n = len(columns[0])
    threads = min(get_num_threads(), max(1, n // least))
    if threads == 1:
        work(*given, *columns)
        return
    cuts = [n * thread // threads for thread in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        for done in [
            pool.submit(work, *given, *(column[first:last] for column in columns)) for first, last in pairwise(cuts)
        ]:
            done.result()


def arguments(timelines: Timelines, settings: Settings, grid: Grid, reading: Reading) -> tuple[Any, ...]:
    """What the compiled functions take first, in their order: patients, settings, and how scores are read."""
    weights, multiples = settings.waning_parts()
    rate = 1 / (multiples[:, :, None] * settings.tau_s_days(grid.z())[:, None, :])
    return (
        *(getattr(timelines, name) for name in _PATIENTS),
        np.column_stack([settings[name] for name in kernel.HYPER]),
        settings.theta_prior(timelines.instruments),
        settings.log_class(grid.log_prior()),
        settings.loadings(timelines.instruments),
        np.ascontiguousarray(weights),
        rate.reshape(len(settings), -1),
        OUTLIER_SDS if reading.outliers else np.inf,
        reading.plain,
    )


def _rows(who: IntArray, which: IntArray) -> tuple[IntArray, IntArray]:
    return np.ascontiguousarray(who, dtype=np.int64), np.ascontiguousarray(which, dtype=np.int64)
