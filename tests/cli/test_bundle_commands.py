"""`sextant next-step` and `sextant screen` as an analyst uses them."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import bundles
from sextant.cli.main import main

NOW = datetime.now(UTC)
SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
ALCOHOLISM = bundles.condition(1, "7200002", "Alcoholism", bundles.days_before(NOW, 900))


@pytest.fixture
def on_disk(tmp_path):
    def write(data: bytes, name: str = "bundle.json") -> str:
        file = tmp_path / name
        file.write_bytes(data)
        return str(file)

    return write


def answer(capsys, *arguments: str) -> dict:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refusal(capsys, *arguments: str) -> tuple[int, str]:
    code = main(list(arguments))
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    return code, printed.err


@pytest.mark.parametrize(("command", "schema"), [("next-step", "next-step.json"), ("screen", "screen.json")])
def test_the_json_answer_follows_its_schema(capsys, on_disk, command, schema):
    data = bundles.bundle(bundles.patient(), ALCOHOLISM, bundles.pressure(2, 128, 80, bundles.days_before(NOW, 0.01)))

    whole = answer(capsys, command, on_disk(data))

    Draft202012Validator(json.loads((SCHEMAS / schema).read_text())).validate(whole)


def test_a_zipped_bundle_gives_the_same_answer(capsys, on_disk):
    data = bundles.bundle(bundles.patient(), ALCOHOLISM)

    plain = answer(capsys, "next-step", on_disk(data))
    zipped = answer(capsys, "next-step", on_disk(bundles.zipped(data), "bundle.json.gz"))

    assert plain == zipped


def test_without_an_addiction_nothing_is_offered(capsys, on_disk):
    whole = answer(capsys, "next-step", on_disk(bundles.bundle(bundles.patient())))

    assert whole["step"]["code"] == "none"


def test_words_for_people_name_the_step_every_gate_and_what_was_used(capsys, on_disk):
    assert main(["next-step", on_disk(bundles.bundle(bundles.patient(), ALCOHOLISM))]) == 0

    text = capsys.readouterr().out
    assert text.startswith("Ask first about")
    assert "GATE-013" in text
    assert "Used from the bundle: 1 Condition, 1 Patient." in text


def own_fact(number: int, code: str, days_ago: float, **parts: object) -> bundles.Resource:
    return bundles.resource(
        "Observation", number, bundles.days_before(NOW, days_ago), code=bundles.coded("urn:sextant:fact", code), **parts
    )


def treated_for_opioids() -> bytes:
    """Four weekly urines that show heroin, the last a week ago."""
    urines = [
        bundles.resource(
            "Observation",
            number,
            bundles.days_before(NOW, 7 * number),
            code=bundles.coded(bundles.LOINC, "19321-9"),
            valueString="Positive",
        )
        for number in (1, 2, 3, 4)
    ]
    target = own_fact(9, "target", 28, valueString="craving", note=[{"text": "opioids"}])
    return bundles.bundle(bundles.patient(), target, *urines)


def test_the_weeks_ahead_of_a_patient_treated_for_opioids_stand_in_the_answer(capsys, on_disk):
    whole = answer(capsys, "next-step", on_disk(treated_for_opioids()))

    Draft202012Validator(json.loads((SCHEMAS / "next-step.json").read_text())).validate(whole)
    ahead = whole["use_ahead"]
    assert [week["hard"] for week in ahead["weeks"]] == [True] * 4
    assert ahead["rests_on"]["known_weeks"] == 4
    assert ahead["rests_on"]["tried_on"]["fitted"]
    assert [one["key"] for one in ahead["rests_on"]["sources"]] == ["CTN0094"]


def test_words_for_people_say_the_coming_week_in_one_line_or_why_not(capsys, on_disk):
    main(["next-step", on_disk(treated_for_opioids())])
    known = " ".join(capsys.readouterr().out.split())
    main(["next-step", on_disk(bundles.bundle(bundles.patient(), ALCOHOLISM))])
    unknown = " ".join(capsys.readouterr().out.split())

    assert "Use of opioids in the week from" in known
    assert "a test shows it in about 7 in 10 (" in known
    assert "likely to be hard: the weeks from" in known
    assert "Use in the weeks ahead: No target is chosen" in unknown


def test_the_clinics_policy_sets_days_sober(capsys, on_disk):
    policy = on_disk(
        b'[limit.days_sober]\nvalue = 21\nunit = "days"\nsource = "S077"\nset_by = "A director"\non = 2026-01-01\n',
        "policy.toml",
    )

    whole = answer(capsys, "screen", on_disk(bundles.bundle(bundles.patient(), ALCOHOLISM)), "--policy", policy)

    gate = next(one for one in whole["gates"] if one["code"] == "GATE-006")
    assert gate["limit"]["value"] == 21
    assert gate["limit"]["set_by"] == "A director"


def test_as_of_a_day_what_came_later_is_set_aside_by_name(capsys, on_disk):
    early = bundles.pressure(2, 120, 70, datetime(2024, 5, 1, 9, tzinfo=UTC))
    late = bundles.pressure(3, 170, 110, datetime(2024, 5, 3, 9, tzinfo=UTC))
    file = on_disk(bundles.bundle(bundles.patient(), early, late))

    first = answer(capsys, "screen", file, "--as-of", "2024-05-01")
    today = answer(capsys, "screen", file)

    verdicts = [next(g["verdict"] for g in one["gates"] if g["code"] == "GATE-002") for one in (first, today)]
    assert verdicts == ["open", "closed"]
    assert any("later" in one["why"] for one in first["imported"]["set_aside"])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"not json", "JSON"),
        (b"[]", "not FHIR"),
        (b'{"resourceType": "Patient"}', "Bundle"),
        (bundles.bundle(bundles.patient(), kind="document"), "document"),
        (bundles.bundle(bundles.patient(), bundles.patient(id="p2")), "one"),
        (bundles.bundle(bundles.patient(), bundles.weight(1, 12, "stone", NOW)), "stone"),
        (bundles.bundle(bundles.patient(), bundles.pressure(1, 12, 8, NOW)), "12"),
        (bundles.bundle(bundles.patient(), bundles.pressure(1, 120, 80, NOW.replace(year=NOW.year + 1))), "future"),
        (bundles.zipped(bundles.bundle(bundles.patient()))[:-9], "cut"),
        (b" " * 60_000_000, "MB"),
    ],
    ids=[
        "not JSON",
        "not FHIR",
        "no bundle",
        "another bundle type",
        "two patients",
        "unknown unit",
        "a pressure of 12/8",
        "a date in the future",
        "gzip cut off",
        "60 MB",
    ],
)
def test_bad_input_is_refused_with_one_clear_sentence(capsys, on_disk, data, says):
    code, sentence = refusal(capsys, "next-step", on_disk(data))

    assert code == 2
    assert says in sentence
    assert sentence.startswith("sextant: ")


def test_another_version_of_fhir_is_refused(capsys, on_disk):
    older = {**ALCOHOLISM, "clinicalStatus": "active"}

    code, sentence = refusal(capsys, "next-step", on_disk(bundles.bundle(bundles.patient(), older)))

    assert code == 2
    assert "R4" in sentence


@pytest.mark.parametrize(
    "changes",
    [
        {"birthDate": None},
        {"deceasedBoolean": True},
        {"deceasedDateTime": "2020-01-01T00:00:00Z"},
        {"birthDate": "2015-01-01"},
    ],
    ids=["no birth date", "dead", "dead since", "eleven years old"],
)
def test_patients_out_of_scope_have_their_own_exit_code(capsys, on_disk, changes):
    person = {key: value for key, value in bundles.patient(**changes).items() if value is not None}

    code, sentence = refusal(capsys, "next-step", on_disk(bundles.bundle(person)))

    assert code == 3
    assert sentence.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["next-step", "no-such-file.json"], "There is no file no-such-file.json"),
        (["next-step", "."], "is a folder"),
        (["next-step", "-", "--as-of", "yesterday"], "Write it as YYYY-MM-DD"),
        (["next-step", "-", "--as-of", "2999-01-01"], "after today"),
        (["next-step", "-", "--policy", "no-such-policy.toml"], "There is no file no-such-policy.toml"),
    ],
)
def test_what_cannot_be_asked_is_refused(capsys, arguments, says):
    code, sentence = refusal(capsys, *arguments)

    assert code == 2
    assert says in sentence


def test_a_bad_policy_is_refused_by_line(capsys, on_disk):
    policy = on_disk(b"\n[limit.sober_days]\nvalue = 1\n", "policy.toml")

    code, sentence = refusal(capsys, "screen", on_disk(bundles.bundle(bundles.patient())), "--policy", policy)

    assert code == 2
    assert "Line 2: no limit is called 'sober_days'" in sentence


def test_help_imports_neither_numpy_nor_django():
    code = "import sys; from sextant.cli.main import _parser; _parser(); print({'numpy', 'django'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"


def test_a_reader_that_goes_away_is_no_fault(on_disk):
    file = on_disk(bundles.bundle(bundles.patient()))
    command = f"{sys.executable} -m sextant.cli.main next-step {file} --json | head -c 1"

    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, env=os.environ)

    assert done.stderr == ""
