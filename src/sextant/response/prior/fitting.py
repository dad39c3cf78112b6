"""The population that published figures leave likely: closed form, the same in every run.

Each figure is a smooth function of the hyper-parameters of its study's people. Studies differ: each has a setting of
its own around that of all. Around the best settings, the study's own among them, each figure is a line, so that with
normal errors the setting of all and its spread are those of a linear mixed model. A few rounds find them (Gauss and
Newton). To draw the line at each study's own setting matters: some figures, durability most, bend within the difference
of studies. In pharmacometrics the method is known as first-order conditional estimation.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sextant.response.hyper_parameters import HyperParameters
from sextant.response.population import FITTED, Population, settings_of
from sextant.response.prior.readings import Conditions, Reading
from sextant.response.report import BoolArray, FloatArray
from sextant.response.settings import Settings, baselines

# What is fitted beside the population's numbers, with mean and SD before any study. Design assumptions.
UNBLINDED = "ln_unblinded"  # by how much (log) benefit looks larger without an active control; stated
RATED = "ln_rated"  # by how much (log) a clinician's rating is less noisy than the patient's own score
RELAPSE = "relapse_at"  # share of the baseline that is still gone when a relapse is called; most rows do not say
APART = "ln_sd_h"  # by how much (log) people in studies of depression differ more in what happens without ketamine
LOOKS_LARGER, LOOKS_LARGER_SD = 0.5, 0.4
"""By how much (log) benefit looks larger in open and saline-controlled studies than beside an active control, and how
far that may be wrong. Stated, not fitted: one study on file had an active control, and all others would move the
discount by what they say of benefit alone. Its doubt is added when the prior is carried over."""
NUISANCE = {UNBLINDED: (LOOKS_LARGER, 0.02), RATED: (-0.2, 0.3), RELAPSE: (0.4, 0.1), APART: (0.5, 0.5)}
NAMES = (*FITTED, *NUISANCE)
ABOUT_RESPONSE = (
    *("mu_a", "sd_a", "mu_c", "sd_c", "mu_ln_tau_s", "sd_ln_tau_s"),
    *("lasting_share", "pi0", "pi_worse", "tau_f_days", "tau_on_days"),
)
ON_MOOD_SCALES = ("lambda_phq9", "lambda_madrs")
"""How much of a benefit the scales of the studies show. No row compares them with craving: before any study craving is
taken to fall by the same share of its usual baseline as they do. Carried over with the size of the benefit, since the
two cannot be told apart."""
START_WIDER = 1.5
"""How much wider than the design assumptions the doubt about response is before any study."""
WITHOUT_KETAMINE_WIDER = 2.0
"""How much wider the doubt is about what happens without ketamine in studies of depression; it is not carried over."""

# How far a hyper-parameter differs between studies, on the fitting scale: what is thought before, and by how much (log)
# the fit may find it otherwise. Design assumptions.
BETWEEN = {"mu_a": 0.3, "mu_c": 0.4, "mu_ln_tau_s": 0.4, "pi0": 0.6, "mu_h": 0.5, RELAPSE: 0.08}
BETWEEN_LOG_SD = 0.5
_TRIED = np.geomspace(0.2, 5.0, 40)  # multiples of what is thought before
_SWEEPS = 3
_ROUNDS = 60
_PART = 0.25  # of a later step: full ones go to and fro where a line bends
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
    between : SD of each hyper-parameter from study to study, (n_names,); 0 for those that do not differ
    readings : what was read
    own : how far each study's setting lies from `at`, by study
    foretold : of each reading under its study's own setting, (n_readings,)
    slopes : there, (n_readings, n_names)
    start : what was thought before
    fixed : what is not fitted
    """

    at: FloatArray
    covariance: FloatArray
    between: FloatArray
    readings: tuple[Reading, ...]
    own: dict[str, FloatArray]
    foretold: FloatArray
    slopes: FloatArray
    start: Start
    fixed: HyperParameters

    @property
    def studies(self) -> tuple[str, ...]:
        """The studies that were read."""
        return tuple(self.own)

    @property
    def misfit(self) -> float:
        """Minus log density of readings and setting together, up to a constant: lower is better."""
        off = self._pseudo - self.slopes @ self.at
        errors, away = self._errors, (self.at - self.start.mean) / self.start.sd
        return float(0.5 * (off @ np.linalg.solve(errors, off) + np.linalg.slogdet(errors)[1] + away @ away))

    def without(self, study: str | None, counts: float = 1.0) -> tuple[FloatArray, FloatArray]:
        """Best setting and spread without that study, along the lines of the whole fit; None leaves none out.

        Parameters
        ----------
        counts : how much the information of the studies counts, 1 for all of it
        """
        kept = np.array([one.study != study for one in self.readings])
        errors = self._errors[np.ix_(kept, kept)] / counts
        return _solve(self.start, self._pseudo[kept], self.slopes[kept], errors)

    def told_by(self, study: str) -> FloatArray:
        """Precision that a study alone gives of the setting, (n_names, n_names); adds up over studies."""
        of = np.array([one.study == study for one in self.readings])
        return np.asarray(self.slopes[of].T @ np.linalg.solve(self._errors[np.ix_(of, of)], self.slopes[of]))

    @property
    def _pseudo(self) -> FloatArray:
        return _pseudo(self.readings, self.foretold, self.slopes, self.at, self.own)

    @property
    def _errors(self) -> FloatArray:
        return _errors(self.readings, self.slopes, self.between)


