"""What one patient's scores say of response, given one setting of the population: exact, in its plain dense form.

Given whether the patient responds and how fast slow benefit wanes, everything is linear and Gaussian in
theta = (baseline of each instrument, h, a, c). Only those two unknowns are summed over: component 0 is the
non-responder, components 1.. are the nodes of a grid over ln tau_s.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import logsumexp

from sextant.response.course_data import CourseData, Dose
from sextant.response.hyper_parameters import MODELLED, HyperParameters
from sextant.response.mixture import Mixture
from sextant.response.report import FloatArray

THETA = (*MODELLED, "h", "a", "c")  # the baseline of each instrument, then trend, fast and slow benefit
_MANY_VISITS = 60


@dataclass(frozen=True, slots=True)
class Grid:
    """Nodes over ln tau_s, equally spaced in prior SDs on both sides of its mean, ends included."""

    nodes: int
    z_max: float

    def z(self) -> FloatArray:
        """The nodes, in prior SDs."""
        return np.linspace(-self.z_max, self.z_max, self.nodes)

    def log_prior(self) -> FloatArray:
        """Log prior weight of each node; the ends are not halved."""
        log_weight = -0.5 * self.z() ** 2
        return np.asarray(log_weight - logsumexp(log_weight))


def default_grid(course: CourseData) -> Grid:
    """20 nodes, or 32 on a wider span beyond 60 visits, where the scores narrow tau_s more."""
    visits = len({score.day for score in course.scores})
    return Grid(20, 3.25) if visits <= _MANY_VISITS else Grid(32, 3.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """The patient's response after the scores, for one setting of the population.

    Arrays run over components, non-responder first: `tau_s_days` (nodes only), log evidence and weight of each
    component, mean and covariance of theta in each. The whitened arrays are what the scores leave to say of
    day-to-day variation.
    """

    course: CourseData
    hyper: HyperParameters
    tau_s_days: FloatArray
    log_evidence: FloatArray
    log_evidence_total: float
    weights: FloatArray
    theta_mean: FloatArray
    theta_covariance: FloatArray
    cholesky: FloatArray
    whitened_design: FloatArray
    whitened_scores: FloatArray

    def of_theta(self, rows: FloatArray) -> Mixture:
        """The distribution of linear forms of theta, `rows` of shape (n_times, n_components, n_theta)."""
        return Mixture(self.weights, self._means(rows), np.sqrt(self._variances(rows)))

    def benefit(self, days: FloatArray, doses: tuple[Dose, ...]) -> Mixture:
        """B(t) in units of 25 craving points, from these infusions."""
        return self.of_theta(benefit_rows(days, doses, self.hyper, self.tau_s_days))

    def score(self, days: FloatArray, target: str, doses: tuple[Dose, ...]) -> Mixture:
        """The target's score in scaled points, free of noise and day-to-day variation."""
        return self.of_theta(self._score_rows(days, target, doses))

    def new_score(self, days: FloatArray, target: str, doses: tuple[Dose, ...]) -> Mixture:
        """A newly observed score in scaled points: day-to-day variation given the scores, and noise, included."""
        score_days = np.array([score.day for score in self.course.scores], dtype=float)
        to_scores = _ou_covariance(score_days, days, self.hyper)
        carried = solve_triangular(self.cholesky, to_scores, lower=True)
        explained = (carried.T @ self.whitened_design).swapaxes(0, 1)
        rows = self._score_rows(days, target, doses) - explained
        means = self._means(rows) + (carried.T @ self.whitened_scores)[:, None]
        noise = self.hyper.sd_ou**2 - (carried**2).sum(axis=0) + self.hyper.sd_e**2
        return Mixture(self.weights, means, np.sqrt(self._variances(rows) + noise[:, None]))

    def _score_rows(self, days: FloatArray, target: str, doses: tuple[Dose, ...]) -> FloatArray:
        targets = np.full(len(days), THETA.index(target))
        return score_rows(days, targets, doses, self.course.attendance_share, self.hyper, self.tau_s_days)

    def _means(self, rows: FloatArray) -> FloatArray:
        return np.asarray((rows * self.theta_mean).sum(axis=-1))

    def _variances(self, rows: FloatArray) -> FloatArray:
        by_component = rows.swapaxes(0, 1)
        variances = ((by_component @ self.theta_covariance) * by_component).sum(axis=-1).T
        return np.asarray(np.maximum(variances, 0.0))


