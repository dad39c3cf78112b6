from dataclasses import replace

import numpy as np
import pytest

from sextant.response import DEFAULT, MODELLED, CourseData, Dose, ScoreAt
from sextant.response.posterior import Grid, default_grid, posterior
from sextant.response.quantities import gain_unit_days, p_clear_by_six, p_lasts, p_worse, parameter

DAYS = np.array([-3.0, 0.0, 2.0, 9.0, 40.0])
SERIES = tuple(Dose(day, 0.5) for day in (0.0, 3.0, 7.0))


def seen(*scores: tuple[float, str, float], infusions: tuple[Dose, ...] = SERIES) -> CourseData:
    return CourseData(scores=tuple(ScoreAt(*score) for score in scores), infusions=infusions)


IMPROVING = seen(
    (-7, "craving", 80),
    (-1, "craving", 75),
    (-1, "phq9", 15),
    (1, "craving", 40),
    (4, "craving", 30),
    (4, "phq9", 8),
    (8, "craving", 25),
)


def assert_same(one, other):
    assert one.log_evidence_total == pytest.approx(other.log_evidence_total, abs=1e-10)
    np.testing.assert_allclose(one.weights, other.weights, rtol=0, atol=1e-11)
    np.testing.assert_allclose(
        one.score(DAYS, "craving", one.course.infusions).means,
        other.score(DAYS, "craving", other.course.infusions).means,
        rtol=0,
        atol=1e-10,
    )


def test_the_order_in_which_scores_and_infusions_are_entered_does_not_matter():
    backwards = replace(IMPROVING, scores=IMPROVING.scores[::-1], infusions=IMPROVING.infusions[::-1])

    assert_same(posterior(IMPROVING, DEFAULT), posterior(backwards, DEFAULT))


def test_without_scores_the_posterior_is_the_prior():
    after = posterior(seen(), DEFAULT)

    assert after.log_evidence_total == pytest.approx(0.0, abs=1e-12)
    assert after.weights[0] == pytest.approx(DEFAULT.pi0)
    assert parameter(after, "a").mean()[0] == pytest.approx(DEFAULT.mu_a)
    assert parameter(after, "h").sd()[0] == pytest.approx(DEFAULT.sd_h)


def test_dose_measured_in_another_unit_gives_the_same_answer():
    in_micrograms = replace(DEFAULT, dose_half_mg_per_kg=500.0, reference_dose_mg_per_kg=500.0)
    doses = tuple(Dose(dose.day, 1000 * dose.mg_per_kg) for dose in IMPROVING.infusions)

    assert_same(posterior(IMPROVING, DEFAULT), posterior(replace(IMPROVING, infusions=doses), in_micrograms))


def test_time_measured_in_hours_gives_the_same_answer():
    hours = replace(
        DEFAULT,
        mu_ln_tau_s=DEFAULT.mu_ln_tau_s + np.log(24),
        **{name: 24 * getattr(DEFAULT, name) for name in ("tau_f_days", "tau_on_days", "tau_ou_days")},
        trend_days=24 * DEFAULT.trend_days,
    )
    course = CourseData(
        scores=tuple(replace(score, day=24 * score.day) for score in IMPROVING.scores),
        infusions=tuple(replace(dose, day=24 * dose.day) for dose in IMPROVING.infusions),
    )

    in_days, in_hours = posterior(IMPROVING, DEFAULT), posterior(course, hours)

    assert in_days.log_evidence_total == pytest.approx(in_hours.log_evidence_total, abs=1e-10)
    np.testing.assert_allclose(
        in_days.benefit(DAYS, SERIES).mean(), in_hours.benefit(24 * DAYS, course.infusions).mean(), atol=1e-11
    )
    assert 24 * gain_unit_days(in_days, 0.5) == pytest.approx(gain_unit_days(in_hours, 0.5))


def test_craving_rated_from_zero_to_ten_gives_the_same_answer(monkeypatch):
    by_hundred = posterior(IMPROVING, DEFAULT)
    usual = MODELLED["craving"]
    tenth = replace(
        usual,
        scale_points=usual.scale_points / 10,
        prior_mean_points=usual.prior_mean_points / 10,
        prior_sd_points=usual.prior_sd_points / 10,
    )
    monkeypatch.setitem(MODELLED, "craving", tenth)
    by_ten = replace(
        IMPROVING,
        scores=tuple(replace(s, points=s.points / 10) if s.instrument == "craving" else s for s in IMPROVING.scores),
    )

    assert_same(by_hundred, posterior(by_ten, DEFAULT))


def test_a_score_at_exactly_an_infusions_time_counts_as_before_it():
    at_the_time = posterior(seen((0.0, "craving", 70), infusions=(Dose(0.0, 0.5),)), DEFAULT)
    no_infusion = posterior(seen((0.0, "craving", 70), infusions=()), DEFAULT)
    a_minute_later = posterior(seen((1 / 1440, "craving", 70), infusions=(Dose(0.0, 0.5),)), DEFAULT)

    assert at_the_time.log_evidence_total == pytest.approx(no_infusion.log_evidence_total, abs=1e-12)
    assert a_minute_later.log_evidence_total != pytest.approx(no_infusion.log_evidence_total, abs=1e-3)


