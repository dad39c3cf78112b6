"""How many infusions: rules that are tried on people who start a series of at most six."""

from collections.abc import Callable

import numpy as np

from sextant.response.report import BoolArray, FloatArray
from sextant.virtual.decisions.beliefs import Ahead, beliefs
from sextant.virtual.decisions.clinic import Clinic
from sextant.virtual.decisions.outcome import Outcome
from sextant.virtual.decisions.run import Run

DOSE_DAYS: FloatArray = 3.5 * np.arange(6.0)
LEAST = 3  # infusions before anybody is judged
HORIZON_DAYS = 60.0  # after the last possible infusion
CLEAR_ASKED_DAYS = 3.0  # after an infusion
_BEFORE = np.array([-7.0, -1.0])
_SCORED_AFTER = np.array([1.0, 3.4])  # days after each infusion: the day after, and just before the next
SCORED = np.concatenate([_BEFORE, np.ravel(DOSE_DAYS[:, None] + _SCORED_AFTER)])
LAST_SCORE_DAY = 21.0
COUNTED_DAYS: FloatArray = np.arange(0.5, DOSE_DAYS[-1] + HORIZON_DAYS)

Rule = Callable[[Run, int], BoolArray]
"""Who gets a further infusion after k of them, (n,); asked of everybody, counts for those who had all so far."""


def series(clinic: Clinic, rule: Rule) -> Run:
    """The course of a clinic under one rule."""
    run = Run(clinic)
    still = np.ones(len(clinic), bool)
    for k, day in enumerate(DOSE_DAYS):
        still = still & rule(run, k)
        run.infuse(float(day), still)
    return run


def outcome(run: Run, late: BoolArray) -> Outcome:
    """Infusions and clear days of each person to 60 days after the day of the sixth, and which of the late responders
    (n,) were given up: stopped while their benefit was not clear yet."""
    number = run.given.sum(axis=1)
    given_up = late & (number < len(DOSE_DAYS)) & ~_clear_after_last(run)
    return Outcome(number.astype(float), run.clear_days(COUNTED_DAYS), given_up)


def fixed(number: int) -> Rule:
    """As many for everybody."""

    def rule(run: Run, k: int) -> BoolArray:
        return np.full(len(run.clinic), k < number)

    return rule


def unless_no_fall(share: float) -> Rule:
    """Stop after three where craving has not fallen by that share of the baseline, else go on to six.

    The fall is from the mean of the two scores before the series to that of the two after the third infusion.
    """

    def rule(run: Run, k: int) -> BoolArray:
        if k != LEAST:
            return np.ones(len(run.clinic), bool)
        craving = run.scores(_seen(k))[:, :, 0]
        before, now = craving[:, : len(_BEFORE)].mean(axis=1), craving[:, -2:].mean(axis=1)
        return np.asarray(now <= (1 - share) * before)

    return rule


def while_odds_by_six(least: float) -> Rule:
    """Go on while clear benefit by infusion six is at least so likely."""

    def rule(run: Run, k: int) -> BoolArray:
        if k < LEAST:
            return np.ones(len(run.clinic), bool)
        believed = beliefs(run, _seen(k))
        everybody = np.ones((len(run.clinic), len(DOSE_DAYS)), bool)
        benefit = believed.after(DOSE_DAYS, everybody, float(DOSE_DAYS[-1]), Ahead(CLEAR_ASKED_DAYS, 1.0, 1))[0]
        return np.asarray(believed.p_responds * (benefit > believed.threshold).mean(axis=1) >= least)

    return rule


def while_one_more_pays(days: float) -> Rule:
    """Go on while the next infusion alone is expected to bring so many clear days."""
    return _while_worth(days, look_ahead=False)


def while_some_more_pay(days: float) -> Rule:
    """The look-ahead rule: go on while some number of further infusions is expected to bring so many days each."""
    return _while_worth(days, look_ahead=True)


def so_many(numbers: FloatArray) -> Rule:
    """As many as laid down for each person of the clinic beforehand, (n_people,)."""

    def rule(run: Run, k: int) -> BoolArray:
        return np.asarray(numbers[run.clinic.who] > k)

    return rule


