"""Is the fitted population better than the one that stands? Judged on patients that the fit never saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from scipy.special import logsumexp

from sextant.response.course_data import CourseData
from sextant.response.engine import Engine
from sextant.response.population import Population, even_shifts
from sextant.response.refit.cohort import Cohort
from sextant.response.refit.fitting import LEAST_PATIENTS, FewPatientsError, Fit, fit, maximum_as_population
from sextant.response.report import FloatArray

_DRAWS = 256
_ERRORS_BETTER = 2.0


@dataclass(frozen=True, slots=True)
class Judged:
    """How much better the new population foretold held-out patients' scores than the old one.

    `gain` is the mean difference in log score a patient, `error` its standard error. The new one is `better` only if
    the gain is above `_ERRORS_BETTER` standard errors.
    """

    n_held_out: int
    gain: float
    error: float

    @property
    def better(self) -> bool:
        """Whether the new population is to be used."""
        return self.gain > _ERRORS_BETTER * self.error


def judge(old: Population, new: Population, held_out: Cohort) -> Judged:
    """Old against new on a cohort that neither was fitted to: log of each patient's evidence, averaged over draws."""
    gains = _log_score(new, held_out) - _log_score(old, held_out)
    return Judged(len(gains), float(gains.mean()), float(gains.std(ddof=1) / np.sqrt(len(gains))))


def refit(
    courses: Sequence[CourseData], old: Population, *, name: str, by: Engine | None = None, folds: int = 5
) -> tuple[Fit, Judged]:
    """The population fitted to all patients, and how such a fit does on patients that it never saw.

    One fold after the other is held out and judged with a population fitted to the rest (its maximum and curvature);
    what is returned is fitted to all. The caller keeps the old one unless `Judged.better`.

    Parameters
    ----------
    name : what the new population is called, beside a hash of its patients' scores

    Raises
    ------
    FewPatientsError, UnreliableFitError
        As `fit`.
    """
    if len(courses) * (folds - 1) // folds < LEAST_PATIENTS:
        least = -(-LEAST_PATIENTS * folds // (folds - 1))
        raise FewPatientsError(
            f"There are {len(courses)} patients; a refit needs at least {least}, so that {LEAST_PATIENTS} are left "
            "while the others are held out to judge it. The population that stands goes on until then."
        )
    cohort = Cohort.of(courses, old, by=by)
    order = np.random.default_rng(len(cohort)).permutation(len(cohort))
    gains = np.zeros(len(cohort))
    for fold in range(folds):
        out = order[fold::folds]
        learnt = maximum_as_population(cohort.take(np.setdiff1d(order, out)), old)
        gains[out] = _log_score(learnt, cohort.take(out)) - _log_score(old, cohort.take(out))
    judged = Judged(len(gains), float(gains.mean()), float(gains.std(ddof=1) / np.sqrt(len(gains))))
    version = f"{name}, {len(cohort)} patients, {_digest(cohort)}"
    return fit(cohort, old, version=version, sources=(*old.sources, "OWN-RECORD")), judged


def _log_score(population: Population, cohort: Cohort) -> FloatArray:
    """Log of each patient's evidence averaged over draws of the population, (n_patients,)."""
    return np.asarray(logsumexp(cohort.log_evidence(population, even_shifts(_DRAWS)), axis=0) - np.log(_DRAWS))


def _digest(cohort: Cohort) -> str:
    arrays = (cohort.timelines.day, cohort.timelines.value, cohort.timelines.dose_day)
    return sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()[:12]
