"""The population that published figures leave likely: closed form, the same in every run.

Each figure is a smooth function of the hyper-parameters. Around the current best setting it is a line, so that with
normal errors, and with hyper-parameters that differ from study to study, the best setting and its spread are those of
a linear mixed model. A few rounds find the best one (Gauss and Newton). How far studies differ is one number, a
multiple of assumed proportions, found by the marginal likelihood of the lines.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sextant.response.hyper_parameters import HyperParameters
from sextant.response.population import FITTED, Population, settings_of
from sextant.response.prior.readings import Conditions, Reading
from sextant.response.report import FloatArray
from sextant.response.settings import Settings

# What is fitted beside the population's numbers, with mean and SD before any study. Design assumptions.
OPEN_LABEL = "ln_open_label"  # by how much (log) benefit looks larger where everybody knows that it is ketamine
RATED = "ln_rated"  # by how much (log) a clinician's rating is less noisy than the patient's own score
RELAPSE = "relapse_at"  # share of the baseline that is still gone when a relapse is called; most rows do not say
NUISANCE = {OPEN_LABEL: (0.2, 0.3), RATED: (-0.2, 0.3), RELAPSE: (0.4, 0.1)}
NAMES = (*FITTED, *NUISANCE)
ABOUT_RESPONSE = (
    *("mu_a", "sd_a", "mu_c", "sd_c", "mu_ln_tau_s", "sd_ln_tau_s"),
    *("lasting_share", "pi0", "pi_worse", "tau_f_days", "tau_on_days"),
)
START_WIDER = 2.0
"""How much wider than the design assumptions the doubt about response is before any study. What an instrument shows and
what a programme does without ketamine is not freed: the same figures could be made of either."""

# How far a hyper-parameter differs between studies, on the fitting scale, up to the one multiple that is fitted.
BETWEEN = {"mu_a": 0.15, "mu_c": 0.08, "mu_ln_tau_s": 0.3, "pi0": 0.5, "mu_h": 0.8}
_MULTIPLES = np.geomspace(0.4, 3.0, 30)
_ROUNDS = 24
_FULL_STEPS = 8
_DONE = 0.02
_STEP = 0.05  # SDs, for slopes
_LONGEST = 1.0  # SDs that one round may go


@dataclass(frozen=True, slots=True)
class Start:
    """What is thought before any study, (n_names,) each."""

    mean: FloatArray
    sd: FloatArray


@dataclass(frozen=True, slots=True)
class Fitted:
    """The fit, and the lines that it rests on.

    Parameters
    ----------
    at, covariance : best setting on the scale of `NAMES`, and how well it is known; (n_names,), (n_names, n_names)
    between_multiple : how far studies differ, as a multiple of `BETWEEN`
    readings : what was read
    foretold : of each reading at the best setting, (n_readings,)
    slopes : (n_readings, n_names)
    errors : covariance of the readings about what is foretold: sampling and difference of studies
    start : what was thought before
    """

    at: FloatArray
    covariance: FloatArray
    between_multiple: float
    readings: tuple[Reading, ...]
    foretold: FloatArray
    slopes: FloatArray
    errors: FloatArray
    start: Start

    @property
    def misfit(self) -> float:
        """Minus log density of readings and setting together, up to a constant: lower is better."""
        observed = np.array([one.observed for one in self.readings])
        off, away = observed - self.foretold, (self.at - self.start.mean) / self.start.sd
        return float(0.5 * (off @ np.linalg.solve(self.errors, off) + np.linalg.slogdet(self.errors)[1] + away @ away))

    @property
    def residuals(self) -> FloatArray:
        """Observed less foretold, in SDs of what sampling and the difference of studies allow, (n_readings,)."""
        observed = np.array([one.observed for one in self.readings])
        return np.asarray((observed - self.foretold) / np.sqrt(np.diag(self.errors)))

    def without(self, study: str | None) -> tuple[FloatArray, FloatArray]:
        """Best setting and spread without that study, along the lines of the whole fit; None leaves none out."""
        kept = np.array([one.study != study for one in self.readings])
        return _solve(self.start, self._pseudo[kept], self.slopes[kept], self.errors[np.ix_(kept, kept)])

    @property
    def _pseudo(self) -> FloatArray:
        observed = np.array([one.observed for one in self.readings])
        return np.asarray(observed - self.foretold + self.slopes @ self.at)


def start_from(population: Population) -> Start:
    """The design assumptions with wider doubt, and the assumptions about studies."""
    extra = np.array([*NUISANCE.values()])
    wider = np.array([START_WIDER if name in ABOUT_RESPONSE else 1.0 for name in FITTED])
    return Start(
        np.concatenate([population.mean, extra[:, 0]]),
        np.concatenate([wider * np.sqrt(np.diag(population.covariance)), extra[:, 1]]),
    )


def fit(
    readings: Sequence[Reading],
    before: Population,
    said: Callable[[str], None] = lambda _: None,
    begin: FloatArray | None = None,
) -> Fitted:
    """The best setting given these readings, with `before` widened as what was thought before.

    Parameters
    ----------
    begin : where the search begins, on the scale of `NAMES`; None for the mean of what was thought before
    """
    start = start_from(before)
    observed = np.array([one.observed for one in readings])
    sampling = np.array([one.variance for one in readings])
    same = np.array([[a.study == b.study for b in readings] for a in readings])
    at, multiple = (start.mean if begin is None else begin).copy(), 1.0
    foretold, slopes, errors = np.zeros(0), np.zeros((0, 0)), np.zeros((0, 0))
    for number in range(_ROUNDS):
        said(f"round {number + 1}: {len(readings)} published figures foretold")
        foretold, slopes = _lines(readings, at, start.sd, before.fixed)
        pseudo = observed - foretold + slopes @ at
        multiple = _multiple(start, pseudo, slopes, sampling, same)
        errors = _errors(slopes, sampling, same, multiple)
        found, _ = _solve(start, pseudo, slopes, errors)
        step = (found - at) / start.sd
        longest = np.abs(step).max()
        # Later steps are halved: full ones go to and fro where a line bends.
        at = at + start.sd * step * min(1.0 if number < _FULL_STEPS else 0.5, _LONGEST / max(longest, 1e-12))
        if longest < _DONE:
            break
    foretold, slopes = _lines(readings, at, start.sd, before.fixed)
    errors = _errors(slopes, sampling, same, multiple)
    _, covariance = _solve(start, observed - foretold + slopes @ at, slopes, errors)
    return Fitted(at, covariance, multiple, tuple(readings), foretold, slopes, errors, start)


def foretell(readings: Sequence[Reading], at: FloatArray, fixed: HyperParameters) -> FloatArray:
    """Each reading in people of one setting on the scale of `NAMES`, (n_readings,)."""
    plain, open_label = _settings(at, fixed)
    own, daily = float(plain["sd_e"][0]), float(plain["sd_ou"][0])
    rated = own * float(np.exp(at[NAMES.index(RATED)]))
    under = Conditions(own**2 + daily**2, rated**2 + daily**2, float(at[NAMES.index(RELAPSE)]))
    return np.array([one.foretell(open_label if one.open_label else plain, under) for one in readings])


def _settings(at: FloatArray, fixed: HyperParameters) -> tuple[Settings, Settings]:
    """The setting as blinded trials see it, and as open ones do."""
    plain = settings_of(at[None, : len(FITTED)], fixed)
    more = at.copy()
    larger = at[NAMES.index(OPEN_LABEL)]
    for name in ("mu_a", "mu_c"):
        more[NAMES.index(name)] *= np.exp(larger)
    for name in ("sd_a", "sd_c"):
        more[NAMES.index(name)] += larger
    return plain, settings_of(more[None, : len(FITTED)], fixed)


def _lines(
    readings: Sequence[Reading], at: FloatArray, sd: FloatArray, fixed: HyperParameters
) -> tuple[FloatArray, FloatArray]:
    slopes = np.empty((len(readings), len(at)))
    for column in range(len(at)):
        step = np.zeros(len(at))
        step[column] = _STEP * sd[column]
        rise = foretell(readings, at + step, fixed) - foretell(readings, at - step, fixed)
        slopes[:, column] = rise / (2 * step[column])
    return foretell(readings, at, fixed), slopes


def _errors(slopes: FloatArray, sampling: FloatArray, same: FloatArray, multiple: float) -> FloatArray:
    columns = [NAMES.index(name) for name in BETWEEN]
    spread = multiple * np.array([*BETWEEN.values()])
    of_studies = (slopes[:, columns] * spread**2) @ slopes[:, columns].T
    return np.diag(sampling) + np.where(same, of_studies, 0.0)


def _multiple(start: Start, pseudo: FloatArray, slopes: FloatArray, sampling: FloatArray, same: FloatArray) -> float:
    """The multiple of `BETWEEN` under which the readings are likeliest, the setting integrated out."""
    off = pseudo - slopes @ start.mean
    prior = (slopes * start.sd**2) @ slopes.T

    def log_likelihood(multiple: float) -> float:
        whole = prior + _errors(slopes, sampling, same, multiple)
        sign, log_det = np.linalg.slogdet(whole)
        return float(-0.5 * (sign * log_det + off @ np.linalg.solve(whole, off)))

    return float(max(_MULTIPLES, key=log_likelihood))


def _solve(start: Start, pseudo: FloatArray, slopes: FloatArray, errors: FloatArray) -> tuple[FloatArray, FloatArray]:
    weighed = np.linalg.solve(errors, np.column_stack([slopes, pseudo]))
    precision = slopes.T @ weighed[:, :-1] + np.diag(start.sd**-2.0)
    covariance = np.linalg.inv((precision + precision.T) / 2)
    return covariance @ (slopes.T @ weighed[:, -1] + start.mean / start.sd**2), covariance