def start_from(population: Population) -> Start:
    """The design assumptions with wider doubt, and the assumptions about studies."""
    extra = np.array([*NUISANCE.values()])
    wider = np.array([START_WIDER if name in ABOUT_RESPONSE else 1.0 for name in FITTED])
    wider[FITTED.index("mu_h")] = WITHOUT_KETAMINE_WIDER
    mean = population.mean.copy()
    for name in ON_MOOD_SCALES:
        mean[FITTED.index(name)] = same_share(name.removeprefix("lambda_"))
    sd = wider * np.sqrt(np.diag(population.covariance))
    return Start(np.concatenate([mean, extra[:, 0]]), np.concatenate([sd, extra[:, 1]]))


def same_share(instrument: str) -> float:
    """lambda_j under which an instrument falls by the same share of its usual baseline as craving does."""
    usual, _ = baselines([instrument, "craving"])
    return float(usual[0] / usual[1])


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
    at = (start.mean if begin is None else begin).copy()
    own = {one.study: np.zeros(len(NAMES)) for one in readings}
    between = np.zeros(len(NAMES))
    for number in range(_ROUNDS):
        said(f"round {number + 1}: {len(readings)} published figures foretold")
        foretold, slopes = _lines(readings, at, own, start.sd, before.fixed)
        pseudo = _pseudo(readings, foretold, slopes, at, own)
        part = 1.0 if number < _FULL_STEPS else _PART
        between = _between(start, readings, pseudo, slopes) ** part * between ** (1 - part)
        errors = _errors(readings, slopes, between)
        found, _ = _solve(start, pseudo, slopes, errors)
        pulls = np.asarray(np.linalg.solve(errors, pseudo - slopes @ found))
        far = _own(readings, slopes, between, pulls)
        steps = np.array([(found - at) / start.sd, *((far[study] - own[study]) / start.sd for study in own)])
        longest = np.abs(steps).max()
        part = min(part, _LONGEST / max(longest, 1e-12))
        at = at + part * (found - at)
        own = {study: own[study] + part * (far[study] - own[study]) for study in own}
        if longest < _DONE:
            break
    foretold, slopes = _lines(readings, at, own, start.sd, before.fixed)
    pseudo = _pseudo(readings, foretold, slopes, at, own)
    _, covariance = _solve(start, pseudo, slopes, _errors(readings, slopes, between))
    return Fitted(at, covariance, between, tuple(readings), own, foretold, slopes, start, before.fixed)


def foretell(
    readings: Sequence[Reading], at: FloatArray, own: Mapping[str, FloatArray], fixed: HyperParameters
) -> FloatArray:
    """Each reading in people of its study's setting, `at` and what is `own`, on the scale of `NAMES`; (n_readings,)."""
    settings = {study: _settings(at + off, fixed) for study, off in own.items()}

    def said(one: Reading) -> float:
        blinded, unblinded, under = settings[one.study]
        return one.foretell(unblinded if one.unblinded else blinded, under)

    return np.array([said(one) for one in readings])


