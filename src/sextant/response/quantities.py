"""The figures that clinicians ask of a posterior: clear benefit, how long it lasts, what more may add, harm.

Each is worked out under every setting of the population and returned as an array (n_settings,), unless said otherwise.
"""

import numpy as np
from scipy.special import ndtr

from sextant.response.course_data import INFUSIONS_IN_SERIES, Dose
from sextant.response.hyper_parameters import CLEAR_FRACTION_OF_BASELINE, MODELLED
from sextant.response.mixture import Mixture
from sextant.response.posterior import Columns, Forms, Posterior
from sextant.response.report import FloatArray

DAYS_AFTER_SIXTH = 3.0

# Days after the last infusion at which 'does it last' is asked; what lasts to the end lasts at least so long.
LASTS_DAYS: FloatArray = np.geomspace(0.05, 730, 150)
_ANGLES, _ANGLE_WEIGHTS = np.polynomial.legendre.leggauss(64)


def p_clear(after: Posterior, target: str, days: FloatArray, doses: tuple[Dose, ...]) -> FloatArray:
    """P(benefit is above half of the patient's own baseline) at each day, (n_settings, n_days).

    Where ketamine does nothing there is no benefit of it, so those explanations add nothing.
    """
    return p_above_zero(after, clear_margin(after, target, after.benefit_columns(days, doses)))


def clear_margin(after: Posterior, target: str, benefit: Columns) -> Columns:
    """By how much benefit on the target exceeds half of the patient's own baseline, from the columns of benefit.

    Where an instrument has uneven steps, half is half of the days that they stand for.
    """
    loading = after.settings.loadings([target])[:, :, None]
    shared, modelled = loading * benefit.shared, MODELLED[target]
    column, constant = after.timeline.instruments.index(target), benefit.constant
    if modelled.cuts:
        # Half of the days is no fixed share of the even scale below them: the line through one SD around the baseline.
        at, sd = _baseline(after, target)
        steps = at[:, None] + sd[:, None] * np.array([-1.0, 0.0, 1.0])
        low, middle, high = (
            modelled.fall(modelled.scale_points * steps, CLEAR_FRACTION_OF_BASELINE) / modelled.scale_points
        ).T
        slope = (high - low) / (2 * sd)
        shared[:, :, column] = -slope[:, None]
        constant = constant - (middle - slope * at)[:, None]
    else:
        shared[:, :, column] = -CLEAR_FRACTION_OF_BASELINE
    return Columns(shared, loading * benefit.slow, constant)


def p_above_zero(after: Posterior, margin: Columns) -> FloatArray:
    """P(response, and the margin is above 0) at each time, (n_settings, n_times)."""
    return np.asarray((_at_nodes(after, margin) @ after.weights[:, 1:-1, None])[:, :, 0])


def p_clear_by_six(after: Posterior, target: str) -> FloatArray | None:
    """P(clear benefit three days after the sixth of the infusions given and planned); None if there are not six."""
    doses = (*after.course.infusions, *after.course.planned)
    first_six = tuple(sorted(doses, key=lambda dose: dose.day)[:INFUSIONS_IN_SERIES])
    if len(first_six) < INFUSIONS_IN_SERIES:
        return None
    return p_clear(after, target, np.array([first_six[-1].day + DAYS_AFTER_SIXTH]), first_six)[:, 0]