def clear_days_of_each_number(clinic: Clinic) -> FloatArray:
    """Clear days in truth after no infusion, one, two ... six, (7, n): what nobody knows beforehand."""
    runs = [series(clinic, fixed(number)) for number in range(len(DOSE_DAYS) + 1)]
    return np.array([run.clear_days(COUNTED_DAYS) for run in runs])


def best_numbers(clear_days: FloatArray, price: float, least: int = 0) -> FloatArray:
    """The number that is best for each person where every infusion must bring so many clear days, (n,).

    clear_days : as `clear_days_of_each_number` gives them
    least : infusions that everybody gets

    Of numbers worth the same the largest, so that at no price everybody gets six.
    """
    worth = clear_days - price * np.arange(len(clear_days))[:, None]
    return np.asarray(len(worth) - 1 - worth[least:][::-1].argmax(axis=0), dtype=float)


def late_responders(clinic: Clinic) -> BoolArray:
    """Whose benefit would be clear three days after the sixth infusion and is not three days after the third, (n,)."""
    six = series(clinic, fixed(len(DOSE_DAYS)))
    by_six = six.benefit(DOSE_DAYS[-1:] + CLEAR_ASKED_DAYS)[:, 0] > clinic.threshold
    by_three = six.benefit(DOSE_DAYS[LEAST - 1 : LEAST] + CLEAR_ASKED_DAYS)[:, 0] > clinic.threshold
    return np.asarray(by_six & ~by_three)


def _clear_after_last(run: Run) -> BoolArray:
    """Whose benefit is clear three days after the last infusion that they got, (n,)."""
    days = np.concatenate([[-1.0], DOSE_DAYS + CLEAR_ASKED_DAYS])  # before the first there is none
    benefit = run.benefit(days)[np.arange(len(run.clinic)), run.given.sum(axis=1)]
    return np.asarray(benefit > run.clinic.threshold)


def _while_worth(price: float, *, look_ahead: bool) -> Rule:
    def rule(run: Run, k: int) -> BoolArray:
        if k < LEAST:
            return np.ones(len(run.clinic), bool)
        worth = _expected_clear_days(run, k) - price * np.arange(len(DOSE_DAYS) - k + 1)[:, None]
        ahead = worth[1:] if look_ahead else worth[1:2]
        return np.asarray(ahead.max(axis=0) > worth[0])

    return rule


def _expected_clear_days(run: Run, k: int) -> FloatArray:
    """Days to come with clear benefit after k infusions and no more, one more, two more ..., (7 - k, n).

    Asked of everybody as if all had k infusions: those who had fewer are out of the series.
    """
    believed = beliefs(run, _seen(k))
    now = float(DOSE_DAYS[k])
    later = COUNTED_DAYS[now < COUNTED_DAYS]
    ahead = Ahead(float(later[0] - now), 1.0, len(later))
    expected = np.empty((len(DOSE_DAYS) - k + 1, len(run.clinic)))
    everybody = np.ones((len(run.clinic), 1), bool)
    so_far = (DOSE_DAYS[:k], np.repeat(everybody, k, axis=1), now, ahead)
    benefit, fast = believed.after(*so_far), believed.fast_after(*so_far)
    carry_over = np.float32(believed.settings["fast_carry_over"][0])
    for more in range(len(expected)):
        if more:
            wait = float(DOSE_DAYS[k + more - 1]) - now
            start = int(np.searchsorted(ahead.days, wait, side="right"))
            rest = Ahead(float(ahead.days[start] - wait), 1.0, ahead.n - start)
            benefit[start:] += believed.of_one(rest) - (1 - carry_over) * fast[start:]
            fast[start:] = carry_over * fast[start:] + believed.fast_of_one(rest)
        clear = (benefit > believed.threshold).mean(axis=2)
        expected[more] = believed.p_responds * clear.sum(axis=0)
    return expected


def _seen(k: int) -> int:
    return len(_BEFORE) + len(_SCORED_AFTER) * k
