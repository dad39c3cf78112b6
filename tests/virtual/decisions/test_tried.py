"""All rules on the same people: the same figures on however many threads, and figures that a file can hold."""

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from cohorts import narrow, truth
from sextant.response import Population, design_assumptions
from sextant.virtual.decisions import tried as rules
from sextant.virtual.decisions.compared import figures
from sextant.virtual.decisions.maintenance import WEEKLY, maintenance, when_now_is_best
from sextant.virtual.decisions.outcome import Curve, Outcome
from sextant.virtual.decisions.tables import comparison_table, maintenance_table, series_table
from sextant.virtual.decisions.tried import Tried, try_rules

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "schemas" / "virtual-clinic.json").read_text("utf-8"))
PEOPLE = 24


def on_threads(by, threads: int, **more: Any) -> Tried:
    """A population of which enough respond, some of them late, that every figure can be told of so few people."""
    return try_rules(design_assumptions(), PEOPLE, by=by, seed=11, threads=threads, **more)


@pytest.fixture(scope="module")
def tried(by) -> Tried:
    """One thread for all people together, the first three with more frequent scores too."""
    return on_threads(by, 1, n_other_scores=3)


def assert_same(curves: Mapping[str, Curve], others: Mapping[str, Curve]) -> None:
    assert list(curves) == list(others)
    for name, curve in curves.items():
        assert curve.numbers == others[name].numbers
        for one, other in zip(curve.outcomes, others[name].outcomes, strict=True):
            np.testing.assert_array_equal(one.infusions, other.infusions)
            np.testing.assert_array_equal(one.clear_days, other.clear_days)
            np.testing.assert_array_equal(one.given_up, other.given_up)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_figures_with_two_threads(by, tried: Tried, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rules, "_PEOPLE_AT_ONCE", 9)  # so that there is something to share

    again = on_threads(by, 2)

    assert_same(again.series, tried.series)
    assert_same(again.maintenance, tried.maintenance)
    np.testing.assert_array_equal(again.late, tried.late)
    assert figures(again)["comparisons"] == figures(tried)["comparisons"]


@pytest.mark.slow
def test_every_rule_has_a_meaning_and_is_tried_on_everybody(tried: Tried):
    told = {**tried.series, **tried.maintenance, **tried.other_scores}

    assert set(told) == set(rules.MEANING)
    assert {len(outcome.infusions) for curve in tried.series.values() for outcome in curve.outcomes} == {PEOPLE}
    assert {len(o.infusions) for curve in tried.other_scores.values() for o in curve.outcomes} == {3}
    for curve in tried.series.values():
        least = 0 if curve.rule == rules.KNOWS else 3
        assert all(least <= o.infusions.min() and o.infusions.max() <= 6 for o in curve.outcomes)


@pytest.mark.slow
def test_the_figures_follow_the_schema(tried: Tried):
    told = figures(tried) | {"model": "m", "population": "p"}

    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(told)
    assert told["other_scores_people"] == 3
    assert {one["rule"] for one in told["other_scores"]} == {rules.PLAN_TWICE, rules.PLAN_DAILY, rules.PLAN_QUIET}


@pytest.mark.slow
def test_figures_are_means_over_the_people(tried: Tried):
    told = figures(tried)

    four = next(one for one in told["series"] if (one["rule"], one["number"]) == (rules.SAME_NUMBER, 4))
    outcome = tried.series[rules.SAME_NUMBER].outcomes[1]
    assert four["infusions"] == {"mean": 4.0, "standard_error": 0.0}
    assert four["clear_days"]["mean"] == outcome.clear_days.mean()
    assert four["late_given_up"]["mean"] == outcome.given_up[tried.late].mean()
    assert told["maintained"] == len(tried.maintenance[rules.SPACED].outcomes[0].infusions)


def test_people_are_shared_among_threads_and_put_in_order_again(opened, monkeypatch: pytest.MonkeyPatch):
    clinic = opened(20, WEEKLY.scored)
    half_a_year = partial(maintenance, rule=when_now_is_best(4.0))
    alone = half_a_year(clinic)
    monkeypatch.setattr(rules, "_PEOPLE_AT_ONCE", 7)

    one, two = (rules._Work(threads, lambda _: None).over(clinic, half_a_year) for threads in (1, 2))

    for some in (one, two):
        np.testing.assert_array_equal(some.infusions, alone.infusions)
        np.testing.assert_array_equal(some.clear_days, alone.clear_days)
    assert len(set(alone.infusions)) > 2


