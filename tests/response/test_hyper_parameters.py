from dataclasses import replace

import numpy as np
import pytest

from sextant.evidence import source
from sextant.instruments import INSTRUMENTS
from sextant.response.hyper_parameters import (
    DEFAULT,
    MODELLED,
    PRIOR_VERSION,
    REFIT_PRIOR_SD,
    VALUES_FROM,
    HyperParameters,
    bedside_draws,
    draws,
)


def test_the_prior_calls_itself_an_assumption_and_names_where_it_was_written_down():
    assert "design assumptions" in PRIOR_VERSION
    assert source(VALUES_FROM).key == VALUES_FROM


def test_every_modelled_instrument_is_one_on_file():
    assert MODELLED.keys() <= INSTRUMENTS.keys()


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    assert draws(5, np.random.default_rng(1)) == draws(5, np.random.default_rng(1))
    assert draws(5, np.random.default_rng(1)) != draws(5, np.random.default_rng(2))
    assert bedside_draws() == bedside_draws()


def test_the_draws_are_centred_on_the_defaults_and_spread_as_the_refit_prior_says():
    many = draws(2000, np.random.default_rng(3))
    to_scale = {"identity": lambda x: x, "log": np.log, "logit": lambda x: np.log(x / (1 - x))}

    for name, (scale, sd) in REFIT_PRIOR_SD.items():
        values = to_scale[scale](np.array([getattr(one, name) for one in many]))
        assert values.mean() == pytest.approx(to_scale[scale](getattr(DEFAULT, name)), abs=0.01 * sd), name
        assert values.std() == pytest.approx(sd, rel=0.02), name


def test_what_is_fixed_by_design_is_the_same_in_every_draw():
    for one in bedside_draws():
        assert (one.sd_h, one.trend_days, one.dose_half_mg_per_kg) == (0.3, 30.0, 0.5)


def test_craving_carries_the_whole_benefit_by_definition():
    assert DEFAULT.loading("craving") == 1.0
    assert DEFAULT.loading("gad7") == 0.7


@pytest.mark.parametrize(
    "wrong", [{"sd_e": 0.0}, {"tau_f_days": -1.0}, {"pi0": 1.0}, {"pi0": 0.0}, {"mu_a": float("nan")}]
)
def test_a_setting_that_no_population_can_have_is_refused_by_name(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        replace(DEFAULT, **wrong)


def test_a_larger_dose_does_more_but_less_than_in_proportion():
    hyper = HyperParameters()

    assert hyper.dose_effect(0.5) < hyper.dose_effect(1.0) < 2 * hyper.dose_effect(0.5)
