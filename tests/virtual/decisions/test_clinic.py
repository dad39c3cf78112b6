"""The virtual clinic: the same people with the same noise for every rule, whoever else is there."""

import numpy as np

from sextant.virtual.decisions.clinic import ATTENDANCE, INSTRUMENTS, open_clinic, quieted
from sextant.virtual.decisions.maintenance import WEEKLY, after_series, maintenance, when_now_is_best
from sextant.virtual.decisions.series import SCORED, late_responders, outcome, series, while_some_more_pay


def test_the_same_seed_gives_the_same_people_and_another_seed_others(opened):
    one, again, other = opened(20), opened(20), opened(20, seed=5)

    np.testing.assert_array_equal(one.undosed, again.undosed)
    np.testing.assert_array_equal(one.people.fast, again.people.fast)
    assert not np.any(one.people.fast == other.people.fast)
    assert not np.any(one.undosed == other.undosed)


def test_further_scores_leave_the_earlier_ones_as_they_were(opened):
    series_alone, half_a_year = opened(20), opened(20, WEEKLY.scored)

    np.testing.assert_array_equal(half_a_year.undosed[:, : len(SCORED)], series_alone.undosed)


def test_a_series_does_not_depend_on_who_else_is_in_the_clinic(opened):
    clinic, rows = opened(60), np.array([41, 3, 58, 20, 7])
    rule = while_some_more_pay(1.0)

    whole, some = series(clinic, rule), series(clinic.take(rows), rule)

    np.testing.assert_array_equal(some.given, whole.given[rows])
    np.testing.assert_array_equal(some.scores(len(SCORED)), whole.scores(len(SCORED))[rows])
    together, alone = outcome(whole, late_responders(clinic)), outcome(some, late_responders(clinic.take(rows)))
    np.testing.assert_array_equal(alone.clear_days, together.clear_days[rows])
    np.testing.assert_array_equal(alone.given_up, together.given_up[rows])
    assert len(set(alone.infusions)) > 1


def test_maintenance_does_not_depend_on_who_else_is_in_the_clinic(opened):
    clinic, rows = opened(40, WEEKLY.scored), np.array([31, 2, 11, 25])

    whole = maintenance(clinic, when_now_is_best(4.0))
    some = maintenance(clinic.take(rows), when_now_is_best(4.0))

    np.testing.assert_array_equal(some.infusions, whole.infusions[rows])
    np.testing.assert_array_equal(some.clear_days, whole.clear_days[rows])
    assert some.infusions.any()


def test_people_who_are_taken_keep_their_numbers(opened):
    clinic = opened(9)

    taken = clinic.take(np.array([7, 2, 5])).take(np.array([2, 0]))

    np.testing.assert_array_equal(taken.who, [5, 7])
    np.testing.assert_array_equal(taken.threshold, clinic.threshold[[5, 7]])


def test_without_ketamine_scores_are_those_of_the_programme_alone(average, by):
    settings = quieted(average.take(np.zeros(50, dtype=np.int64)))

    clinic = open_clinic(settings, quieted(average), SCORED, by, 3)

    level = clinic.people.level(SCORED, (), ATTENDANCE)
    off = clinic.undosed - level
    assert 0.015 < off.std() < 0.05
    assert np.abs(off).max() < 0.2


def test_day_to_day_variation_and_noise_are_as_large_as_the_population_says(opened, average):
    clinic = opened(2_000)

    off = clinic.undosed - clinic.people.level(SCORED, (), ATTENDANCE)

    sd = np.hypot(average["sd_ou"][0], average["sd_e"][0])
    np.testing.assert_allclose(off.std(axis=0), sd, rtol=0.08)
    # Craving and mood swing together from day to day, and are noisy each on their own.
    between = np.mean(off[:, :, 0] * off[:, :, 1])
    np.testing.assert_allclose(between, average["sd_ou"][0] ** 2, rtol=0.1)


def test_benefit_is_clear_above_half_of_the_own_baseline_of_craving_and_above_none_below_the_floor(opened):
    clinic = opened(20)
    clinic.people.baselines[0, 0] = -0.3

    threshold = clinic.threshold

    assert threshold[0] == 0.0
    np.testing.assert_allclose(threshold[1:], 0.5 * clinic.people.baselines[1:, 0])
    assert INSTRUMENTS[0] == "craving"


def test_a_series_of_six_is_six_infusions_for_everybody(opened):
    run = after_series(opened(3))

    assert run.given.shape == (3, 6)
    assert run.given.all()
