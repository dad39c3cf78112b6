"""The twelve reference patients: figures computed independently with 80-bit floats, to be met within 1e-9."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sextant.response import CourseData, Dose, HyperParameters, ScoreAt
from sextant.response.posterior import THETA, Grid, Posterior, posterior
from sextant.response.quantities import gain_unit_days, ln_tau_s, p_clear, p_clear_by_six, parameter

PATIENTS = [f"P{number:02d}" for number in range(1, 13)]
GRIDS = {"grid_20": Grid(20, 3.25), "grid_401": Grid(401, 5.0)}
WITHIN = {"rtol": 0.0, "atol": 1e-9}


@pytest.fixture(scope="module")
def reference(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "design" / "response_reference.json").read_text())


@pytest.fixture(params=[(patient, grid) for patient in PATIENTS for grid in GRIDS], ids="-".join)
def case(request: pytest.FixtureRequest, reference: dict[str, Any]) -> tuple[Posterior, dict[str, Any]]:
    patient_id, grid = request.param
    patient = next(one for one in reference["patients"] if one["input"]["id"] == patient_id)
    given = patient["input"]
    course = CourseData(
        scores=tuple(ScoreAt(s["day"], s["instrument"], s["score"]) for s in given["scores"]),
        infusions=tuple(Dose(**dose) for dose in given["infusions"]),
        planned=tuple(Dose(**dose) for dose in given["planned_infusions"]),
        attendance_share=given["attendance_share"],
    )
    hyper = HyperParameters(**reference["hyper_parameters"][given["hyper_parameters"]])
    return posterior(course, hyper, GRIDS[grid]), patient["expected"][grid]


def test_the_evidence_and_the_weight_of_each_explanation_are_those_of_the_reference(case):
    after, expected = case

    np.testing.assert_allclose(after.log_evidence_total, expected["log_evidence_total"], **WITHIN)
    np.testing.assert_allclose(after.weights[0], expected["p_nonresponder"], **WITHIN)
    if "log_evidence_node" in expected:
        np.testing.assert_allclose(after.log_evidence[0], expected["log_evidence_nonresponder"], **WITHIN)
        np.testing.assert_allclose(after.log_evidence[1:], expected["log_evidence_node"], **WITHIN)
        np.testing.assert_allclose(after.weights[1:], expected["posterior_weight_node"], **WITHIN)


def test_baselines_trend_fast_and_slow_benefit_are_those_of_the_reference(case):
    after, expected = case

    found = {"ln_tau_s_given_responder": ln_tau_s(after), "h": parameter(after, "h")}
    found |= {f"b_{key}": parameter(after, key) for key in THETA[:-3] if key != "madrs"}
    for name in ("a", "c"):
        found[f"{name}_all"] = parameter(after, name)
        found[f"{name}_given_responder"] = parameter(after, name, responders_only=True)

    assert found.keys() == expected["parameters"].keys()
    for name, moments in expected["parameters"].items():
        np.testing.assert_allclose(found[name].mean()[0], moments["mean"], **WITHIN, err_msg=name)
        np.testing.assert_allclose(found[name].sd()[0], moments["sd"], **WITHIN, err_msg=name)


def test_benefit_past_and_future_with_its_quantiles_is_that_of_the_reference(case, reference):
    after, expected = case
    days = np.array([moment["day"] for moment in expected["benefit"]])

    benefit = after.benefit(days, after.course.infusions)

    np.testing.assert_allclose(benefit.mean(), [m["mean"] for m in expected["benefit"]], **WITHIN)
    np.testing.assert_allclose(benefit.sd(), [m["sd"] for m in expected["benefit"]], **WITHIN)
    np.testing.assert_allclose(
        benefit.quantiles(tuple(reference["quantile_levels"])),
        [m["quantiles"] for m in expected["benefit"]],
        **WITHIN,
    )


def test_the_chance_of_clear_benefit_after_six_is_that_of_the_reference(case):
    after, expected = case

    if expected["p_clear_by_6"] is None:
        assert p_clear_by_six(after, "craving") is None
    else:
        np.testing.assert_allclose(p_clear_by_six(after, "craving"), expected["p_clear_by_6"], **WITHIN)


def test_the_chance_that_benefit_lasts_and_the_gain_are_those_of_the_reference(case):
    after, expected = case
    last = after.course.last_infusion_day

    for days, probability in (expected["p_benefit_lasts_longer_than_days"] or {}).items():
        found = p_clear(after, "craving", np.array([last + float(days)]), after.course.infusions)
        np.testing.assert_allclose(found[0], probability, **WITHIN)
    assert (expected["p_benefit_lasts_longer_than_days"] is None) == (last is None)
    for dose, gain in expected["expected_gain_unit_days"].items():
        np.testing.assert_allclose(gain_unit_days(after, float(dose)), gain, **WITHIN)
