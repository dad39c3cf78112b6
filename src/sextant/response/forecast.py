"""The forecast of one patient's course: this patient's where there is a baseline, else the average patient's."""

from collections.abc import Sequence

import numpy as np

from sextant.instruments import instrument
from sextant.response import quantities
from sextant.response.course_data import CourseData, CourseDataError
from sextant.response.engine import Engine
from sextant.response.hyper_parameters import MODELLED, ModelledInstrument
from sextant.response.individual import N_DRAWS, individual
from sextant.response.lookahead import HORIZON_DAYS, timing
from sextant.response.mixture import Mixture
from sextant.response.population import Population, even_shifts
from sextant.response.posterior import Posterior, posterior
from sextant.response.report import LEVELS, Averaged, Band, FloatArray, Forecast, Lasting, OneMore, Trajectory

# Lowest dose that a review of depression trials found to work, highest given in an addiction study; their source keys.
STUDIED_MG_PER_KG = (0.1, 1.41)
STUDIED_DOSE_SOURCES = ("D023", "D077")

MOST_SCORES = 20_000
_EVEN_LEVELS = tuple(float(level) for level in (np.arange(64) + 0.5) / 64)


def refusal(course: CourseData, target: str) -> str | None:
    """Why the model has nothing to say of this course, in a sentence; None when it has."""
    if target not in MODELLED:
        return f"The response model does not know {target!r} as a target. It knows {', '.join(MODELLED)}."
    if len(course.scores) > MOST_SCORES:
        return f"There are {len(course.scores)} scores; the model reads at most {MOST_SCORES}. Check the import."
    if course.not_modelled:
        return course.not_modelled
    low, high = STUDIED_MG_PER_KG
    for dose in (*course.infusions, *course.planned):
        if not low <= dose.mg_per_kg <= high:
            return (
                f"A dose of {dose.mg_per_kg:g} mg/kg is outside the {low:g} to {high:g} mg/kg of "
                f"the studies on file ({', '.join(STUDIED_DOSE_SOURCES)}). Check the milligrams and the weight."
            )
    return _nothing_to_fall(course, target)


def forecast(
    course: CourseData,
    target: str,
    *,
    now_day: float,
    population: Population,
    worse_points: float | None = None,
    by: Engine | None = None,
) -> Forecast:
    """How likely clear benefit is, how long it lasts, what one more infusion may add, and how sure we are.

    Parameters
    ----------
    course : scores and infusions up to now; `planned` fills the series up to six (`CourseData.with_plan`)
    target : instrument that patient and prescriber chose
    now_day : the day of the report
    population : what is known of the population; bands run over settings drawn from it and from the scores
    worse_points : rise of the target that the clinic calls worse; None leaves `p_worse` out
    by : the engine; NumPy's by default

    Returns
    -------
    Forecast. Without a baseline score on the target it is the average patient's: no score of this patient is used.
    """
    kind = _kind(course, target)
    refused = refusal(course, target)
    if refused is not None:
        return Forecast.refusing(target, kind, len(course.scores), refused)
    course = course if kind == "individual" else course.without_scores()
    after = settled(course, target, population, by=by, keep_path=False)
    last = max(course.infusions, key=lambda dose: dose.day, default=None)
    started = any(dose.day <= now_day for dose in course.infusions)
    next_mg_per_kg = _next_mg_per_kg(course)
    now = np.array([now_day])
    worse = None
    if worse_points is not None and started:
        worse = quantities.p_worse(after, target, now_day, worse_points)
    return Forecast(
        target=target,
        kind=kind,
        p_clear_by_six=_averaged(quantities.p_clear_by_six(after, target)),
        p_clear_now=_averaged(quantities.p_clear(after, target, now, course.infusions)[:, 0] if started else None),
        p_nonresponder=_averaged(after.weights[:, 0] + after.weights[:, -1]),
        p_worse=_averaged(worse),
        lasts=_lasting(after, target) if started else None,
        gain_unit_days=None if next_mg_per_kg is None else _averaged(quantities.gain_unit_days(after, next_mg_per_kg)),
        one_more=None if last is None or course.planned else _one_more(after, target, now_day, last.mg_per_kg),
        prior_share=_prior_share(after, population, now, by),
        n_own_scores=len(course.scores),
    )


