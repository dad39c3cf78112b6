from dataclasses import replace

import numpy as np
import pytest

from sextant.evidence import source
from sextant.response import (
    LEVELS,
    STUDIED_DOSE_SOURCES,
    CourseData,
    CourseDataError,
    Dose,
    Plan,
    ScoreAt,
    forecast,
    refusal,
    shipped_population,
    trajectory,
)

SHIPPED = shipped_population()
PLAN = Plan(days_between=3.5, mg_per_kg=0.5)
SERIES = tuple(Dose(day, 0.5) for day in (0.0, 3.0, 7.0))
BASELINE = (ScoreAt(-7.0, "craving", 80.0), ScoreAt(-1.0, "craving", 75.0))
IMPROVED = (ScoreAt(4.0, "craving", 30.0), ScoreAt(8.0, "craving", 25.0), ScoreAt(8.0, "phq9", 6.0))
COURSE = CourseData(scores=(*BASELINE, *IMPROVED), infusions=SERIES).with_plan(PLAN, 8.0)


def figures(answer):
    return (
        answer.p_clear_by_six,
        answer.p_clear_now,
        answer.p_nonresponder,
        answer.p_worse,
        answer.lasts,
        answer.gain_unit_days,
        answer.prior_share,
    )


def test_with_a_baseline_the_forecast_is_this_patients_and_counts_the_scores():
    answer = forecast(COURSE, "craving", now_day=8.0, population=SHIPPED, worse_points=10.0)

    assert answer.kind == "individual"
    assert answer.n_own_scores == 5
    assert answer.refused is None
    assert None not in figures(answer)
    assert answer.prior_share < 1


def test_every_band_holds_its_median_and_every_probability_is_one():
    answer = forecast(COURSE, "craving", now_day=8.0, population=SHIPPED, worse_points=10.0)

    for band in (answer.p_clear_by_six, answer.p_clear_now, answer.p_nonresponder, answer.p_worse):
        assert 0 <= band.low80 <= band.median <= band.high80 <= 1
    assert 0 < answer.lasts.days.low80 <= answer.lasts.days.median <= answer.lasts.days.high80
    assert 0 <= answer.lasts.mass_never <= 1


def test_the_same_facts_give_the_same_forecast():
    once = forecast(COURSE, "craving", now_day=8.0, population=SHIPPED)
    again = forecast(replace(COURSE, scores=COURSE.scores[::-1]), "craving", now_day=8.0, population=SHIPPED)

    assert again.p_clear_by_six.mean == pytest.approx(once.p_clear_by_six.mean, abs=1e-9)
    assert again.lasts.days.high80 == pytest.approx(once.lasts.days.high80, abs=1e-6)


def test_a_patient_who_improves_is_likelier_to_clear_than_one_who_does_not():
    unchanged = tuple(replace(score, points=78.0) for score in IMPROVED if score.instrument == "craving")

    better = forecast(COURSE, "craving", now_day=8.0, population=SHIPPED)
    same = forecast(replace(COURSE, scores=(*BASELINE, *unchanged)), "craving", now_day=8.0, population=SHIPPED)

    assert better.p_clear_by_six.mean > 0.25 > 5 * same.p_clear_by_six.mean
    assert same.p_nonresponder.mean > better.p_nonresponder.mean


def test_without_a_baseline_on_the_target_only_the_average_patient_is_shown():
    late_only = replace(COURSE, scores=IMPROVED)

    answer = forecast(late_only, "craving", now_day=8.0, population=SHIPPED)
    path = trajectory(late_only, "craving", [8.0, 20.0], population=SHIPPED)
    nobody = trajectory(COURSE.without_scores(), "craving", [8.0, 20.0], population=SHIPPED)

    assert answer.kind == path.kind == "average"
    assert answer.prior_share == 1.0
    assert answer.n_own_scores == 0
    np.testing.assert_array_equal(path.quantiles, nobody.quantiles)


def test_a_baseline_on_another_instrument_is_no_baseline_on_the_target():
    answer = forecast(COURSE, "gad7", now_day=8.0, population=SHIPPED)

    assert answer.kind == "average"


def test_a_score_at_the_first_infusions_own_time_is_a_baseline():
    course = CourseData(scores=(ScoreAt(0.0, "craving", 70.0),), infusions=SERIES)

    assert forecast(course, "craving", now_day=8.0, population=SHIPPED).kind == "individual"


def test_before_the_first_infusion_nothing_can_have_cleared_lasted_or_worsened():
    course = CourseData(scores=BASELINE).with_plan(PLAN, 0.0)

    answer = forecast(course, "craving", now_day=0.0, population=SHIPPED, worse_points=10.0)

    assert answer.kind == "individual"
    assert answer.p_clear_now is answer.lasts is answer.p_worse is None
    assert 0 < answer.p_clear_by_six.mean < 1
    assert answer.gain_unit_days.mean > 0
    assert answer.prior_share == 1.0


def test_without_a_plan_there_is_no_chance_by_six():
    course = replace(COURSE, planned=())

    assert forecast(course, "craving", now_day=8.0, population=SHIPPED).p_clear_by_six is None


