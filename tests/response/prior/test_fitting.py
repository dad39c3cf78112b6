"""The fit finds again the setting that figures were made from, and one study's absence is what a new fit gives."""

from dataclasses import replace

import numpy as np
import pytest

from sextant.evidence.library import library
from sextant.response import About, design_assumptions
from sextant.response.population import FITTED
from sextant.response.population_file import read_population, text_of
from sextant.response.prior import (
    ASSUMED,
    Fitted,
    Reading,
    fit,
    inputs_sha256,
    population_of,
    predictive_checks,
    read,
    weights,
)
from sextant.response.prior.fitting import (
    ABOUT_RESPONSE,
    BETWEEN,
    LOOKS_LARGER,
    LOOKS_LARGER_SD,
    NAMES,
    ON_MOOD_SCALES,
    UNBLINDED,
    foretell,
    same_share,
    start_from,
)
from sextant.response.prior.transfer import WIDER_IN_ADDICTION, numbers

BEFORE = design_assumptions()
STUDIES = ("murrough2013", "singh2016", "zheng2018", "jelovac2025_karmadep2")
START = start_from(BEFORE)
ROWS = [row for row in library().series if row.study_id in STUDIES]
TRUTH = START.mean + START.sd * np.array([{"mu_a": 0.8, "pi0": -0.7}.get(name, 0.0) for name in NAMES])


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    """Of studies whose people are alike."""
    return fit(made(dict.fromkeys(STUDIES, 0.0)), BEFORE)


def made(pi0: dict[str, float]) -> list[Reading]:
    """The figures that four studies would have published if their people came from the truth, with small error.

    pi0 : how far each study lies from it in the odds that ketamine changes nothing (log)
    """
    readings, _ = read(row for row in library().series if row.study_id in STUDIES)
    own = {study: off * (np.array(NAMES) == "pi0") for study, off in pi0.items()}
    said = foretell(readings, TRUTH, own, BEFORE.fixed)
    return [replace(one, observed=float(value), variance=1e-3) for one, value in zip(readings, said, strict=True)]


def test_figures_made_from_a_setting_are_foretold_by_the_fit(fitted: Fitted):
    observed = np.array([one.observed for one in fitted.readings])

    assert np.abs(observed - fitted.foretold).max() < 0.25


def test_it_moves_towards_the_truth(fitted: Fitted):
    at = NAMES.index("mu_a")

    assert abs(fitted.at[at] - TRUTH[at]) < 0.6 * abs(START.mean[at] - TRUTH[at])


def test_studies_that_agree_are_found_to_differ_little(fitted: Fitted):
    found = {name: fitted.between[NAMES.index(name)] for name in BETWEEN}

    assert all(found[name] < thought for name, thought in BETWEEN.items())


def test_studies_that_differ_are_found_to_differ_and_each_in_its_own_way(fitted: Fitted):
    pi0 = NAMES.index("pi0")
    truth = dict(zip(STUDIES, (-1.5, 1.5, -1.5, 1.5), strict=True))

    found = fit(made(truth), BEFORE)

    assert found.between[pi0] > 1.5 * fitted.between[pi0]
    for study, off in truth.items():
        assert np.sign(found.own[study][pi0]) == np.sign(off)


def test_where_studies_count_less_more_doubt_is_left_but_never_more_than_before_any(fitted: Fitted):
    _, all_of_it = fitted.without(None)
    _, half = fitted.without(None, counts=0.5)

    assert (np.diag(half) >= np.diag(all_of_it)).all()
    assert (np.diag(half) <= START.sd**2 + 1e-12).all()


def test_leaving_none_out_is_the_fit_itself(fitted: Fitted):
    at, covariance = fitted.without(None)

    assert np.abs((at - fitted.at) / START.sd).max() < 0.1
    np.testing.assert_allclose(covariance, fitted.covariance, rtol=1e-6, atol=1e-12)


def test_without_a_study_less_is_known(fitted: Fitted):
    _, covariance = fitted.without("singh2016")

    assert (np.diag(covariance) >= np.diag(fitted.covariance) - 1e-12).all()