def p_lasts(after: Posterior, target: str) -> FloatArray:
    """P(benefit lasts beyond each of `LASTS_DAYS` after the last infusion), (n_settings, n_days).

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
    benefit = after.benefit_columns(last + LASTS_DAYS, after.course.infusions)
    above = _at_nodes(after, clear_margin(after, target, benefit))
    ever_later = np.maximum.accumulate(above[:, ::-1], axis=1)[:, ::-1]
    return np.asarray((ever_later @ after.weights[:, 1:-1, None])[:, :, 0])


def gain_unit_days(after: Posterior, mg_per_kg: float) -> FloatArray:
    """Expected benefit of one more infusion, summed over all days to come: units of 25 craving points times days.

    As of an infusion that comes once the fast benefit of those before has gone; sooner, it renews some of that.
    """
    settings, tau_s = after.settings, after.tau_s_days
    a = parameter(after, "a").means[:, 0, 1:-1]
    c = parameter(after, "c").means[:, 0, 1:-1]
    fast = a * settings["tau_f_days"][:, None]
    weights, multiples = settings.waning_parts()
    onset = settings["tau_on_days"][:, None]
    slow = np.zeros_like(tau_s)
    for weight, multiple in zip(weights.T[:, :, None], multiples.T[:, :, None], strict=True):
        days = multiple * tau_s
        slow += weight * (days - days * onset / (days + onset))
    effect = float(settings.dose_effect(np.array([mg_per_kg]))[0])
    return np.asarray(effect * (after.weights[:, 1:-1] * (fast + c * slow)).sum(axis=1))


def p_worse(after: Posterior, target: str, now_day: float, worse_points: float) -> FloatArray:
    """P(the target now lies above the patient's own baseline by more than `worse_points`, noise and day-to-day
    variation apart, or its newest score does).

    Parameters
    ----------
    worse_points : above 0, in the target's points; the clinic's own choice

    Notes
    -----
    Worse is worse whatever the cause: ketamine, the programme or life. The newest score is of the target and after the
    first infusion (the mean, if several were taken at that time), compared with the baseline, which is uncertain.
    """
    modelled = MODELLED[target]
    scale = modelled.scale_points
    delta: FloatArray | float = worse_points / scale
    if modelled.cuts:
        usual = scale * _baseline(after, target)[0][:, None]
        delta = (modelled.hidden(modelled.shown(usual) + worse_points) - usual) / scale
    days = np.array([now_day])
    drop = after.whiten(after.drop_columns(days, target, after.benefit_columns(days, after.course.infusions)))
    mean, sd = after.means(drop)[:, 0], np.sqrt(after.covariance(drop, drop)[:, 0])
    # Without ketamine's effect the drop may be known exactly (before day 0 it is 0): then it is on one side for sure.
    known = sd == 0
    not_now = np.where(known, np.where(mean >= -delta, np.inf, -np.inf), (mean + delta) / np.where(known, 1.0, sd))
    newest = _newest_points(after, target)
    if newest is None:
        return _one_less((after.weights * ndtr(not_now)).sum(axis=1))
    baseline = after.whiten(after.baseline_columns(target, 1))
    base_mean, base_sd = after.means(baseline)[:, 0], np.sqrt(after.covariance(baseline, baseline)[:, 0])
    not_seen = (base_mean - modelled.hidden(np.array(newest - worse_points)) / scale) / base_sd
    together = after.covariance(drop, baseline)[:, 0]
    correlation = np.where(known, 0.0, together / (np.where(known, 1.0, sd) * base_sd))
    neither = _both_below(not_now.ravel(), not_seen.ravel(), correlation.ravel()).reshape(not_now.shape)
    return _one_less((after.weights * neither).sum(axis=1))


def ln_tau_s(after: Posterior) -> Mixture:
    """ln tau_s of responders over all settings: the nodes with their weights."""
    weights = (after.shares[:, None] * after.weights[:, 1:-1]).ravel()
    nodes = np.log(after.tau_s_days).reshape(1, -1)
    return Mixture(weights / weights.sum(), nodes, np.zeros_like(nodes))


def parameter(after: Posterior, name: str) -> Forms:
    """One entry of theta: a baseline by its instrument's key, or h, a, c.

    In the explanations in which ketamine does nothing, a and c are what they were before the scores.
    """
    n_settings, n_nodes = after.tau_s_days.shape
    instruments = after.timeline.instruments
    if name in instruments:
        return after.of(after.baseline_columns(name, 1))
    shared = np.zeros((n_settings, 1, len(instruments) + 2))
    slow = np.zeros((n_settings, 1, n_nodes))
    if name == "c":
        slow[:] = 1.0
    else:
        shared[:, :, len(instruments) + "ha".index(name)] = 1.0
    forms = after.of(Columns(shared, slow, np.zeros((n_settings, 1))))
    if name in ("a", "c"):
        for still in (0, -1):
            forms.means[:, 0, still] = after.settings[f"mu_{name}"]
            forms.sds[:, 0, still] = after.settings[f"sd_{name}"]
    return forms


def _baseline(after: Posterior, target: str) -> tuple[FloatArray, FloatArray]:
    """Mean and SD of the own baseline on the target in scaled points, (n_settings,) each."""
    forms = after.of(after.baseline_columns(target, 1))
    means, sds = forms.means[:, 0], forms.sds[:, 0]
    mean = (after.weights * means).sum(axis=1)
    return mean, np.sqrt((after.weights * (sds**2 + (means - mean[:, None]) ** 2)).sum(axis=1))


def _at_nodes(after: Posterior, margin: Columns) -> FloatArray:
    """P(margin above 0) in each explanation with response, (n_settings, n_times, n_nodes)."""
    forms = after.of(margin)
    return np.asarray(ndtr(forms.means[:, :, 1:-1] / forms.sds[:, :, 1:-1]))


def _one_less(probability: FloatArray) -> FloatArray:
    return np.clip(1.0 - probability, 0.0, 1.0)  # rounding may leave the range by 1e-16


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
    half = 0.5 * np.arcsin(np.clip(correlation, -1.0, 1.0))[:, None]
    angle = half * (1.0 + _ANGLES)
    exponent = (h * h + k * k)[:, None] - 2.0 * (h * k)[:, None] * np.sin(angle)
    density = np.exp(-0.5 * exponent / np.cos(angle) ** 2)
    return np.asarray(ndtr(h) * ndtr(k) + ((density @ _ANGLE_WEIGHTS) * half[:, 0]) / (2 * np.pi))
