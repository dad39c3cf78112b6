"""What is known of the population: a distribution over hyper-parameters, on the scale on which they are fitted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from scipy.special import expit, logit, ndtri
from scipy.stats import qmc

from sextant.response.hyper_parameters import DEFAULT, HyperParameters
from sextant.response.report import FloatArray
from sextant.response.settings import FIELDS, Settings
from sextant.response.waning import TWO_SPEED, Waning

MODEL_VERSION = "response 3"

# Which hyper-parameters are fitted, on which scale, and how far each default may be wrong: SD of its normal prior.
# The share who get worse is fitted as a share of those whom pi0 leaves, so that both together never exceed all.
ASSUMED_SD: dict[str, tuple[str, float]] = {
    "mu_a": ("log", 0.4),
    "sd_a": ("log", 0.4),
    "mu_c": ("log", 0.45),
    "sd_c": ("log", 0.4),
    "mu_ln_tau_s": ("identity", 0.4),
    "sd_ln_tau_s": ("log", 0.3),
    "lasting_share": ("logit", 0.5),
    "pi0": ("logit", 0.5),
    "pi_worse": ("logit of the rest", 0.5),
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
FITTED: tuple[str, ...] = tuple(ASSUMED_SD)

_Change = Callable[[FloatArray], FloatArray]
_TO_SCALE: dict[str, _Change] = {"identity": np.asarray, "log": np.log, "logit": logit, "logit of the rest": logit}
_FROM_SCALE: dict[str, _Change] = {"identity": np.asarray, "log": np.exp, "logit": expit, "logit of the rest": expit}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Population:
    """A normal distribution over the fitted hyper-parameters; what is not fitted is as in `fixed`.

    Parameters
    ----------
    version : what it calls itself in every answer
    sources : keys of `sextant.evidence` that it rests on
    mean : array of shape (n_fitted,), on the scales of `ASSUMED_SD`
    covariance : array of shape (n_fitted, n_fitted)
    waning : how slow benefit wanes
    """

    version: str
    sources: tuple[str, ...]
    mean: FloatArray
    covariance: FloatArray
    fixed: HyperParameters = DEFAULT
    waning: Waning = TWO_SPEED
    _factor: FloatArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_factor", np.linalg.cholesky(self.covariance))

    def at(self, shifts: FloatArray) -> Settings:
        """The settings that lie so many standard deviations from the mean, shape (n_settings, n_fitted)."""
        return settings_of(self.mean + shifts @ self._factor.T, self.fixed, self.waning)

    def average(self) -> HyperParameters:
        """The setting at the mean: the centre of what is assumed, and never what an answer is averaged over."""
        return self.at(np.zeros((1, len(self.mean)))).one(0)

    def draws(self, n: int, rng: np.random.Generator) -> Settings:
        """So many settings at random."""
        return self.at(rng.standard_normal((n, len(self.mean))))


def settings_of(vectors: FloatArray, fixed: HyperParameters, waning: Waning = TWO_SPEED) -> Settings:
    """Settings from vectors on the fitting scale, shape (n_settings, n_fitted)."""
    table = np.tile([getattr(fixed, name) for name in FIELDS], (len(vectors), 1))
    for column, (name, (scale, _)) in enumerate(ASSUMED_SD.items()):
        table[:, FIELDS.index(name)] = _FROM_SCALE[scale](vectors[:, column])
    table[:, FIELDS.index("pi_worse")] *= 1 - table[:, FIELDS.index("pi0")]
    return Settings(table, waning)


def vector_of(hyper: HyperParameters) -> FloatArray:
    """A setting on the fitting scale, shape (n_fitted,)."""
    values = {name: getattr(hyper, name) for name in FITTED}
    values["pi_worse"] /= 1 - hyper.pi0
    return np.array([float(_TO_SCALE[scale](np.asarray(values[name]))) for name, (scale, _) in ASSUMED_SD.items()])


@cache
def design_assumptions() -> Population:
    """What was assumed before any study was read: where the prior from evidence starts."""
    return Population(
        version="design assumptions 2",
        sources=("RESPONSE-MODEL",),
        mean=vector_of(DEFAULT),
        covariance=np.diag([sd**2 for _, sd in ASSUMED_SD.values()]),
    )


@cache
def even_shifts(n: int, n_fitted: int = len(FITTED), sequence: int = 0) -> FloatArray:
    """n shifts that cover a unit normal evenly (scrambled Sobol, stated seeds), shape (n, n_fitted).

    n is a power of two. The same for page, letter, API and command line, so that they never differ for one patient.
    """
    points = qmc.Sobol(n_fitted, rng=20_261_125 + sequence).random(n)
    return np.asarray(ndtri(points))
