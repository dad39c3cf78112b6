"""The numbers that describe the population of patients: all of them design assumptions until a clinic refits them."""

from dataclasses import dataclass, fields

import numpy as np

from sextant.response.report import FloatArray

CLEAR_FRACTION_OF_BASELINE = 0.5  # clear benefit: the target has fallen by half of the patient's own baseline
VALUES_FROM = "RESPONSE-MODEL"  # key in evidence/sources.csv of every number in this file but the cuts below

# Fitted to the weekly days of opioid use that 1,544 people reported in weeks with a urine test (source CTN0094; the
# command is benchmarks/use_days.py). First and last cut are fixed, so that only the steps between are uneven.
_USE_DAYS_CUTS = (0.5, 2.51, 3.8, 4.59, 5.23, 5.81, 6.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelledInstrument:
    """How one instrument enters the model: the divisor of its points, and what baselines are usual.

    The baseline's mean and SD are design assumptions, in the instrument's own points. `cuts` are for instruments of few
    ordered steps (whole days of a week): between which points of an even scale below the surface a step lies, step n
    between cuts n - 1 and n. A score is then read as the step that it is and not as a number.
    """

    key: str
    scale_points: float
    prior_mean_points: float
    prior_sd_points: float
    cuts: tuple[float, ...] = ()

    def shown(self, points: FloatArray) -> FloatArray:
        """Points of the even scale as points of the instrument: each cut is half-way between two steps."""
        if not self.cuts:
            return points
        return _along(points, self.cuts, self._half_way)

    def hidden(self, points: FloatArray) -> FloatArray:
        """Points of the instrument as points of the even scale: the inverse of `shown`."""
        if not self.cuts:
            return points
        return _along(points, self._half_way, self.cuts)

    def fall(self, points: FloatArray, share: float) -> FloatArray:
        """By how many points of the even scale a level must fall for that share of its shown points to go."""
        if not self.cuts:
            return np.asarray(share * points)
        return np.asarray(points - self.hidden((1 - share) * self.shown(points)))

    @property
    def _half_way(self) -> tuple[float, ...]:
        return tuple(step + 0.5 for step in range(len(self.cuts)))


def _along(points: FloatArray, given: tuple[float, ...], wanted: tuple[float, ...]) -> FloatArray:
    """Through the pairs of two lists, and with slope 1 beyond their ends."""
    below, above = np.minimum(points - given[0], 0.0), np.maximum(points - given[-1], 0.0)
    return np.asarray(np.interp(points, given, wanted) + below + above)


MODELLED: dict[str, ModelledInstrument] = {
    one.key: one
    for one in (
        ModelledInstrument(key="craving", scale_points=25, prior_mean_points=65, prior_sd_points=18),
        ModelledInstrument(key="phq9", scale_points=5, prior_mean_points=14, prior_sd_points=4.5),
        ModelledInstrument(key="gad7", scale_points=4.5, prior_mean_points=11, prior_sd_points=4),
        ModelledInstrument(
            key="use_days", scale_points=2, prior_mean_points=3.5, prior_sd_points=1.8, cuts=_USE_DAYS_CUTS
        ),
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
    lasting_share, lasting_ratio : share of slow benefit that wanes so many times more slowly than tau_s says
    pi0 : share of people in whom ketamine changes nothing, above 0 and below 1
    pi_worse : share of people who get worse in the programme, whatever the cause; 0 leaves them out
    mu_worse, sd_worse : their trend in place of mu_h, sd_h; below 0 is worse
    tau_f_days : days over which fast benefit wanes
    fast_carry_over : part of fast benefit still there that a further infusion adds to: 0, it is renewed; 1, it adds up
    tau_on_days : days over which slow benefit builds up
    sd_ou, tau_ou_days : size and memory of day-to-day variation, shared by all instruments
    sd_e : noise of one score
    sd_acute, tau_acute_days : further noise of a score taken soon after a dose, and how fast that passes; 0 for none
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
    lasting_share: float = 0.2
    lasting_ratio: float = 6.0
    pi0: float = 0.30
    pi_worse: float = 0.05
    mu_worse: float = -1.5
    sd_worse: float = 1.0
    tau_f_days: float = 5.0
    fast_carry_over: float = 0.0
    tau_on_days: float = 7.0
    sd_ou: float = 0.45
    tau_ou_days: float = 4.0
    sd_e: float = 0.35
    sd_acute: float = 0.8
    tau_acute_days: float = 0.2
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
            above_zero = field.name.startswith(("sd_", "tau_", "trend", "dose", "reference", "lasting_ratio"))
            if above_zero and field.name != "sd_acute" and value <= 0:
                raise ValueError(f"{field.name} is {value!r}; it must be above 0. Default: {field.default!r}.")
        if not 0 < self.pi0 < 1:
            raise ValueError(f"pi0 is {self.pi0!r}; it is a share above 0 and below 1, such as 0.3.")
        for name in ("pi_worse", "lasting_share"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)!r}; it is a share from 0 to below 1, such as 0.1.")
        if not 0 <= self.fast_carry_over <= 1:
            raise ValueError(f"fast_carry_over is {self.fast_carry_over!r}; it is a share from 0 to 1. Default: 0.")
        if self.sd_acute < 0:
            raise ValueError(f"sd_acute is {self.sd_acute!r}; it is 0 or above. Default: 0.8.")
        if self.pi0 + self.pi_worse >= 1:
            raise ValueError(f"pi0 and pi_worse are {self.pi0!r} and {self.pi_worse!r}; together they are below 1.")

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
# The model of the specification's sections 1 to 5, without what was added since.
PLAIN = HyperParameters(fast_carry_over=1.0, lasting_share=0.0, pi_worse=0.0, sd_acute=0.0)
