"""Is the calibration itself right? Its figures by hand and in closed form, its patients, and whether it can fail."""

import json
from collections.abc import Sequence
from dataclasses import fields, replace
from importlib.resources import files

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import binom, kstest, norm

from sextant.response import MODEL_VERSION, design_assumptions, engine, shipped_population
from sextant.response.reading import AS_NUMBERS
from sextant.response.settings import FIELDS, Settings
from sextant.virtual import draw_people
from sextant.virtual.calibration import (
    MOMENTS,
    Cohort,
    Mixtures,
    Moment,
    Outcome,
    averaged,
    coverage,
    crps,
    draw_cohort,
    draw_exact_cohort,
    log_score,
    pit,
    reliability,
    summary,
    under_known_setting,
    uniformity,
)
from sextant.virtual.calibration.cohort import AFTER_1, AFTER_3, LATE, MEASURED, POINTS, SERIES
from sextant.virtual.calibration.scores import pit_on_grid
from sextant.virtual.calibration.summary import ERRORS_ALLOWED, REJECTED_AT, made_with

SHIPPED, ASSUMED = shipped_population(), design_assumptions()
NUMPY = engine("numpy")
AVERAGE = Settings.of([ASSUMED.average()])


def normals(means: Sequence[float], sds: Sequence[float], weights: Sequence[float] | None = None) -> Mixtures:
    """One forecast."""
    shares = np.full(len(means), 1 / len(means)) if weights is None else np.array(weights)
    return Mixtures(shares[None, :], np.array([means], float), np.array([sds], float))


def repeated(forecast: Mixtures, n: int) -> Mixtures:
    """The same forecast for n patients."""
    return Mixtures(*(np.repeat(getattr(forecast, part), n, axis=0) for part in ("weights", "means", "sds")))


def average_people(n: int, moment: Moment, seed: int, *, exact: bool = False) -> tuple[Cohort, Settings]:
    """People who all come from the centre of the shipped population."""
    settings = AVERAGE.take(np.zeros(n, np.int64))
    rng = np.random.default_rng(seed)
    people = draw_people(settings, MEASURED, rng)
    return (draw_exact_cohort if exact else draw_cohort)(people, moment, rng), settings


def with_sds_times(settings: Settings, factor: float) -> Settings:
    """The same, with people more or less alike than they are."""
    table = settings.table.copy()
    for name in ("sd_a", "sd_c", "sd_h", "sd_ln_tau_s"):
        table[:, FIELDS.index(name)] *= factor
    return Settings(table, settings.waning)


# Coverage and evenness


def test_coverage_counts_the_truths_between_the_ends_of_each_central_band():
    pits = np.array([0.02, 0.03, 0.11, 0.2, 0.25, 0.5, 0.6, 0.74, 0.89, 0.99])

    half, four_fifths, nearly_all = coverage(pits)

    # 0.25 lies on the end of the 50 % band, which counts as in it.
    assert (half.share, four_fifths.share, nearly_all.share) == (0.4, 0.7, 0.8)
    assert half.standard_error == pytest.approx(np.sqrt(0.25 / 10))
    assert nearly_all.errors_off == pytest.approx((0.8 - 0.95) / np.sqrt(0.95 * 0.05 / 10))


def test_even_pits_pass_and_those_of_bands_twice_too_narrow_do_not():
    truth = np.random.default_rng(1).standard_normal(4000)

    right, narrow = norm.cdf(truth), norm.cdf(2 * truth)

    assert uniformity(right) > 0.01
    assert uniformity(narrow) < 1e-12
    assert all(abs(one.errors_off) < 3 for one in coverage(right))
    # A central band of a normal with half the SD holds what its quantile says.
    for one in coverage(narrow):
        promised = 2 * norm.cdf(norm.ppf(0.5 + one.level / 2) / 2) - 1
        assert one.share == pytest.approx(promised, abs=4 * np.sqrt(0.25 / 4000))
        assert one.errors_off < -10


# Where the truth lies in its forecast


def test_the_pit_of_a_number_under_a_mixture_is_its_distribution_function():
    forecast = normals([0, 4], [1, 2], [0.3, 0.7])

    found = pit(forecast, np.array([1.5]), np.array([1.5]), np.array([0.9]))

    assert found[0] == pytest.approx(0.3 * norm.cdf(1.5) + 0.7 * norm.cdf((1.5 - 4) / 2), abs=1e-14)


