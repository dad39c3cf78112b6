"""Settings of the population as this patient's own scores leave them possible.

The hyper-parameters are uncertain too. An answer averages over settings drawn from their posterior given this
patient's scores: shifts that cover the population's prior evenly are weighed by the evidence of the scores; where the
scores leave few of them standing, more are drawn where those stand (adaptive importance sampling), until enough count.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.spatial.distance import cdist

from sextant.response.course_data import CourseData
from sextant.response.engine import Engine, default_grid, engine
from sextant.response.hyper_parameters import MODELLED
from sextant.response.population import Population, even_shifts
from sextant.response.reading import ROBUST, Reading
from sextant.response.report import FloatArray, IntArray
from sextant.response.settings import Settings
from sextant.response.timeline import pack

N_DRAWS = 32
_FIRST, _MORE, _MOST_ROUNDS = 256, 128, 16
_ENOUGH = 128.0  # effective number of shifts at which no more are drawn
_KEPT_SPREAD = 15.0  # effective shifts at which the learnt covariance counts half
_WIDER = 1.1
_TOO_LIGHT = 1e-6  # of the heaviest weight
_EXCHANGES = 3


@dataclass(frozen=True, slots=True)
class Individual:
    """Settings that count alike, and the effective number of weighed shifts that they were drawn from."""

    settings: Settings
    effective: float


def individual(
    course: CourseData, population: Population, *, reading: Reading = ROBUST, by: Engine | None = None
) -> Individual:
    """`N_DRAWS` settings of the population drawn from their posterior given one patient's scores.

    Deterministic: the same facts give the same settings. Without scores they are the population's own.
    """
    # Card, chart and letter of one patient ask within a moment of each other; what is planned plays no part.
    return _individual(replace(course, planned=()), population, reading, by.name if by else "numpy")


@lru_cache(maxsize=64)
def _individual(course: CourseData, population: Population, reading: Reading, engine_name: str) -> Individual:
    if not course.scores:
        return Individual(population.at(even_shifts(N_DRAWS)), float(N_DRAWS))
    scored = {score.instrument for score in course.scores}
    # What packing takes of the settings, trend and dose curve, is the same in all of them.
    timeline = pack([course], [key for key in MODELLED if key in scored], reading, Settings.of([population.fixed]))
    grid = default_grid(len(timeline.day))
    shifts, log_evidence, nonresponse = np.zeros((0, len(population.mean))), np.zeros(0), np.zeros(0)
    proposals: list[_Proposal] = []
    weights, effective = np.zeros(0), 0.0
    while effective < _ENOUGH and len(proposals) <= _MOST_ROUNDS:
        new = _next_proposal(proposals, shifts, weights, effective)
        proposals.append(new)
        fresh = new.points()
        weighed = engine(engine_name).weigh(
            timeline,
            population.at(fresh),
            grid,
            reading,
            who=np.zeros(len(fresh), np.int64),
            which=np.arange(len(fresh)),
        )
        shifts = np.vstack([shifts, fresh])
        log_evidence = np.append(log_evidence, weighed.log_evidence_of_scores)
        nonresponse = np.append(nonresponse, weighed.weights[:, 0])
        log_weights = log_evidence - 0.5 * (shifts**2).sum(axis=1) - _log_density(proposals, shifts)
        weights, effective = _normalised(log_weights)
        if effective < _ENOUGH:
            weights, _ = _normalised(_tempered(log_weights))
    weights, effective = _normalised(log_weights)
    return Individual(population.at(shifts[_chosen(shifts, nonresponse, weights, N_DRAWS)]), effective)


@dataclass(frozen=True, slots=True)
class _Proposal:
    """Where shifts were drawn: a normal distribution, and how many of which sequence."""

    mean: FloatArray
    factor: FloatArray
    n: int
    sequence: int

    def points(self) -> FloatArray:
        return self.mean + even_shifts(self.n, len(self.mean), self.sequence) @ self.factor.T

    def log_density(self, shifts: FloatArray) -> FloatArray:
        z = np.linalg.solve(self.factor, (shifts - self.mean).T)
        return np.asarray(-0.5 * (z**2).sum(axis=0) - np.log(np.diag(self.factor)).sum())


def _next_proposal(so_far: list[_Proposal], shifts: FloatArray, weights: FloatArray, effective: float) -> _Proposal:
    n_fitted = shifts.shape[1]
    if not so_far:
        return _Proposal(np.zeros(n_fitted), np.eye(n_fitted), _FIRST, 0)
    mean = weights @ shifts
    learnt = (shifts - mean).T @ ((shifts - mean) * weights[:, None])
    # Few effective shifts say little of how hyper-parameters hang together: lean towards their own variances.
    counted = max(effective, 1.0 / (weights**2).sum())
    trust = counted / (counted + _KEPT_SPREAD)
    own = np.diag(np.clip(np.diag(learnt), 0.05, 1.0))
    factor = np.linalg.cholesky(_WIDER * (trust * learnt + (1 - trust) * own))
    return _Proposal(mean, factor, _MORE, len(so_far))


def _log_density(proposals: list[_Proposal], shifts: FloatArray) -> FloatArray:
    """Of all proposals together, each by its number of shifts (balance heuristic)."""
    total = sum(one.n for one in proposals)
    each = [np.log(one.n / total) + one.log_density(shifts) for one in proposals]
    return np.asarray(np.logaddexp.reduce(each))


def _normalised(log_weights: FloatArray) -> tuple[FloatArray, float]:
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    return weights, float(1.0 / (weights**2).sum())


def _tempered(log_weights: FloatArray) -> FloatArray:
    """The weights raised to the largest power of at most 1 at which enough shifts count to learn a spread from."""
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = 0.5 * (low + high)
        if _normalised(middle * log_weights)[1] >= 2 * _KEPT_SPREAD:
            low = middle
        else:
            high = middle
    return low * log_weights if _normalised(log_weights)[1] < 2 * _KEPT_SPREAD else log_weights


def _chosen(shifts: FloatArray, nonresponse: FloatArray, weights: FloatArray, n: int) -> IntArray:
    """n rows that, counting alike, stand for all weighed ones as well as n can (support points, by energy distance).

    Drawn at random instead, answers would hang on chance three times as much.
    """
    rows = np.flatnonzero(weights > _TOO_LIGHT * weights.max())
    weights = weights[rows] / weights[rows].sum()
    told = np.column_stack([shifts[rows], nonresponse[rows]])  # where a setting lies, and what answers turn on most
    off = told - weights @ told
    spread = np.sqrt(weights @ off**2)
    off /= np.where(spread > 0, spread, 1.0)
    apart = cdist(off, off)
    to_all = apart @ weights
    chosen: list[int] = []
    to_chosen = np.zeros(len(rows))
    for k in range(n):
        chosen.append(int((to_all - to_chosen / (k + 1)).argmin()))
        to_chosen += apart[chosen[-1]]
    for _ in range(_EXCHANGES):
        for k in range(n):
            to_chosen -= apart[chosen[k]]
            chosen[k] = int((n * to_all - to_chosen).argmin())
            to_chosen += apart[chosen[k]]
    return np.asarray(rows[chosen])
