"""How many infusions: rules for a series of at most six."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from sextant.virtual.decisions.beliefs import Ahead, Beliefs, beliefs
from sextant.virtual.decisions.clinic import MG_PER_KG, Clinic
from sextant.virtual.decisions.outcome import Curve, Estimate
from sextant.virtual.decisions.run import Run
from sextant.virtual.decisions.series import (
    COUNTED_DAYS,
    DOSE_DAYS,
    LEAST,
    SCORED,
    Rule,
    best_numbers,
    clear_days_of_each_number,
    fixed,
    late_responders,
    outcome,
    series,
    so_many,
    unless_no_fall,
    while_odds_by_six,
    while_one_more_pays,
    while_some_more_pay,
)


def numbers(clinic: Clinic, rule: Rule) -> np.ndarray:
    return series(clinic, rule).given.sum(axis=1)


STRICT = (unless_no_fall(10.0), while_odds_by_six(1.1), while_one_more_pays(1e6), while_some_more_pay(1e6))
LAVISH = (unless_no_fall(-10.0), while_odds_by_six(0.0), while_one_more_pays(-1e6), while_some_more_pay(-1e6))


@pytest.mark.parametrize("rule", STRICT)
def test_nobody_is_judged_before_three_infusions(opened, rule: Rule):
    np.testing.assert_array_equal(numbers(opened(20), rule), LEAST)


@pytest.mark.parametrize("rule", [*LAVISH, fixed(99)])
def test_nobody_gets_more_than_six(opened, rule: Rule):
    np.testing.assert_array_equal(numbers(opened(20), rule), 6)


@pytest.mark.parametrize(
    "rule", [while_odds_by_six(0.2), while_one_more_pays(0.5), while_some_more_pay(2.0), unless_no_fall(0.3)]
)
def test_people_get_three_to_six_each_their_own_number(opened, rule: Rule):
    given = numbers(opened(60), rule)

    assert given.min() == LEAST
    assert given.max() == 6


def test_who_has_stopped_does_not_start_again(opened):
    given = numbers(opened(5), lambda run, k: np.full(len(run.clinic), k not in (3, 4)))

    np.testing.assert_array_equal(given, 3)


def scored(opened, craving: Sequence[Sequence[float]]) -> Clinic:
    """People whom ketamine does not help, with these craving scores up to the one before the fourth infusion."""
    clinic = opened(len(craving))
    undosed = np.full_like(clinic.undosed, 2.0)
    undosed[:, : len(craving[0]), 0] = np.array(craving) / 25
    people = replace(clinic.people, responds=np.zeros(len(clinic), bool))
    return replace(clinic, people=people, undosed=undosed)


def test_without_a_fall_of_the_share_the_series_stops_after_three(opened):
    clinic = scored(
        opened,
        [
            [80, 80, 99, 99, 99, 99, 56, 56],  # exactly 30 % down
            [80, 80, 9, 9, 9, 9, 57, 56],  # short of it, whatever was between
            [90, 70, 99, 99, 99, 99, 72, 40],  # means count
            [90, 70, 9, 9, 9, 9, 73, 40],
            [0, 0, 9, 9, 9, 9, 0, 0],  # nothing to fall from, and no rise
        ],
    )

    np.testing.assert_array_equal(numbers(clinic, unless_no_fall(0.3)), [6, 3, 6, 3, 6])


def test_the_odds_rule_stops_where_clear_benefit_by_six_is_unlikely(opened):
    clinic = opened(40)
    run = Run(clinic)
    for day in DOSE_DAYS[:3]:
        run.infuse(float(day), np.ones(40, bool))
    believed = beliefs(run, 8)  # two scores before the series, two after each infusion
    benefit = believed.after(DOSE_DAYS, np.ones((40, 6), bool), 17.5, Ahead(3.0, 1.0, 1))[0]
    odds = believed.p_responds * (benefit > believed.threshold).mean(axis=1)

    stopped = numbers(clinic, while_odds_by_six(0.3)) == 3

    np.testing.assert_array_equal(stopped, odds < 0.3)
    assert 0 < stopped.sum() < 40


def expected_clear_days(believed: Beliefs, run: Run, number: int, now: float) -> np.ndarray:
    """Days after `now` that are clear on average over the draws with so many infusions; day by day."""
    clear = np.zeros(len(run.clinic))
    settings = run.clinic.believed
    off, on, carry_over = (settings[name][0] for name in ("tau_f_days", "tau_on_days", "fast_carry_over"))
    weights, multiples = (part[0] for part in settings.waning_parts())
    for day in COUNTED_DAYS[now < COUNTED_DAYS]:
        benefit = np.zeros_like(believed.fast)
        doses = [dose for dose in DOSE_DAYS[:number] if dose < day]
        for n, dose in enumerate(doses):
            since, overtaken = day - dose, carry_over ** (len(doses) - 1 - n)
            left = sum(
                weight * np.exp(-since / (multiple * believed.tau_s_days))
                for weight, multiple in zip(weights, multiples, strict=True)
            )
            benefit += overtaken * believed.fast * np.exp(-since / off)
            benefit += believed.slow * (1 - np.exp(-since / on)) * left
        clear += (benefit > believed.threshold).mean(axis=1)
    return believed.p_responds * clear


@pytest.mark.parametrize("price", [0.5, 2.0])
@pytest.mark.parametrize("carry_over", [0.0, 0.5, 1.0])
def test_worth_is_expected_clear_days_less_the_price_of_each_infusion(opened, price: float, carry_over: float):
    clinic = opened(40, carry_over=carry_over)
    run = Run(clinic)
    for day in DOSE_DAYS[:4]:
        run.infuse(float(day), np.ones(40, bool))
    believed, now = beliefs(run, 10), float(DOSE_DAYS[4])
    days = np.array([expected_clear_days(believed, run, number, now) for number in (4, 5, 6)])

    one, some = while_one_more_pays(price)(run, 4), while_some_more_pay(price)(run, 4)

    one_more, best = days[1] - days[0] - price, np.maximum(days[1], days[2] - price) - days[0] - price
    sure = (np.abs(one_more) > 0.02) & (np.abs(best) > 0.02)  # a day more or less at the edge is rounding
    np.testing.assert_array_equal(one[sure], one_more[sure] > 0)
    np.testing.assert_array_equal(some[sure], best[sure] > 0)
    assert np.all(some[one])
    assert sure.sum() > 30


def test_clear_days_of_each_number_are_the_peoples_own(opened):
    clinic = opened(30)

    table = clear_days_of_each_number(clinic)

    assert table.shape == (7, 30)
    for number in range(7):
        doses = [(float(day), MG_PER_KG) for day in DOSE_DAYS[:number]]
        benefit = clinic.people.benefit(COUNTED_DAYS, doses)
        np.testing.assert_array_equal(table[number], (benefit > clinic.threshold[:, None]).sum(axis=1))
    assert (COUNTED_DAYS[0], COUNTED_DAYS[-1], len(COUNTED_DAYS)) == (0.5, 76.5, 77)


#                      none one two three four five six infusions
TABLE = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0],  # never clear
        [0, 5, 10, 15, 20, 25, 30],  # five days each
        [0, 0, 0, 0, 0, 0, 12],  # all or nothing
        [0, 9, 12, 13, 13, 13, 13],  # soon enough
        [0, 8, 4, 0, 0, 0, 0],  # too many harm
    ],
    dtype=float,
).T


@pytest.mark.parametrize(
    ("price", "least", "expected"),
    [
        (0.0, 0, [6, 6, 6, 6, 1]),
        (1.0, 0, [0, 6, 6, 3, 1]),  # 13 - 3 is 12 - 2: the larger number
        (2.0, 0, [0, 6, 6, 2, 1]),  # 12 - 12 is 0: six and none are worth the same
        (2.1, 0, [0, 6, 0, 2, 1]),
        (5.0, 0, [0, 6, 0, 1, 1]),
        (5.1, 0, [0, 0, 0, 1, 1]),
        (9.5, 0, [0, 0, 0, 0, 0]),
        (1.0, 3, [3, 6, 6, 3, 3]),
        (5.1, 3, [3, 3, 3, 3, 3]),
        (0.0, 3, [6, 6, 6, 6, 6]),
    ],
)
def test_the_best_number_at_a_price(price: float, least: int, expected: list[int]):
    np.testing.assert_array_equal(best_numbers(TABLE, price, least), expected)


def test_everybody_gets_the_number_laid_down_for_them_whoever_else_is_there(opened):
    clinic, laid_down = opened(7), np.arange(7.0)

    some = numbers(clinic.take(np.array([6, 0, 4])), so_many(laid_down))

    np.testing.assert_array_equal(some, [6, 0, 4])


def test_late_responders_are_clear_after_six_and_not_after_three(opened):
    clinic = opened(200)
    doses = [(float(day), MG_PER_KG) for day in DOSE_DAYS]

    late = late_responders(clinic)

    after = [clinic.people.benefit(np.array([day]), doses)[:, 0] > clinic.threshold for day in (10.0, 20.5)]
    np.testing.assert_array_equal(late, after[1] & ~after[0])
    assert 20 < late.sum() < 100


def test_a_late_responder_is_given_up_who_is_stopped_before_benefit_is_clear(opened):
    clinic = opened(200)
    late = late_responders(clinic)

    at = {number: outcome(series(clinic, fixed(number)), late).given_up for number in (2, 3, 5, 6)}

    np.testing.assert_array_equal(at[3], late)
    assert not at[6].any()
    five = [(float(day), MG_PER_KG) for day in DOSE_DAYS[:5]]
    clear = clinic.people.benefit(np.array([17.0]), five)[:, 0] > clinic.threshold
    np.testing.assert_array_equal(at[5], late & ~clear)
    assert 0 < at[5].sum() < late.sum()


@pytest.fixture(scope="module")
def curves(opened) -> dict[str, Curve]:
    """Rules tried on 300 people."""
    clinic = opened(300)
    late, table = late_responders(clinic), clear_days_of_each_number(clinic)

    def curve(rule, prices) -> Curve:
        return Curve.of("", prices, [outcome(series(clinic, rule(price)), late) for price in prices])

    return {
        "truth": curve(lambda price: so_many(best_numbers(table, price, LEAST)), (0.0, 1.0, 2.0, 4.0, 20.0)),
        "one": curve(while_one_more_pays, (0.05, 0.5, 1.5)),
        "some": curve(while_some_more_pay, (1.0, 2.0)),
        "odds": curve(while_odds_by_six, (0.05, 0.2)),
        "fall": curve(unless_no_fall, (0.2, 0.4)),
        "same": curve(lambda number: fixed(int(number)), (4, 5)),
    }


@pytest.mark.parametrize("rule", ["one", "some", "odds", "fall", "same"])
def test_no_rule_is_better_than_knowing_the_truth_at_equal_infusions(curves: dict[str, Curve], rule: str):
    for one in curves[rule].outcomes:
        best = curves["truth"].clear_days_at(one.infusions)

        assert best.mean() >= one.clear_days.mean()


def test_looking_ahead_is_not_worse_than_one_step_at_equal_infusions(curves: dict[str, Curve]):
    compared = 0
    for one in curves["some"].outcomes:
        days = curves["one"].clear_days_at(one.infusions)
        if days is not None:
            more = Estimate.of(one.clear_days - days)
            compared += 1
            assert more.value > -2 * more.error
    assert compared >= 2


def test_scores_are_taken_before_the_infusion_that_they_decide_on():
    for k, day in enumerate(DOSE_DAYS):
        assert (day > SCORED).sum() == 2 + 2 * k or k == 0
    assert SCORED[-1] < 21.0
