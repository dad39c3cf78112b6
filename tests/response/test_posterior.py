from dataclasses import replace

import numpy as np
import pytest

from sextant.response import DEFAULT, MODELLED, CourseData, Dose, HyperParameters, ScoreAt
from sextant.response.engine import Grid, default_grid
from sextant.response.posterior import Posterior
from sextant.response.posterior import posterior as posterior_of_many
from sextant.response.quantities import gain_unit_days, p_clear, p_clear_by_six, p_lasts, p_worse, parameter
from sextant.response.settings import Settings

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


def posterior(course: CourseData, hyper: HyperParameters) -> Posterior:
    """Under one setting of the population."""
    return posterior_of_many(course, Settings.of([hyper]), target="craving")


def log_evidence(after: Posterior) -> float:
    return float(after.filtered.log_evidence_total[0])


def assert_same(one, other):
    assert log_evidence(one) == pytest.approx(log_evidence(other), abs=1e-10)
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

    assert log_evidence(after) == pytest.approx(0.0, abs=1e-12)
    assert after.weights[0, 0] == pytest.approx(DEFAULT.pi0)
    assert after.weights[0, -1] == pytest.approx(DEFAULT.pi_worse)
    assert parameter(after, "a").pooled().mean()[0] == pytest.approx(DEFAULT.mu_a)
    assert parameter(after, "h").sds[0, 0, 0] == pytest.approx(DEFAULT.sd_h)
    assert parameter(after, "h").means[0, 0, -1] == pytest.approx(DEFAULT.mu_worse)


def test_dose_measured_in_another_unit_gives_the_same_answer():
    in_micrograms = replace(DEFAULT, dose_half_mg_per_kg=500.0, reference_dose_mg_per_kg=500.0)
    doses = tuple(Dose(dose.day, 1000 * dose.mg_per_kg) for dose in IMPROVING.infusions)

    assert_same(posterior(IMPROVING, DEFAULT), posterior(replace(IMPROVING, infusions=doses), in_micrograms))


def test_time_measured_in_hours_gives_the_same_answer():
    hours = replace(
        DEFAULT,
        mu_ln_tau_s=DEFAULT.mu_ln_tau_s + np.log(24),
        **{
            name: 24 * getattr(DEFAULT, name) for name in ("tau_f_days", "tau_on_days", "tau_ou_days", "tau_acute_days")
        },
        trend_days=24 * DEFAULT.trend_days,
    )
    course = CourseData(
        scores=tuple(replace(score, day=24 * score.day) for score in IMPROVING.scores),
        infusions=tuple(replace(dose, day=24 * dose.day) for dose in IMPROVING.infusions),
    )

    in_days, in_hours = posterior(IMPROVING, DEFAULT), posterior(course, hours)

    assert log_evidence(in_days) == pytest.approx(log_evidence(in_hours), abs=1e-10)
    np.testing.assert_allclose(
        in_days.benefit(DAYS, SERIES).pooled().mean(),
        in_hours.benefit(24 * DAYS, course.infusions).pooled().mean(),
        atol=1e-11,
    )
    assert 24 * gain_unit_days(in_days, 0.5)[0] == pytest.approx(gain_unit_days(in_hours, 0.5)[0])


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

    assert log_evidence(at_the_time) == pytest.approx(log_evidence(no_infusion), abs=1e-12)
    assert log_evidence(a_minute_later) != pytest.approx(log_evidence(no_infusion), abs=1e-3)


def test_planned_infusions_teach_nothing_and_add_no_benefit():
    planned = replace(IMPROVING, planned=(Dose(10.0, 0.5), Dose(14.0, 0.5), Dose(17.0, 0.5)))

    assert_same(posterior(IMPROVING, DEFAULT), posterior(planned, DEFAULT))
    assert p_clear_by_six(posterior(IMPROVING, DEFAULT), "craving") is None
    assert p_clear_by_six(posterior(planned, DEFAULT), "craving")[0] > 0.5


def test_two_readings_of_one_instrument_at_one_time_both_count():
    once = posterior(seen((-1, "craving", 90)), DEFAULT)
    twice = posterior(seen((-1, "craving", 90), (-1, "craving", 90)), DEFAULT)

    assert parameter(twice, "craving").pooled().sd()[0] < parameter(once, "craving").pooled().sd()[0]


