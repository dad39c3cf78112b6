"""What further infusions bring, against plain loops over every cell."""

from itertools import product

import numpy as np
import pytest

from sextant.virtual.decisions.outlook import Outlook

TIMES, PEOPLE, DRAWS, PER_CHECK = 12, 6, 7, 2
CHECKS = TIMES // PER_CHECK


@pytest.fixture(params=[1, 2, 3])
def outlook(request: pytest.FixtureRequest) -> Outlook:
    rng = np.random.default_rng(request.param)
    one = rng.uniform(0.2, 1.5, (1, PEOPLE, DRAWS)) * np.exp(-np.arange(TIMES) / 4)[:, None, None]
    margin = rng.uniform(-1.2, 0.4, (TIMES, PEOPLE, DRAWS))
    return Outlook(margin.astype(np.float32), one.astype(np.float32), rng.uniform(0.2, 0.5, PEOPLE), PER_CHECK)


def clear_cells(outlook: Outlook, person: int, plan: tuple[int, ...]) -> int:
    """In how many cells benefit is clear with infusions at these check-ins."""
    clear = 0
    for time in range(TIMES):
        for draw in range(DRAWS):
            total = float(outlook.margin[time, person, draw])
            for check in plan:
                if time >= check * PER_CHECK:
                    total += float(outlook.one[time - check * PER_CHECK, person, draw])
            clear += total > 0
    return clear


def worth(outlook: Outlook, person: int, plan: tuple[int, ...], price: float) -> float:
    more = clear_cells(outlook, person, plan) - clear_cells(outlook, person, ())
    return more * float(outlook.clear_days[person]) - price * len(plan)


def built(outlook: Outlook, person: int, begins_now: bool, price: float) -> float:
    """Worth of a plan to which the best infusion is added again and again, at later check-ins."""
    plan: tuple[int, ...] = (0,) if begins_now else ()
    while True:
        now = worth(outlook, person, plan, price)
        further = [(*plan, check) for check in range(1, CHECKS) if check not in plan]
        best = max(further, key=lambda one: worth(outlook, person, one, price), default=plan)
        if worth(outlook, person, best, price) <= now:
            return now
        plan = best


def test_the_gain_of_one_infusion_at_each_check_in_is_counted_cell_by_cell(outlook: Outlook):
    gains = outlook.gains()

    expected = [[worth(outlook, person, (check,), 0.0) for person in range(PEOPLE)] for check in range(CHECKS)]
    np.testing.assert_allclose(gains, expected, rtol=0, atol=1e-9)
    assert gains.max() > 0


@pytest.mark.parametrize("price", [0.0, 0.7, 2.0])
def test_plans_are_built_by_adding_the_infusion_that_brings_most(outlook: Outlook, price: float):
    with_now, without = outlook.plans(price)

    np.testing.assert_allclose(with_now, [built(outlook, person, True, price) for person in range(PEOPLE)], atol=1e-9)
    np.testing.assert_allclose(without, [built(outlook, person, False, price) for person in range(PEOPLE)], atol=1e-9)


def test_no_plan_is_worth_more_than_the_best_of_all_and_few_are_worth_much_less(outlook: Outlook):
    with_now, without = outlook.plans(0.7)

    every = [tuple(np.flatnonzero(plan)) for plan in product([False, True], repeat=CHECKS)]
    for person in range(PEOPLE):
        best_with = max(worth(outlook, person, plan, 0.7) for plan in every if 0 in plan)
        best_without = max(worth(outlook, person, plan, 0.7) for plan in every if 0 not in plan)
        assert with_now[person] <= best_with + 1e-9
        assert without[person] <= best_without + 1e-9
        assert best_without - without[person] < 0.25 * best_without + 0.1


def test_planning_leaves_the_outlook_as_it_was(outlook: Outlook):
    before = outlook.margin.copy()

    outlook.plans(0.5)

    np.testing.assert_array_equal(outlook.margin, before)


def test_at_a_price_beyond_all_days_nothing_is_planned(outlook: Outlook):
    with_now, without = outlook.plans(1e6)

    np.testing.assert_array_equal(without, 0.0)
    assert np.all(with_now < -9e5)


def test_the_chance_of_clear_benefit_is_the_share_of_draws_in_the_coming_week():
    margin = np.array([[[1.0, -1.0, -1.0, -1.0]], [[1.0, 1.0, -1.0, 0.0]], [[1.0, 1.0, 1.0, 1.0]]])

    chance = Outlook(margin, margin, np.ones(1), 1).chance_clear(2)

    np.testing.assert_allclose(chance, [3 / 8])


def test_a_cell_is_counted_beyond_255_times():
    margin = -np.ones((255, 1, 300))

    gains = Outlook(margin, -2 * margin, np.full(1, 0.01), 1).gains()

    np.testing.assert_allclose(gains[:, 0], 3.0 * np.arange(255, 0, -1))