def test_inside_an_atom_the_pit_is_spread_over_the_weight_of_the_atom():
    forecast = normals([0, 2], [0, 1], [0.4, 0.6])
    at, below = np.zeros(1), 0.6 * norm.cdf(-2)

    lowest, highest = (pit(forecast, at, at, np.array([chance]))[0] for chance in (0.0, 1.0))

    assert (lowest, highest) == pytest.approx((below, below + 0.4), abs=1e-14)


def test_over_many_patients_the_pit_is_even_though_four_in_ten_are_in_an_atom():
    n, rng = 20_000, np.random.default_rng(2)
    truth = np.where(rng.random(n) < 0.4, 0.0, 2 + rng.standard_normal(n))

    pits = pit(repeated(normals([0, 2], [0, 1], [0.4, 0.6]), n), truth, truth, rng.random(n))

    assert uniformity(pits) > 0.01


def test_over_many_patients_the_pit_of_whole_points_is_even_at_the_ends_of_the_scale_too():
    n, rng = 20_000, np.random.default_rng(3)
    points = np.clip(np.round(rng.normal(2, 2, n)), 0, 3)
    low, high = np.where(points == 0, -np.inf, points - 0.5), np.where(points == 3, np.inf, points + 0.5)

    forecast = repeated(normals([2], [2]), n)

    assert uniformity(pit(forecast, low, high, rng.random(n))) > 0.01
    assert uniformity(pit(forecast, points, points, rng.random(n))) < 1e-12  # what whole points taken as numbers give


def test_on_a_grid_the_weight_of_a_node_is_spread_over_its_width():
    weights, nodes, widths = np.array([[0.2, 0.5, 0.3]]), np.array([[1.0, 2.0, 3.0]]), np.ones((1, 3))

    found = [pit_on_grid(weights, nodes, widths, np.array([at]))[0] for at in (0.0, 0.5, 1.0, 1.5, 2.25, 3.5, 9.0)]

    assert found == pytest.approx([0, 0, 0.1, 0.2, 0.2 + 0.75 * 0.5, 1, 1])


# Scores of a forecast


def test_the_log_score_is_the_log_of_the_density():
    forecast, at = normals([0, 4], [1, 2], [0.3, 0.7]), np.array([1.5])

    density = 0.3 * norm.pdf(1.5) + 0.7 * norm.pdf(1.5, 4, 2)

    assert log_score(forecast, at)[0] == pytest.approx(np.log(density), abs=1e-12)


@pytest.mark.parametrize("at", [-3.0, 0.0, 1.7])
def test_the_crps_of_a_normal_is_that_of_gneiting_and_raftery(at: float):
    mean, sd = 0.4, 1.3
    z = (at - mean) / sd

    found = crps(normals([mean], [sd]), np.array([at]))

    # Gneiting and Raftery 2007, J Am Stat Assoc 102, 359, section 4.2.
    assert found[0] == pytest.approx(sd * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi)), abs=1e-12)


@pytest.mark.parametrize("at", [-1.0, 0.0, 2.5])
def test_the_crps_of_a_mixture_with_an_atom_is_the_area_between_its_distribution_and_the_truth(at: float):
    forecast = normals([0, 1, 4], [0, 0.7, 2], [0.25, 0.35, 0.4])

    def square(x: float) -> float:
        return float((forecast.below(np.array([x]), or_at=True)[0] - (x >= at)) ** 2)

    area = sum(quad(square, *ends)[0] for ends in ((-20, min(at, 0)), (min(at, 0), max(at, 0)), (max(at, 0), 30)))

    assert crps(forecast, np.array([at]))[0] == pytest.approx(area, abs=1e-6)


def test_of_certain_forecasts_the_crps_is_the_distance():
    assert crps(normals([3], [0]), np.array([5.5]))[0] == 2.5


# Probabilities


def test_reliability_sets_the_share_to_whom_it_happened_beside_what_they_were_told():
    told = np.array([0.1] * 100 + [0.8] * 50)
    happened = np.array([True] * 13 + [False] * 87 + [True] * 36 + [False] * 14)

    found = reliability(told, happened)

    low, high = found.bins
    assert (low.n, low.happened, high.n, high.happened) == (100, 0.13, 50, 0.72)
    assert low.standard_error == pytest.approx(np.sqrt(0.1 * 0.9 / 100))
    assert found.calibration_error == pytest.approx((100 * 0.03 + 50 * 0.08) / 150)
    squares = (0.03 / np.sqrt(0.1 * 0.9 / 100)) ** 2 + (0.08 / np.sqrt(0.8 * 0.2 / 50)) ** 2
    assert found.p_value == pytest.approx(np.exp(-squares / 2))  # chi-squared with two degrees of freedom


