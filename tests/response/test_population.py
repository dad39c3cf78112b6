import numpy as np
import pytest

from sextant.evidence import source
from sextant.response import DEFAULT, HyperParameters, design_assumptions
from sextant.response.population import ASSUMED_SD, FITTED, even_shifts, settings_of, vector_of


def test_the_design_assumptions_call_themselves_so_and_name_their_source():
    shipped = design_assumptions()

    assert "design assumptions" in shipped.version
    for key in shipped.sources:
        assert source(key).key == key


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    def table(seed: int) -> np.ndarray:
        return design_assumptions().draws(5, np.random.default_rng(seed)).table

    assert (table(1) == table(1)).all()
    assert (table(1) != table(2)).any()


def test_the_draws_are_centred_on_the_defaults_and_spread_as_assumed():
    draws = design_assumptions().at(even_shifts(2048))
    to_scale = {"identity": lambda x: x, "log": np.log, "logit": lambda x: np.log(x / (1 - x))}
    to_scale["logit of the rest"] = to_scale["logit"]

    for name, (scale, sd) in ASSUMED_SD.items():
        of_the_rest = name == "pi_worse"
        values = to_scale[scale](draws[name] / (1 - draws["pi0"]) if of_the_rest else draws[name])
        default = getattr(DEFAULT, name) / (1 - DEFAULT.pi0) if of_the_rest else getattr(DEFAULT, name)
        assert values.mean() == pytest.approx(to_scale[scale](default), abs=0.01 * sd), name
        assert values.std() == pytest.approx(sd, rel=0.02), name


def test_what_is_not_fitted_is_the_same_in_every_draw():
    draws = design_assumptions().at(even_shifts(32))

    for name in ("sd_h", "trend_days", "dose_half_mg_per_kg", "lasting_ratio", "sd_acute"):
        assert (draws[name] == getattr(DEFAULT, name)).all()


def test_every_draw_is_a_setting_that_a_population_can_have():
    draws = design_assumptions().draws(200, np.random.default_rng(3))

    assert all(isinstance(draws.one(n), HyperParameters) for n in range(len(draws)))


def test_a_setting_goes_to_the_fitting_scale_and_back():
    back = settings_of(vector_of(DEFAULT)[None, :], DEFAULT).one(0)

    for name in FITTED:
        assert getattr(back, name) == pytest.approx(getattr(DEFAULT, name), abs=1e-12)


def test_correlated_hyper_parameters_are_drawn_together():
    shipped = design_assumptions()
    covariance = shipped.covariance.copy()
    a, c = FITTED.index("mu_a"), FITTED.index("mu_c")
    covariance[a, c] = covariance[c, a] = 0.9 * np.sqrt(covariance[a, a] * covariance[c, c])
    together = type(shipped)(version="test", sources=(), mean=shipped.mean, covariance=covariance)

    draws = together.at(even_shifts(1024))

    assert np.corrcoef(draws["mu_a"], draws["mu_c"])[0, 1] == pytest.approx(0.9, abs=0.02)
