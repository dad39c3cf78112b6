"""What one patient's scores say of response, under each of several settings of the population."""

from dataclasses import dataclass, field

import numpy as np

from sextant.response.course_data import CourseData, Dose
from sextant.response.engine import Engine, Filtered, Grid, default_grid, engine
from sextant.response.engine.curves import Curves, numpy_curves
from sextant.response.hyper_parameters import MODELLED
from sextant.response.mixture import Mixture, Roots
from sextant.response.reading import ROBUST, Reading
from sextant.response.report import FloatArray
from sextant.response.settings import Settings
from sextant.response.timeline import Timelines, pack, trend


@dataclass(frozen=True, slots=True)
class Columns:
    """A linear form of theta at each of several times: what it takes of the shared columns and of slow benefit.

    shared : (n_settings, n_times, n_shared), n_shared = instruments, then h, then a
    slow : (n_settings, n_times, n_nodes), what it takes of c at each node
    constant : (n_settings, n_times), what does not depend on theta
    """

    shared: FloatArray
    slow: FloatArray
    constant: FloatArray


@dataclass(frozen=True, slots=True)
class Whitened:
    """A linear form in whitened coordinates, in which all that is unknown is independent with unit variance.

    `shared` (n_settings, n_times, n_shared) counts in every explanation but as said; `node` (n_settings, n_times,
    n_nodes) at each node; `worse` (n_settings, n_times) in place of h where the person gets worse. a and c count in
    responders alone.
    """

    shared: FloatArray
    node: FloatArray
    worse: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """A patient's response after the scores, under each setting of the population.

    Explanations, in this order: no response, each node of ln tau_s, gets worse. `shares` (n_settings,) says how much
    each setting counts. `unfactor` is the inverse of `filtered.factor`.
    """

    course: CourseData
    timeline: Timelines
    settings: Settings
    shares: FloatArray
    tau_s_days: FloatArray
    filtered: Filtered
    by: Engine
    unfactor: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "unfactor", np.linalg.inv(self.filtered.factor))

    @property
    def weights(self) -> FloatArray:
        """Posterior probability of each explanation under each setting, shape (n_settings, n_explanations)."""
        return self.filtered.weights

    def benefit_columns(self, days: FloatArray, doses: tuple[Dose, ...]) -> Columns:
        """B(t) from these infusions, in units of 25 craving points."""
        fast, slow = fast_and_slow(days, doses, self.settings, self.tau_s_days, self.by.curves)
        shared = np.zeros((*fast.shape, len(self.timeline.instruments) + 2))
        shared[:, :, -1] = fast
        return Columns(shared, slow, np.zeros_like(fast))

    def score_columns(self, days: FloatArray, target: str, benefit: Columns) -> Columns:
        """The target's score in scaled points, free of noise and day-to-day variation: b - lambda [h S(t) + B(t)].

        Parameters
        ----------
        benefit : B(t) on those days, as `benefit_columns` gives it
        """
        drop = self.drop_columns(days, target, benefit)
        shared = -drop.shared
        shared[:, :, self.timeline.instruments.index(target)] = 1.0
        return Columns(shared, -drop.slow, drop.constant)

    def drop_columns(self, days: FloatArray, target: str, benefit: Columns) -> Columns:
        """lambda [h S(t) + B(t)]: how far the target lies below the patient's own baseline, in scaled points."""
        loading = self.settings.loadings([target])[:, :, None]
        shared = loading * benefit.shared
        programme = trend(days, self.course.attendance, float(self.settings["trend_days"][0]))
        shared[:, :, -2] = loading[:, :, 0] * programme
        return Columns(shared, loading * benefit.slow, benefit.constant)

    def baseline_columns(self, target: str, n_times: int) -> Columns:
        """The target's own baseline, in scaled points, at so many times."""
        n_settings, n_nodes = len(self.settings), self.tau_s_days.shape[1]
        shared = np.zeros((n_settings, n_times, len(self.timeline.instruments) + 2))
        shared[:, :, self.timeline.instruments.index(target)] = 1.0
        return Columns(shared, np.zeros((n_settings, n_times, n_nodes)), np.zeros((n_settings, n_times)))

    def whiten(self, columns: Columns) -> Whitened:
        """A linear form in coordinates that are independent given the scores."""
        after = self.filtered
        z = columns.shared @ self.unfactor.swapaxes(1, 2)
        node = (columns.slow - z @ after.row) / after.pivot[:, None, :]
        h = z.shape[2] - 2
        worse = z[:, :, h] * (after.factor[:, h, h] / after.worse_pivot)[:, None]
        return Whitened(z, node, worse)

    def covariance(self, one: Whitened, other: Whitened) -> FloatArray:
        """Covariance of two forms at the same times in each explanation, (n_settings, n_times, n_explanations)."""
        product = one.shared * other.shared
        n_baselines = product.shape[2] - 2
        baselines = product[:, :, :n_baselines].sum(axis=2)
        none = baselines + product[:, :, n_baselines]
        each = np.empty((*none.shape, one.node.shape[2] + 2))
        each[:, :, 0] = none
        each[:, :, -1] = baselines + one.worse * other.worse
        np.multiply(one.node, other.node, out=each[:, :, 1:-1])
        each[:, :, 1:-1] += (none + product[:, :, -1])[:, :, None]
        return each

    def means(self, whitened: Whitened) -> FloatArray:
        """Mean of a form in each explanation, (n_settings, n_times, n_explanations)."""
        after = self.filtered
        return self.covariance(
            whitened, Whitened(after.shared[:, None, :], after.node[:, None, :], after.worse[:, None])
        )

    def of(self, columns: Columns, extra_variance: FloatArray | float = 0.0) -> "Forms":
        """The distribution of a linear form, with variance from outside theta added: (n_settings, n_times)."""
        whitened = self.whiten(columns)
        means, sds = self.means(whitened), self.covariance(whitened, whitened)
        means += columns.constant[:, :, None]
        sds += np.asarray(extra_variance)[..., None]
        np.sqrt(np.maximum(sds, 0.0, out=sds), out=sds)
        return Forms(self.weights, self.shares, means, sds, self.by.roots)

    def benefit(self, days: FloatArray, doses: tuple[Dose, ...]) -> "Forms":
        """B(t) in units of 25 craving points, from these infusions; exactly 0 without response."""
        return self.of(self.benefit_columns(days, doses)).none_without_response()

    def score(self, days: FloatArray, target: str, doses: tuple[Dose, ...]) -> "Forms":
        """The target's score in scaled points, free of noise and day-to-day variation."""
        return self.of(self.score_columns(days, target, self.benefit_columns(days, doses)))

    def new_score(self, days: FloatArray, target: str, doses: tuple[Dose, ...]) -> "Forms":
        """A newly observed score in scaled points: day-to-day variation given the scores, and noise, included."""
        return self.observed(self.score_columns(days, target, self.benefit_columns(days, doses)), days, doses)

    def observed(self, columns: Columns, days: FloatArray, doses: tuple[Dose, ...]) -> "Forms":
        """What a score would be observed as on these days, from its columns free of noise.

        Parameters
        ----------
        doses : those that a score may be taken soon after, which adds noise
        """
        carried, variance = self._variation(days)
        noise = self.settings["sd_e"][:, None] ** 2 + self.settings["sd_acute"][:, None] ** 2 * np.exp(
            -2 * _since_last(days, doses) / self.settings["tau_acute_days"][:, None]
        )
        s = columns.shared.shape[2]
        columns = Columns(columns.shared - carried[:, :, :s], columns.slow - carried[:, :, s + 1 :], carried[:, :, s])
        return self.of(columns, variance + noise)

    def _variation(self, days: FloatArray) -> tuple[FloatArray, FloatArray]:
        """What the scores before and after each day say of day-to-day variation: carried in every column, and left.

        Before the first score and after the last it is the filter run on; between two it is smoothed from both sides.
        """
        after, visit_days = self.filtered, self.timeline.day
        if after.means is None or after.variances is None:
            raise ValueError("Day-to-day variation was not kept. Ask for the posterior with keep_path=True.")
        tau, sd2 = self.settings["tau_ou_days"][:, None], (self.settings["sd_ou"] ** 2)[:, None]
        n_settings, n_visits = after.variances.shape
        # A visit before all others knows nothing; with it every day has a visit before it.
        means = np.concatenate([np.zeros((n_settings, 1, after.means.shape[2])), after.means], axis=1)
        variances = np.concatenate([sd2, after.variances], axis=1)
        before = np.searchsorted(visit_days, days, side="right")  # row of `means`: the last visit at or before
        since = days - np.concatenate([[-np.inf], visit_days])[before]
        decay = np.exp(-since / tau)
        carried = decay[:, :, None] * means[:, before]
        left = decay**2 * variances[:, before] + (1 - decay**2) * sd2
        later = before < n_visits
        if later.any():
            smooth_means, smooth_variances = _smoothed(means, variances, visit_days, tau, sd2)
            following = before[later] + 1
            until = np.exp(-(visit_days[following - 1] - days[later]) / tau)
            known = until**2 * left[:, later] + (1 - until**2) * sd2
            back = until * left[:, later] / known
            step = smooth_means[:, following] - until[:, :, None] * carried[:, later]
            carried[:, later] += back[:, :, None] * step
            left[:, later] += back**2 * (smooth_variances[:, following] - known)
        return carried, left