def test_a_probability_of_exactly_one_is_in_the_last_bin_and_bins_without_doubt_are_not_tested():
    found = reliability(np.ones(30), np.ones(30, bool))

    assert [(one.n, one.predicted, one.happened) for one in found.bins] == [(30, 1.0, 1.0)]
    assert found.p_value == 1.0


def test_right_probabilities_pass_with_the_error_that_chance_leaves_and_overconfident_ones_do_not():
    rng = np.random.default_rng(4)
    told = rng.random(10_000)
    happened = rng.random(10_000) < told

    right, overconfident = reliability(told, happened), reliability(np.clip(2 * told - 0.5, 0.01, 0.99), happened)

    assert right.p_value > 0.01
    assert right.calibration_error < 2 * right.by_chance
    assert overconfident.p_value < 1e-12
    assert overconfident.calibration_error > 5 * overconfident.by_chance


# Patients at a moment


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.key)
def test_no_patient_holds_a_score_or_an_infusion_from_after_the_moment(moment: Moment):
    cohort, _ = average_people(60, moment, seed=5)

    for course in cohort.courses:
        assert max(score.day for score in course.scores) <= moment.known_until
        assert [dose.day for dose in course.infusions] == [day for day, _ in SERIES[: moment.infusions]]
        assert max(dose.day for dose in course.infusions) <= moment.known_until
        assert all(dose.day > moment.known_until for dose in course.planned)
    assert cohort.asked_day > moment.known_until
    assert cohort.clear_day > moment.known_until


def test_the_rest_of_six_is_planned_where_the_series_goes_on_and_nothing_where_it_ended():
    going_on, ended = (average_people(2, moment, seed=5)[0].courses[0] for moment in (AFTER_3, MOMENTS[-1]))

    assert [dose.day for dose in going_on.planned] == [10, 14, 17]
    assert len(ended.infusions) == 3
    assert ended.planned == ()


def test_what_is_missing_is_in_no_course_and_everything_else_is():
    people = draw_people(AVERAGE.take(np.zeros(200, np.int64)), MEASURED, np.random.default_rng(6))
    cells = np.zeros((200, len(LATE.visits), len(MEASURED)), bool)
    cells[:, ::3, 1] = True

    cohort = draw_cohort(people, LATE, np.random.default_rng(6), missing=lambda _points, _rng: cells)

    expected = {(float(day), key) for day in LATE.visits for key in MEASURED}
    expected -= {(float(day), MEASURED[1]) for day in LATE.visits[::3]}
    for course in cohort.courses:
        assert {(score.day, score.instrument) for score in course.scores} == expected
        assert not any(np.isnan(score.points) for score in course.scores)


def test_one_score_in_twelve_is_missing_and_no_visit_is_left_without_any():
    cohort, _ = average_people(400, LATE, seed=7)
    n = 400 * len(LATE.visits) * len(MEASURED)

    taken = sum(len(course.scores) for course in cohort.courses)

    assert abs(taken - 11 / 12 * n) < 3 * np.sqrt(n * 11 / 144)
    assert all(len({score.day for score in course.scores}) == len(LATE.visits) for course in cohort.courses)


def test_a_new_score_stands_for_half_a_point_on_either_side_and_at_the_ends_for_all_beyond():
    cohort, _ = average_people(1500, AFTER_1, seed=8)
    low, high, points = POINTS * cohort.new_low, POINTS * cohort.new_high, cohort.new_points
    inside = (points > 0) & (points < 100)

    assert low[inside] == pytest.approx(points[inside] - 0.5)
    assert high[inside] == pytest.approx(points[inside] + 0.5)
    assert (points == 0).any()
    assert (points == 100).any()
    assert np.isneginf(low[points == 0]).all()
    assert np.isposinf(high[points == 100]).all()


# Forecasts held against what came true


def test_the_engine_keeps_its_promises_where_the_setting_is_known():
    cohort, settings = average_people(1500, AFTER_3, seed=9, exact=True)

    told = summary(under_known_setting(cohort, settings, NUMPY, AS_NUMBERS))

    for name in ("benefit", "level", "new", "baseline"):
        assert told["quantities"][name]["p_even"] > REJECTED_AT
        assert all(abs(one["errors_off"]) < ERRORS_ALLOWED for one in told["quantities"][name]["coverage"])
    for name in ("nonresponder", "clear"):
        assert told[name]["p_value"] > REJECTED_AT


