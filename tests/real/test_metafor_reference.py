"""The meta-analysis agrees with R's metafor 3.8.1 (R 4.2.2) on the project's own studies.

`evidence/metafor_reference.json` beside the project holds the fits. Quoted here, REML of four abstinence contrasts:
mean log odds ratio 1.2534, tau2 0.4795, I2 63.65 %; Wald 0.3824 to 2.1245; Hartung-Knapp -0.0997 to 2.6066, with the
prediction interval -1.3325 to 3.8394.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from sextant.evidence.effects import Effect
from sextant.evidence.library import library
from sextant.evidence.meta_analysis import Method, Width, pool
from sextant.evidence.pools import answer
from sextant.evidence.questions import question

SETS = ("abstinence_log_or", "abstinence_log_or_randomised_verified_only")
FITS = [(name, number) for name in SETS for number in range(5)]


@pytest.fixture(scope="module")
def reference(shared: Path) -> dict[str, Any]:
    path = shared / "evidence" / "metafor_reference.json"
    if not path.is_file():
        pytest.skip("no reference fits of metafor beside the project on this machine")
    return json.loads(path.read_text(encoding="utf-8"))["sets"]


def effects_of(inputs: list[dict[str, Any]]) -> list[Effect]:
    return [Effect(str(one["rows"]), one["yi"], one["vi"]) for one in inputs]


def width_of(fit: dict[str, Any]) -> Width:
    return Width.HARTUNG_KNAPP if fit["test"].startswith("knha") else Width.WALD


@pytest.mark.parametrize(("name", "number"), FITS)
def test_every_fit_of_metafor_is_reproduced(reference, name, number):
    fit = reference[name]["fits"][number]

    pooled = pool(effects_of(reference[name]["inputs"]), Method(fit["method"]), width_of(fit))

    assert pooled.k == fit["k"]
    assert pooled.mean == pytest.approx(fit["mu"], abs=1e-4)
    assert pooled.standard_error == pytest.approx(fit["se"], abs=1e-4)
    assert pooled.tau2 == pytest.approx(fit["tau2"], abs=1e-3 if fit["method"] == "REML" else 1e-4)
    assert pooled.i2_percent == pytest.approx(fit["I2"], abs=1e-2)
    assert pooled.q == pytest.approx(fit["Q"], abs=1e-4)
    assert pooled.q_p == pytest.approx(fit["Q_p"], abs=1e-4)
    assert [100 * share for share in pooled.weights] == pytest.approx(fit["weights_percent"], abs=1e-2)


@pytest.mark.parametrize(("name", "number"), FITS)
def test_intervals_are_metafors_or_left_out_where_two_studies_say_nothing(reference, name, number):
    fit = reference[name]["fits"][number]

    pooled = pool(effects_of(reference[name]["inputs"]), Method(fit["method"]), width_of(fit))

    if fit["k"] == 2 and pooled.width is Width.HARTUNG_KNAPP:
        # metafor prints an odds ratio from 0.00003 to 300,000; we print none.
        assert fit["back_transformed"]["ci_high"] > 100_000
        assert (pooled.interval, pooled.prediction) == (None, None)
    else:
        assert pooled.interval == pytest.approx((fit["ci_low"], fit["ci_high"]), abs=1e-4)
        if fit["pi_low"] is None:
            assert pooled.prediction is None
        else:
            assert pooled.prediction == pytest.approx((fit["pi_low"], fit["pi_high"]), abs=1e-4)


@pytest.mark.parametrize(("name", "with_sensitivity"), [(SETS[0], True), (SETS[1], False)])
def test_the_rule_for_abstinence_chooses_the_rows_and_effects_of_the_reference(reference, name, with_sensitivity):
    abstinence = question("abstinence")
    assert abstinence is not None

    found = answer(abstinence, library().trials, with_sensitivity=with_sensitivity)

    ours = {tuple(row.row_id for row in one.rows): (one.effect.value, one.effect.variance) for one in found.effects}
    theirs = {
        (one["rows"],) if isinstance(one["rows"], str) else tuple(one["rows"]): (one["yi"], one["vi"])
        for one in reference[name]["inputs"]
    }
    assert set(ours) == set(theirs)
    for rows, effect in theirs.items():
        assert ours[rows] == pytest.approx(effect, abs=1e-6)


def test_the_figures_quoted_above_are_those_of_the_file(reference):
    wald, hartung_knapp = reference["abstinence_log_or"]["fits"][:2]

    pooled = pool(effects_of(reference["abstinence_log_or"]["inputs"]))

    assert (round(wald["mu"], 4), round(wald["tau2"], 4), round(wald["I2"], 2)) == (1.2534, 0.4795, 63.65)
    assert (round(wald["ci_low"], 4), round(wald["ci_high"], 4)) == (0.3824, 2.1245)
    assert (round(hartung_knapp["ci_low"], 4), round(hartung_knapp["ci_high"], 4)) == (-0.0997, 2.6066)
    assert pooled.interval == pytest.approx((-0.0997, 2.6066), abs=1e-4)
    assert pooled.prediction == pytest.approx((-1.3325, 3.8394), abs=1e-4)