@dataclass(frozen=True, slots=True)
class Forms:
    """One quantity at several times, under each setting and explanation.

    weights (n_settings, n_explanations); shares (n_settings,); means, sds (n_settings, n_times, n_explanations)
    """

    weights: FloatArray
    shares: FloatArray
    means: FloatArray
    sds: FloatArray
    roots: Roots

    def none_without_response(self) -> "Forms":
        """The same with exactly 0 in the explanations in which ketamine does nothing (the first and the last)."""
        means, sds = self.means.copy(), self.sds.copy()
        for still in (0, -1):
            means[:, :, still] = 0.0
            sds[:, :, still] = 0.0
        return Forms(self.weights, self.shares, means, sds, self.roots)

    def pooled(self, factors: FloatArray | float = 1.0) -> Mixture:
        """All settings and explanations together, each setting's values multiplied by its (positive) factor."""
        n_settings, n_times, n_explanations = self.means.shape
        factors = np.broadcast_to(factors, (n_settings,))[:, None, None]
        flat = (n_times, n_settings * n_explanations)
        return Mixture(
            (self.shares[:, None] * self.weights).ravel(),
            (factors * self.means).swapaxes(0, 1).reshape(flat),
            (factors * self.sds).swapaxes(0, 1).reshape(flat),
            self.roots,
        )