def test_beyond_sixty_visits_the_grid_is_finer_and_wider():
    many = seen(*((float(day), "craving", 60) for day in range(61)))

    assert posterior(IMPROVING, DEFAULT).tau_s_days.shape == (1, 20)
    assert posterior(many, DEFAULT).tau_s_days.shape == (1, 32)
    assert (default_grid(60), default_grid(61)) == (Grid(20, 3.25), Grid(32, 3.5))


def test_several_hundred_scores_are_no_obstacle():
    many = seen(*((day / 4, "craving", 60 + (day % 7)) for day in range(400)))

    assert np.isfinite(log_evidence(posterior(many, DEFAULT)))


def test_a_new_score_is_less_certain_than_the_score_free_of_noise():
    after = posterior(IMPROVING, DEFAULT)

    assert (
        after.new_score(DAYS, "craving", SERIES).pooled().sd() > after.score(DAYS, "craving", SERIES).pooled().sd()
    ).all()


def test_todays_variation_carries_to_tomorrow_and_is_forgotten_in_a_month():
    calm = posterior(seen((-14, "craving", 65), (-7, "craving", 65), (-1, "craving", 65)), DEFAULT)
    upset = posterior(seen((-14, "craving", 65), (-7, "craving", 65), (-1, "craving", 95)), DEFAULT)
    days = np.array([-0.5, 60.0])

    def variation(after):
        noisy, free = after.new_score(days, "craving", ()), after.score(days, "craving", ())
        return noisy.pooled().mean() - free.pooled().mean()

    soon, late = variation(upset) - variation(calm)
    assert soon > 0.2
    assert abs(late) < 1e-3


def test_what_lasts_longer_is_never_likelier():
    lasting = p_lasts(posterior(IMPROVING, DEFAULT), "craving")[0]

    assert (np.diff(lasting) <= 1e-15).all()
    assert 0 < lasting[-1] < lasting[0] <= 1


def test_asking_how_long_benefit_lasts_before_any_infusion_is_refused():
    with pytest.raises(ValueError, match="No infusion was given"):
        p_lasts(posterior(CourseData(), DEFAULT), "craving")


def test_a_rise_far_above_baseline_is_likely_worse_and_a_fall_is_not():
    risen = posterior(seen((-7, "craving", 40), (-1, "craving", 40), (9, "craving", 95)), DEFAULT)

    assert p_worse(risen, "craving", 9.0, 10.0)[0] > 0.9
    assert p_worse(posterior(IMPROVING, DEFAULT), "craving", 9.0, 10.0)[0] < 1e-3


def test_worse_is_worse_by_the_trend_and_ketamine_or_by_the_newest_score_as_in_a_simulation_of_the_posterior():
    after = posterior(seen((-7, "gad7", 8), (-1, "gad7", 9), (2, "gad7", 11), (8, "gad7", 12)), DEFAULT)
    rng = np.random.default_rng(4)
    explanations = rng.choice(after.weights.shape[1], size=4000, p=after.weights[0])
    worse = 0
    for explanation in explanations:
        drop, baseline = drop_and_baseline(after, explanation, rng)
        worse += -drop * 4.5 > 1.5 or 12 - baseline * 4.5 > 1.5

    assert p_worse(after, "gad7", 8.0, 1.5)[0] == pytest.approx(worse / 4000, abs=4 * np.sqrt(0.25 / 4000))


def drop_and_baseline(after: Posterior, explanation: int, rng: np.random.Generator) -> tuple[float, float]:
    """How far GAD-7 lies below its baseline on day 8, and that baseline: one draw of theta, in the formulas' words."""
    keys, whole = after.timeline.instruments, after.filtered
    n, node = len(keys), explanation - 1
    z = rng.standard_normal(n + 3)
    factor, mean = whole.factor[0].copy(), whole.shared[0].copy()
    responds = 0 < explanation < after.weights.shape[1] - 1
    if explanation == after.weights.shape[1] - 1:
        factor[n, n], mean[n] = whole.worse_pivot[0], whole.worse[0]
    c = (whole.node[0, node] + z[-1]) / whole.pivot[0, node] if responds else 0.0
    right = mean + z[:-1] - (whole.row[0, :, node] * c if responds else 0.0)
    used = n + 2 if responds else n + 1
    theta = np.linalg.solve(factor[:used, :used].T, right[:used])
    fast = slow = 0.0
    for dose in SERIES if responds else ():
        gone, tau = 8.0 - dose.day, after.tau_s_days[0, node]
        fast = np.exp(-gone / 5.0)  # renewed by each infusion
        waned = (1 - DEFAULT.lasting_share) * np.exp(-gone / tau)
        waned += DEFAULT.lasting_share * np.exp(-gone / (DEFAULT.lasting_ratio * tau))
        slow += (1 - np.exp(-gone / 7.0)) * waned
    benefit = theta[n + 1] * fast + c * slow if responds else 0.0
    trend = 0.75 * (1 - np.exp(-8.0 / 30.0))
    return 0.7 * (theta[n] * trend + benefit), theta[keys.index("gad7")]


