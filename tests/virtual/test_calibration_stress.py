"""Each stress scenario is wrong in the one way that it says. The same seed draws the same people in all of them."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from sextant.response import DEFAULT_ATTENDANCE_SHARE, design_assumptions
from sextant.response.population import FITTED
from sextant.response.report import FloatArray
from sextant.virtual import draw_people
from sextant.virtual.calibration import Cohort, Moment, draw_cohort, scenarios
from sextant.virtual.calibration.cohort import AFTER_1, AFTER_6, LATE, LATE_OF_3, MEASURED, POINTS, SERIES
from sextant.virtual.calibration.stress import MOST_UNITS, OUTLIERS

ASSUMED = design_assumptions()
SEED, N = 21, 800
DRAWN = {one.key: one.draw for one in scenarios()}


@cache
def drawn(key: str, moment: Moment = LATE, n: int = N) -> Cohort:
    return DRAWN[key](ASSUMED, n, moment, np.random.default_rng(SEED))


def table(cohort: Cohort, days: FloatArray) -> FloatArray:
    """Points (n, n_days, n_instruments), NaN where nobody took them."""
    points = np.full((len(cohort), len(days), len(MEASURED)), np.nan)
    for row, course in enumerate(cohort.courses):
        for score in course.scores:
            points[row, np.searchsorted(days, score.day), MEASURED.index(score.instrument)] = score.points
    return points


@cache
def complete() -> FloatArray:
    """Points of the same people with none missing."""
    rng = np.random.default_rng(SEED)
    people = draw_people(ASSUMED.draws(N, rng), MEASURED, rng)
    cohort = draw_cohort(people, LATE, rng, missing=lambda points, _rng: np.zeros(points.shape, bool))
    return table(cohort, LATE.visits)


def same_people(one: Cohort, other: Cohort) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in ("responds", "baseline", "ln_tau_s")
    )


def test_the_first_scenario_is_the_model_itself_and_every_other_one_differs_from_it():
    first, *others = [one.key for one in scenarios()]
    modelled = drawn(first, n=60)

    assert first == "as modelled"
    assert len({first, *others}) == 11
    for key in others:
        assert drawn(key, n=60).courses != modelled.courses, key


@pytest.mark.parametrize(("key", "direction"), [("less help", -1), ("more help", 1)])
def test_a_wrong_prior_is_off_by_two_sds_in_how_often_how_much_and_for_how_long(key: str, direction: int):
    modelled, wrong = drawn("as modelled"), drawn(key)
    sd = np.sqrt(ASSUMED.covariance[FITTED.index("mu_ln_tau_s"), FITTED.index("mu_ln_tau_s")])

    # Nobody who responds less often responds only in the other world: the same draws decide.
    gained, lost = wrong.responds & ~modelled.responds, modelled.responds & ~wrong.responds
    both = wrong.responds & modelled.responds

    np.testing.assert_allclose(wrong.ln_tau_s - modelled.ln_tau_s, direction * 2 * sd)
    np.testing.assert_array_equal(wrong.baseline, modelled.baseline)
    assert (lost if direction > 0 else gained).sum() == 0
    assert (gained if direction > 0 else lost).mean() > 0.1
    assert (direction * (wrong.benefit - modelled.benefit)[both] > 0).mean() > 0.95


def test_under_the_power_law_the_same_people_keep_more_at_late_days():
    modelled, slower = drawn("as modelled", LATE_OF_3), drawn("power law", LATE_OF_3)
    helped = modelled.responds & (modelled.benefit > 0.2)  # in whom slow benefit is above 0

    assert same_people(modelled, slower)
    assert slower.benefit[helped].mean() > 1.05 * modelled.benefit[helped].mean()
    # Above all where benefit wanes fast, as there 60 days are late.
    fast = helped & (modelled.ln_tau_s < np.log(30))
    assert slower.benefit[fast].mean() > 1.2 * modelled.benefit[fast].mean()
    assert (slower.benefit == 0)[~modelled.responds].all()


def test_the_power_law_is_one_over_one_plus_t_over_tau():
    rng = np.random.default_rng(SEED)
    people = draw_people(
        ASSUMED.draws(N, rng), MEASURED, rng, remaining=lambda days, tau_s, _settings: tau_s / (tau_s + days)
    )

    expected = people.benefit(np.array([LATE.asked_day]), SERIES)[:, 0]

    np.testing.assert_allclose(drawn("power law").benefit, expected, rtol=1e-12)


def test_heavy_noise_is_that_of_the_same_people_with_far_more_scores_out_of_the_way():
    modelled, heavy = (drawn(key, AFTER_1, 6000) for key in ("as modelled", "heavy noise"))

    def far_off(cohort: Cohort) -> float:
        middle = (cohort.level > 1.4) & (cohort.level < 2.6)  # 35 to 65 points, so that few scores are cut
        return float((np.abs(cohort.new_points / POINTS - cohort.level)[middle] > 1.3).mean())

    # The SD of a score is about 0.57 units, so 1.3 units are more than two of them.
    assert same_people(modelled, heavy)
    np.testing.assert_array_equal(heavy.benefit, modelled.benefit)
    assert far_off(heavy) > 1.5 * far_off(modelled) > 0


def test_one_score_in_twenty_is_anything_on_its_scale_and_never_the_one_that_is_forecast():
    modelled, wrong = drawn("as modelled"), drawn("outliers")
    clean, slipped = complete(), table(wrong, LATE.visits)
    taken = ~np.isnan(slipped)

    other = taken & (slipped != clean)

    np.testing.assert_array_equal(wrong.new_points, modelled.new_points)
    np.testing.assert_array_equal(wrong.level, modelled.level)
    for column, steps in enumerate((101, 28, 22, 8)):  # whole points of craving, PHQ-9, GAD-7 and days of use
        n, share = taken[:, :, column].sum(), OUTLIERS * (1 - 1 / steps)  # one in `steps` hits the right score
        assert abs(other[:, :, column].sum() - n * share) < 3.5 * np.sqrt(n * share * (1 - share))
        assert slipped[:, :, column][other[:, :, column]].mean() == pytest.approx((steps - 1) / 2, rel=0.12)


def test_the_worse_a_score_the_likelier_it_is_missing_and_before_the_first_infusion_by_chance():
    clean, seen = complete(), table(drawn("missing when worse"), LATE.visits)
    gone, after = np.isnan(seen), LATE.visits > 0
    worst = clean / np.array([100, 27, 21, 7])

    shares = 0.05 + 0.55 * worst[:, after]

    np.testing.assert_array_equal(seen[~gone], clean[~gone])  # what is there is right
    n = gone[:, ~after].size
    assert abs(gone[:, ~after].sum() - n / 12) < 3.5 * np.sqrt(n * 11 / 144)
    for low, high in ((0.0, 0.1), (0.3, 0.5), (0.8, 1.01)):
        some = (worst[:, after] >= low) & (worst[:, after] < high)
        variance = (shares * (1 - shares))[some].sum()
        assert abs(gone[:, after][some].sum() - shares[some].sum()) < 3.5 * np.sqrt(variance)


def test_who_leaves_never_comes_back_and_gets_no_further_infusion():
    cohort = drawn("leaving when worse")
    left = 0

    for course in cohort.courses:
        seen = sorted({score.day for score in course.scores})
        assert seen == LATE.visits[: len(seen)].tolist()  # all visits up to one, none after it
        missed = [day for day in LATE.visits if day not in seen]
        until = missed[0] if missed else np.inf
        left += bool(missed)
        assert until >= 7
        assert [dose.day for dose in course.infusions] == [day for day, _ in SERIES if day < until]
        assert course.planned == ()
    assert 0.2 * N < left < 0.8 * N


def test_the_worse_leave_and_their_truth_is_that_of_the_infusions_that_they_had():
    stayed, left = [], []

    cohort = drawn("leaving when worse", n=2000)
    for row, course in enumerate(cohort.courses):
        (left if len(course.infusions) < len(SERIES) else stayed).append(row)

    assert cohort.baseline[left].mean() > cohort.baseline[stayed].mean()
    responds = cohort.responds
    assert responds[left].mean() < responds[stayed].mean()
    helped = [[row for row in rows if responds[row]] for rows in (left, stayed)]
    assert cohort.benefit[helped[0]].mean() < cohort.benefit[helped[1]].mean()


def test_where_fast_benefit_adds_up_the_same_people_have_the_sum_of_what_each_infusion_alone_would_bring():
    modelled, adding = drawn("as modelled", AFTER_6), drawn("adds up", AFTER_6)
    rng = np.random.default_rng(SEED)
    people = draw_people(ASSUMED.draws(N, rng), MEASURED, rng)

    alone = [people.benefit(np.array([AFTER_6.asked_day]), [dose])[:, 0] for dose in AFTER_6.given]

    assert same_people(modelled, adding)
    np.testing.assert_allclose(adding.benefit, np.sum(alone, axis=0), rtol=1e-9, atol=1e-12)
    helped = modelled.responds & (people.fast > 0.1)
    assert (adding.benefit > modelled.benefit)[helped].all()
    # The forecasts do not know: what they are told is the same but for the scores.
    assert ASSUMED.average().fast_carry_over == 0


def test_benefit_that_saturates_is_never_above_its_limit_and_small_benefit_is_left_alone():
    modelled, limited = drawn("as modelled", AFTER_6), drawn("saturation", AFTER_6)
    small = np.abs(modelled.benefit) < 0.1

    assert same_people(modelled, limited)
    assert modelled.benefit.max() > MOST_UNITS
    assert limited.benefit.max() < MOST_UNITS
    np.testing.assert_allclose(limited.benefit, MOST_UNITS * np.tanh(modelled.benefit / MOST_UNITS))
    np.testing.assert_allclose(limited.benefit[small], modelled.benefit[small], atol=1e-4)
    # What a score shows is limited as well: both worlds differ in benefit alone.
    np.testing.assert_allclose(limited.level - modelled.level, modelled.benefit - limited.benefit, atol=1e-12)
    assert (limited.clear <= modelled.clear).all()


def test_good_and_bad_days_of_one_instrument_say_nothing_of_the_next_where_each_has_its_own():
    together, alone = (table(drawn(key, AFTER_1, 3000), AFTER_1.visits) for key in ("as modelled", "own swings"))

    def hang_together(points: FloatArray) -> float:
        change = points[:, 1] - points[:, 0]  # from day -14 to day -7: no baseline and no benefit in it
        craving, mood = change[~np.isnan(change[:, :2]).any(axis=1)][:, :2].T
        return float(np.corrcoef(craving, mood)[0, 1])

    # Under the model, day-to-day variation of 0.45 beside noise of 0.35 makes it about 0.6 before scores are cut.
    assert hang_together(together) > 0.4
    assert abs(hang_together(alone)) < 4 / np.sqrt(2500)
    sizes = [np.nanstd(points[:, 1, 0] - points[:, 0, 0]) for points in (together, alone)]
    assert sizes[0] == pytest.approx(sizes[1], rel=0.06)


def test_in_every_scenario_people_come_to_the_same_visits_with_the_same_attendance():
    for key in DRAWN:
        for course in drawn(key, n=20).courses:
            assert course.attendance == ((0.0, DEFAULT_ATTENDANCE_SHARE),)
            assert {score.day for score in course.scores} <= set(LATE.visits)


def test_a_forecast_does_not_know_of_the_scenario_and_the_scenario_not_of_the_forecast():
    sharper = replace(ASSUMED, covariance=ASSUMED.covariance / 4)

    wide, narrow = (DRAWN["less help"](one, 50, LATE, np.random.default_rng(SEED)) for one in (ASSUMED, sharper))

    # The shift is in SDs of the belief that is stressed.
    assert (wide.benefit != narrow.benefit).any()