def test_the_prior_is_a_population_file_that_is_wider_than_the_fit(fitted: Fitted):
    mark = inputs_sha256(fitted.readings, ROWS, BEFORE)

    found = population_of(fitted, BEFORE, mark)

    back = read_population(text_of(found)).population
    assert (back.mean == found.mean).all()
    assert mark[:12] in found.version
    for name in FITTED:
        at = FITTED.index(name)
        if name in (*ABOUT_RESPONSE, *ON_MOOD_SCALES):
            assert found.mean[at] == pytest.approx(fitted.at[at], abs=0.1 * START.sd[at])
            assert (
                found.covariance[at, at] >= fitted.covariance[at, at] + (WIDER_IN_ADDICTION * fitted.between[at]) ** 2
            )
        else:
            assert found.mean[at] == BEFORE.mean[at]


def test_every_number_of_the_way_says_where_it_comes_from(fitted: Fitted):
    told = {one.name: one.comes_from for one in numbers(fitted)}

    assert set(told.values()) == {"fitted", "design assumption", "design assumption, moved by studies"}
    assert told["open against controlled"] == "design assumption"


def test_the_discount_is_stated_and_its_doubt_widens_every_size_of_benefit_alike(fitted: Fitted):
    at = NAMES.index(UNBLINDED)

    found = population_of(fitted, BEFORE, "0" * 64)

    assert fitted.at[at] == pytest.approx(LOOKS_LARGER, abs=0.02)
    _, without_it = fitted.without(None, counts=WIDER_IN_ADDICTION**-2)
    for name in ("mu_a", "sd_a", "mu_c", "sd_c"):
        column = FITTED.index(name)
        differ = (WIDER_IN_ADDICTION * fitted.between[column]) ** 2
        assert found.covariance[column, column] == pytest.approx(
            without_it[column, column] + differ + LOOKS_LARGER_SD**2
        )


@pytest.mark.parametrize(
    "changed",
    [{"dose_mg_per_kg": "1.0"}, {"design": "rct_double_blind_midazolam"}, {"scale": "PHQ-9"}, {"value": 0.709}],
    ids=str,
)
def test_the_mark_hangs_on_every_cell_of_every_row_that_is_read(fitted: Fitted, changed: dict[str, object]):
    first, *others = ROWS

    other = inputs_sha256(fitted.readings, [replace(first, **changed), *others], BEFORE)

    assert other != inputs_sha256(fitted.readings, ROWS, BEFORE)


def test_the_mark_does_not_hang_on_the_order_of_rows_nor_on_those_that_are_not_read(fitted: Fitted):
    more = [row for row in library().series if row.study_id not in STUDIES]

    assert inputs_sha256(fitted.readings[::-1], [*more, *ROWS[::-1]], BEFORE) == inputs_sha256(
        fitted.readings, ROWS, BEFORE
    )


def test_before_any_study_mood_falls_by_the_same_share_of_its_baseline_as_craving():
    assert START.mean[NAMES.index("lambda_madrs")] == same_share("madrs") == pytest.approx((33 / 10) / (65 / 25))


def test_what_studies_and_assumptions_tell_adds_up_to_what_is_known(fitted: Fitted):
    told = sum(fitted.told_by(study) for study in fitted.studies) + np.diag(START.sd**-2.0)

    np.testing.assert_allclose(told @ fitted.covariance, np.eye(len(NAMES)), atol=1e-6)


def test_behind_each_answer_the_shares_of_studies_and_of_what_was_assumed_add_up_to_one(fitted: Fitted):
    found = weights(fitted)

    assert set(found) == set(About)
    for shares in found.values():
        assert set(shares) == {ASSUMED, *STUDIES}
        assert sum(shares.values()) == pytest.approx(1)
        assert min(shares.values()) >= 0


def test_a_new_study_of_the_same_kind_finds_what_was_published_in_most_figures(fitted: Fitted):
    checks = predictive_checks(fitted)

    assert [one.reading for one in checks] == list(fitted.readings)
    assert all(one.low80 <= one.median <= one.high80 for one in checks)
    assert np.mean([one.within for one in checks]) > 0.8