def made_up(series: Mapping[str, Curve]) -> Tried:
    return Tried(1, True, np.array([True, False]), np.array([True, False]), series, {}, {})


def flat(name: str, numbers: tuple[float, ...], infusions: tuple[float, ...], days: tuple[float, ...]) -> Curve:
    """Everybody alike under each setting."""
    return Curve.of(
        name,
        numbers,
        [Outcome(np.full(2, n), np.full(2, d), np.zeros(2, bool)) for n, d in zip(infusions, days, strict=True)],
    )


def test_comparisons_and_gaps_by_hand():
    tried = made_up(
        {
            rules.ODDS: flat(rules.ODDS, (0.1,), (4.0,), (13.0,)),
            rules.LOOK_AHEAD: flat(rules.LOOK_AHEAD, (2.0,), (5.5,), (20.0,)),
            rules.SAME_NUMBER: flat(rules.SAME_NUMBER, (3, 5), (3.0, 5.0), (8.0, 14.0)),
            rules.NO_FALL: flat(rules.NO_FALL, (0.1, 0.2), (3.0, 6.0), (13.0, 13.0)),
            rules.ONE_MORE: flat(rules.ONE_MORE, (1.0, 2.0), (5.0, 6.0), (18.0, 22.0)),
            rules.KNOWS_FROM_THREE: flat(rules.KNOWS_FROM_THREE, (0.0, 1.0), (3.0, 6.0), (14.0, 26.0)),
        }
    )

    told = figures(tried)

    found = {(one["rule"], one["other"]): one for one in told["comparisons"]["series"]}
    closed = {(one["rule"], one["other"]): one["closed"] for one in told["gaps"]["series"]}
    against_same = found[rules.ODDS, rules.SAME_NUMBER]
    # Four of the same number bring 11 days, and 13 days ask for 4 2/3; the truth brings 18 days with four.
    assert against_same["more_clear_days_at_equal_infusions"] == {"mean": 2.0, "standard_error": 0.0}
    assert against_same["fewer_infusions_at_equal_clear_days"]["mean"] == pytest.approx(2 / 3)
    assert closed[rules.ODDS, rules.SAME_NUMBER]["mean"] == pytest.approx(2 / 7)
    # What was not tried is not told.
    assert found[rules.LOOK_AHEAD, rules.SAME_NUMBER]["more_clear_days_at_equal_infusions"] is None
    assert closed[rules.LOOK_AHEAD, rules.SAME_NUMBER] is None
    assert found[rules.ODDS, rules.NO_FALL]["fewer_infusions_at_equal_clear_days"] is None
    assert found[rules.LOOK_AHEAD, rules.ONE_MORE]["more_clear_days_at_equal_infusions"]["mean"] == pytest.approx(0.0)
    table = " ".join(comparison_table(told, "series").split())
    assert "| some number pays (2) | the same number | not reached | not reached | not reached |" in table
    assert "| odds by six (0.1) | the same number | +2.0 (0.0) | +0.67 (0.00) | 29 % (0) |" in table


def harmless() -> Population:
    """Ketamine brings hardly anybody anything, and the programme makes things worse."""
    return narrow(truth(pi0=8.0, mu_a=-9.0, mu_c=-9.0, mu_h=-15.0), sds=0.01)


def test_where_nobody_is_helped_there_is_no_maintenance_and_nothing_to_gain(by):
    tried = try_rules(harmless(), PEOPLE, by=by, seed=3, n_other_scores=2)

    told = figures(tried) | {"model": "m", "population": "p"}

    Draft202012Validator(SCHEMA).validate(told)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert (told["maintained"], told["maintenance"], told["other_scores"]) == (0, [], [])
    assert {one["closed"] for one in told["gaps"]["series"]} == {None}
    assert "not reached" in series_table(told)
    assert maintenance_table(told).startswith("| rule")
