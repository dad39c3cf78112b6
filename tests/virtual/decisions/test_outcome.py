"""Rules against each other at equal infusions or equal clear days, by hand."""

import numpy as np
import pytest

from sextant.virtual.decisions.outcome import Curve, Estimate, Outcome, gap_closed


def came_of_it(infusions: list[float], clear_days: list[float]) -> Outcome:
    return Outcome(np.array(infusions), np.array(clear_days), np.zeros(len(infusions), bool))


# Means: 2 infusions for 15 clear days, 5 for 30, 6 for 32.
CURVE = Curve.of(
    "a rule",
    (0.5, 9.0, 1.0),
    [came_of_it([4, 6], [20, 40]), came_of_it([1, 3], [10, 20]), came_of_it([6, 6], [22, 42])],
)


def test_settings_are_in_order_of_mean_infusions():
    assert CURVE.numbers == (9.0, 0.5, 1.0)
    assert [outcome.infusions.mean() for outcome in CURVE.outcomes] == [2.0, 5.0, 6.0]


def test_between_two_settings_a_share_of_the_people_gets_each():
    found = CURVE.clear_days_at(np.array([3.0, 4.0]))

    # Half get each: days (15, 30), infusions (2.5, 4.5); 5 days an infusion for being (0.5, -0.5) off.
    np.testing.assert_allclose(found, [17.5, 27.5])


def test_the_mean_is_that_of_the_curve_however_infusions_are_spread():
    alike, spread = CURVE.clear_days_at(np.array([3.0, 3.0])), CURVE.clear_days_at(np.array([0.0, 6.0]))

    assert alike.mean() == pytest.approx(20.0)
    assert spread.mean() == pytest.approx(20.0)


@pytest.mark.parametrize(("infusions", "days"), [(2.0, 15.0), (5.0, 30.0), (5.5, 31.0), (6.0, 32.0)])
def test_on_a_setting_it_is_what_came_of_it(infusions: float, days: float):
    assert CURVE.clear_days_at(np.full(2, infusions)).mean() == pytest.approx(days)
    assert CURVE.infusions_at(np.full(2, days)).mean() == pytest.approx(infusions)


def test_infusions_at_equal_clear_days_are_found_likewise():
    found = CURVE.infusions_at(np.array([15.0, 25.0]))

    # A third of the way from 15 to 30 days: infusions (2, 4), days (13.33, 26.67); 0.2 infusions a day.
    np.testing.assert_allclose(found, [2 + 0.2 * (15 - 40 / 3), 4 + 0.2 * (25 - 80 / 3)])


def test_beyond_what_was_tried_nothing_is_said():
    assert CURVE.clear_days_at(np.array([1.0, 2.9])) is None
    assert CURVE.clear_days_at(np.array([6.0, 6.1])) is None
    assert CURVE.infusions_at(np.array([14.0, 15.0])) is None
    assert CURVE.infusions_at(np.array([32.0, 33.0])) is None


def test_one_setting_makes_no_curve():
    one = Curve.of("a rule", (1.0,), [came_of_it([3, 3], [4, 5])])

    assert one.clear_days_at(np.array([3.0, 3.0])) is None


def test_more_infusions_that_bring_fewer_days_are_compared_by_days_all_the_same():
    falling = Curve.of("a rule", (1.0, 2.0), [came_of_it([1, 1], [20, 20]), came_of_it([3, 3], [10, 10])])

    np.testing.assert_allclose(falling.infusions_at(np.full(2, 15.0)), 2.0)


def test_some_of_the_people_are_put_in_order_anew():
    some = CURVE.take(np.array([0]))

    assert [float(outcome.infusions[0]) for outcome in some.outcomes] == [1.0, 4.0, 6.0]
    assert some.outcomes[1].clear_days[0] == 20.0


def test_a_mean_has_its_standard_error():
    estimate = Estimate.of(np.array([1.0, 2.0, 3.0, 6.0]))

    assert estimate.value == 3.0
    assert estimate.error == pytest.approx(np.sqrt(14 / 3) / 2)


def test_parts_are_joined_in_order():
    whole = Outcome.joined([came_of_it([1], [2]), came_of_it([3, 4], [5, 6])])

    np.testing.assert_array_equal(whole.infusions, [1, 3, 4])
    np.testing.assert_array_equal(whole.clear_days, [2, 5, 6])
    np.testing.assert_array_equal(whole.take(np.array([2])).clear_days, [6])


def test_the_share_of_the_way_to_the_truth():
    greedy, rule, best = np.array([0.0, 10.0]), np.array([4.0, 12.0]), np.array([8.0, 14.0])

    closed = gap_closed(rule, greedy, best)

    assert closed.value == pytest.approx(0.5)
    assert closed.error == pytest.approx(0.0, abs=1e-12)  # exactly half in both people


def test_the_error_of_the_share_is_that_of_what_the_share_leaves_over():
    greedy, rule, best = np.zeros(2), np.array([5.0, 1.0]), np.array([4.0, 8.0])

    closed = gap_closed(rule, greedy, best)

    # A half of the way in all, 3 above it in one and 3 below it in the other, of 6 days.
    assert closed.value == pytest.approx(0.5)
    assert closed.error == pytest.approx(3.0 / 6.0)


@pytest.mark.parametrize("best", [[1.0, 1.0], [0.0, 1.0]])
def test_where_the_truth_is_no_better_there_is_no_share_of_the_way(best: list[float]):
    assert gap_closed(np.array([0.5, 1.5]), np.ones(2), np.array(best)) is None
