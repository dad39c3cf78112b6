"""Do the models give the stored curves, and are their figures those that were read, digit by digit?"""

import csv
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from sextant.pharmacology import (
    Patients,
    Regimen,
    Segment,
    average_patient,
    concentrations,
    engine,
    exposure,
    model,
    models,
    observations,
    repeated,
)

WEIGHT_KG = 70.0
TRIAL = Regimen((Segment(0, 40, 0.5 * WEIGHT_KG / 40),))
REGIMENS = {
    "R1_0.5mgkg_40min": TRIAL,
    "R2_0.8mgkg_40min": Regimen((Segment(0, 40, 0.8 * WEIGHT_KG / 40),)),
    "R3_0.11bolus2min_0.60over50min": Regimen(
        (Segment(0, 2, 0.11 * WEIGHT_KG / 2), Segment(2, 50, 0.60 * WEIGHT_KG / 50))
    ),
    "R4_paused15to25_then_half_rate": Regimen((Segment(0, 15, 0.875), Segment(25, 50, 0.4375))),
    "R5_six_infusions_three_weeks": repeated(TRIAL, [day * 1440.0 for day in (0, 3, 7, 10, 14, 17)]),
}
ENGINES = [
    "numpy",
    pytest.param(
        "compiled",
        marks=pytest.mark.skipif(find_spec("numba") is None, reason="no numba on this machine; it is the extra 'fast'"),
    ),
]
PATIENT = average_patient(model("kamp2020_opentiva"), WEIGHT_KG)


@pytest.fixture(scope="module")
def table(shared: Path):
    """Rows of a table of the pharmacology folder."""

    def rows(name: str) -> list[dict[str, str]]:
        path = shared / "pharmacology" / name
        if not path.is_file():
            pytest.skip(f"no {name} on this machine")
        with path.open(encoding="utf-8", newline="") as lines:
            return [*csv.DictReader(lines)]

    return rows


@pytest.fixture(scope="module")
def stored(table):
    """Of each regimen: times, rate, plasma and effect site, shape (4, times)."""
    rows = table("reference_curves.csv")
    columns = ("time_min", "infusion_rate_mg_per_min", "plasma_ng_per_ml", "effect_site_ng_per_ml")
    assert {row["regimen_id"] for row in rows} == {*REGIMENS}
    return {
        name: np.array([[float(row[column]) for column in columns] for row in rows if row["regimen_id"] == name]).T
        for name in REGIMENS
    }


@pytest.fixture(scope="module")
def read(table) -> dict[tuple[str, str], dict[str, str]]:
    """What was read of each model's parameter."""
    return {(row["model_id"], row["parameter"]): row for row in table("models.csv")}


@pytest.mark.parametrize("by", ENGINES)
@pytest.mark.parametrize("name", REGIMENS)
def test_the_stored_curves_are_met_within_a_billionth_of_the_peak(stored, name, by):
    times, _, *curves = stored[name]

    found = concentrations(PATIENT, REGIMENS[name], times, by=engine(by))

    for curve, expected in zip((found.plasma_ng_per_ml, found.effect_site_ng_per_ml), curves, strict=True):
        assert np.max(np.abs(curve[0] - expected)) <= 1e-9 * expected.max()


@pytest.mark.parametrize("name", REGIMENS)
def test_the_rates_in_force_are_those_of_the_table(stored, name):
    times, rates, *_ = stored[name]

    assert [REGIMENS[name].rate_at(time) for time in times] == pytest.approx(rates)


@pytest.mark.parametrize("by", ENGINES)
@pytest.mark.parametrize("level", [0.0, 50.0, 185.0])
@pytest.mark.parametrize("name", REGIMENS)
def test_exposure_is_that_of_the_stored_curves(stored, name, level, by):
    times, _, *curves = stored[name]

    found = exposure(PATIENT, REGIMENS[name], times, (level, level), by=engine(by))

    for one, curve in zip(found, curves, strict=True):
        assert one.peak_ng_per_ml[0] == pytest.approx(curve.max(), rel=1e-9)
        assert one.peak_min[0] == times[np.flatnonzero(curve >= curve.max() * (1 - 1e-8))[0]]
        assert one.minutes_above[0] == pytest.approx(above(curve, times, level), abs=1e-6)


def above(curve: np.ndarray, times: np.ndarray, level: float) -> float:
    """Minutes above a level, with straight lines between the times."""
    total = 0.0
    for a, b, minutes in zip(curve[:-1], curve[1:], np.diff(times), strict=True):
        if a > level and b > level:
            total += minutes
        elif (a > level) != (b > level):
            total += minutes * (max(a, b) - level) / abs(a - b)
    return total


LITRES = {"L": 1.0, "L/h": 1 / 60, "L/min": 1.0}
AS_PRINTED = {
    "kamp2020_opentiva": {"v1": "V1", "v2": "V2", "v3": "V3", "cl": "CL", "q2": "Q2", "q3": "Q3"},
    "otto2021_S": {"v1": "V1", "v2": "Vp1", "v3": "Vp2", "cl": "CL", "q2": "Q1", "q3": "Q2"},
    "simons2022_S": {"v1": "VK1", "v2": "VK2", "v3": "VK3", "cl": "CLK1", "q2": "CLK2", "q3": "CLK3"},
}
"""Our name of each parameter, and the one in the table of what was read."""


