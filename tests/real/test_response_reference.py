"""The reference patients: figures computed independently with 80-bit floats.

Twelve under the plain model, to be met within 1e-9; four with floor, ceiling and outlier sites, within 1e-6.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sextant.response import LEVELS, PLAIN, CourseData, Dose, ScoreAt, engine
from sextant.response.engine import Grid
from sextant.response.mixture import Mixture
from sextant.response.posterior import Forms, Posterior, posterior
from sextant.response.quantities import gain_unit_days, ln_tau_s, p_clear, p_clear_by_six, parameter
from sextant.response.reading import AS_NUMBERS, Reading
from sextant.response.settings import Settings

PATIENTS = {
    "response_reference.json": [f"P{number:02d}" for number in range(1, 13)],
    "response_reference_sites.json": ["R1", "R2", "R3", "R4"],
}
GRIDS = {"grid_20": Grid(20, 3.25), "grid_401": Grid(401, 5.0)}
WITHIN = {
    "response_reference.json": {"rtol": 0.0, "atol": 1e-9},
    "response_reference_sites.json": {"rtol": 0.0, "atol": 1e-6},
}
READINGS = {"response_reference.json": AS_NUMBERS, "response_reference_sites.json": Reading(steps=False)}


class Case:
    def __init__(self, reference: dict[str, Any], file: str, patient_id: str, grid: str, by: str) -> None:
        patient = next(one for one in reference["patients"] if one["input"]["id"] == patient_id)
        given = patient["input"]
        self.course = CourseData(
            scores=tuple(ScoreAt(s["day"], s["instrument"], s["score"]) for s in given["scores"]),
            infusions=tuple(Dose(**dose) for dose in given["infusions"]),
            planned=tuple(Dose(**dose) for dose in given["planned_infusions"]),
            attendance=((0.0, given["attendance_share"]),),
        )
        hyper = replace(PLAIN, **reference["hyper_parameters"][given["hyper_parameters"]])
        self.after: Posterior = posterior(
            self.course,
            Settings.of([hyper]),
            target="craving",
            reading=READINGS[file],
            grid=GRIDS[grid],
            by=engine(by),
        )
        self.expected = patient["expected"][grid]
        self.within = WITHIN[file]

    def near(self, found: Any, expected: Any, **words: str) -> None:
        np.testing.assert_allclose(found, expected, **self.within, **words)


@pytest.fixture(scope="module")
def references(shared: Path) -> dict[str, Any]:
    return {file: json.loads((shared / "design" / file).read_text()) for file in PATIENTS}


CASES = [
    (file, patient, grid, by)
    for file, patients in PATIENTS.items()
    for patient in patients
    for grid in GRIDS
    for by in ("numpy", "compiled")
]


@pytest.fixture(params=CASES, ids=lambda case: "-".join(case[1:]))
def case(request: pytest.FixtureRequest, references: dict[str, Any]) -> Case:
    file, *rest = request.param
    return Case(references[file], file, *rest)


def test_the_evidence_and_the_weight_of_each_explanation_are_those_of_the_reference(case):
    after, expected = case.after, case.expected
    told = {key.removeprefix("pseudo_"): value for key, value in expected.items()}

    case.near(after.filtered.log_evidence_total[0], told["log_evidence_total"])
    case.near(after.weights[0, 0], told["p_nonresponder"])
    if "log_evidence_node" in told:
        case.near(after.filtered.log_evidence[0, 0], told["log_evidence_nonresponder"])
        case.near(after.filtered.log_evidence[0, 1:-1], told["log_evidence_node"])
    if "posterior_weight_node" in told:
        case.near(after.weights[0, 1:-1], told["posterior_weight_node"])


def given_responder(forms: Forms) -> Mixture:
    weights = forms.weights[0, 1:-1]
    return Mixture(weights / weights.sum(), forms.means[0, :, 1:-1], forms.sds[0, :, 1:-1])


def test_baselines_trend_fast_and_slow_benefit_are_those_of_the_reference(case):
    after = case.after

    found = {"ln_tau_s_given_responder": ln_tau_s(after), "h": parameter(after, "h").pooled()}
    found |= {f"b_{key}": parameter(after, key).pooled() for key in after.timeline.instruments}
    for name in ("a", "c"):
        found[f"{name}_all"] = parameter(after, name).pooled()
        found[f"{name}_given_responder"] = given_responder(parameter(after, name))

    # Instruments that were never scored are left out: their baselines stay what they were.
    assert found.keys() <= case.expected["parameters"].keys()
    for name, mixture in found.items():
        case.near(mixture.mean()[0], case.expected["parameters"][name]["mean"], err_msg=name)
        case.near(mixture.sd()[0], case.expected["parameters"][name]["sd"], err_msg=name)


def test_benefit_past_and_future_with_its_quantiles_is_that_of_the_reference(case, references):
    moments = case.expected["benefit"]
    days = np.array([moment["day"] for moment in moments])

    benefit = case.after.benefit(days, case.course.infusions).pooled()

    assert all(tuple(reference["quantile_levels"]) == LEVELS for reference in references.values())
    case.near(benefit.mean(), [m["mean"] for m in moments])
    case.near(benefit.sd(), [m["sd"] for m in moments])
    case.near(benefit.quantiles(LEVELS), [m["quantiles"] for m in moments])


def test_the_chance_of_clear_benefit_after_six_is_that_of_the_reference(case):
    found = p_clear_by_six(case.after, "craving")

    if case.expected["p_clear_by_6"] is None:
        assert found is None
    else:
        case.near(found[0], case.expected["p_clear_by_6"])


def test_the_chance_that_benefit_lasts_and_the_gain_are_those_of_the_reference(case):
    after, last = case.after, case.course.last_infusion_day

    for days, probability in (case.expected["p_benefit_lasts_longer_than_days"] or {}).items():
        found = p_clear(after, "craving", np.array([last + float(days)]), case.course.infusions)
        case.near(found[0, 0], probability)
    assert (case.expected["p_benefit_lasts_longer_than_days"] is None) == (last is None)
    for dose, gain in case.expected["expected_gain_unit_days"].items():
        case.near(gain_unit_days(after, float(dose))[0], gain)
