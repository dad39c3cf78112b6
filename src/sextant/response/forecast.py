"""The forecast of one patient's course: this patient's where there is a baseline, else the average patient's."""

from collections.abc import Callable, Sequence

import numpy as np

from sextant.response import quantities
from sextant.response.course_data import CourseData, CourseDataError
from sextant.response.hyper_parameters import MODELLED, HyperParameters
from sextant.response.mixture import Mixture
from sextant.response.posterior import Posterior, posterior
from sextant.response.report import LEVELS, Band, FloatArray, Forecast, Lasting, Trajectory

# Lowest dose that a review of depression trials found to work, highest given in an addiction study; their source keys.
STUDIED_MG_PER_KG = (0.1, 1.41)
STUDIED_DOSE_SOURCES = ("D023", "D077")
YOUNGEST_STUDIED_YEARS = 18
YOUNGEST_STUDIED_SOURCES = ("S001", "S002")

MOST_SCORES = 500
_SMALLEST_SHARE_OF_DRAWS = 0.5


def refusal(course: CourseData, target: str, *, age_years: float | None = None) -> str | None:
    """Why the model has nothing to say of this course, in a sentence; None when it has."""
    if target not in MODELLED:
        return f"The response model does not know {target!r} as a target. It knows {', '.join(MODELLED)}."
    if len(course.scores) > MOST_SCORES:
        return (
            f"There are {len(course.scores)} scores; this version of the model reads at most {MOST_SCORES}, since its "
            "work grows with the cube of their number."
        )
    if course.not_modelled:
        return course.not_modelled
    low, high = STUDIED_MG_PER_KG
    for dose in (*course.infusions, *course.planned):
        if not low <= dose.mg_per_kg <= high:
            return (
                f"A dose of {dose.mg_per_kg:g} mg/kg is outside the {low:g} to {high:g} mg/kg of "
                f"the studies on file ({', '.join(STUDIED_DOSE_SOURCES)}). Check the milligrams and the weight."
            )
    if age_years is not None and age_years < YOUNGEST_STUDIED_YEARS:
        return (
            f"Nobody under {YOUNGEST_STUDIED_YEARS} was in the studies on file "
            f"({', '.join(YOUNGEST_STUDIED_SOURCES)}), so there is no forecast at {age_years:g} years."
        )
    return None


def forecast(
    course: CourseData,
    target: str,
    *,
    now_day: float,
    hyper_draws: Sequence[HyperParameters],
    worse_points: float | None = None,
    age_years: float | None = None,
) -> Forecast:
    """How likely clear benefit is, how long it lasts, what one more infusion may add, and how sure we are.

    Parameters
    ----------
    course : scores and infusions up to now; `planned` fills the series up to six (`CourseData.with_plan`)
    target : instrument that patient and prescriber chose
    now_day : the day of the report
    hyper_draws : settings of the population, such as `bedside_draws()`; bands run over them
    worse_points : rise of the target that the clinic calls worse; None leaves `p_worse` out
    age_years : to refuse where nobody so young was studied

    Returns
    -------
    Forecast. Without a baseline score on the target it is the average patient's: no score of this patient is used.
    """
    kind = _kind(course, target)
    refused = refusal(course, target, age_years=age_years)
    if refused is not None:
        return Forecast(
            target=target,
            kind=kind,
            p_clear_by_six=None,
            p_clear_now=None,
            p_nonresponder=None,
            p_worse=None,
            lasts=None,
            gain_unit_days=None,
            prior_share=None,
            n_own_scores=len(course.scores),
            refused=refused,
        )
    course = course if kind == "individual" else course.without_scores()
    after, shares = _over_draws(course, hyper_draws)
    started = course.first_infusion_day is not None
    next_mg_per_kg = _next_mg_per_kg(course)

    def band(figure: Callable[[Posterior], float | None]) -> Band | None:
        return _band([figure(one) for one in after], shares)

    def clear_now(one: Posterior) -> float:
        return float(quantities.p_clear(one, target, np.array([now_day]), course.infusions)[0])

    return Forecast(
        target=target,
        kind=kind,
        p_clear_by_six=band(lambda one: quantities.p_clear_by_six(one, target)),
        p_clear_now=band(clear_now) if started else None,
        p_nonresponder=band(lambda one: float(one.weights[0])),
        p_worse=None
        if worse_points is None or not started
        else band(lambda one: quantities.p_worse(one, target, now_day, worse_points)),
        lasts=_lasting(after, shares, target) if started else None,
        gain_unit_days=None
        if next_mg_per_kg is None
        else band(lambda one: quantities.gain_unit_days(one, next_mg_per_kg)),
        prior_share=_prior_share(after, shares, hyper_draws, now_day),
        n_own_scores=len(course.scores),
    )


