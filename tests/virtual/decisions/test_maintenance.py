"""When to repeat an infusion: rules for half a year after a series that helped."""

from dataclasses import replace

import numpy as np
import pytest

from sextant.virtual.decisions.beliefs import beliefs
from sextant.virtual.decisions.clinic import MG_PER_KG, Clinic
from sextant.virtual.decisions.foresight import foresee
from sextant.virtual.decisions.maintenance import (
    COUNTED_DAYS,
    WEEKLY,
    Rule,
    Schedule,
    after_series,
    every,
    follow,
    helped,
    maintenance,
    outlook,
    when_a_plan_begins_now,
    when_craving_is_back,
    when_it_has_faded,
    when_now_is_best,
    when_one_pays,
)
from sextant.virtual.decisions.outcome import Curve, Estimate
from sextant.virtual.decisions.series import DOSE_DAYS, SCORED

TWICE, DAILY = Schedule(days_between=3.5), Schedule(scores_per_check=7)


def test_check_ins_are_weekly_for_half_a_year_from_a_week_after_the_series():
    assert (WEEKLY.checks[0], WEEKLY.checks[-1], len(WEEKLY.checks)) == (28.0, 203.0, 26)
    assert (COUNTED_DAYS[0], COUNTED_DAYS[-1], len(COUNTED_DAYS)) == (28.0, 209.0, 182)
    assert (TWICE.checks[1], TWICE.checks[-1], len(TWICE.checks)) == (31.5, 206.5, 52)


@pytest.mark.parametrize("schedule", [WEEKLY, TWICE, DAILY])
def test_a_check_in_sees_its_own_score_and_none_later(schedule: Schedule):
    for check, day in enumerate(schedule.checks):
        assert schedule.scored[schedule.seen(check) - 1] == day
    assert len(schedule.scored) == schedule.seen(len(schedule.checks) - 1)
    assert np.all(np.diff(schedule.scored) > 0)
    np.testing.assert_array_equal(schedule.scored[: len(SCORED)], SCORED)


def test_daily_scores_are_a_day_apart():
    np.testing.assert_allclose(np.diff(DAILY.scored[len(SCORED) :]), 1.0)


def hand_made(opened, craving: np.ndarray) -> Clinic:
    """People whom ketamine does not help, with these craving scores."""
    clinic = opened(len(craving), WEEKLY.scored)
    undosed = np.full_like(clinic.undosed, 2.0)
    undosed[:, :, 0] = craving / 25
    return replace(clinic, undosed=undosed, people=replace(clinic.people, responds=np.zeros(len(craving), bool)))


def test_those_are_helped_whose_craving_halved_by_the_end_of_the_series(opened):
    craving = np.full((4, len(WEEKLY.scored)), 99.0)
    craving[:, :2] = 80.0
    last = len(SCORED)
    craving[:, last - 2 : last] = [[40, 40], [41, 40], [20, 60], [90, 0]]

    np.testing.assert_array_equal(helped(hand_made(opened, craving)), [0, 2])


def test_an_infusion_is_given_whenever_the_check_ins_craving_is_back(opened):
    craving = np.full((2, len(WEEKLY.scored)), 10.0)
    craving[:, :2] = [[70, 90], [40, 40]]
    craving[0, len(SCORED) + np.array([0, 5, 25])] = [41, 40, 80]  # 40 is half: not above it
    craving[1, len(SCORED) + np.array([3])] = 21
    clinic = hand_made(opened, craving)
    given = np.zeros((2, 26), bool)

    def noted(run, check):
        given[:, check] = when_craving_is_back(0.5)(run, check)
        return given[:, check]

    outcome = maintenance(clinic, noted)

    assert [list(np.flatnonzero(row)) for row in given] == [[0, 25], [3]]
    np.testing.assert_array_equal(outcome.infusions, [2, 1])
    np.testing.assert_array_equal(outcome.clear_days, 0)


