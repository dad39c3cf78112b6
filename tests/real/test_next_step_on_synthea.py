"""The main job on bundles that nobody here made."""

import json
from pathlib import Path

import pytest

from sextant.cli.main import main
from sextant.protocol import RULES, Stage

OVERDOSE_ALONE = "p003.json.gz"
PREGNANT_IN_2019 = "p042.json.gz"
BEFORE_EVERY_STEP = {rule.code for rule in RULES if rule.stage is Stage.SCREENING}
BUNDLES = sorted((Path(__file__).parents[3] / "shared" / "data" / "synthea_fhir").glob("p*.json.gz"))


def answer(capsys, file: Path, *arguments: str) -> dict:
    assert main(["next-step", str(file), "--json", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def gates(whole: dict) -> dict[str, dict]:
    return {gate["code"]: gate for gate in whole["gates"]}


@pytest.mark.parametrize("file", BUNDLES, ids=lambda file: file.name)
def test_every_bundle_is_answered_or_refused_for_a_death(capsys, file):
    code = main(["next-step", str(file), "--json"])

    printed = capsys.readouterr()
    assert code in {0, 3}
    if code == 3:
        assert "died" in printed.err
    else:
        whole = json.loads(printed.out)
        assert {gate["code"] for gate in whole["gates"]} == BEFORE_EVERY_STEP
        # Nobody in these bundles chose a target, so nothing may be offered to anyone.
        assert whole["step"]["code"] in {"none", "ask", "clear_gate"}
        assert whole["step"]["infusion"] is None


def test_a_pregnancy_closes_its_gate_then_and_not_today(capsys, shared):
    file = shared / "data" / "synthea_fhir" / PREGNANT_IN_2019

    then = gates(answer(capsys, file, "--as-of", "2019-02-01"))["GATE-004"]
    today = gates(answer(capsys, file))["GATE-004"]

    assert then["verdict"] == "closed"
    assert today["verdict"] == "ask"


@pytest.mark.parametrize(
    ("name", "day", "verdict"),
    [
        ("p003.json.gz", "2021-01-18", "open"),  # 130/86 that day
        ("p003.json.gz", "2021-01-19", "ask"),  # and none since
        ("p012.json.gz", "2015-07-10", "closed"),  # 149/92 with hypertension on the list
    ],
)
def test_the_readings_move_the_pressure_gate(capsys, shared, name, day, verdict):
    gate = gates(answer(capsys, shared / "data" / "synthea_fhir" / name, "--as-of", day))["GATE-002"]

    assert gate["verdict"] == verdict


def test_an_old_overdose_asks_and_is_never_read_as_active_use(capsys, shared):
    found = gates(answer(capsys, shared / "data" / "synthea_fhir" / OVERDOSE_ALONE))

    assert found["GATE-001"]["verdict"] == "ask"
    assert found["GATE-005"]["verdict"] == "ask"
    assert "not read as present use" in found["GATE-005"]["saw"]