def posterior(
    course: CourseData,
    settings: Settings,
    *,
    shares: FloatArray | None = None,
    target: str | None = None,
    reading: Reading = ROBUST,
    grid: Grid | None = None,
    by: Engine | None = None,
    keep_path: bool = True,
) -> Posterior:
    """What the scores say of this patient's response, under each setting of the population.

    Parameters
    ----------
    course : planned infusions play no part here
    settings : settings of the population, each worked out exactly
    shares : how much each counts; alike by default
    target : an instrument that will be asked about, though it may never have been scored
    reading : how scores are read
    grid : nodes over ln tau_s; by default as the number of visits asks
    by : the engine; NumPy's by default
    keep_path : whether `new_score` will be asked

    References
    ----------
    Key RESPONSE-MODEL in evidence/sources.csv, sections 1 to 3 and 6; `docs/response-model.md`.
    """
    scored = {score.instrument for score in course.scores} | ({target} if target else set())
    timeline = pack([course], [key for key in MODELLED if key in scored], reading, settings)
    grid = grid or default_grid(len(timeline.day))
    n = len(settings)
    by = by or engine("numpy")
    filtered = by.filter(
        timeline, settings, grid, reading, who=np.zeros(n, np.int64), which=np.arange(n), keep_path=keep_path
    )
    return Posterior(
        course=course,
        timeline=timeline,
        settings=settings,
        shares=np.full(n, 1 / n) if shares is None else shares,
        tau_s_days=settings.tau_s_days(grid.z()),
        filtered=filtered,
        by=by,
    )


def _since_last(days: FloatArray, doses: tuple[Dose, ...]) -> FloatArray:
    """Days since the last dose before each day; infinite where there is none."""
    given = np.sort([-np.inf, *(dose.day for dose in doses)])
    return np.asarray(days - given[np.searchsorted(given, days) - 1])


def _smoothed(
    means: FloatArray, variances: FloatArray, visit_days: FloatArray, tau: FloatArray, sd2: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """What is carried at each visit given the scores of later ones too (Rauch, Tung and Striebel's backward pass)."""
    memory = np.exp(-np.concatenate([[np.inf], np.diff(visit_days)]) / tau)
    ahead = memory**2 * variances[:, :-1] + (1 - memory**2) * sd2  # known of each visit just before it
    smooth_means, smooth_variances = means.copy(), variances.copy()
    for visit in range(len(visit_days) - 1, 0, -1):
        back = (memory[:, visit] * variances[:, visit] / ahead[:, visit])[:, None]
        smooth_means[:, visit] += back * (smooth_means[:, visit + 1] - memory[:, visit, None] * means[:, visit])
        smooth_variances[:, visit] += back[:, 0] ** 2 * (smooth_variances[:, visit + 1] - ahead[:, visit])
    return smooth_means, smooth_variances


def fast_and_slow(
    days: FloatArray,
    doses: tuple[Dose, ...],
    settings: Settings,
    tau_s_days: FloatArray,
    curves: Curves = numpy_curves,
) -> tuple[FloatArray, FloatArray]:
    """F(t), shape (n_settings, n_days), and W(t) at each node, shape (n_settings, n_days, n_nodes)."""
    given = sorted((dose.day, dose.mg_per_kg) for dose in doses)
    dose_day = np.array([day for day, _ in given])
    effect = settings.dose_effect(np.array([mg_per_kg for _, mg_per_kg in given]))
    weights, multiples = settings.waning_parts()
    waning = 1 / (multiples[:, :, None] * tau_s_days[:, None, :])
    off, onset = 1 / settings["tau_f_days"], 1 / settings["tau_on_days"]
    carry_over = np.ascontiguousarray(settings["fast_carry_over"])
    return curves(dose_day, effect, days, off, carry_over, onset, waning, weights)
