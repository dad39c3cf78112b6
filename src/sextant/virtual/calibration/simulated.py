"""Forecasts held against what came true in virtual patients (simulation-based calibration).

Two questions. Is the engine right where the setting of the population is known? And is the forecast that clinicians
see right, where each patient comes from another setting and the answer averages over settings that the patient's
scores leave possible?
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from sextant.response.engine import Engine, default_grid
from sextant.response.forecast import settled
from sextant.response.population import Population
from sextant.response.posterior import Forms, Posterior
from sextant.response.quantities import p_clear, parameter
from sextant.response.reading import ROBUST, Reading
from sextant.response.report import BoolArray, FloatArray
from sextant.response.settings import Settings
from sextant.response.timeline import pack
from sextant.virtual.calibration.cohort import MEASURED, POINTS, TARGET, Cohort
from sextant.virtual.calibration.scores import Mixtures, crps, pit, pit_on_grid


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is kept of n forecasts once the truth is known, (n,) each.

    Parameters
    ----------
    benefit, level, new, baseline : PIT of B, of the score free of noise, of a newly observed score, of the baseline
    ln_tau_s : PIT of ln tau_s given response, NaN in people who do not respond
    p_nonresponder, p_clear : probabilities that were told, averaged over settings of the population
    median_nonresponder, median_clear : the median over settings in their place
    nonresponder, clear : what was true
    benefit_error, new_error : mean of the forecast less the truth, in points of the target; of B and of a new score
    new_crps : of the new score, in points; NaN unless asked for
    """

    benefit: FloatArray
    level: FloatArray
    new: FloatArray
    baseline: FloatArray
    ln_tau_s: FloatArray
    p_nonresponder: FloatArray
    p_clear: FloatArray
    median_nonresponder: FloatArray
    median_clear: FloatArray
    nonresponder: BoolArray
    clear: BoolArray
    benefit_error: FloatArray
    new_error: FloatArray
    new_crps: FloatArray

    def __len__(self) -> int:
        return len(self.benefit)

    @classmethod
    def joined(cls, parts: Sequence["Outcome"]) -> "Outcome":
        """The forecasts of all parts, one after the other."""
        return cls(
            **{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)}
        )


def under_known_setting(cohort: Cohort, settings: Settings, by: Engine, reading: Reading = ROBUST) -> Outcome:
    """Forecasts with each patient's own setting of the population known: what is judged is the engine.

    Parameters
    ----------
    cohort : patients with the same visits, none of them without a score
    settings : one row a patient
    """
    everybody = np.arange(len(cohort))
    timelines = pack(cohort.courses, MEASURED, reading, settings)
    n_visits = np.diff(timelines.first_visit)
    if (n_visits != n_visits[0]).any():
        raise ValueError("Patients worked out together must have been seen on the same days.")
    if cohort.exact is not None:
        timelines = replace(timelines, value=cohort.exact)
    grid = default_grid(int(n_visits[0]))
    filtered = by.filter(timelines, settings, grid, reading, who=everybody, which=everybody, keep_path=True)
    # A posterior holds one patient under many settings. Its algebra is the same for many patients, each under one,
    # who share days and infusions.
    after = Posterior(
        course=cohort.courses[0],
        timeline=pack(cohort.courses[:1], MEASURED, reading, settings),
        settings=settings,
        shares=np.ones(len(cohort)),
        tau_s_days=settings.tau_s_days(grid.z()),
        filtered=filtered,
        by=by,
    )
    weights = after.weights[:, 1:-1] / after.weights[:, 1:-1].sum(axis=1, keepdims=True)
    return _outcome(after, cohort, _each, weights, lambda chances: (chances, chances), with_crps=False)


def averaged(cohort: Cohort, population: Population, by: Engine, *, with_crps: bool = False) -> Outcome:
    """Forecasts as clinicians see them, averaged over the settings that each patient's scores leave possible.

    Parameters
    ----------
    population : what the forecast believes, whatever the cohort was drawn from
    with_crps : it takes a third of the time
    """
    outcomes = []
    for row in range(len(cohort)):
        after = settled(cohort.courses[row], TARGET, population, by=by)
        respond = after.shares[:, None] * after.weights[:, 1:-1]
        weights = (respond / respond.sum()).reshape(1, -1)
        one = cohort.take(np.array([row]))
        outcomes.append(_outcome(after, one, _pooled, weights, _over_settings, with_crps))
    return Outcome.joined(outcomes)


def _each(forms: Forms) -> Mixtures:
    """A row of the posterior is a patient."""
    return Mixtures(forms.weights, forms.means[:, 0], forms.sds[:, 0])


def _pooled(forms: Forms) -> Mixtures:
    """All rows of the posterior are settings of one patient."""
    mixture = forms.pooled()
    return Mixtures(mixture.weights[None, :], mixture.means, mixture.sds)


def _over_settings(chances: FloatArray) -> tuple[FloatArray, FloatArray]:
    return np.mean(chances, keepdims=True), np.median(chances, keepdims=True)


def _outcome(
    after: Posterior,
    cohort: Cohort,
    mixtures: Callable[[Forms], Mixtures],
    weights: FloatArray,
    told: Callable[[FloatArray], tuple[FloatArray, FloatArray]],
    with_crps: bool,
) -> Outcome:
    course = after.course
    asked = np.array([cohort.asked_day])
    benefit = mixtures(after.benefit(asked, course.infusions))
    level = mixtures(after.score(asked, TARGET, course.infusions))
    new = mixtures(after.new_score(asked, TARGET, course.infusions))
    nonresponder = told(after.weights[:, 0] + after.weights[:, -1])
    doses = (*course.infusions, *course.planned)
    clear = told(p_clear(after, TARGET, np.array([cohort.clear_day]), doses)[:, 0])
    in_atom, in_step = cohort.chance.T
    points = new.times(POINTS)
    return Outcome(
        benefit=pit(benefit, cohort.benefit, cohort.benefit, in_atom),
        level=pit(level, cohort.level, cohort.level, in_step),
        new=pit(new, cohort.new_low, cohort.new_high, in_step),
        baseline=pit(mixtures(parameter(after, TARGET)), cohort.baseline, cohort.baseline, in_step),
        ln_tau_s=_tau_pit(after, cohort, weights),
        p_nonresponder=nonresponder[0],
        p_clear=clear[0],
        median_nonresponder=nonresponder[1],
        median_clear=clear[1],
        nonresponder=~cohort.responds,
        clear=cohort.clear,
        benefit_error=POINTS * (benefit.mean() - cohort.benefit),
        new_error=points.mean() - cohort.new_points,
        new_crps=crps(points, cohort.new_points) if with_crps else np.full(len(cohort), np.nan),
    )


def _tau_pit(after: Posterior, cohort: Cohort, weights: FloatArray) -> FloatArray:
    nodes = np.log(after.tau_s_days)
    widths = np.broadcast_to(nodes[:, 1:2] - nodes[:, :1], nodes.shape)
    flat = (len(cohort), -1)
    found = pit_on_grid(weights, nodes.reshape(flat), widths.reshape(flat), cohort.ln_tau_s)
    return np.where(cohort.responds, found, np.nan)