@pytest.mark.parametrize("weeks", [2, 4, 12])
def test_fixed_spacing_gives_one_every_so_many_weeks(opened, weeks: int):
    outcome = maintenance(opened(10, WEEKLY.scored), every(weeks))

    np.testing.assert_array_equal(outcome.infusions, 26 // weeks)


def test_clear_days_are_those_of_the_people_after_the_series_and_the_further_infusions(opened):
    clinic = opened(30, WEEKLY.scored)
    doses = [(float(day), MG_PER_KG) for day in (*DOSE_DAYS, *(49.0 + 28.0 * np.arange(6)))]

    outcome = maintenance(clinic, every(4))

    benefit = clinic.people.benefit(COUNTED_DAYS, doses)
    np.testing.assert_array_equal(outcome.clear_days, (benefit > clinic.threshold[:, None]).sum(axis=1))


def test_everybody_gets_the_plan_laid_down_for_them_whoever_else_is_there(opened):
    plans = np.random.default_rng(2).random((8, 26)) < 0.3
    clinic = opened(8, WEEKLY.scored).take(np.array([5, 1, 6]))

    outcome = maintenance(clinic, follow(plans))

    np.testing.assert_array_equal(outcome.infusions, plans[[5, 1, 6]].sum(axis=1))


@pytest.mark.parametrize(
    "rule", [when_one_pays(1e6), when_now_is_best(1e6), when_a_plan_begins_now(1e6), when_it_has_faded(0.0)]
)
def test_at_a_price_beyond_all_days_nothing_is_given(opened, rule: Rule):
    assert not maintenance(opened(4, WEEKLY.scored), rule).infusions.any()


@pytest.mark.parametrize("carry_over", [0.0, 0.5, 1.0])
@pytest.mark.parametrize(("schedule", "check"), [(WEEKLY, 0), (WEEKLY, 11), (WEEKLY, 25), (TWICE, 7), (DAILY, 3)])
def test_the_outlook_reaches_from_the_check_in_to_the_end_of_the_half_year(
    opened, schedule: Schedule, check: int, carry_over: float
):
    clinic = opened(5, schedule.scored, carry_over=carry_over)
    run = after_series(clinic)
    day = float(schedule.checks[check])
    run.infuse(day - 1.0, np.array([True, False, True, False, False]))
    believed = beliefs(run, schedule.seen(check), 4)

    seen = outlook(run, believed, check, schedule)

    assert len(seen.margin) * 3.5 == COUNTED_DAYS[-1] + 1 - day
    assert seen.n_checks == len(schedule.checks) - check
    settings = clinic.believed
    weights, multiples = (part[0] for part in settings.waning_parts())

    def fast(since: float) -> np.ndarray:
        return believed.fast * np.exp(-since / settings["tau_f_days"][0])

    def slow(since: float) -> np.ndarray:
        left = sum(w * np.exp(-since / (m * believed.tau_s_days)) for w, m in zip(weights, multiples, strict=True))
        return believed.slow * (1 - np.exp(-since / settings["tau_on_days"][0])) * left

    renewed = [0, 2]  # who got one more, and nobody else
    for step in (0, len(seen.margin) - 1):
        ahead = 3.5 * (step + 0.5)
        quick = sum(fast(day + ahead - dose) * carry_over**n for n, dose in enumerate(reversed(DOSE_DAYS)))
        lasting = sum(slow(day + ahead - dose) for dose in DOSE_DAYS)
        quick[renewed] = carry_over * quick[renewed] + fast(1.0 + ahead)[renewed]
        lasting[renewed] += slow(1.0 + ahead)[renewed]
        np.testing.assert_allclose(seen.margin[step], quick + lasting - believed.threshold, rtol=0, atol=1e-5)
        np.testing.assert_allclose(seen.fast[step], quick, rtol=0, atol=1e-5)
        np.testing.assert_allclose(seen.one[step], fast(ahead) + slow(ahead), rtol=0, atol=1e-5)
        np.testing.assert_allclose(seen.one_fast[step], fast(ahead), rtol=0, atol=1e-5)
    assert seen.carry_over == carry_over
    np.testing.assert_allclose(seen.clear_days, 3.5 * believed.p_responds / 4)


def test_rules_ask_of_the_outlook_what_they_say(opened):
    clinic = opened(40, WEEKLY.scored)
    run = after_series(clinic)
    believed = beliefs(run, WEEKLY.seen(8))
    seen = outlook(run, believed, 8)
    gains, (with_now, without) = seen.gains(), seen.plans(4.0)

    decisions = {
        "pays": when_one_pays(4.0)(run, 8),
        "best": when_now_is_best(4.0)(run, 8),
        "plan": when_a_plan_begins_now(4.0)(run, 8),
        "faded": when_it_has_faded(0.2)(run, 8),
    }

    np.testing.assert_array_equal(decisions["pays"], gains[0] >= 4.0)
    np.testing.assert_array_equal(decisions["best"], (gains[0] >= 4.0) & (gains[0] == gains.max(axis=0)))
    np.testing.assert_array_equal(decisions["plan"], with_now > without)
    faded = (seen.margin[:2] > 0).mean(axis=(0, 2)) < 0.2
    np.testing.assert_array_equal(decisions["faded"], faded & (believed.p_responds > 0.5))
    assert all(0 < one.sum() < 40 for one in decisions.values())


@pytest.fixture(scope="module")
def curves(opened) -> dict[str, Curve]:
    """Rules tried on 200 people whom a series helped."""
    everybody = opened(450, WEEKLY.scored)
    clinic = everybody.take(helped(everybody)[:200])
    found = foresee(clinic)

    def planned(price: float) -> Rule:
        plans = np.zeros((len(everybody), 26), bool)
        plans[clinic.who] = found.at(price)
        return follow(plans)

    def curve(rule, numbers) -> Curve:
        return Curve.of("", numbers, [maintenance(clinic, rule(number)) for number in numbers])

    return {
        "truth": curve(planned, (1.0, 2.0, 4.0, 8.0, 14.0)),
        "spaced": curve(lambda weeks: every(int(weeks)), (3, 6)),
        "craving": curve(when_craving_is_back, (0.5,)),
        "faded": curve(when_it_has_faded, (0.1,)),
        "pays": curve(when_one_pays, (7.0, 10.0)),
        "best": curve(when_now_is_best, (5.5,)),
        "plan": curve(when_a_plan_begins_now, (7.0,)),
    }


@pytest.mark.parametrize("rule", ["spaced", "craving", "faded", "pays", "best", "plan"])
def test_no_rule_is_better_than_knowing_the_truth_at_equal_infusions(curves: dict[str, Curve], rule: str):
    for one in curves[rule].outcomes:
        best = curves["truth"].clear_days_at(one.infusions)

        more = Estimate.of(best - one.clear_days)
        assert more.value > 2 * more.error


@pytest.mark.parametrize("rule", ["best", "plan"])
@pytest.mark.parametrize("other", ["pays", "spaced"])
def test_looking_ahead_is_not_worse_than_one_step_or_fixed_spacing(curves: dict[str, Curve], rule: str, other: str):
    (one,) = curves[rule].outcomes

    more = Estimate.of(one.clear_days - curves[other].clear_days_at(one.infusions))

    assert more.value > -2 * more.error