def trajectory(
    course: CourseData,
    target: str,
    days: FloatArray | Sequence[float],
    *,
    population: Population,
    count_planned: bool = False,
    by: Engine | None = None,
) -> Trajectory:
    """The target's score over time with its bands: this patient's, or the average one's where there is no baseline.

    Parameters
    ----------
    course : `course.without_scores()` gives the average patient under the same infusions
    days : any days, past or future, in any order
    count_planned : whether infusions not yet given count as if they were

    Returns
    -------
    Trajectory in the target's points. Bands are the model's own and may leave the instrument's range; a drawing may
    cut them at the range, a calculation should not.

    Raises
    ------
    CourseDataError
        If the model has nothing to say of this course; ask `refusal` first.
    """
    refused = refusal(course, target)
    if refused is not None:
        raise CourseDataError(refused)
    kind = _kind(course, target)
    course = course if kind == "individual" else course.without_scores()
    doses = (*course.infusions, *course.planned) if count_planned else course.infusions
    at = np.asarray(days, dtype=float)
    after = settled(course, target, population, by=by)
    modelled = MODELLED[target]
    points = modelled.scale_points

    effect = after.benefit_columns(at, doses)
    columns = after.score_columns(at, target, effect)
    free_of_noise = after.of(columns).pooled(points)
    observed = after.observed(columns, at, doses).pooled(points)
    mean, sd = _moments(free_of_noise, modelled)
    benefit = after.of(effect).none_without_response().pooled(points * after.settings.loadings([target])[:, 0])
    benefit_mean, (benefit_q10, benefit_q90) = benefit.mean(), benefit.quantiles((0.1, 0.9)).T
    if modelled.cuts:
        # What benefit is in days depends on where it takes the level from and to.
        untreated, _ = _moments(
            after.of(after.score_columns(at, target, after.benefit_columns(at, ()))).pooled(points), modelled
        )
        to_days = np.divide(untreated - mean, benefit_mean, out=np.ones_like(mean), where=benefit_mean != 0)
        benefit_mean, benefit_q10, benefit_q90 = (to_days * one for one in (benefit_mean, benefit_q10, benefit_q90))
    return Trajectory(
        target=target,
        kind=kind,
        days=at,
        mean=mean,
        sd=sd,
        quantiles=modelled.shown(free_of_noise.quantiles(LEVELS)),
        predicted=modelled.shown(observed.quantiles(LEVELS)),
        benefit_mean=benefit_mean,
        benefit_q10=benefit_q10,
        benefit_q90=benefit_q90,
    )


def settled(
    course: CourseData, target: str, population: Population, *, by: Engine | None = None, keep_path: bool = True
) -> Posterior:
    """The posterior under settings of the population that the patient's scores leave possible."""
    settings = individual(course, population, by=by).settings
    return posterior(course, settings, target=target, by=by, keep_path=keep_path)


def _nothing_to_fall(course: CourseData, target: str) -> str | None:
    """A target that began at the bottom of its scale cannot fall: for that person staying there is the benefit."""
    before = course.baseline(target)
    measured = instrument(target)
    if not before or max(before) > measured.lowest:
        return None
    return (
        f"{measured.name} was {measured.lowest:g} before the first infusion, so it cannot fall and no benefit can show "
        "on it. Choose a target that can; whether it stays so is another question."
    )


def _moments(mixture: Mixture, modelled: ModelledInstrument) -> tuple[FloatArray, FloatArray]:
    """Mean and SD in the instrument's own points; where its steps are uneven, over its quantiles."""
    if not modelled.cuts:
        return mixture.mean(), mixture.sd()
    shown = modelled.shown(mixture.quantiles(_EVEN_LEVELS))
    return shown.mean(axis=1), shown.std(axis=1)


def _kind(course: CourseData, target: str) -> str:
    return "individual" if course.has_baseline(target) else "average"


def _next_mg_per_kg(course: CourseData) -> float | None:
    if course.planned:
        return min(course.planned, key=lambda dose: dose.day).mg_per_kg
    if course.infusions:
        return max(course.infusions, key=lambda dose: dose.day).mg_per_kg
    return None


def _averaged(figures: FloatArray | None) -> Averaged | None:
    """Over settings that count alike."""
    if figures is None:
        return None
    low, median, high = np.quantile(figures, (0.1, 0.5, 0.9))
    return Averaged(float(figures.mean()), float(median), float(low), float(high))


def _lasting(after: Posterior, target: str) -> Lasting:
    survival = quantities.p_lasts(after, target).mean(axis=0)
    ever = float(survival[0])
    if ever <= 0.0:
        return Lasting(days=None, mass_never=1.0)

    def day_at(level: float) -> float:
        # Survival falls with time; interpolation wants rising abscissae, hence both reversed.
        return float(np.interp((1.0 - level) * ever, survival[::-1], quantities.LASTS_DAYS[::-1]))

    return Lasting(days=Band(day_at(0.5), day_at(0.1), day_at(0.9)), mass_never=1.0 - ever)


def _one_more(after: Posterior, target: str, now_day: float, mg_per_kg: float) -> OneMore:
    found = timing(after, target, now_day, mg_per_kg)
    return OneMore(
        best_wait_days=found.best,
        window_days=found.window,
        clear_days=max(0.0, found.most),
        horizon_days=HORIZON_DAYS,
    )


def _prior_share(after: Posterior, population: Population, now: FloatArray, by: Engine | None) -> float:
    course = after.course
    if not course.scores:
        return 1.0
    before = posterior(course.without_scores(), population.at(even_shifts(N_DRAWS)), by=by, keep_path=False)
    with_scores = after.benefit(now, course.infusions).pooled().sd()[0]
    without = before.benefit(now, course.infusions).pooled().sd()[0]
    return 1.0 if without == 0 else min(1.0, float((with_scores / without) ** 2))
