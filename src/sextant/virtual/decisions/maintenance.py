"""When to repeat an infusion: rules that are tried on people whom a series of six helped.

Helped: the last two craving scores of the series average at most half of the two from before it. For half a year each
rule decides at every check-in, after its score. Clear days are counted over the same half year.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sextant.response.report import BoolArray, FloatArray, IntArray
from sextant.virtual.decisions.beliefs import Ahead, Beliefs, beliefs
from sextant.virtual.decisions.clinic import Clinic
from sextant.virtual.decisions.outcome import Outcome
from sextant.virtual.decisions.outlook import Outlook
from sextant.virtual.decisions.run import Run
from sextant.virtual.decisions.series import DOSE_DAYS, LAST_SCORE_DAY
from sextant.virtual.decisions.series import SCORED as SCORED_IN_SERIES

WEEKS = 26
HELPED_AT_MOST = 0.5  # of the baseline's scores
_WEEK = 7.0
_STEP = 3.5
_BASELINE_SCORES = 2

Rule = Callable[[Run, int], BoolArray]
"""Which people get an infusion at check-in number w, (n,)."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Check-ins every `days_between` days (7, or 3.5), with so many evenly spaced scores up to each."""

    days_between: float = _WEEK
    scores_per_check: int = 1

    @property
    def checks(self) -> FloatArray:
        """Days of the check-ins."""
        n_checks = round(WEEKS * _WEEK / self.days_between)
        return LAST_SCORE_DAY + _WEEK + self.days_between * np.arange(float(n_checks))

    @property
    def scored(self) -> FloatArray:
        """Days of all scores: those of the series, then those of the check-ins."""
        back = self.days_between * np.arange(self.scores_per_check)[::-1] / self.scores_per_check
        return np.concatenate([SCORED_IN_SERIES, (self.checks[:, None] - back).ravel()])

    def seen(self, check: int) -> int:
        """Scores taken by check-in number w, that of the day itself included."""
        return len(SCORED_IN_SERIES) + (check + 1) * self.scores_per_check


WEEKLY = Schedule()
COUNTED_DAYS = WEEKLY.checks[0] + np.arange(WEEKS * _WEEK)


def after_series(clinic: Clinic) -> Run:
    """Everybody had six infusions."""
    run = Run(clinic)
    for day in DOSE_DAYS:
        run.infuse(float(day), np.ones(len(clinic), bool))
    return run


def helped(clinic: Clinic) -> IntArray:
    """Whom the series helped, by their scores: rows of the clinic."""
    craving = after_series(clinic).scores(len(SCORED_IN_SERIES))[:, :, 0]
    before, after = craving[:, :_BASELINE_SCORES].mean(axis=1), craving[:, -2:].mean(axis=1)
    return np.flatnonzero(after <= HELPED_AT_MOST * before)


def maintenance(clinic: Clinic, rule: Rule, schedule: Schedule = WEEKLY) -> Outcome:
    """Infusions after the series and clear days of each person under one rule."""
    run = after_series(clinic)
    further = np.zeros(len(clinic))
    for check, day in enumerate(schedule.checks):
        whom = rule(run, check)
        run.infuse(float(day), whom)
        further += whom
    return Outcome(further, run.clear_days(COUNTED_DAYS), np.zeros(len(clinic), bool))


def every(weeks: int) -> Rule:
    """An infusion every so many weeks."""

    def rule(run: Run, check: int) -> BoolArray:
        return np.full(len(run.clinic), (check + 1) % weeks == 0)

    return rule


def when_craving_is_back(share: float) -> Rule:
    """An infusion whenever the check-in's craving score is above that share of the baseline's: no model at all."""

    def rule(run: Run, check: int) -> BoolArray:
        craving = run.scores(WEEKLY.seen(check))[:, :, 0]
        return np.asarray(craving[:, -1] > share * craving[:, :_BASELINE_SCORES].mean(axis=1))

    return rule


def when_it_has_faded(odds: float, schedule: Schedule = WEEKLY) -> Rule:
    """An infusion as soon as clear benefit in the coming week is less likely than that, where response is likely."""

    def rule(run: Run, check: int) -> BoolArray:
        believed = beliefs(run, schedule.seen(check))
        chance = outlook(run, believed, check, schedule).chance_clear(round(_WEEK / _STEP))
        return np.asarray((chance < odds) & (believed.p_responds > 0.5))

    return rule


def when_one_pays(days: float, schedule: Schedule = WEEKLY) -> Rule:
    """An infusion as soon as one now is expected to bring so many clear days, against none ever again."""

    def rule(run: Run, check: int) -> BoolArray:
        return np.asarray(_outlook(run, check, schedule).gains()[0] >= days)

    return rule


def when_now_is_best(days: float, schedule: Schedule = WEEKLY) -> Rule:
    """An infusion where one now is expected to bring so many clear days, and one at no later check-in brings more."""

    def rule(run: Run, check: int) -> BoolArray:
        gains = _outlook(run, check, schedule).gains()
        return np.asarray((gains[0] >= days) & (gains[0] >= gains.max(axis=0)))

    return rule


def when_a_plan_begins_now(days: float, schedule: Schedule = WEEKLY) -> Rule:
    """The look-ahead rule: an infusion where the best plan of further infusions begins with one now.

    A plan is worth the clear days it is expected to bring, less `days` for each of its infusions. Only its first step
    is taken; at the next check-in all is planned anew from the scores that have come.
    """

    def rule(run: Run, check: int) -> BoolArray:
        with_now, without = _outlook(run, check, schedule).plans(days)
        return np.asarray(with_now > without)

    return rule


def follow(plans: BoolArray) -> Rule:
    """Infusions as laid down for each person of the clinic beforehand, (n_people, n_checks)."""

    def rule(run: Run, check: int) -> BoolArray:
        return np.asarray(plans[run.clinic.who, check])

    return rule


def outlook(run: Run, believed: Beliefs, check: int, schedule: Schedule = WEEKLY) -> Outlook:
    """The time from a check-in to the end of the half year, in half weeks."""
    checks = schedule.checks
    end = COUNTED_DAYS[-1] + 1.0
    ahead = Ahead(0.5 * _STEP, _STEP, round((end - checks[check]) / _STEP))
    so_far = (run.dose_days, run.given, float(checks[check]), ahead)
    margin = believed.after(*so_far)
    margin -= believed.threshold.astype(margin.dtype)
    return Outlook(
        margin=margin,
        fast=believed.fast_after(*so_far),
        one=believed.of_one(ahead),
        one_fast=believed.fast_of_one(ahead),
        carry_over=float(believed.settings["fast_carry_over"][0]),
        clear_days=_STEP * believed.p_responds / believed.fast.shape[1],
        per_check=round(schedule.days_between / _STEP),
    )


def _outlook(run: Run, check: int, schedule: Schedule) -> Outlook:
    return outlook(run, beliefs(run, schedule.seen(check)), check, schedule)
