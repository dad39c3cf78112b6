"""The figures that clinicians ask of a posterior: clear benefit, how long it lasts, what more may add, harm."""

import numpy as np
from scipy.special import ndtr

from sextant.response.course_data import INFUSIONS_IN_SERIES, Dose
from sextant.response.hyper_parameters import CLEAR_FRACTION_OF_BASELINE, MODELLED
from sextant.response.mixture import Mixture
from sextant.response.posterior import THETA, Posterior, benefit_rows
from sextant.response.report import FloatArray

DAYS_AFTER_SIXTH = 3.0

# Days after the last infusion at which 'does it last' is asked; what lasts to the end lasts at least so long.
LASTS_DAYS: FloatArray = np.geomspace(0.05, 730, 150)
_ANGLES, _ANGLE_WEIGHTS = np.polynomial.legendre.leggauss(64)


def p_clear(after: Posterior, target: str, days: FloatArray, doses: tuple[Dose, ...]) -> FloatArray:
    """P(benefit is above half of the patient's own baseline) at each day; non-responders add nothing."""
    return _p_clear_by_component(after, target, days, doses) @ after.weights[1:]


def p_clear_by_six(after: Posterior, target: str) -> float | None:
    """P(clear benefit three days after the sixth of the infusions given and planned); None if there are not six."""
    doses = (*after.course.infusions, *after.course.planned)
    first_six = tuple(sorted(doses, key=lambda dose: dose.day)[:INFUSIONS_IN_SERIES])
    if len(first_six) < INFUSIONS_IN_SERIES:
        return None
    return float(p_clear(after, target, np.array([first_six[-1].day + DAYS_AFTER_SIXTH]), first_six)[0])


def p_lasts(after: Posterior, target: str) -> FloatArray:
    """P(benefit lasts beyond each of `LASTS_DAYS` after the last infusion).

    'Lasts' counts from the infusion to the last day above half of baseline, since benefit may still rise for a week.
    Within one explanation the best later day stands for 'some later day', which is exact once benefit wanes.

    Raises
    ------
    ValueError
        If no infusion was given: then there is nothing that could last.
    """
    last = after.course.last_infusion_day
    if last is None:
        raise ValueError("No infusion was given, so no benefit can last. Ask for p_clear_by_six instead.")
    above = _p_clear_by_component(after, target, last + LASTS_DAYS, after.course.infusions)
    ever_later = np.maximum.accumulate(above[::-1], axis=0)[::-1]
    return np.asarray(ever_later @ after.weights[1:])


def gain_unit_days(after: Posterior, mg_per_kg: float) -> float:
    """Expected benefit of one more infusion, summed over all days to come: units of 25 craving points times days."""
    hyper, tau_s = after.hyper, after.tau_s_days
    fast = after.theta_mean[1:, THETA.index("a")] * hyper.tau_f_days
    slow = after.theta_mean[1:, THETA.index("c")] * (tau_s - tau_s * hyper.tau_on_days / (tau_s + hyper.tau_on_days))
    return float(hyper.dose_effect(mg_per_kg) * (after.weights[1:] @ (fast + slow)))


def p_worse(after: Posterior, target: str, now_day: float, worse_points: float) -> float:
    """P(ketamine has made the target worse by more than `worse_points`, or its newest score is so far above baseline).

    Parameters
    ----------
    worse_points : above 0, in the target's points; the clinic's own choice

    Notes
    -----
    The newest score is of the target and after the first infusion (the mean, if several were taken at that time). It
    is compared with the patient's own baseline free of the programme's trend, which is itself uncertain.
    """
    scale = MODELLED[target].scale_points
    delta = worse_points / scale
    doses, days = after.course.infusions, np.array([now_day])
    rows = np.zeros((2, len(after.weights), len(THETA)))
    rows[0] = after.hyper.loading(target) * benefit_rows(days, doses, after.hyper, after.tau_s_days)[0]
    rows[1, :, THETA.index(target)] = 1.0
    both = after.of_theta(rows)
    covariance = np.einsum("cp,cpq,cq->c", rows[0], after.theta_covariance, rows[1])
    newest = _newest_points(after, target)

    benefit_sd, baseline_sd = both.sds
    acting = benefit_sd > 0  # a non-responder's benefit is exactly 0, hence never worse by ketamine
    safe_sd = np.where(acting, benefit_sd, 1.0)
    not_by_ketamine = np.where(acting, (both.means[0] + delta) / safe_sd, np.inf)
    if newest is None:
        return _one_less(after.weights @ ndtr(not_by_ketamine))
    not_by_score = (both.means[1] - (newest / scale - delta)) / baseline_sd
    correlation = np.where(acting, covariance / (safe_sd * baseline_sd), 0.0)
    return _one_less(after.weights @ _both_below(not_by_ketamine, not_by_score, correlation))


def ln_tau_s(after: Posterior) -> Mixture:
    """ln tau_s of responders: the nodes with their weights."""
    weights = after.weights[1:] / after.weights[1:].sum()
    nodes = np.log(after.tau_s_days)[None, :]
    return Mixture(weights, nodes, np.zeros_like(nodes))


def parameter(after: Posterior, name: str, *, responders_only: bool = False) -> Mixture:
    """One entry of theta: a baseline by its instrument's key, or h, a, c."""
    rows = np.zeros((1, len(after.weights), len(THETA)))
    rows[:, :, THETA.index(name)] = 1.0
    over_all = after.of_theta(rows)
    if not responders_only:
        return over_all
    return Mixture(after.weights[1:] / after.weights[1:].sum(), over_all.means[:, 1:], over_all.sds[:, 1:])


def _p_clear_by_component(after: Posterior, target: str, days: FloatArray, doses: tuple[Dose, ...]) -> FloatArray:
    rows = after.hyper.loading(target) * benefit_rows(days, doses, after.hyper, after.tau_s_days)
    rows[:, :, THETA.index(target)] = -CLEAR_FRACTION_OF_BASELINE
    margin = after.of_theta(rows)
    return np.asarray(ndtr(margin.means[:, 1:] / margin.sds[:, 1:]))


def _one_less(probability: FloatArray) -> float:
    return float(np.clip(1.0 - probability, 0.0, 1.0))  # rounding may leave the range by 1e-16


def _newest_points(after: Posterior, target: str) -> float | None:
    first = after.course.first_infusion_day
    later = [s for s in after.course.scores if s.instrument == target and first is not None and s.day > first]
    if not later:
        return None
    newest = max(score.day for score in later)
    return float(np.mean([score.points for score in later if score.day == newest]))


def _both_below(h: FloatArray, k: FloatArray, correlation: FloatArray) -> FloatArray:
    """P(X <= h and Y <= k) of two unit normals, by integrating over the correlation from 0 (Plackett 1954)."""
    h, k = np.clip(h, -38.0, 38.0), np.clip(k, -38.0, 38.0)
    half = 0.5 * np.arcsin(correlation)[:, None]
    angle = half * (1.0 + _ANGLES)
    exponent = (h * h + k * k)[:, None] - 2.0 * (h * k)[:, None] * np.sin(angle)
    density = np.exp(-0.5 * exponent / np.cos(angle) ** 2)
    return np.asarray(ndtr(h) * ndtr(k) + ((density @ _ANGLE_WEIGHTS) * half[:, 0]) / (2 * np.pi))
