"""The engine in NumPy alone: all cases take each visit together.

Patients of unequal length are padded: a visit that is not there has no scores and no time passes, which changes
nothing.
"""

import numpy as np

from sextant.response.engine.curves import numpy_curves
from sextant.response.engine.filtered import Filtered, Weighed
from sextant.response.engine.grid import Grid
from sextant.response.engine.padded import Padded, padded
from sextant.response.mixture import numpy_roots
from sextant.response.reading import LN_2PI, Reading, sites
from sextant.response.report import FloatArray, IntArray
from sextant.response.settings import Settings
from sextant.response.timeline import Timelines

_MOST_NUMBERS_AT_ONCE = 4_000_000  # of the design of all cases and visits together: 32 MB


class NumpyEngine:
    """The reference for speed without a compiler; same numbers as the compiled engine."""

    name = "numpy"
    roots = staticmethod(numpy_roots)
    curves = staticmethod(numpy_curves)

    def weigh(
        self, timelines: Timelines, settings: Settings, grid: Grid, reading: Reading, *, who: IntArray, which: IntArray
    ) -> Weighed:
        """Evidence and weights alone; see `Engine`."""
        return self.filter(timelines, settings, grid, reading, who=who, which=which)

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
        visits = int(np.diff(timelines.first_visit)[who].max(initial=1))
        scores = int(np.diff(timelines.first_score).max(initial=1))
        step = max(1, _MOST_NUMBERS_AT_ONCE // max(1, visits * scores * (len(timelines.instruments) + 3 + grid.nodes)))
        answers = [
            _Pass(timelines, settings, grid, reading, who[at : at + step], which[at : at + step]).run(keep_path)
            for at in range(0, len(who), step)
        ]
        return answers[0] if len(answers) == 1 else Filtered.joined(answers)


class _Pass:
    """The state of a batch of cases between visits.

    Arrays are (n_cases, ...). Columns of the design are the shared ones (baselines, h, a), then the scores
    themselves, then one for each node.
    """

    def __init__(
        self, timelines: Timelines, settings: Settings, grid: Grid, reading: Reading, who: IntArray, which: IntArray
    ) -> None:
        alike = bool((who == who[0]).all())  # one patient under many settings: the visits are shared
        visits = padded(timelines, who[:1] if alike else who)
        chosen = settings.take(which)
        n, instruments = len(which), timelines.instruments
        self.visits, self.reading = visits, reading
        self.setting = {name: chosen[name] for name in _USED}
        self.n_shared, self.n_nodes = len(instruments) + 2, grid.nodes
        self.prior_mean, self.prior_precision = chosen.theta_prior(instruments).swapaxes(0, 1)
        self.log_class = chosen.log_class(grid.log_prior())

        fast, slow = _fast_and_slow(visits, chosen, grid)
        self.design = _design(visits, chosen.loadings(instruments), fast, slow)
        since = visits.since_dose / self.setting["tau_acute_days"][:, None]
        noise = self.setting["sd_e"][:, None] ** 2 + self.setting["sd_acute"][:, None] ** 2 * np.exp(-2 * since)
        self.noise = np.where(visits.there, noise[:, :, None], np.inf)
        memory = np.exp(-visits.passed / self.setting["tau_ou_days"][:, None])
        self.memory, self.kept = memory[:, :, None], memory**2

        n_columns = self.design.shape[-1]
        self.carried = np.zeros((n, n_columns))
        self.variance = self.setting["sd_ou"] ** 2
        self.gram = np.zeros((n, self.n_shared + 1, n_columns))
        self.node_gram = np.zeros((n, self.n_nodes))
        self.log_variances = np.zeros(n)
        self.n_scores = visits.there.sum(axis=(1, 2))
        self.correction = np.zeros(n)

    def run(self, keep_path: bool) -> Filtered:
        n_visits = self.design.shape[1]
        path = np.zeros((*self.design.shape[:2], self.carried.shape[1])) if keep_path else None
        variances = np.zeros(self.design.shape[:2]) if keep_path else None
        for visit in range(n_visits):
            self._take(visit)
            if path is not None and variances is not None:
                path[:, visit], variances[:, visit] = self.carried, self.variance
        after = self._solve()
        del after["unfactor"]
        return Filtered(**after, correction=self.correction, means=path, variances=variances)

    def _take(self, visit: int) -> None:
        """One visit, in constant time: filter the day's variation out, add what is left to the Gram matrix."""
        self.carried *= self.memory[:, visit]
        kept = self.kept[:, visit]
        self.variance = kept * self.variance + (1 - kept) * self.setting["sd_ou"] ** 2
        design, noise, there = self.design[:, visit], self.noise[:, visit], self.visits.there[:, visit]
        if not self.reading.plain:
            noise = self._read(visit, design, noise)

        weight = 1 / noise
        new = design - self.carried[:, None, :]
        weighted = weight[:, :, None] * new
        pull = weighted.sum(axis=1)
        total = weight.sum(axis=1)
        gain = (self.variance / (1 + self.variance * total))[:, None]
        first = self.n_shared + 1
        gained = gain * pull
        self.gram += weighted[:, :, :first].swapaxes(1, 2) @ new
        self.gram -= gained[:, :first, None] * pull[:, None, :]
        self.node_gram += (weighted[:, :, first:] * new[:, :, first:]).sum(axis=1)
        self.node_gram -= gained[:, first:] * pull[:, first:]
        self.log_variances += np.log1p(self.variance * total) + np.log(
            noise, where=there, out=np.zeros(noise.shape)
        ).sum(axis=1)
        self.carried += gained
        self.variance = gain[:, 0]

    def _read(self, visit: int, design: FloatArray, noise: FloatArray) -> FloatArray:
        """Put sites in the place of the scores; returns their variances."""
        visits = self.visits
        there = visits.there[:, visit]
        noise = np.where(there, noise, 1.0)
        mean, variance = self._forecast(design)
        site, spread, correction = sites(
            design[:, :, self.n_shared],
            visits.low[:, visit],
            visits.high[:, visit],
            noise,
            mean,
            variance,
            self.reading.outliers,
        )
        design[:, :, self.n_shared] = np.where(there, site, 0.0)
        self.correction += np.where(there, correction, 0.0).sum(axis=1)
        return np.where(there, spread, np.inf)

    def _forecast(self, design: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Mean and variance of each score free of noise, from the visits so far; shapes (n_cases, n_scores)."""
        after = self._solve()
        s, h = self.n_shared, self.n_shared - 2
        ahead = design - self.carried[:, None, :]
        z = ahead[:, :, :s] @ after["unfactor"].swapaxes(1, 2)
        toward, squared = z * after["shared"][:, None, :], z**2
        node = (ahead[:, :, s + 1 :] - z @ after["row"]) / after["pivot"][:, None, :]
        worse = z[:, :, h] * (after["factor"][:, h, h] / after["worse_pivot"])[:, None]
        base, spread = toward[:, :, :h].sum(axis=2), squared[:, :, :h].sum(axis=2)
        mean_none, mean_worse = base + toward[:, :, h], base + worse * after["worse"][:, None]
        mean_node = (mean_none + toward[:, :, h + 1])[:, :, None] + node * after["node"][:, None, :]
        variance_none = spread + squared[:, :, h]
        second_node = (variance_none + squared[:, :, h + 1])[:, :, None] + node**2 + mean_node**2
        none, of_node, worse_weight = after["weights"][:, :1], after["weights"][:, 1:-1, None], after["weights"][:, -1:]
        mean = none * mean_none + worse_weight * mean_worse + (mean_node @ of_node)[:, :, 0]
        second = none * (variance_none + mean_none**2) + worse_weight * (spread + worse**2 + mean_worse**2)
        second += (second_node @ of_node)[:, :, 0]
        return mean + self.carried[:, s, None], second - mean**2 + self.variance[:, None]

    def _solve(self) -> dict[str, FloatArray]:
        """Factor of each case's precision, and the evidence and weight of each explanation."""
        s, h = self.n_shared, self.n_shared - 2
        mean, precision = self.prior_mean, self.prior_precision
        right = self.gram[:, :s, s:].copy()  # scores, then nodes
        right[:, :, 0] += precision[:, :s] * mean[:, :s]
        factor = np.linalg.cholesky(self.gram[:, :s, :s] + precision[:, :s, None] * np.eye(s))
        unfactor = np.linalg.inv(factor)
        solved = unfactor @ right
        shared, row = solved[:, :, 0], solved[:, :, 1:]
        pivot = np.sqrt(self.node_gram + precision[:, s, None] - (row**2).sum(axis=1))
        pull = self.gram[:, s, s + 1 :] + (precision[:, s] * mean[:, s])[:, None]
        node = (pull - (shared[:, :, None] * row).sum(axis=1)) / pivot

        diagonal = np.diagonal(factor, axis1=1, axis2=2)
        precision_worse, mean_worse = self.setting["sd_worse"] ** -2.0, self.setting["mu_worse"]
        worse_pivot = np.sqrt(diagonal[:, h] ** 2 + precision_worse - precision[:, h])
        worse = shared[:, h] * diagonal[:, h] - precision[:, h] * mean[:, h] + precision_worse * mean_worse
        worse /= worse_pivot

        constant = -0.5 * (self.n_scores * LN_2PI + self.log_variances + self.gram[:, s, s])
        # Each prior column adds half its log precision less half of its mean's square over its variance.
        prior = 0.5 * (np.log(precision) - precision * mean**2)
        prior_worse = 0.5 * (np.log(precision_worse) - precision_worse * mean_worse**2)
        gained = 0.5 * shared**2 - np.log(diagonal) + prior[:, :s]
        below = constant + gained[:, :h].sum(axis=1)
        log_evidence = np.column_stack(
            [
                below + gained[:, h],
                (constant + gained.sum(axis=1) + prior[:, s])[:, None] + 0.5 * node**2 - np.log(pivot),
                below + 0.5 * worse**2 - np.log(worse_pivot) + prior_worse,
            ]
        )
        weighed = log_evidence + self.log_class
        top = weighed.max(axis=1)
        weights = np.exp(weighed - top[:, None])
        total = weights.sum(axis=1)
        return {
            "factor": factor,
            "unfactor": unfactor,
            "shared": shared,
            "row": row,
            "pivot": pivot,
            "node": node,
            "worse_pivot": worse_pivot,
            "worse": worse,
            "log_evidence": log_evidence,
            "log_evidence_total": top + np.log(total),
            "weights": weights / total[:, None],
        }


def _fast_and_slow(visits: Padded, settings: Settings, grid: Grid) -> tuple[FloatArray, FloatArray]:
    """F at each visit and W at each visit and node: running sums, so that cost does not grow with infusions."""
    n, n_visits = len(settings), visits.passed.shape[1]
    weights, multiples = settings.waning_parts()
    waning = (1 / (multiples[:, :, None] * settings.tau_s_days(grid.z())[:, None, :])).reshape(n, -1)
    onset = 1 / settings["tau_on_days"][:, None]
    rate = np.hstack([1 / settings["tau_f_days"][:, None], waning, waning + onset])
    decay = np.exp(-visits.passed[:, :, None] * rate[:, None, :])
    running = np.zeros((n_visits, n, rate.shape[1]))
    kept = np.ones_like(rate)
    kept[:, 0] = settings["fast_carry_over"]
    now = np.zeros_like(rate)
    for visit in range(n_visits):
        now = now * decay[:, visit]
        for ago, effect in zip(*(one.T[:, :, None] for one in visits.doses[visit]), strict=True):
            # Rows are padded with doses of no effect: those renew nothing.
            now = np.where(effect > 0, kept, 1.0) * now + effect * np.exp(-ago * rate)
        running[visit] = now
    running = running.swapaxes(0, 1)
    n_waning = waning.shape[1]
    waned = (running[:, :, 1 : 1 + n_waning] - running[:, :, 1 + n_waning :]).reshape(
        n, n_visits, weights.shape[1], grid.nodes
    )
    return running[:, :, 0], (weights[:, None, :, None] * waned).sum(axis=2)


def _design(visits: Padded, loadings: FloatArray, fast: FloatArray, slow: FloatArray) -> FloatArray:
    """What each column says of each score, shape (n_cases, n_visits, n_scores, n_columns)."""
    n, n_instruments = loadings.shape
    column = np.broadcast_to(visits.column, (n, *visits.column.shape[1:]))
    loading = -np.take_along_axis(loadings, column.reshape(n, -1), axis=1).reshape(column.shape)
    design = np.empty((*column.shape, n_instruments + 3 + slow.shape[2]))
    design[:, :, :, :n_instruments] = visits.column[:, :, :, None] == np.arange(n_instruments)
    design[:, :, :, n_instruments] = loading * visits.trend[:, :, None]
    design[:, :, :, n_instruments + 1] = loading * fast[:, :, None]
    design[:, :, :, n_instruments + 2] = visits.value
    design[:, :, :, n_instruments + 3 :] = loading[:, :, :, None] * slow[:, :, None, :]
    return design


_USED = ("mu_worse", "sd_worse", "sd_ou", "tau_ou_days", "sd_e", "sd_acute", "tau_acute_days")