EIGHT_WEEKS_AT_THREE_DAYS = [(-7.0 * week, "use_days", 3) for week in range(8)]


def test_a_week_far_above_the_usual_days_of_use_is_worse_by_days_and_not_by_points_of_the_scale_below():
    risen = seen(*EIGHT_WEEKS_AT_THREE_DAYS, (9.0, "use_days", 6))
    same = seen(*EIGHT_WEEKS_AT_THREE_DAYS, (9.0, "use_days", 3))

    after = posterior_of_many(risen, Settings.of([DEFAULT]), target="use_days")

    baseline = parameter(after, "use_days")
    rng = np.random.default_rng(8)
    which = rng.choice(after.weights.shape[1], size=20_000, p=after.weights[0])
    draws = baseline.means[0, 0, which] + baseline.sds[0, 0, which] * rng.standard_normal(20_000)
    by_newest = (6 - MODELLED["use_days"].shown(2.0 * draws) > 2.0).mean()
    assert 0.4 < by_newest - 4 * np.sqrt(0.25 / 20_000) < p_worse(after, "use_days", 9.0, 2.0)[0]
    calm = posterior_of_many(same, Settings.of([DEFAULT]), target="use_days")
    assert p_worse(calm, "use_days", 9.0, 2.0)[0] < 0.1


@pytest.mark.parametrize("usual", [1, 3, 6])
def test_clear_benefit_in_days_of_use_is_half_of_the_days(usual: int):
    before = [(-7.0 * week, "use_days", usual) for week in range(8)]
    after = posterior_of_many(seen(*before), Settings.of([DEFAULT]), target="use_days")
    day = np.array([9.0])

    chance = p_clear(after, "use_days", day, SERIES)[0, 0]

    # Benefit is not known before any score after an infusion, so it is independent of the baseline.
    rng = np.random.default_rng(9)
    benefit, baseline = after.benefit(day, SERIES), parameter(after, "use_days")
    which = rng.choice(after.weights.shape[1], size=40_000, p=after.weights[0])
    z = rng.standard_normal((2, 40_000))
    fall = 0.8 * (benefit.means[0, 0, which] + benefit.sds[0, 0, which] * z[0])
    level = 2.0 * (baseline.means[0, 0, which] + baseline.sds[0, 0, which] * z[1])
    days = MODELLED["use_days"].shown
    responds = (which > 0) & (which < after.weights.shape[1] - 1)
    clear = responds & (days(level - 2.0 * fall) < 0.5 * days(level))
    assert chance == pytest.approx(clear.mean(), abs=0.02)


def test_a_new_score_soon_after_a_dose_is_less_certain_than_one_a_day_later():
    after = posterior(IMPROVING, DEFAULT)

    soon, later = after.new_score(np.array([7.05, 8.5]), "craving", SERIES).sds[0, :, 0]

    assert soon**2 - later**2 == pytest.approx(DEFAULT.sd_acute**2 * np.exp(-2 * 0.05 / 0.2), abs=0.1)


def test_rising_scores_soon_speak_of_getting_worse_and_are_not_taken_for_outliers():
    steady = [(-7, "craving", 50), (-1, "craving", 52)]
    rising = [(1, "craving", 60), (4, "craving", 68), (8, "craving", 75), (12, "craving", 82), (18, "craving", 88)]

    after = posterior(seen(*steady, *rising), DEFAULT)

    assert after.weights[0, -1] > 0.5 > DEFAULT.pi_worse
    assert p_worse(after, "craving", 18.0, 10.0)[0] > 0.9


def test_a_score_an_hour_after_a_dose_says_less_of_response_than_one_a_day_after():
    baseline = [(-7, "craving", 70), (-1, "craving", 70)]
    hour = posterior(seen(*baseline, (7 + 1 / 24, "craving", 20)), DEFAULT)
    day = posterior(seen(*baseline, (8, "craving", 20)), DEFAULT)

    assert day.weights[0, 0] < hour.weights[0, 0] < DEFAULT.pi0
