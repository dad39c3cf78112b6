"""Is the fitted population better than the one that stands? Judged on patients that the fit never saw."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256

import numpy as np
from scipy.special import logsumexp

from sextant.response.course_data import CourseData
from sextant.response.engine import Engine
from sextant.response.held_out import Judged
from sextant.response.population import MODEL_VERSION, Population, even_shifts
from sextant.response.population_file import named
from sextant.response.refit.cohort import Cohort, Contribution, digest, in_order
from sextant.response.refit.fitting import (
    LEAST_PATIENTS,
    FewPatientsError,
    Fit,
    fit,
    near_maximum,
    quiet,
    shifted,
)
from sextant.response.refit.search import Maximum, Question, after
from sextant.response.report import FloatArray

FOLDS = 5
LEAST_FOR_REFIT = -(-LEAST_PATIENTS * FOLDS // (FOLDS - 1))
_DRAWS, _MOST_DRAWS = 128, 1024  # powers of two
# Change of the mean log score, by twice as many draws, at which they are enough: outright, or as a part of the standard
# error of a comparison, or of its gain where that is plain.
_SETTLED, _PART_OF_ERROR, _PART_OF_GAIN = 0.005, 0.1, 0.025


def judge(old: Population, new: Population, held_out: Cohort) -> Judged:
    """Old against new on a cohort that neither was fitted to: log of each patient's evidence, averaged over draws."""
    score = log_score(new, held_out)
    return _judged(score - log_score(old, held_out, against=score))


def refit(
    courses: Sequence[CourseData],
    old: Population,
    *,
    name: str,
    by: Engine | None = None,
    said: Callable[[str], None] = quiet,
) -> tuple[Fit, Judged]:
    """The population fitted to all patients, and how such a fit does on patients that it never saw.

    One fifth after the other is held out and judged with a population fitted to the rest (its maximum and curvature);
    what is returned is fitted to all. The caller keeps the old one unless `Judged.better`. The order of the patients
    plays no part.

    Parameters
    ----------
    name : what the new population is called, beside its number of patients and a mark of its numbers
    said : told how far it has come

    Raises
    ------
    FewPatientsError, UnreliableFitError
        As `fit`.
    """
    if len(courses) < LEAST_FOR_REFIT:
        raise FewPatientsError(
            f"There are {len(courses)} patients; a refit needs at least {LEAST_FOR_REFIT}, so that {LEAST_PATIENTS} "
            "are left while the others are held out to judge it. The population that stands goes on until then."
        )
    courses = in_order(courses)
    cohort = Cohort.of(courses, old, by=by)
    said(f"finding the most likely population of {len(cohort)} patients")
    top = near_maximum(cohort, old)
    sources = tuple(dict.fromkeys((*old.sources, "clinic: own record")))
    fitted = fit(cohort, old, version=name, sources=sources, top=top, said=said)
    _, own = cohort.gradients(old, top.shift)
    score = np.zeros(len(cohort))
    for fold in range(FOLDS):
        said(f"judging the new one on part {fold + 1} of {FOLDS}, held out")
        out = np.arange(fold, len(cohort), FOLDS)
        rest = np.setdiff1d(np.arange(len(cohort)), out)
        learnt = near_maximum(cohort.take(rest), old, _without(top, own, rest))
        new = shifted(old, learnt.shift, learnt.covariance, "held out", ())
        score[out] = log_score(new, cohort.take(out))
    said("judging the population that stands")
    fitted = replace(fitted, population=named(fitted.population, name, len(cohort)))
    return fitted, _judged(score - log_score(old, cohort, against=score))


def mark_of(courses: Sequence[CourseData]) -> str:
    """A mark of a cohort's facts and of the model that reads them, from which no patient can be told."""
    return sha256("\n".join([MODEL_VERSION, *sorted(map(digest, courses))]).encode()).hexdigest()


def log_score(population: Population, cohort: Cohort, *, against: FloatArray | None = None) -> FloatArray:
    """Log of each patient's evidence averaged over draws of the population, (n_patients,).

    Draws are doubled until that hardly changes the mean over patients, in itself or for a comparison.

    Parameters
    ----------
    against : the scores, (n_patients,), that these will be compared with
    """
    found, n, score = np.zeros((0, len(cohort))), 0, np.full(len(cohort), -np.inf)
    for total in 2 ** np.arange(_DRAWS.bit_length() - 1, _MOST_DRAWS.bit_length()):
        found = np.vstack([found, cohort.log_evidence(population, even_shifts(int(total))[n:])])
        n, last = int(total), score.mean()
        score = logsumexp(found, axis=0) - np.log(n)
        enough = _SETTLED
        if against is not None:
            compared = _judged(against - score)
            enough = max(enough, _PART_OF_ERROR * compared.error, _PART_OF_GAIN * abs(compared.gain))
        if abs(score.mean() - last) < enough:
            break
    return np.asarray(score)


def _without(top: Maximum, gradients: FloatArray, rest: np.ndarray) -> FloatArray:
    """Where the maximum lies when only these patients count: one Newton step from where it lies for all."""
    part = gradients[:, rest]
    told = Contribution(len(rest), 0.0, part.sum(axis=1), part @ part.T)
    found = after(Question(top.shift), told, done=0.0)
    return found.shift


def _judged(gains: FloatArray) -> Judged:
    return Judged(len(gains), float(gains.mean()), float(gains.std(ddof=1) / np.sqrt(len(gains))))
