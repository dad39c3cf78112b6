"""Somebody who knows the truth: never below what can be reached, and never beaten by a rule."""

from itertools import product

import numpy as np
import pytest

from sextant.virtual.decisions import foresight, maintenance
from sextant.virtual.decisions.foresight import Foresight, foresee
from sextant.virtual.decisions.maintenance import WEEKLY, follow, helped
from sextant.virtual.decisions.maintenance import maintenance as carried_out


@pytest.fixture(scope="module")
def clinic(opened):
    everybody = opened(60, WEEKLY.scored)
    return opened(60, WEEKLY.scored).take(helped(everybody))


@pytest.fixture(scope="module")
def found(clinic) -> Foresight:
    return foresee(clinic)


def rows_of(clinic, plans: np.ndarray) -> np.ndarray:
    """Plans by the number of each person, as rules look them up."""
    rows = np.zeros((int(clinic.who.max()) + 1, plans.shape[1]), bool)
    rows[clinic.who] = plans
    return rows


@pytest.mark.parametrize("number", [0, 1, 4, 9, 26])
def test_a_plan_brings_what_was_foreseen(clinic, found: Foresight, number: int):
    outcome = carried_out(clinic, follow(rows_of(clinic, found.plans[:, number])))

    np.testing.assert_array_equal(outcome.infusions, number)
    np.testing.assert_array_equal(outcome.clear_days, found.clear_days[:, number])


@pytest.mark.parametrize("carry_over", [0.0, 0.5, 1.0])
def test_a_plan_brings_what_was_foreseen_however_much_fast_benefit_is_renewed(opened, carry_over: float):
    clinic = opened(12, WEEKLY.scored, carry_over=carry_over)

    found = foresee(clinic)

    for number in (2, 9, 26):
        outcome = carried_out(clinic, follow(rows_of(clinic, found.plans[:, number])))
        np.testing.assert_array_equal(outcome.clear_days, found.clear_days[:, number])
    assert found.clear_days[:, 9].max() > 20


def test_on_a_short_horizon_it_finds_the_best_of_all_plans(clinic, monkeypatch: pytest.MonkeyPatch):
    n_checks = 6
    monkeypatch.setattr(maintenance, "WEEKS", n_checks)
    for module in (maintenance, foresight):
        monkeypatch.setattr(module, "COUNTED_DAYS", WEEKLY.checks[0] + np.arange(7.0 * n_checks))
    some = clinic.take(np.arange(12))

    found = foresee(some)

    best = np.full((len(some), n_checks + 1), -1.0)
    for plan in product([False, True], repeat=n_checks):
        days = carried_out(some, follow(rows_of(some, np.tile(plan, (len(some), 1))))).clear_days
        best[:, sum(plan)] = np.maximum(best[:, sum(plan)], days)
    assert found.plans.shape == (len(some), n_checks + 1, n_checks)
    assert np.all(found.clear_days <= best)
    assert (found.clear_days == best).mean() > 0.95
    np.testing.assert_allclose(found.clear_days, best, atol=1.0)
    assert np.ptp(best, axis=1).max() > 10


def test_at_a_price_each_person_gets_the_plan_that_is_worth_most():
    plans = np.array([[[False, False], [True, False], [True, True]], [[False, False], [False, True], [True, True]]])
    one = Foresight(np.array([[10.0, 16.0, 18.0], [0.0, 1.0, 9.0]]), plans)

    at_four, at_five, at_seven = one.at(4.0), one.at(5.0), one.at(7.0)

    np.testing.assert_array_equal(at_four, [[True, False], [True, True]])
    np.testing.assert_array_equal(at_five, [[True, False], [False, False]])
    np.testing.assert_array_equal(at_seven, False)


@pytest.mark.parametrize("price", [2.0, 7.0])
@pytest.mark.parametrize(
    "rule",
    [
        *(maintenance.every(weeks) for weeks in (2, 4, 8)),
        maintenance.when_craving_is_back(0.5),
        maintenance.when_one_pays(5.5),
        maintenance.when_now_is_best(5.5),
    ],
)
def test_no_rule_is_worth_more_to_anybody(clinic, found: Foresight, rule: maintenance.Rule, price: float):
    outcome = carried_out(clinic, rule)

    best = (found.clear_days - price * np.arange(found.clear_days.shape[1])).max(axis=1)

    assert np.all(outcome.clear_days - price * outcome.infusions <= best + 1.0)  # a beam may miss a day
    assert (outcome.clear_days - price * outcome.infusions).mean() < best.mean()


def test_parts_are_joined_in_order(clinic, found: Foresight):
    parts = [foresee(clinic.take(np.arange(3))), foresee(clinic.take(np.arange(3, 8)))]

    whole = Foresight.joined(parts)

    np.testing.assert_array_equal(whole.clear_days, found.clear_days[:8])
    np.testing.assert_array_equal(whole.plans, found.plans[:8])
