from dataclasses import replace

import numpy as np
import pytest

from sextant.evidence import source
from sextant.instruments import INSTRUMENTS
from sextant.response import DEFAULT, MODELLED, PLAIN, HyperParameters
from sextant.response.hyper_parameters import VALUES_FROM


def test_every_number_says_where_it_was_written_down():
    assert source(VALUES_FROM).key == VALUES_FROM


def test_every_modelled_instrument_is_one_on_file():
    assert MODELLED.keys() <= INSTRUMENTS.keys()


def test_craving_carries_the_whole_benefit_by_definition():
    assert DEFAULT.loading("craving") == 1.0
    assert DEFAULT.loading("gad7") == 0.7


@pytest.mark.parametrize(
    "wrong",
    [
        {"sd_e": 0.0},
        {"tau_f_days": -1.0},
        {"pi0": 1.0},
        {"pi0": 0.0},
        {"mu_a": float("nan")},
        {"pi_worse": -0.1},
        {"lasting_share": 1.0},
        {"lasting_ratio": 0.0},
        {"sd_acute": -0.1},
        {"pi0": 0.6, "pi_worse": 0.4},
    ],
)
def test_a_setting_that_no_population_can_have_is_refused_by_name(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        replace(DEFAULT, **wrong)


def test_what_was_added_to_the_specification_can_be_left_out():
    assert (PLAIN.lasting_share, PLAIN.pi_worse, PLAIN.sd_acute) == (0.0, 0.0, 0.0)


def test_a_larger_dose_does_more_but_less_than_in_proportion():
    hyper = HyperParameters()

    assert hyper.dose_effect(0.5) < hyper.dose_effect(1.0) < 2 * hyper.dose_effect(0.5)


def test_the_even_scale_of_days_of_use_leads_there_and_back():
    use_days = MODELLED["use_days"]
    points = np.linspace(-4.0, 11.0, 61)

    np.testing.assert_allclose(use_days.hidden(use_days.shown(points)), points, atol=1e-12)


def test_half_of_the_days_of_use_is_half_of_what_is_shown():
    use_days = MODELLED["use_days"]
    level = np.array([1.0, 3.0, 5.5])

    after = use_days.shown(level - use_days.fall(level, 0.5))

    np.testing.assert_allclose(after, 0.5 * use_days.shown(level), atol=1e-12)
