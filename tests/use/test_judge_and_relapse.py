"""How forecasts are judged, and when a patient has relapsed."""

from dataclasses import replace

import numpy as np
import pytest

from sextant.use import PatientWeeks, Week, word
from sextant.use.cross_validation import judged
from sextant.use.forecast import WeekForecast
from sextant.use.judge import concordance, folds, judge
from sextant.use.relapse import at_risk, relapse_risk, relapse_week
from use_people import small_population


def test_chances_that_come_true_as_often_as_said_are_calibrated():
    rng = np.random.default_rng(6)
    chance = rng.random(40_000)

    found = judge(chance, rng.random(40_000) < chance)

    assert found.slope == pytest.approx(1, abs=0.03)
    assert found.decile_error < 0.01


def test_chances_that_are_too_sure_have_a_slope_below_1():
    rng = np.random.default_rng(7)
    chance = rng.random(40_000)
    odds = (chance / (1 - chance)) ** 2

    assert judge(odds / (1 + odds), rng.random(40_000) < chance).slope == pytest.approx(0.5, abs=0.03)


def test_the_misfit_is_how_far_the_log_odds_lie_from_calibrated_ones():
    rng = np.random.default_rng(8)
    log_odds = rng.normal(0, 1, 40_000)
    happened = rng.random(40_000) < 1 / (1 + np.exp(-log_odds))

    for shift in (0.0, 0.5, -0.5):
        assert judge(1 / (1 + np.exp(-log_odds - shift)), happened).misfit == pytest.approx(abs(shift), abs=0.04)


def test_the_average_is_judged_by_the_share_in_which_it_happened():
    found = judge(np.full(10, 0.5), np.arange(10) < 2)

    assert found.log_loss_average == pytest.approx(-(0.2 * np.log(0.2) + 0.8 * np.log(0.8)))


def test_concordance_by_hand():
    risk, time = np.array([0.9, 0.5, 0.4, 0.5]), np.array([2.0, 5.0, 3.0, 6.0])

    # Pairs: the first before all three (3 of 3); the third (event in 3) before the second and fourth (0 of 2).
    assert concordance(risk, time, np.array([True, False, True, False])) == pytest.approx(3 / 5)


def test_who_is_last_seen_when_another_has_the_event_had_it_no_earlier():
    risk, time, event = np.array([0.9, 0.5, 0.7]), np.array([3.0, 3.0, 3.0]), np.array([True, False, True])

    # Two with the event at one time are no pair; both are before the one who was seen without it.
    assert concordance(risk, time, event) == 1
    assert concordance(-risk, time, event) == 0


def test_equal_risks_count_as_half():
    assert concordance(np.ones(2), np.array([1.0, 2.0]), np.array([True, True])) == 0.5


def test_the_gap_between_said_and_seen_is_that_of_tenths_of_the_forecasts():
    chance = np.repeat(np.arange(10) / 10 + 0.05, 20)
    happened = np.tile(np.arange(20) < 10, 10)  # half of each tenth

    found = judge(chance, happened)

    # Said 0.05 to 0.95, seen 0.5: the gaps are 0.45, 0.35, ... 0.45.
    assert found.decile_error == pytest.approx(0.25)
    assert found.largest_decile_error == pytest.approx(0.45)


def test_folds_hold_each_stratum_evenly():
    strata = np.repeat([0, 1], [50, 23])

    fold = folds(strata)

    assert np.bincount(fold[strata == 0]).tolist() == [10] * 5
    assert np.ptp(np.bincount(fold[strata == 1])) <= 1


def test_a_first_week_is_not_scored_and_a_missed_week_counts_as_use_only_among_due_weeks():
    weeks = [WeekForecast(week, 0.5, 0.4, 0.6, 0.8) for week in (1, 2, 3)]

    found = judged([word("-o+"), word("-o-")] * 10, [weeks] * 20)

    assert (found.tested.n, found.due.n) == (20, 40)
    assert found.tested.log_loss == pytest.approx(-np.log(0.5))
    assert found.due.log_loss == pytest.approx(-(3 * np.log(0.8) + np.log(0.2)) / 4)


def test_the_first_due_week_of_somebody_who_begins_late_is_not_scored_either():
    weeks = [WeekForecast(week, 0.5, 0.4, 0.6, 0.8) for week in (3, 4, 5)]

    assert judged([word("__-+o")] * 10, [weeks] * 10).due.n == 20


@pytest.mark.parametrize(
    ("results", "week"),
    [("+o*o", 4), ("-+oo+", 5), ("+++-+++", None), ("++_++", None), ("-----+o+o+", 9)],
)
def test_a_relapse_is_four_weeks_in_a_row_of_use_or_missing(results, week):
    assert relapse_week(word(results)) == week


def test_who_relapsed_by_the_landmark_is_not_at_risk_after_it():
    rows, until, happened = at_risk([word("++++--"), word("-+++++"), word("------"), word("----")])

    assert (rows, until, happened) == ([1, 2], [5, 6], [True, False])


def test_weeks_after_the_landmark_do_not_change_the_risk_and_worse_weeks_raise_it():
    population = small_population()

    risk = relapse_risk([word("----", arm="A"), word("-----++++", arm="A"), word("-+++", arm="A")], population)

    assert risk[0] == pytest.approx(risk[1], abs=1e-12)
    assert risk[2] > risk[0] + 0.1


def test_a_week_in_which_no_test_was_due_begins_the_count_of_four_anew():
    population = small_population()

    assert relapse_risk([word("+++_", arm="A")], population, last_week=7) == [0.0]
    assert relapse_risk([word("-+++", arm="A")], population, last_week=5)[0] > 0


def test_the_risk_reads_the_covariates_up_to_the_landmark_and_none_after_it():
    small = small_population()
    population = replace(small, covariates={"craving": replace(small.covariates["craving"], mean=0.05)})
    plain = word("-----", arm="A")

    def known(number: int) -> PatientWeeks:
        weeks = (Week(0, "-"), *plain.weeks)
        return PatientWeeks(
            tuple(replace(one, covariates={"craving": 100.0}) if one.number == number else one for one in weeks), "A"
        )

    without, at_landmark, later = (relapse_risk([known(number)], population)[0] for number in (99, 4, 5))

    assert at_landmark != without
    assert later == without