def posterior(course: CourseData, hyper: HyperParameters, grid: Grid | None = None) -> Posterior:
    """What the scores say of this patient's response, exactly, for one setting of the population.

    Parameters
    ----------
    course : planned infusions play no part here
    hyper : the setting of the population
    grid : nodes over ln tau_s; by default as the number of visits asks

    References
    ----------
    Key RESPONSE-MODEL in evidence/sources.csv, sections 1 to 3; `docs/response-model.md`.
    """
    grid = grid or default_grid(course)
    tau_s_days = np.exp(hyper.mu_ln_tau_s + hyper.sd_ln_tau_s * grid.z())
    prior_mean, prior_sd = _theta_prior(hyper)
    days = np.array([score.day for score in course.scores], dtype=float)
    targets = np.array([THETA.index(score.instrument) for score in course.scores], dtype=int)
    scores = np.array([s.points / MODELLED[s.instrument].scale_points for s in course.scores], dtype=float)
    n_scores, n_components = len(scores), 1 + grid.nodes

    design = score_rows(days, targets, course.infusions, course.attendance_share, hyper, tau_s_days)
    covariance = _ou_covariance(days, days, hyper) + hyper.sd_e**2 * np.eye(n_scores)
    cholesky = np.asarray(np.linalg.cholesky(covariance), dtype=float)
    columns = np.hstack([scores[:, None], design.reshape(n_scores, n_components * len(THETA))])
    whitened = solve_triangular(cholesky, columns, lower=True)
    whitened_scores = whitened[:, 0]
    whitened_design = whitened[:, 1:].reshape(n_scores, n_components, len(THETA)).swapaxes(0, 1)

    # theta in prior SDs from its prior mean: its prior is then the unit normal and the algebra is well scaled.
    in_prior_sds = whitened_design * prior_sd
    surprise = whitened_scores - whitened_design @ prior_mean
    precision = np.eye(len(THETA)) + in_prior_sds.swapaxes(1, 2) @ in_prior_sds
    pull = np.einsum("cnp,cn->cp", in_prior_sds, surprise)
    spread = np.linalg.inv(precision)
    shift = np.einsum("cpq,cq->cp", spread, pull)
    log_evidence = -0.5 * (
        n_scores * np.log(2 * np.pi)
        + 2 * np.log(np.diag(cholesky)).sum()
        + np.linalg.slogdet(precision)[1]
        + np.einsum("cn,cn->c", surprise, surprise)
        - np.einsum("cp,cp->c", pull, shift)
    )

    log_prior = np.concatenate([[np.log(hyper.pi0)], np.log1p(-hyper.pi0) + grid.log_prior()])
    total = float(logsumexp(log_prior + log_evidence))
    return Posterior(
        course=course,
        hyper=hyper,
        tau_s_days=tau_s_days,
        log_evidence=log_evidence,
        log_evidence_total=total,
        weights=np.exp(log_prior + log_evidence - total),
        theta_mean=prior_mean + prior_sd * shift,
        theta_covariance=spread * np.outer(prior_sd, prior_sd),
        cholesky=cholesky,
        whitened_design=whitened_design,
        whitened_scores=whitened_scores,
    )


def benefit_rows(
    days: FloatArray, doses: tuple[Dose, ...], hyper: HyperParameters, tau_s_days: FloatArray
) -> FloatArray:
    """Rows of B(t) = a F(t) + c W(t) over theta, shape (n_days, n_components, n_theta); zero for component 0."""
    rows = np.zeros((len(days), 1 + len(tau_s_days), len(THETA)))
    elapsed = np.asarray(days)[:, None] - np.array([dose.day for dose in doses])
    acting = elapsed > 0  # strictly: a score at the infusion's own time is a score before it
    elapsed = np.where(acting, elapsed, 0.0)
    effect = np.array([hyper.dose_effect(dose.mg_per_kg) for dose in doses]) * acting
    onset = 1.0 - np.exp(-elapsed / hyper.tau_on_days)
    rows[:, 1:, THETA.index("a")] = (effect * np.exp(-elapsed / hyper.tau_f_days)).sum(axis=1)[:, None]
    waning = np.exp(-elapsed[:, :, None] / tau_s_days)
    rows[:, 1:, THETA.index("c")] = ((effect * onset)[:, None, :] @ waning)[:, 0, :]
    return rows


def score_rows(
    days: FloatArray,
    targets: np.ndarray,
    doses: tuple[Dose, ...],
    attendance_share: float,
    hyper: HyperParameters,
    tau_s_days: FloatArray,
) -> FloatArray:
    """Rows of b_j - lambda_j [h S(t) + B(t)], one for each day and instrument index in `targets`."""
    programme = benefit_rows(days, doses, hyper, tau_s_days)
    after_start = np.maximum(days, 0.0)
    programme[:, :, THETA.index("h")] = (
        (0.5 + 0.5 * attendance_share) * (1.0 - np.exp(-after_start / hyper.trend_days))
    )[:, None]
    loadings = np.array([hyper.loading(key) for key in MODELLED])
    rows: FloatArray = -loadings[targets][:, None, None] * programme
    rows[np.arange(len(days)), :, targets] = 1.0
    return rows


def _theta_prior(hyper: HyperParameters) -> tuple[FloatArray, FloatArray]:
    means = [one.prior_mean_points / one.scale_points for one in MODELLED.values()]
    sds = [one.prior_sd_points / one.scale_points for one in MODELLED.values()]
    return (
        np.array([*means, hyper.mu_h, hyper.mu_a, hyper.mu_c]),
        np.array([*sds, hyper.sd_h, hyper.sd_a, hyper.sd_c]),
    )


def _ou_covariance(days: FloatArray, other_days: FloatArray, hyper: HyperParameters) -> FloatArray:
    """Covariance of day-to-day variation between two sets of times: an Ornstein-Uhlenbeck process."""
    lag = np.abs(days[:, None] - other_days[None, :])
    return np.asarray(hyper.sd_ou**2 * np.exp(-lag / hyper.tau_ou_days))