class TestFigures:
    @pytest.mark.parametrize("name", AS_PRINTED)
    def test_volumes_and_clearances_are_as_read(self, read, name):
        for ours, printed in AS_PRINTED[name].items():
            row = read[name, printed]
            assert model(name).parameters[ours].value == pytest.approx(
                float(row["value"]) * LITRES[row["unit"]], rel=1e-14
            ), ours

    def test_the_rate_constants_of_domino_are_as_read(self, read):
        at_100 = {key: one.at(100.0) for key, one in model("domino1984").parameters.items()}
        found = {
            "V1": at_100["v1"] / 100,
            "k10": at_100["cl"] / at_100["v1"],
            "k12": at_100["q2"] / at_100["v1"],
            "k13": at_100["q3"] / at_100["v1"],
            "k21": at_100["q2"] / at_100["v2"],
            "k31": at_100["q3"] / at_100["v3"],
        }

        assert found == pytest.approx({key: float(read["domino1984", key]["value"]) for key in found}, rel=1e-14)
        assert {read["domino1984", key]["unit"] for key in found} == {"L/kg", "1/min"}

    def test_powers_of_weight_are_as_read_and_for_kamp_as_chosen(self, read):
        """Kamp's were not seen, and those of Simons are the library's: 1 for volumes and 0.75 for clearances."""
        powers = {"(WT/70)^1": 1.0, "(WT/70)^0.75": 0.75, "none": 0.0}

        for ours, printed in AS_PRINTED["otto2021_S"].items():
            row = read["otto2021_S", printed]
            assert model("otto2021_S").parameters[ours].weight_power == powers[row["covariate_formula"]], ours
        for name in ("kamp2020_opentiva", "simons2022_S"):
            for ours, one in model(name).parameters.items():
                assert one.weight_power == (1.0 if ours.startswith("v") else 0.75)
        assert {one.weight_power for one in model("domino1984").parameters.values()} == {1.0}

    @pytest.mark.parametrize("name", ["otto2021_S", "simons2022_S"])
    def test_differences_between_people_are_as_read(self, read, name):
        variances = {
            ours: float(read[name, printed]["iiv"])
            for ours, printed in AS_PRINTED[name].items()
            if read[name, printed]["iiv"]
        }

        assert model(name).log_variances == variances

    def test_the_covariance_of_otto_is_as_read(self, read):
        assert "var V 0.084177, cov 0.02261, var CL 0.026048" in read["otto2021_S", "V1"]["iiv_kind"]
        assert model("otto2021_S").log_covariances == {("v1", "cl"): 0.02261}

    def test_the_effect_site_is_as_read(self, read):
        row = read["olofsen2012_effect_site", "t1/2ke0_mean_over_endpoints"]
        site = model("kamp2020_opentiva").effect_site

        assert site.half_life_min == float(row["value"])
        assert f"{site.lowest_half_life_min:g} (" in row["iiv"]
        assert f"to {site.highest_half_life_min:g} (" in row["iiv"]
        assert site.address == row["source_address"]

    @pytest.mark.parametrize("name", models())
    def test_the_address_is_the_one_where_it_was_read(self, read, name):
        """Libraries are named with their repository; what they cite stands in `read_as` and `doi`."""
        rows = [row for (of, _), row in read.items() if of == name]

        for row in rows:
            assert row["source_address"].startswith(model(name).address)
            if model(name).doi:
                assert model(name).doi in row["source_address"] + row["note"]

    @pytest.mark.parametrize("name", models())
    def test_the_sampling_site_is_as_read(self, read, name):
        (said,) = {row["route_and_sampling"] for (of, _), row in read.items() if of == name}

        assert model(name).sampling_site == next((s for s in ("arterial", "venous") if s in said), "not seen")


def test_observations_over_the_curves_are_as_read(table):
    rows = {row["study"]: row for row in table("observed.csv")}

    assert len(observations()) == 2
    for one in observations():
        (row,) = [row for study, row in rows.items() if study.startswith(one.study)]
        low, _, high = row["value"].partition("-")
        assert (one.lowest_ng_per_ml, one.highest_ng_per_ml) == (float(low), float(high or low))
        assert row["unit"] == "ng/mL"
        assert row["drug"] == "racemic ketamine"
        assert row["dose"] == f"{one.dose_mg_per_kg:g} mg/kg"
        assert row["route_and_duration"] == f"IV {one.over_min:g} min"
        assert row["sampling"] == one.sampling_site
        assert row["source_address"] == one.address


def test_the_spread_between_models_is_the_one_of_the_notes():
    """ng/mL at 40, 80, 110 and 230 minutes: notes beside the tables, worked out there on their own."""
    expected = {
        "kamp2020_opentiva": [253, 74, 54, 27],
        "domino1984": [240, 46, 38, 18],
        "simons2022_S": [289, 63, 42, 21],
        "otto2021_S": [158, 79, 60, 27],
    }
    some = Patients.together([average_patient(model(name), WEIGHT_KG) for name in expected])

    found = concentrations(some, TRIAL, np.array([40.0, 80.0, 110.0, 230.0])).plasma_ng_per_ml

    assert found.round() == pytest.approx(np.array([*expected.values()]))