@pytest.mark.parametrize(("factor", "errors"), [(0.5, -1), (2.0, 1)])
def test_a_forecaster_that_thinks_people_twice_as_alike_or_half_as_alike_is_found_out(factor: float, errors: int):
    cohort, settings = average_people(1500, AFTER_3, seed=9, exact=True)

    told = summary(under_known_setting(cohort, with_sds_times(settings, factor), NUMPY, AS_NUMBERS))

    benefit = told["quantities"]["benefit"]
    assert benefit["p_even"] < REJECTED_AT
    assert all(errors * one["errors_off"] > ERRORS_ALLOWED for one in benefit["coverage"])
    assert min(told[name]["p_value"] for name in ("nonresponder", "clear")) < REJECTED_AT


def test_patients_seen_on_different_days_are_refused_where_they_are_worked_out_together():
    early, late = average_people(2, AFTER_1, seed=10)[0], average_people(2, AFTER_3, seed=10)[0]

    with pytest.raises(ValueError, match="on the same days"):
        under_known_setting(Cohort.joined([early, late]), AVERAGE.take(np.zeros(4, np.int64)), NUMPY)


def test_the_same_seed_gives_the_same_figures_in_one_part_or_in_several_and_another_seed_others():
    cohort, again, other = (average_people(6, AFTER_1, seed)[0] for seed in (11, 11, 12))
    parts = [again.take(np.array(rows)) for rows in ([0, 1, 2, 3], [4], [5])]

    whole = averaged(cohort, ASSUMED, NUMPY, with_crps=True)
    split = Outcome.joined([averaged(part, ASSUMED, NUMPY, with_crps=True) for part in parts])

    for field in fields(Outcome):
        np.testing.assert_array_equal(getattr(split, field.name), getattr(whole, field.name))
    assert (other.benefit != cohort.benefit).any()


def test_joined_parts_are_the_patients_that_were_taken_apart():
    cohort, _ = average_people(5, AFTER_1, seed=11)

    again = Cohort.joined([cohort.take(np.array([0, 1])), cohort.take(np.array([2, 3, 4]))])

    assert again.courses == cohort.courses
    for name in ("responds", "clear", "benefit", "level", "new_points", "ln_tau_s", "chance"):
        np.testing.assert_array_equal(getattr(again, name), getattr(cohort, name))


def test_people_without_response_have_no_waning_to_be_judged():
    cohort, settings = average_people(300, AFTER_1, seed=13)

    outcome = under_known_setting(cohort, settings, NUMPY)

    np.testing.assert_array_equal(np.isnan(outcome.ln_tau_s), ~cohort.responds)
    share = binom(300, 1 - 0.35).interval(0.999)
    assert share[0] <= summary(outcome)["quantities"]["ln_tau_s"]["n"] <= share[1]


def test_patients_are_even_draws_so_that_evenness_can_be_judged():
    cohort, _ = average_people(4000, AFTER_1, seed=14)

    assert kstest(cohort.chance.ravel(), "uniform").pvalue > 0.01


# The figures that ship


def test_the_figures_that_ship_were_made_with_this_model_and_this_population():
    told = json.loads(files("sextant.response").joinpath("calibration.json").read_text(encoding="utf-8"))

    assert {key: told["made_with"][key] for key in ("model", "population", "inputs")} == made_with(SHIPPED), (
        "Model or population changed since the figures were made. Run: make calibration"
    )
    assert [one["n"] for one in told["averaged"]] == [5000] * len(MOMENTS)


def test_the_mark_of_what_figures_were_made_with_changes_with_any_number_of_the_population():
    moved = replace(SHIPPED, mean=SHIPPED.mean + np.eye(len(SHIPPED.mean))[3] * 1e-6)
    wider = replace(SHIPPED, covariance=SHIPPED.covariance * 1.001)
    steeper = replace(SHIPPED, fixed=replace(SHIPPED.fixed, tau_acute_days=0.3))

    marks = {made_with(one)["inputs"] for one in (SHIPPED, moved, wider, steeper)}

    assert len(marks) == 4
    assert made_with(SHIPPED)["model"] == MODEL_VERSION
