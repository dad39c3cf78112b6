"""Old and new beside each other, in the words and units of a clinic."""

import numpy as np
import pytest

from cohorts import narrow, truth
from sextant.response import DEFAULT, design_assumptions
from sextant.response.population import FITTED
from sextant.response.refit.compared import compared


def test_every_fitted_number_stands_there_once_in_its_own_unit():
    numbers = {one.name: one for one in compared(design_assumptions(), narrow(truth()))}

    assert list(numbers) == list(FITTED)
    assert numbers["mu_a"].old.median == pytest.approx(25 * DEFAULT.mu_a, rel=0.02)
    assert numbers["mu_ln_tau_s"].old.median == pytest.approx(45.0, rel=0.02)
    assert numbers["pi0"].old.median == pytest.approx(30.0, rel=0.02)
    assert numbers["lambda_phq9"].old.median == pytest.approx(4.5, rel=0.02)
    assert (numbers["mu_a"].unit, numbers["pi0"].unit, numbers["mu_ln_tau_s"].unit) == ("craving points", "%", "days")


def test_the_interval_holds_eight_in_ten():
    (first, *_) = compared(design_assumptions(), narrow(truth(mu_a=1.0)))

    assert first.name == "mu_a"
    assert (first.old.low80, first.old.high80) == pytest.approx(
        15 * np.exp(0.4 * np.array([-1.2816, 1.2816])), rel=0.02
    )
    assert first.new.median == pytest.approx(15 * np.exp(0.4), rel=0.01)


def test_no_word_is_a_symbol_of_the_model():
    for one in compared(design_assumptions(), narrow(truth())):
        assert "_" not in one.words
        assert len(one.words) < 90
