"""The fit finds again the setting that figures were made from, and one study's absence is what a new fit gives."""

from dataclasses import replace

import numpy as np
import pytest

from sextant.evidence.library import library
from sextant.response import shipped_population
from sextant.response.population import FITTED
from sextant.response.population_file import read_population, text_of
from sextant.response.prior import Fitted, fit, inputs_sha256, population_of, read
from sextant.response.prior.fitting import ABOUT_RESPONSE, NAMES, foretell, start_from
from sextant.response.prior.transfer import WIDER_IN_ADDICTION, numbers

SHIPPED = shipped_population()
STUDIES = ("murrough2013", "singh2016", "zheng2018", "jelovac2025_karmadep2")
START = start_from(SHIPPED)
TRUTH = START.mean + START.sd * np.array([{"mu_a": 0.8, "pi0": -0.7}.get(name, 0.0) for name in NAMES])


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    """Of the figures that four studies would have published if their people came from the truth, with small error."""
    readings, _ = read(row for row in library().series if row.study_id in STUDIES)
    said = foretell(readings, TRUTH, SHIPPED.fixed)
    made = [replace(one, observed=float(value), variance=1e-3) for one, value in zip(readings, said, strict=True)]
    return fit(made, SHIPPED)


def test_figures_made_from_a_setting_are_foretold_by_the_fit(fitted: Fitted):
    observed = np.array([one.observed for one in fitted.readings])

    assert np.abs(observed - fitted.foretold).max() < 0.25


def test_it_moves_towards_the_truth(fitted: Fitted):
    at = NAMES.index("mu_a")

    assert abs(fitted.at[at] - TRUTH[at]) < 0.6 * abs(START.mean[at] - TRUTH[at])


def test_studies_that_agree_are_found_to_differ_little(fitted: Fitted):
    assert fitted.between_multiple == pytest.approx(0.4)


def test_leaving_none_out_is_the_fit_itself(fitted: Fitted):
    at, covariance = fitted.without(None)

    assert np.abs((at - fitted.at) / START.sd).max() < 0.1
    np.testing.assert_allclose(covariance, fitted.covariance, rtol=1e-6, atol=1e-12)


def test_without_a_study_less_is_known(fitted: Fitted):
    _, covariance = fitted.without("singh2016")

    assert (np.diag(covariance) >= np.diag(fitted.covariance) - 1e-12).all()


def test_the_prior_is_a_population_file_that_is_wider_than_the_fit(fitted: Fitted):
    mark = inputs_sha256(fitted.readings)

    found = population_of(fitted, fitted.at, fitted.covariance, SHIPPED, mark)

    back = read_population(text_of(found)).population
    assert (back.mean == found.mean).all()
    assert mark[:12] in found.version
    for name in FITTED:
        at = FITTED.index(name)
        if name in ABOUT_RESPONSE:
            assert found.covariance[at, at] >= WIDER_IN_ADDICTION**2 * fitted.covariance[at, at] - 1e-12
        else:
            assert found.mean[at] == SHIPPED.mean[at]


def test_every_number_of_the_way_says_where_it_comes_from(fitted: Fitted):
    assert {one.comes_from for one in numbers(fitted)} == {"fitted", "design assumption"}


def test_the_mark_hangs_on_every_figure(fitted: Fitted):
    one, *others = fitted.readings

    assert inputs_sha256([replace(one, observed=one.observed + 1e-6), *others]) != inputs_sha256(fitted.readings)
