"""What infusions, attendance, craving and mood of a week are taken to say of the next test, before a clinic has data.

Each begins as a design assumption: no effect, with a width. Where something was published it moves the mean by Bayes'
rule. It does not narrow the width: no figure is of opioids, ketamine and a weekly urine together.
"""

from collections.abc import Iterable
from math import sqrt

from scipy.stats import norm
from scipy.stats import t as student

from sextant.evidence.dependence import check_independent
from sextant.evidence.effects import Effect
from sextant.evidence.meta_analysis import Pooled, pool
from sextant.evidence.pools import answer
from sextant.evidence.questions import QUESTIONS
from sextant.evidence.rows import Trial
from sextant.use.population import Covariate
from sextant.use.sudmex_tms import craving_effect, read_steps

ASSUMED = "design assumption"
ASSUMED_SD = {"infusions": 0.5, "attendance": 1.0, "craving": 0.02, "mood": 0.05}
"""SD of the effect of one unit on the log odds of a positive test: design assumptions."""

NO_DIFFERENCE = ("yoon2025_aud_mdd#02", "yoon2025_aud_mdd#03")
"""Arms of a trial that found no difference in abstinence and printed no counts: ketamine and midazolam, each with
saline."""

_FORECAST_TAIL = 0.9  # quantile at which the forecast's 80 % interval ends


def infusion_trials(trials: Iterable[Trial], *, with_sensitivity: bool = False) -> tuple[Effect, ...]:
    """Randomised trials of ketamine against a control: log odds ratios of abstinence, good upward.

    The trial that printed no counts stands in as one that found exactly none, with half of each arm abstinent: the
    smallest error that its arms allow, which draws most towards no effect. To leave it out would be too hopeful.

    Raises
    ------
    OverlapError
        If trials share people.
    """
    rows = tuple(trials)
    abstinence = next(one for one in QUESTIONS if one.name == "abstinence")
    printed = [one.effect for one in answer(abstinence, rows, with_sensitivity=with_sensitivity).effects]
    one, other = (next(row for row in rows if row.row_id == row_id) for row_id in NO_DIFFERENCE)
    variance = sum(1 / (row.n * 0.25) for row in (one, other) if row.n)
    effects = (*printed, Effect(one.study_id, 0.0, variance))
    check_independent(effect.study for effect in effects)
    return effects


def expected_elsewhere(pooled: Pooled) -> tuple[float, float]:
    """Mean and SD of the effect in a new setting: as wide at 80 % as the Hartung-Knapp prediction, since a forecast's
    interval is read there."""
    freedom = pooled.k - 1
    width = float(student.ppf(_FORECAST_TAIL, freedom) / norm.ppf(_FORECAST_TAIL))
    return pooled.mean, width * sqrt(pooled.standard_error**2 + pooled.tau2)


def moved(assumed_sd: float, found: float, found_sd: float) -> float:
    """Mean of an effect that was assumed to be none, once something with an error was found."""
    return found * assumed_sd**2 / (assumed_sd**2 + found_sd**2)


def infusion_mean(trials: Iterable[Trial], *, with_sensitivity: bool = False) -> float:
    """Mean effect of an infusion in the week before, on the log odds of a positive test: below 0 is good.

    The trials' odds ratios are of one to four infusions and of abstinence over weeks or months; they are read as if
    each were that of one test in the week after an infusion. Nobody measured that.
    """
    mean, sd = expected_elsewhere(pool(infusion_trials(trials, with_sensitivity=with_sensitivity)))
    return -moved(ASSUMED_SD["infusions"], mean, sd)


def covariate_priors(trials: Iterable[Trial], visits: str) -> dict[str, Covariate]:
    """All four, by their names.

    Parameters
    ----------
    trials : the rows on file of ketamine in addiction
    visits : text of the table `visits.csv` of SUDMEX_TMS
    """
    craving = craving_effect(read_steps(visits), ASSUMED_SD["craving"])
    return {
        "infusions": Covariate(
            unit="infusion in the week",
            reference=0.0,
            mean=infusion_mean(trials),
            sd=ASSUMED_SD["infusions"],
            lowest=0.0,
            highest=7.0,
            # No trial gave two in a week, so that a second one adds nothing that anybody knows.
            counts_to=1.0,
            source="KETAMINE-ABSTINENCE",
            whole_number=True,
            told_by_patient=False,
        ),
        "attendance": _assumed("attendance", "whole share of agreed counselling and groups", 0.5, 1.0, told=False),
        "craving": Covariate(
            unit="point of 100",
            reference=craving.reference,
            mean=craving.mean,
            sd=ASSUMED_SD["craving"],
            lowest=0.0,
            highest=100.0,
            counts_to=100.0,
            source="SUDMEX-TMS",
            whole_number=False,
            told_by_patient=True,
        ),
        "mood": _assumed("mood", "point of PHQ-9", 10.0, 27.0, told=True),
    }


def _assumed(name: str, unit: str, reference: float, highest: float, *, told: bool) -> Covariate:
    return Covariate(unit, reference, 0.0, ASSUMED_SD[name], 0.0, highest, highest, ASSUMED, told_by_patient=told)
