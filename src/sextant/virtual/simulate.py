"""One virtual person and that person's scores, drawn from the response model itself (RESPONSE_MODEL, section 1)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sextant.instruments import instrument
from sextant.response import MODELLED, HyperParameters
from sextant.response.report import FloatArray

_PLAIN = 0.8  # share of the baseline


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is true of one virtual person and nobody can see: the parameters of the model, in scaled points."""

    responder: bool
    fast_benefit: float
    slow_benefit: float
    slow_days: float
    trend: float
    baselines: dict[str, float]
    hyper: HyperParameters


def draw_person(
    hyper: HyperParameters, instruments: Sequence[str], rng: np.random.Generator, *, responder: bool | None = None
) -> Person:
    """A person of that population; `responder` fixes the class, None draws it too."""
    return Person(
        responder=bool(rng.random() >= hyper.pi0) if responder is None else responder,
        fast_benefit=rng.normal(hyper.mu_a, hyper.sd_a),
        slow_benefit=rng.normal(hyper.mu_c, hyper.sd_c),
        slow_days=float(np.exp(rng.normal(hyper.mu_ln_tau_s, hyper.sd_ln_tau_s))),
        trend=rng.normal(hyper.mu_h, hyper.sd_h),
        baselines={
            key: rng.normal(MODELLED[key].prior_mean_points, MODELLED[key].prior_sd_points) / MODELLED[key].scale_points
            for key in instruments
        },
        hyper=hyper,
    )


def draw_helped(
    hyper: HyperParameters,
    instruments: Sequence[str],
    rng: np.random.Generator,
    infusions: Sequence[tuple[float, float]],
    target: str,
) -> Person:
    """A person of that population in whom benefit on the target is plain three days after the last infusion.

    Plain: most of the own baseline is gone (`_PLAIN`), so that the scores show it through their noise.
    """
    after = np.array([max(day for day, _ in infusions) + 3.0])
    while True:
        person = draw_person(hyper, instruments, rng, responder=True)
        felt = hyper.loading(target) * benefit(person, after, infusions)[0]
        if felt > _PLAIN * person.baselines[target]:
            return person


def benefit(person: Person, days: FloatArray, infusions: Sequence[tuple[float, float]]) -> FloatArray:
    """B at each day, in units of 25 craving points, from infusions given as (day, mg/kg)."""
    total = np.zeros(len(days))
    if not person.responder:
        return total
    hyper = person.hyper
    for day, dose_mg_per_kg in infusions:
        elapsed = np.maximum(days - day, 0.0)
        fast = np.exp(-elapsed / hyper.tau_f_days)
        slow = (1 - np.exp(-elapsed / hyper.tau_on_days)) * np.exp(-elapsed / person.slow_days)
        each = hyper.dose_effect(dose_mg_per_kg) * (person.fast_benefit * fast + person.slow_benefit * slow)
        total += np.where(days > day, each, 0.0)
    return total


def simulate_scores(
    person: Person,
    days: FloatArray,
    infusions: Sequence[tuple[float, float]],
    attendance_share: float,
    rng: np.random.Generator,
) -> dict[str, FloatArray]:
    """Whole points of each of the person's instruments at each day, cut to the instrument's range.

    Parameters
    ----------
    days : array of shape (n_days,), not decreasing; day 0 starts the programme
    infusions : (day, mg/kg) of each; a score at exactly an infusion's day comes before it
    """
    hyper = person.hyper
    trend = np.where(
        days > 0, (0.5 + 0.5 * attendance_share) * (1 - np.exp(-np.maximum(days, 0) / hyper.trend_days)), 0.0
    )
    gaps = np.subtract.outer(days, days)
    swings = rng.multivariate_normal(np.zeros(len(days)), hyper.sd_ou**2 * np.exp(-np.abs(gaps) / hyper.tau_ou_days))
    helped = benefit(person, days, infusions)
    scores: dict[str, FloatArray] = {}
    for key, baseline in person.baselines.items():
        scale = instrument(key)
        scaled = baseline - hyper.loading(key) * (person.trend * trend + helped) + swings
        scaled = scaled + rng.normal(0, hyper.sd_e, len(days))
        scores[key] = np.clip(np.round(scaled * MODELLED[key].scale_points), scale.lowest, scale.highest)
    return scores
