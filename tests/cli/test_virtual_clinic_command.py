"""`sextant virtual-clinic` as somebody uses it who wants to see what a rule would do."""

import json
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cohorts import narrow, truth
from sextant.cli import virtual_clinic as command
from sextant.cli.main import main
from sextant.response import MODEL_VERSION, shipped_population
from sextant.response.population_file import text_of

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
FEW = 36  # people: enough for the form of an answer, too few for its figures


def answer(*arguments: str) -> tuple[str, str]:
    """What is printed for a small clinic, and what is said meanwhile."""
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        patch.setattr(command, "LEAST_PEOPLE", FEW)
        assert main(["virtual-clinic", "--people", str(FEW), *arguments]) == 0
    return out.getvalue(), err.getvalue()


@pytest.fixture(scope="module")
def printed() -> tuple[str, str]:
    return answer("--seed", "4", "--json")


@pytest.fixture(scope="module")
def told(printed: tuple[str, str]) -> dict[str, Any]:
    return json.loads(printed[0])


@pytest.fixture(scope="module")
def of_our_own(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text for a population of a clinic's own, which the forecasts do not know exactly."""
    file = tmp_path_factory.mktemp("virtual") / "population.json"
    file.write_text(text_of(narrow(truth(pi0=-2.0, mu_a=3.0), version="our clinic")))
    return answer("--unknown-population", "--population", str(file))[0]


def test_json_follows_its_schema(told: dict[str, Any]):
    schema = json.loads((SCHEMAS / "virtual-clinic.json").read_text(encoding="utf-8"))

    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(told)


def test_it_says_what_was_asked_of_it(told: dict[str, Any]):
    assert (told["people"], told["seed"], told["population_known"]) == (FEW, 4, True)
    assert (told["model"], told["population"]) == (MODEL_VERSION, shipped_population().version)
    assert 0.5 < told["responders"] < 0.9  # seven in ten, of 36
    assert told["maintained"] > 5
    assert told["other_scores"] == []


def test_nothing_but_json_is_printed_and_progress_is_said_apart(printed: tuple[str, str]):
    out, err = printed

    assert out.startswith("{")
    assert "NaN" not in out
    assert "sextant: the same number: 3\n" in err
    assert "sextant: a plan begins now: 7\n" in err


def test_rows_of_a_series_stay_between_three_and_six_infusions(told: dict[str, Any]):
    knows = [one["infusions"]["mean"] for one in told["series"] if one["rule"] == "knows the truth"]
    others = [one["infusions"]["mean"] for one in told["series"] if one["rule"] != "knows the truth"]

    assert min(others) >= 3
    assert max(others) <= 6
    assert min(knows) < 3


def test_the_text_holds_the_rules_their_meaning_and_what_they_brought(of_our_own: str):
    lines = of_our_own.splitlines()

    assert lines[0].startswith(f"{FEW} virtual people of the population 'our clinic', a fresh draw each")
    assert "no evidence that any rule helps patients" in " ".join(lines)
    assert "- *fixed spacing*: one every so many weeks" in lines
    assert any(line.startswith("| the same number") and " 3.00 (0.00)" in line for line in lines)
    assert any(line.startswith("| one now is best (5.5)") for line in lines)
    assert "nan" not in of_our_own.lower().replace("maintenance", "")


def test_a_population_of_the_clinics_own_gives_people_of_its_own(of_our_own: str, told: dict[str, Any]):
    rows = [line.split("|") for line in of_our_own.splitlines() if line.startswith("| ")]
    column = next(row for row in rows if "clear days" in row[5] and "of non-responders" in row[4])
    three, four, five, six = (rows[rows.index(column) + 2 + n] for n in range(4))

    shipped = [one["clear_days"]["mean"] for one in told["series"] if one["rule"] == "the same number"]
    ours = [float(row[5].split("(")[0]) for row in (three, four, five, six)]
    assert ours == sorted(ours)
    assert ours[-1] > 5 * shipped[-1]  # nearly everybody responds there


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--people", "99"], "--people 99 is outside 100 to 100000: fewer say nothing, more take hours."),
        (["--people", "0"], "--people 0 is outside"),
        (["--people", "-5"], "--people -5 is outside"),
        (["--people", "1000000"], "--people 1000000 is outside"),
        (["--seed", "-1"], "--seed -1 is below 0. Name a whole number from 0."),
        (["--population", "missing.json"], "There is no file missing.json"),
        (["--population", "{empty}"], "{empty}: Its schema is None"),
        (["--population", "{words}"], "{words}: "),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], says: str
):
    places = {"empty": tmp_path / "empty.json", "words": tmp_path / "words.json"}
    places["empty"].write_text("{}")
    places["words"].write_text("no JSON")

    assert main(["virtual-clinic", *(one.format(**places) for one in arguments)]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert says.format(**places) in printed.err
    assert "Traceback" not in printed.err
    assert printed.err.startswith("sextant: ")


@pytest.mark.parametrize("arguments", [["--people", "many"], ["--people", "1.5"], ["--seed", "x"], ["--persons", "9"]])
def test_what_is_no_number_or_option_is_refused(capsys: pytest.CaptureFixture[str], arguments: list[str]):
    with pytest.raises(SystemExit) as left:
        main(["virtual-clinic", *arguments])

    printed = capsys.readouterr()
    assert left.value.code == 2
    assert printed.out == ""
    assert arguments[0] in printed.err
    assert "Traceback" not in printed.err