def _settings(at: FloatArray, fixed: HyperParameters) -> tuple[Settings, Settings, Conditions]:
    """The setting beside an active control, that where patients can know what they get, and how scores are taken."""
    apart = replace(fixed, sd_h=fixed.sd_h * float(np.exp(at[NAMES.index(APART)])))
    plain = settings_of(at[None, : len(FITTED)], apart)
    more = at.copy()
    more[[NAMES.index(name) for name in ("mu_a", "sd_a", "mu_c", "sd_c")]] += at[NAMES.index(UNBLINDED)]
    score, daily = float(plain["sd_e"][0]), float(plain["sd_ou"][0])
    rated = score * float(np.exp(at[NAMES.index(RATED)]))
    under = Conditions(score**2 + daily**2, rated**2 + daily**2, float(at[NAMES.index(RELAPSE)]))
    return plain, settings_of(more[None, : len(FITTED)], apart), under


def _lines(
    readings: Sequence[Reading],
    at: FloatArray,
    own: Mapping[str, FloatArray],
    sd: FloatArray,
    fixed: HyperParameters,
) -> tuple[FloatArray, FloatArray]:
    slopes = np.empty((len(readings), len(at)))
    for column in range(len(at)):
        step = np.zeros(len(at))
        step[column] = _STEP * sd[column]
        rise = foretell(readings, at + step, own, fixed) - foretell(readings, at - step, own, fixed)
        slopes[:, column] = rise / (2 * step[column])
    return foretell(readings, at, own, fixed), slopes


def _pseudo(
    readings: Sequence[Reading], foretold: FloatArray, slopes: FloatArray, at: FloatArray, own: Mapping[str, FloatArray]
) -> FloatArray:
    """What each reading would be if its line held all the way to a setting of zero."""
    observed = np.array([one.observed for one in readings])
    there = np.array([at + own[one.study] for one in readings])
    return np.asarray(observed - foretold + (slopes * there).sum(axis=1))


def _errors(readings: Sequence[Reading], slopes: FloatArray, between: FloatArray) -> FloatArray:
    """Covariance of the readings about the lines, of sampling and of the difference of studies."""
    sampling = np.diag([one.error for one in readings])
    return sampling + np.where(_same(readings), (slopes * between**2) @ slopes.T, 0.0)


def _same(readings: Sequence[Reading]) -> BoolArray:
    studies = np.array([one.study for one in readings])
    return np.asarray(studies[:, None] == studies)


def _own(
    readings: Sequence[Reading], slopes: FloatArray, between: FloatArray, pulls: FloatArray
) -> dict[str, FloatArray]:
    """How far each study's setting is likeliest from that of all."""
    studies = np.array([one.study for one in readings])
    return {one: between**2 * (slopes.T @ np.where(studies == one, pulls, 0.0)) for one in dict.fromkeys(studies)}


def _between(start: Start, readings: Sequence[Reading], pseudo: FloatArray, slopes: FloatArray) -> FloatArray:
    """The spreads from study to study under which the readings are likeliest, the setting integrated out."""
    off = pseudo - slopes @ start.mean
    known = (slopes * start.sd**2) @ slopes.T + np.diag([one.error for one in readings])
    same = _same(readings)
    columns = [NAMES.index(name) for name in BETWEEN]
    thought = np.array([*BETWEEN.values()])
    multiples = np.ones(len(BETWEEN))

    def log_likelihood(tried: FloatArray) -> float:
        differ = (slopes[:, columns] * (tried * thought) ** 2) @ slopes[:, columns].T
        whole = known + np.where(same, differ, 0.0)
        fit = np.linalg.slogdet(whole)[1] + off @ np.linalg.solve(whole, off)
        return float(-0.5 * (fit + np.sum((np.log(tried) / BETWEEN_LOG_SD) ** 2)))

    for _ in range(_SWEEPS):
        for number in range(len(multiples)):
            here = np.arange(len(multiples)) == number
            likely = [log_likelihood(np.where(here, tried, multiples)) for tried in _TRIED]
            multiples[number] = _TRIED[int(np.argmax(likely))]
    between = np.zeros(len(NAMES))
    between[columns] = multiples * thought
    return between


def _solve(start: Start, pseudo: FloatArray, slopes: FloatArray, errors: FloatArray) -> tuple[FloatArray, FloatArray]:
    weighed = np.linalg.solve(errors, np.column_stack([slopes, pseudo]))
    precision = slopes.T @ weighed[:, :-1] + np.diag(start.sd**-2.0)
    covariance = np.linalg.inv((precision + precision.T) / 2)
    return covariance @ (slopes.T @ weighed[:, -1] + start.mean / start.sd**2), covariance
