"""The band holds nine in ten of those whom it is said to be about, and says nothing of others."""

import numpy as np
import pytest

from infusions import PAUSED_AND_SLOWED, REGIMENS, TRIAL
from sextant.pharmacology import Rivals, average_patient, concentrations, drawn_patients, model, models, rivals

BY_MINUTE = np.arange(1.0, 241.0)
RIVALS = [one.name for one in rivals()]


def held(true_model: str, weight_kg: float, regimen) -> tuple[np.ndarray, np.ndarray]:
    """Part of fresh people of a model within the band, at each minute: plasma and effect site."""
    band = Rivals.of(weight_kg, rivals()).band(regimen, BY_MINUTE)
    fresh = concentrations(drawn_patients(model(true_model), weight_kg, 4096, seed=99), regimen, BY_MINUTE)
    return tuple(
        np.mean((curve >= between.low) & (curve <= between.high), axis=0)
        for curve, between in ((fresh.plasma_ng_per_ml, band.plasma), (fresh.effect_site_ng_per_ml, band.effect_site))
    )


@pytest.mark.parametrize("regimen", REGIMENS.values(), ids=[*REGIMENS])
@pytest.mark.parametrize("weight_kg", [50.0, 70.0, 110.0])
@pytest.mark.parametrize("true_model", RIVALS)
def test_nine_in_ten_lie_within_at_every_minute_whichever_rival_is_true(true_model, weight_kg, regimen):
    plasma, effect = held(true_model, weight_kg, regimen.scaled(weight_kg / 70))
    asked = slice(5, None) if regimen.segments[0].start_min else slice(None)

    assert plasma[asked].min() >= 0.90
    assert effect[asked].min() >= 0.90


@pytest.mark.parametrize("true_model", ["otto2021_S", "simons2022_S"])
def test_of_the_models_that_are_no_rivals_nothing_is_promised(true_model):
    plasma, _ = held(true_model, 70.0, TRIAL)

    assert plasma.min() < 0.5  # as docs/pharmacology.md says


def test_no_band_of_one_rival_would_do():
    alone = Rivals.of(70.0, rivals(), between=[model("kamp2020_opentiva")]).band(TRIAL, BY_MINUTE).plasma
    fresh = concentrations(drawn_patients(model("domino1984"), 70.0, 512, seed=99), TRIAL, BY_MINUTE).plasma_ng_per_ml

    assert np.mean((fresh >= alone.low) & (fresh <= alone.high), axis=0).min() < 0.6


def test_curves_are_the_average_patients_and_do_not_widen_the_band():
    every = Rivals.of(70.0, tuple(models().values())).band(TRIAL, BY_MINUTE)
    few = Rivals.of(70.0, rivals()).band(TRIAL, BY_MINUTE)

    assert np.array_equal(every.plasma.low, few.plasma.low)
    assert [curve.model.name for curve in every.curves] == [*models()]
    for curve in every.curves:
        alone = concentrations(average_patient(curve.model, 70.0), TRIAL, BY_MINUTE)
        assert curve.plasma_ng_per_ml == pytest.approx(alone.plasma_ng_per_ml[0], rel=1e-12)
        assert curve.effect_site_ng_per_ml == pytest.approx(alone.effect_site_ng_per_ml[0], rel=1e-12)


@pytest.mark.parametrize("weight_kg", [50.0, 110.0])
def test_the_average_of_each_rival_lies_within(weight_kg):
    band = Rivals.of(weight_kg, rivals()).band(PAUSED_AND_SLOWED, BY_MINUTE)

    for curve in band.curves:
        assert np.all(band.plasma.low <= curve.plasma_ng_per_ml)
        assert np.all(curve.plasma_ng_per_ml <= band.plasma.high)


@pytest.mark.parametrize(("curves", "between"), [((), None), (rivals(), ())])
def test_without_a_model_there_is_no_band_and_that_is_said(curves, between):
    with pytest.raises(ValueError, match="There is no model to work with"):
        Rivals.of(70.0, curves, between)


class TestDraws:
    N = 4096

    @pytest.mark.parametrize(
        ("name", "variances", "covariance"),
        [
            ("kamp2020_opentiva", {"v1": 0.084177, "cl": 0.026048}, 0.02261),
            ("domino1984", {"v1": 0.084177, "cl": 0.026048}, 0.02261),
            ("otto2021_S", {"v1": 0.084177, "cl": 0.026048}, 0.02261),
            ("simons2022_S", {"v1": 0.057, "cl": 0.029, "q3": 0.026}, 0.0),
        ],
    )
    def test_they_vary_as_the_source_says_and_in_nothing_else(self, name, variances, covariance):
        average = average_patient(model(name), 82.0)
        drawn = drawn_patients(model(name), 82.0, self.N, seed=5)

        logs = {
            key: np.log(getattr(drawn, key) / getattr(average, key)) for key in ("v1", "v2", "v3", "cl", "q2", "q3")
        }

        for key, log in logs.items():
            assert log.mean() == pytest.approx(0.0, abs=1e-3)
            assert log.var() == pytest.approx(variances.get(key, 0.0), rel=0.01, abs=1e-12)
        assert np.cov(logs["v1"], logs["cl"])[0, 1] == pytest.approx(covariance, rel=0.02, abs=1e-4)

    def test_the_half_life_of_the_effect_site_is_anywhere_between_the_endpoints(self):
        half_life = np.log(2) / drawn_patients(model("kamp2020_opentiva"), 70.0, self.N, seed=5).ke0

        assert np.quantile(half_life, [0.0, 0.25, 0.5, 0.75, 1.0]) == pytest.approx(
            [0.0, 2.95, 5.9, 8.85, 11.8], abs=0.01
        )

    def test_each_may_have_a_weight_of_its_own(self):
        weights = np.array([50.0, 70.0, 110.0])

        drawn = drawn_patients(model("kamp2020_opentiva"), weights, 3, seed=5)
        at_70 = drawn_patients(model("kamp2020_opentiva"), 70.0, 3, seed=5)

        assert drawn.v1 / at_70.v1 == pytest.approx(weights / 70)
        assert drawn.cl / at_70.cl == pytest.approx((weights / 70) ** 0.75)