def trajectory(
    course: CourseData,
    target: str,
    days: FloatArray | Sequence[float],
    *,
    hyper_draws: Sequence[HyperParameters],
    count_planned: bool = False,
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
    after, shares = _over_draws(course, hyper_draws)
    points = MODELLED[target].scale_points

    free_of_noise = _pooled([one.score(at, target, doses) for one in after], shares, [points] * len(after))
    observed = _pooled([one.new_score(at, target, doses) for one in after], shares, [points] * len(after))
    benefit = _pooled(
        [one.benefit(at, doses) for one in after],
        shares,
        [points * one.hyper.loading(target) for one in after],
    )
    benefit_q10, benefit_q90 = benefit.quantiles((0.1, 0.9)).T
    return Trajectory(
        target=target,
        kind=kind,
        days=at,
        mean=free_of_noise.mean(),
        sd=free_of_noise.sd(),
        quantiles=free_of_noise.quantiles(LEVELS),
        predicted=observed.quantiles(LEVELS),
        benefit_mean=benefit.mean(),
        benefit_q10=benefit_q10,
        benefit_q90=benefit_q90,
    )


def _kind(course: CourseData, target: str) -> str:
    return "individual" if course.has_baseline(target) else "average"


def _next_mg_per_kg(course: CourseData) -> float | None:
    if course.planned:
        return min(course.planned, key=lambda dose: dose.day).mg_per_kg
    if course.infusions:
        return max(course.infusions, key=lambda dose: dose.day).mg_per_kg
    return None


def _over_draws(course: CourseData, hyper_draws: Sequence[HyperParameters]) -> tuple[list[Posterior], FloatArray]:
    after = [posterior(course, hyper) for hyper in hyper_draws]
    return after, draw_shares(np.array([one.log_evidence_total for one in after]))


def draw_shares(log_evidence: FloatArray) -> FloatArray:
    """How much each draw of the population counts for this patient: its evidence, tempered.

    A few dozen draws cannot follow the evidence of a long course: one draw would take all the weight, and chance
    would pick it. So the evidence is raised to the largest power of at most 1 at which at least half of the draws
    still count (effective number 1 / sum of squares). With few scores that power is 1, which is Bayes' rule.
    """

    def shares(power: float) -> FloatArray:
        raw = np.exp(power * (log_evidence - log_evidence.max()))
        return np.asarray(raw / raw.sum())

    def enough(power: float) -> bool:
        return bool(1.0 / (shares(power) ** 2).sum() >= _SMALLEST_SHARE_OF_DRAWS * len(log_evidence))

    if enough(1.0):
        return shares(1.0)
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if enough(middle) else (low, middle)
    return shares(low)


def _pooled(mixtures: list[Mixture], shares: FloatArray, factors: list[float]) -> Mixture:
    return Mixture(
        np.concatenate([share * one.weights for share, one in zip(shares, mixtures, strict=True)]),
        np.hstack([factor * one.means for factor, one in zip(factors, mixtures, strict=True)]),
        np.hstack([abs(factor) * one.sds for factor, one in zip(factors, mixtures, strict=True)]),
    )


def _band(figures: list[float | None], shares: FloatArray) -> Band | None:
    known = [figure for figure in figures if figure is not None]
    if len(known) < len(figures):
        return None
    order = np.argsort(known)
    cumulative = np.cumsum(shares[order])
    low, median, high = (known[order[np.searchsorted(cumulative, level)]] for level in (0.1, 0.5, 0.9))
    return Band(median, low, high)


def _lasting(after: list[Posterior], shares: FloatArray, target: str) -> Lasting:
    survival = np.array([quantities.p_lasts(one, target) for one in after])
    pooled = shares @ survival
    ever = float(pooled[0])
    if ever <= 0.0:
        return Lasting(days=None, mass_never=1.0)

    def day_at(level: float) -> float:
        # Survival falls with time; interpolation wants rising abscissae, hence both reversed.
        return float(np.interp((1.0 - level) * ever, pooled[::-1], quantities.LASTS_DAYS[::-1]))

    return Lasting(days=Band(day_at(0.5), day_at(0.1), day_at(0.9)), mass_never=1.0 - ever)


def _prior_share(
    after: list[Posterior], shares: FloatArray, hyper_draws: Sequence[HyperParameters], now_day: float
) -> float:
    course, now = after[0].course, np.array([now_day])
    if not course.scores:
        return 1.0
    units = [1.0] * len(after)
    before, even = _over_draws(course.without_scores(), hyper_draws)
    with_scores = _pooled([one.benefit(now, course.infusions) for one in after], shares, units).sd()[0]
    without = _pooled([one.benefit(now, course.infusions) for one in before], even, units).sd()[0]
    return 1.0 if without == 0 else min(1.0, float((with_scores / without) ** 2))