def test_planned_infusions_teach_nothing_and_add_no_benefit():
    planned = replace(IMPROVING, planned=(Dose(10.0, 0.5), Dose(14.0, 0.5), Dose(17.0, 0.5)))

    assert_same(posterior(IMPROVING, DEFAULT), posterior(planned, DEFAULT))
    assert p_clear_by_six(posterior(IMPROVING, DEFAULT), "craving") is None
    assert p_clear_by_six(posterior(planned, DEFAULT), "craving") > 0.5


def test_two_readings_of_one_instrument_at_one_time_both_count():
    once = posterior(seen((-1, "craving", 90)), DEFAULT)
    twice = posterior(seen((-1, "craving", 90), (-1, "craving", 90)), DEFAULT)

    assert parameter(twice, "craving").sd()[0] < parameter(once, "craving").sd()[0]


def test_beyond_sixty_visits_the_grid_is_finer_and_wider():
    many = seen(*((float(day), "craving", 60) for day in range(61)))

    assert default_grid(IMPROVING) == Grid(20, 3.25)
    assert default_grid(many) == Grid(32, 3.5)


def test_several_hundred_scores_are_no_obstacle():
    many = seen(*((day / 4, "craving", 60 + (day % 7)) for day in range(400)))

    assert np.isfinite(posterior(many, DEFAULT).log_evidence_total)


def test_a_new_score_is_less_certain_than_the_score_free_of_noise():
    after = posterior(IMPROVING, DEFAULT)

    assert (after.new_score(DAYS, "craving", SERIES).sd() > after.score(DAYS, "craving", SERIES).sd()).all()


def test_todays_variation_carries_to_tomorrow_and_is_forgotten_in_a_month():
    calm = posterior(seen((-14, "craving", 65), (-7, "craving", 65), (-1, "craving", 65)), DEFAULT)
    upset = posterior(seen((-14, "craving", 65), (-7, "craving", 65), (-1, "craving", 95)), DEFAULT)
    days = np.array([-0.5, 60.0])

    def variation(after):
        noisy, free = after.new_score(days, "craving", ()), after.score(days, "craving", ())
        return noisy.mean() - free.mean()

    soon, late = variation(upset) - variation(calm)
    assert soon > 0.2
    assert abs(late) < 1e-3


def test_what_lasts_longer_is_never_likelier():
    lasting = p_lasts(posterior(IMPROVING, DEFAULT), "craving")

    assert (np.diff(lasting) <= 1e-15).all()
    assert 0 < lasting[-1] < lasting[0] <= 1


def test_asking_how_long_benefit_lasts_before_any_infusion_is_refused():
    with pytest.raises(ValueError, match="No infusion was given"):
        p_lasts(posterior(CourseData(), DEFAULT), "craving")


def test_a_rise_far_above_baseline_is_likely_worse_and_a_fall_is_not():
    risen = posterior(seen((-7, "craving", 40), (-1, "craving", 40), (9, "craving", 95)), DEFAULT)

    assert p_worse(risen, "craving", 9.0, 10.0) > 0.9
    assert p_worse(posterior(IMPROVING, DEFAULT), "craving", 9.0, 10.0) < 1e-3


def test_worse_is_worse_by_ketamine_or_by_the_newest_score_as_in_a_simulation_of_the_posterior():
    after = posterior(seen((-7, "gad7", 8), (-1, "gad7", 9), (2, "gad7", 11), (8, "gad7", 12)), DEFAULT)
    rng = np.random.default_rng(4)
    components = rng.choice(len(after.weights), size=4000, p=after.weights)
    worse = 0
    for component in components:
        theta = rng.multivariate_normal(after.theta_mean[component], after.theta_covariance[component])
        by_node = shown_on_gad7(after, component, theta)
        worse += -by_node["benefit"] * 4.5 > 1.5 or 12 - by_node["baseline"] * 4.5 > 1.5

    assert p_worse(after, "gad7", 8.0, 1.5) == pytest.approx(worse / 4000, abs=4 * np.sqrt(0.25 / 4000))


def shown_on_gad7(after, component, theta):
    """Benefit shown on GAD-7 on day 8 and its baseline, for one draw of theta, written from the formulas."""
    fast = slow = 0.0
    if component > 0:
        for dose in SERIES:
            gone = 8.0 - dose.day
            fast += np.exp(-gone / 5.0)
            slow += (1 - np.exp(-gone / 7.0)) * np.exp(-gone / after.tau_s_days[component - 1])
    names = [*MODELLED, "h", "a", "c"]
    benefit = 0.7 * (theta[names.index("a")] * fast + theta[names.index("c")] * slow)
    return {"benefit": benefit, "baseline": theta[names.index("gad7")]}
