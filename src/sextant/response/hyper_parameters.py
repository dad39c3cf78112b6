"""The numbers that describe the population of patients: all of them design assumptions until a clinic refits them."""

from dataclasses import dataclass, fields, replace
from functools import cache

import numpy as np
from scipy.special import ndtri

MODEL_VERSION = "response 1 (exact, dense)"
PRIOR_VERSION = "design assumptions 1"

CLEAR_FRACTION_OF_BASELINE = 0.5  # clear benefit: the target has fallen by half of the patient's own baseline
VALUES_FROM = "RESPONSE-MODEL"  # key in evidence/sources.csv of every number in this file


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelledInstrument:
    """How one instrument enters the model: the divisor of its points, and what baselines are usual.

    The baseline's mean and SD are design assumptions, in the instrument's own points.
    """

    key: str
    scale_points: float
    prior_mean_points: float
    prior_sd_points: float


MODELLED: dict[str, ModelledInstrument] = {
    one.key: one
    for one in (
        ModelledInstrument(key="craving", scale_points=25, prior_mean_points=65, prior_sd_points=18),
        ModelledInstrument(key="phq9", scale_points=5, prior_mean_points=14, prior_sd_points=4.5),
        ModelledInstrument(key="gad7", scale_points=4.5, prior_mean_points=11, prior_sd_points=4),
        ModelledInstrument(key="use_days", scale_points=2, prior_mean_points=3.5, prior_sd_points=1.8),
        ModelledInstrument(key="madrs", scale_points=10, prior_mean_points=33, prior_sd_points=5),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HyperParameters:
    """One setting of the population: how large, how fast, how lasting and how noisy response is.

    Benefit is in units of 25 craving points. The defaults are design assumptions, not published figures.

    Parameters
    ----------
    mu_a, sd_a : fast benefit of one infusion of 0.5 mg/kg, mean and SD over responders
    mu_c, sd_c : slow benefit of one such infusion, mean and SD over responders
    mu_ln_tau_s, sd_ln_tau_s : log of the days over which slow benefit wanes, mean and SD over responders
    pi0 : share of people in whom ketamine changes nothing, above 0 and below 1
    tau_f_days : days over which fast benefit wanes
    tau_on_days : days over which slow benefit builds up
    sd_ou, tau_ou_days : size and memory of day-to-day variation, shared by all instruments
    sd_e : noise of one score
    lambda_* : share of a unit of benefit that shows on an instrument; 1 for craving by definition
    mu_h, sd_h, trend_days : improvement from the programme apart from ketamine; the SD and the days are fixed
    reference_dose_mg_per_kg, dose_half_mg_per_kg : the curve from dose to effect, a placeholder; fixed
    """

    mu_a: float = 0.60
    sd_a: float = 0.30
    mu_c: float = 0.25
    sd_c: float = 0.12
    mu_ln_tau_s: float = float(np.log(45.0))
    sd_ln_tau_s: float = 0.5
    pi0: float = 0.30
    tau_f_days: float = 5.0
    tau_on_days: float = 7.0
    sd_ou: float = 0.45
    tau_ou_days: float = 4.0
    sd_e: float = 0.35
    lambda_phq9: float = 0.9
    lambda_gad7: float = 0.7
    lambda_use_days: float = 0.8
    lambda_madrs: float = 0.9
    mu_h: float = 0.4
    sd_h: float = 0.3
    trend_days: float = 30.0
    reference_dose_mg_per_kg: float = 0.5
    dose_half_mg_per_kg: float = 0.5

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not np.isfinite(value):
                raise ValueError(f"{field.name} is {value!r}; a hyper-parameter is a finite number.")
            if field.name.startswith(("sd_", "tau_", "trend", "dose", "reference")) and value <= 0:
                raise ValueError(f"{field.name} is {value!r}; it must be above 0. Default: {field.default!r}.")
        if not 0 < self.pi0 < 1:
            raise ValueError(f"pi0 is {self.pi0!r}; it is a share above 0 and below 1, such as 0.3.")

    def loading(self, instrument: str) -> float:
        """lambda_j: how much of a unit of benefit shows on an instrument, in that instrument's scaled points."""
        return 1.0 if instrument == "craving" else float(getattr(self, f"lambda_{instrument}"))

    def dose_effect(self, dose_mg_per_kg: float) -> float:
        """f(d): effect of a dose as a multiple of the effect of the reference dose.

        >>> HyperParameters().dose_effect(0.5)
        1.0
        """
        half, reference = self.dose_half_mg_per_kg, self.reference_dose_mg_per_kg
        return dose_mg_per_kg / (dose_mg_per_kg + half) * (reference + half) / reference


DEFAULT = HyperParameters()

# How far each default may be wrong: SD of the normal prior of a refit, on the scale on which it is fitted.
REFIT_PRIOR_SD: dict[str, tuple[str, float]] = {
    "mu_a": ("identity", 0.25),
    "sd_a": ("log", 0.4),
    "mu_c": ("identity", 0.12),
    "sd_c": ("log", 0.4),
    "mu_ln_tau_s": ("identity", 0.4),
    "sd_ln_tau_s": ("log", 0.3),
    "pi0": ("logit", 0.5),
    "tau_f_days": ("log", 0.3),
    "tau_on_days": ("log", 0.4),
    "sd_ou": ("log", 0.3),
    "tau_ou_days": ("log", 0.5),
    "sd_e": ("log", 0.3),
    "lambda_phq9": ("identity", 0.25),
    "lambda_gad7": ("identity", 0.25),
    "lambda_use_days": ("identity", 0.25),
    "lambda_madrs": ("identity", 0.25),
    "mu_h": ("identity", 0.25),
}


def draws(n: int, rng: np.random.Generator) -> tuple[HyperParameters, ...]:
    """Settings of the population that the assumptions allow, so that a forecast can carry the doubt about them.

    Latin hypercube: every hyper-parameter visits each n-th part of its prior once, so that few draws already have
    the prior's mean and spread.

    Parameters
    ----------
    n : number of draws, at least 1
    rng : source of chance; the same seed gives the same draws
    """
    strata = np.array([rng.permutation(n) for _ in REFIT_PRIOR_SD])
    shifts = ndtri((strata + rng.random(strata.shape)) / n)
    return tuple(_shifted(shifts[:, draw]) for draw in range(n))


@cache
def bedside_draws() -> tuple[HyperParameters, ...]:
    """The 32 draws that page, letter, API and command line share, so that they never differ for one patient."""
    return draws(32, np.random.default_rng(20_261_123))


def _shifted(shifts: np.ndarray) -> HyperParameters:
    changed: dict[str, float] = {}
    for (name, (scale, sd)), shift in zip(REFIT_PRIOR_SD.items(), shifts, strict=True):
        default = getattr(DEFAULT, name)
        step = float(sd * shift)
        if scale == "identity":
            changed[name] = default + step
        elif scale == "log":
            changed[name] = float(default * np.exp(step))
        else:
            odds = default / (1 - default) * np.exp(step)
            changed[name] = float(odds / (1 + odds))
    return replace(DEFAULT, **changed)
