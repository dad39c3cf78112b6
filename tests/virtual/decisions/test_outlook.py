"""What further infusions bring, against plain loops over every cell."""

from itertools import product

import numpy as np
import pytest

from sextant.virtual.decisions.outlook import Outlook

TIMES, PEOPLE, DRAWS, PER_CHECK = 12, 6, 7, 2
CHECKS = TIMES // PER_CHECK


LEFT = np.exp(-1 / 4)  # of fast benefit after one step


@pytest.fixture(params=[(seed, carry_over) for seed in (1, 2, 3) for carry_over in (0.0, 0.5, 1.0)])
def outlook(request: pytest.FixtureRequest) -> Outlook:
    seed, carry_over = request.param
    rng = np.random.default_rng(seed)
    waned = LEFT ** np.arange(TIMES)[:, None, None]
    one_fast = rng.uniform(-0.2, 1.3, (1, PEOPLE, DRAWS)) * waned
    one_slow = rng.uniform(0.0, 0.5, (1, PEOPLE, DRAWS)) * (1 - waned)
    fast = rng.uniform(0.0, 0.8, (1, PEOPLE, DRAWS)) * waned
    lasting = rng.uniform(-1.4, 0.2, (TIMES, PEOPLE, DRAWS))
    return Outlook(
        margin=(lasting + fast).astype(np.float32),
        fast=fast.astype(np.float32),
        one=(one_fast + one_slow).astype(np.float32),
        one_fast=one_fast.astype(np.float32),
        carry_over=carry_over,
        clear_days=rng.uniform(0.2, 0.5, PEOPLE),
        per_check=PER_CHECK,
    )


def clear_cells(outlook: Outlook, person: int, plan: tuple[int, ...]) -> int:
    """In how many cells benefit is clear with infusions at these check-ins: step by step, as time goes on."""
    clear, starts = 0, [check * PER_CHECK for check in plan]
    for draw in range(DRAWS):
        standing = float(outlook.fast[0, person, draw]) / LEFT
        for time in range(TIMES):
            standing *= LEFT
            if time in starts:
                standing = outlook.carry_over * standing + float(outlook.one_fast[0, person, draw])
            total = standing + float(outlook.margin[time, person, draw]) - float(outlook.fast[time, person, draw])
            for start in starts:
                if time >= start:
                    since = (time - start, person, draw)
                    total += float(outlook.one[since]) - float(outlook.one_fast[since])
            clear += total > 0
    return clear


def adding_up(margin: np.ndarray, one: np.ndarray, clear_days: np.ndarray) -> Outlook:
    """Benefit that is all slow."""
    nothing = np.zeros_like(margin)
    return Outlook(
        margin=margin,
        fast=nothing,
        one=one,
        one_fast=nothing,
        carry_over=0.0,
        clear_days=clear_days,
        per_check=1,
    )


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
    names = ("margin", "fast", "one", "one_fast")
    before = {name: getattr(outlook, name).copy() for name in names}

    outlook.plans(0.5)
    outlook.gains()

    for name in names:
        np.testing.assert_array_equal(getattr(outlook, name), before[name])


def test_an_infusion_that_is_renewed_brings_nothing_while_the_last_one_is_fresh():
    fast = LEFT ** np.arange(4.0)[:, None, None]  # 1.0, 0.78, 0.61, 0.47

    def outlook(clear_at: float, carry_over: float) -> Outlook:
        return Outlook(
            margin=fast - clear_at,
            fast=fast,
            one=fast,
            one_fast=fast,
            carry_over=carry_over,
            clear_days=np.ones(1),
            per_check=1,
        )

    renewed, added = outlook(0.5, 0.0).gains()[:, 0], outlook(1.2, 1.0).gains()[:, 0]

    np.testing.assert_array_equal(renewed, [0, 1, 1, 1])  # without it clear but for the last time
    np.testing.assert_array_equal(added, [3, 2, 2, 1])  # 2.0, 1.56, 1.21; 1.78, 1.39; 1.61, 1.25; 1.47


def test_at_a_price_beyond_all_days_nothing_is_planned(outlook: Outlook):
    with_now, without = outlook.plans(1e6)

    np.testing.assert_array_equal(without, 0.0)
    assert np.all(with_now < -9e5)


def test_the_chance_of_clear_benefit_is_the_share_of_draws_in_the_coming_week():
    margin = np.array([[[1.0, -1.0, -1.0, -1.0]], [[1.0, 1.0, -1.0, 0.0]], [[1.0, 1.0, 1.0, 1.0]]])

    chance = adding_up(margin, margin, np.ones(1)).chance_clear(2)

    np.testing.assert_allclose(chance, [3 / 8])


def test_a_cell_is_counted_beyond_255_times():
    margin = -np.ones((255, 1, 300))

    gains = adding_up(margin, -2 * margin, np.full(1, 0.01)).gains()

    np.testing.assert_allclose(gains[:, 0], 3.0 * np.arange(255, 0, -1))