def test_without_the_clinics_own_limit_worse_is_left_out():
    assert forecast(COURSE, "craving", now_day=8.0, population=SHIPPED).p_worse is None


def test_a_population_known_for_sure_gives_bands_without_width():
    sure = replace(SHIPPED, covariance=1e-18 * SHIPPED.covariance)

    answer = forecast(COURSE, "craving", now_day=8.0, population=sure)

    assert answer.p_clear_by_six.low80 == pytest.approx(answer.p_clear_by_six.high80, abs=1e-6)
    assert 0 < answer.p_clear_by_six.low80 < 1


@pytest.mark.parametrize(
    ("course", "target", "says"),
    [
        (CourseData(infusions=(Dose(0.0, 3.0),)), "craving", "3 mg/kg is outside"),
        (CourseData(planned=(Dose(0.0, 0.02),)), "craving", "0.02 mg/kg is outside"),
        (CourseData(not_modelled="Given by another route."), "craving", "another route"),
        (CourseData(), "sleep", "does not know 'sleep'"),
        (CourseData(scores=20_001 * BASELINE[:1]), "craving", "20001 scores"),
    ],
)
def test_outside_what_was_studied_there_is_a_sentence_and_no_figure(course, target, says):
    answer = forecast(course, target, now_day=1.0, population=SHIPPED)

    assert says in answer.refused
    assert not any(figures(answer))


def test_a_refused_course_has_no_trajectory():
    with pytest.raises(CourseDataError, match="outside the"):
        trajectory(CourseData(infusions=(Dose(0.0, 3.0),)), "craving", [1.0], population=SHIPPED)


def test_every_source_of_a_refusal_is_on_file():
    for key in STUDIED_DOSE_SOURCES:
        assert source(key).key == key
    assert refusal(COURSE, "craving") is None


def test_the_trajectory_is_in_points_with_ordered_bands_and_wider_ones_for_a_new_score():
    days = np.arange(-7.0, 53.0)

    path = trajectory(COURSE, "craving", days, population=SHIPPED)

    assert path.quantiles.shape == path.predicted.shape == (60, len(LEVELS))
    assert (np.diff(path.quantiles, axis=1) > 0).all()
    assert (np.diff(path.predicted, axis=1) > 0).all()
    width, observed_width = np.ptp(path.quantiles, axis=1), np.ptp(path.predicted, axis=1)
    assert (observed_width > width).all()
    assert 60 < path.mean[0] < 95


def test_benefit_is_zero_until_the_first_infusion_and_then_lowers_the_score():
    path = trajectory(COURSE, "craving", [-1.0, 0.0, 4.0], population=SHIPPED)

    assert list(path.benefit_mean[:2]) == list(path.benefit_q90[:2]) == [0.0, 0.0]
    assert path.benefit_mean[2] > 20
    assert path.mean[2] < path.mean[0] - 20


def test_planned_infusions_change_the_trajectory_only_when_asked():
    days = [8.0, 30.0]

    given = trajectory(COURSE, "craving", days, population=SHIPPED)
    unplanned = trajectory(replace(COURSE, planned=()), "craving", days, population=SHIPPED)
    planned = trajectory(COURSE, "craving", days, population=SHIPPED, count_planned=True)

    np.testing.assert_array_equal(given.mean, unplanned.mean)
    assert planned.benefit_mean[1] > given.benefit_mean[1] + 5


def test_decades_ahead_benefit_is_gone_and_nothing_overflows():
    path = trajectory(COURSE, "craving", [20_000.0], population=SHIPPED)

    assert path.benefit_mean[0] == pytest.approx(0.0, abs=1e-3)  # the lasting part of some wanes over years
    assert np.isfinite(path.quantiles).all()


def sober_with(*use_days: tuple[float, float]) -> CourseData:
    return CourseData(scores=tuple(ScoreAt(day, "use_days", points) for day, points in use_days), infusions=SERIES)


def test_a_target_that_began_at_zero_cannot_fall_and_is_refused_with_what_to_choose():
    answer = forecast(sober_with((-7, 0), (-1, 0), (8, 0)), "use_days", now_day=8.0, population=SHIPPED)

    assert "cannot fall" in answer.refused
    assert "Choose a target that can" in answer.refused
    assert forecast(sober_with((-7, 1), (-1, 0)), "use_days", now_day=8.0, population=SHIPPED).refused is None


def test_days_of_use_are_shown_in_days_of_a_week():
    path = trajectory(sober_with((-7, 7), (-1, 6), (8, 1)), "use_days", [-1.0, 8.0, 20.0], population=SHIPPED)

    assert 4 < path.quantiles[0, 3] < 7.5
    assert path.quantiles[1, 3] < path.quantiles[0, 3]
    assert (np.diff(path.quantiles, axis=1) > 0).all()
    assert ((path.quantiles[:, 0] < path.mean) & (path.mean < path.quantiles[:, -1])).all()


def test_many_weeks_without_use_do_not_make_the_forecast_certain():
    sober = sober_with((-7, 2), (-1, 1), *((7.0 * week, 0) for week in range(1, 20)))

    path = trajectory(sober, "use_days", [140.0], population=SHIPPED)

    assert path.predicted[0, 3] < 0.5
    assert path.predicted[0, -1] > 0.5
