"""Each model is one file that says what it is, and what nobody knows of it."""

import math
import tomllib
from dataclasses import fields
from importlib.resources import files

import pytest

from sextant.pharmacology import DEFAULT, Model, model, models, rivals
from sextant.pharmacology.model import _model

FILES = files("sextant.pharmacology") / "models"


def told(name: str) -> dict:
    return tomllib.loads((FILES / f"{name}.toml").read_text(encoding="utf-8"))


def test_the_default_comes_first_and_the_rivals_before_the_comparisons_of_shape():
    assert [*models()] == [DEFAULT, "domino1984", "otto2021_S", "simons2022_S"]
    assert [one.name for one in rivals()] == [DEFAULT, "domino1984"]


def test_only_models_of_the_racemate_are_rivals():
    for one in models().values():
        assert one.rival == (one.drug == "racemic ketamine")


@pytest.mark.parametrize("one", models().values(), ids=[*models()])
class TestEach:
    def test_it_says_where_it_was_read_on_whom_and_what_is_not_known(self, one: Model):
        for each in fields(one):
            assert getattr(one, each.name) != "" or each.name == "doi"
        assert one.sampling_site in {"arterial", "venous", "not seen"}
        assert one.said_aloud

    def test_volumes_and_clearances_are_of_a_person(self, one: Model):
        """A slip of units, hours for minutes or per kilogram for a person, leaves these bounds."""
        total = sum(one.parameters[name].value for name in ("v1", "v2", "v3"))

        assert 150 < total < 450
        assert 1.0 < one.parameters["cl"].value < 2.5

    def test_it_borrows_the_effect_site_and_says_of_whom(self, one: Model):
        assert one.effect_site.name == "olofsen2012"
        assert one.effect_site.ke0_per_min == pytest.approx(0.11363, abs=1e-5)
        assert any("S-ketamine" in sentence for sentence in one.effect_site.said_aloud)

    def test_what_varies_is_a_parameter(self, one: Model):
        keys = {key for key in told(one.variability_from)["variability"] if key != "borrowed_from"}

        assert keys == {*one.log_variances} | {"_with_".join(pair) for pair in one.log_covariances}
        assert {*one.log_variances} <= {*one.parameters}


def test_who_borrows_the_differences_between_people_says_from_whom():
    assert {one.name: one.variability_from for one in models().values() if one.borrows_variability} == {
        DEFAULT: "otto2021_S",
        "domino1984": "otto2021_S",
    }


def test_weight_is_known_of_the_domain_only_where_it_was_seen():
    held = {
        one.name: [kg for kg in (52.9, 53, 68, 71, 93, 93.1) if one.domain.holds_weight(kg)]
        for one in models().values()
    }

    assert held == {DEFAULT: [], "domino1984": [], "otto2021_S": [], "simons2022_S": [53, 68, 71, 93]}


def test_rate_constants_grow_into_clearances_with_weight():
    domino = model("domino1984").parameters

    assert domino["v1"].at(100.0) == pytest.approx(6.3)
    assert domino["cl"].at(100.0) / domino["v1"].at(100.0) == pytest.approx(0.438)
    assert domino["q3"].at(50.0) / domino["v3"].at(50.0) == pytest.approx(0.0146)


def test_a_model_of_another_name_is_refused_with_those_that_there_are():
    with pytest.raises(ValueError, match=f"no model 'kamp'. Write one of {DEFAULT}, domino1984"):
        model("kamp")


class TestAFileThatIsWrong:
    EFFECT_SITE = model(DEFAULT).effect_site

    def changed(self, **parts) -> dict:
        every = {name: told(name) for name in models()}
        every[DEFAULT] |= parts
        return every

    @pytest.mark.parametrize("key", ["population", "sampling_site", "variability", "domain", "said_aloud"])
    def test_a_missing_part_is_missed(self, key):
        every = self.changed()
        del every[DEFAULT][key]

        with pytest.raises(ValueError, match=rf"models/{DEFAULT}.toml: '{key}' is missing"):
            _model(DEFAULT, every, self.EFFECT_SITE)

    @pytest.mark.parametrize(
        ("parameters", "says"),
        [
            ({"v1": {"value": 25, "unit": "gallon", "weight_power": 1}}, "gallon"),
            ({"v1": {"value": 25, "unit": "L"}}, "weight_power"),
            ({"v4": {"value": 25, "unit": "L", "weight_power": 1}}, "needs v1, v2, v3, cl, q2, q3, or"),
        ],
    )
    def test_a_parameter_that_is_none_is_refused(self, parameters, says):
        every = self.changed(parameters={**told(DEFAULT)["parameters"], **parameters})

        with pytest.raises(ValueError, match=says):
            _model(DEFAULT, every, self.EFFECT_SITE)

    def test_differences_borrowed_from_nobody_are_refused(self):
        with pytest.raises(ValueError, match="'otto2031' is missing, or there is none"):
            _model(DEFAULT, self.changed(variability={"borrowed_from": "otto2031"}), self.EFFECT_SITE)

    def test_another_effect_site_is_refused(self):
        every = self.changed(effect_site={"borrowed_from": "opentiva"})

        with pytest.raises(ValueError, match="effect site"):
            _model(DEFAULT, every, self.EFFECT_SITE)


def test_the_half_life_of_the_default_effect_site():
    assert math.log(2) / model(DEFAULT).effect_site.ke0_per_min == pytest.approx(6.1)
