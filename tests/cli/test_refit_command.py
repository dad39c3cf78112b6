"""`sextant refit` as a clinic, and clinics together, use it."""

import json
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cohorts import course_csv, narrow, simulated, truth
from sextant.cli.main import main
from sextant.response import design_assumptions
from sextant.response.population_file import read_population, text_of

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
ELSEWHERE = truth(mu_a=2.0, pi0=-1.5, sd_e=1.0)
ODD = "X,0,craving,50\nY,0,infusion,0.5\nZ,-1,craving,60\nZ,0,infusion,50\nZ,3,craving,40\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The patients' files, and a population that knows other people well."""
    made = tmp_path_factory.mktemp("refit")
    (made / "others.csv").write_text(course_csv(simulated(130, 2, ELSEWHERE)) + ODD)
    (made / "same.csv").write_text(course_csv(simulated(130, 2)))
    (made / "few.csv").write_text(course_csv(simulated(3, 2)) + ODD)
    (made / "narrow.json").write_text(text_of(narrow(truth())))
    return made


@pytest.fixture(scope="module")
def better(folder: Path) -> dict[str, Any]:
    """A refit that finds better, as JSON; its file is new.json."""
    arguments = [str(folder / "others.csv"), "--from", str(folder / "narrow.json"), "--name", "Our clinic"]
    with redirect_stdout(StringIO()) as printed:
        assert main(["refit", *arguments, "--out", str(folder / "new.json"), "--json"]) == 0
    return json.loads(printed.getvalue())


def test_the_report_follows_its_schema(better: dict[str, Any]):
    schema = json.loads((SCHEMAS / "refit.json").read_text(encoding="utf-8"))

    Draft202012Validator(schema).validate(better)


def test_it_says_who_was_used_and_who_was_left_out_and_why(better: dict[str, Any]):
    assert better["used"]["patients"] == 130
    assert {one["why"]: one["patients"] for one in better["left_out"]} == {
        "no infusion": 1,
        "no score at or before the first infusion": 1,
        "a dose outside the 0.1 to 1.41 mg/kg of the studies on file": 1,
    }


def test_the_new_one_is_written_where_it_is_better(better: dict[str, Any], folder: Path):
    file = read_population((folder / "new.json").read_text(encoding="utf-8"))

    assert (better["verdict"], better["written"]) == ("new", str(folder / "new.json"))
    assert file.better
    assert file.population.version == better["population"]
    assert better["population"].startswith("Our clinic, 130 patients, ")
    assert better["made_from"]["parent"] == "narrow"
    assert not list(folder.glob(".new.json*"))


def test_the_file_holds_no_patient(better: dict[str, Any], folder: Path):
    text = (folder / "new.json").read_text(encoding="utf-8")

    assert "P1" not in text
    assert set(json.loads(text)["made_from"]) == {
        *("n_patients", "n_scores", "inputs_sha256", "effective_draws", "k_hat", "largest_k_hat", "held_out", "parent")
    }


def test_patients_do_not_count_twice(better: dict[str, Any], folder: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["refit", str(folder / "others.csv"), "--from", str(folder / "new.json")]) == 2

    assert "made from these very patients, who would count twice" in capsys.readouterr().err


def test_where_the_old_one_stands_nothing_is_written(folder: Path, capsys: pytest.CaptureFixture[str]):
    out = folder / "not-better.json"

    assert main(["refit", str(folder / "same.csv"), "--from", str(folder / "narrow.json"), "--out", str(out)]) == 0

    printed = capsys.readouterr()
    assert "The old population stands" in printed.out
    assert "Nothing was" in printed.out
    assert "Pareto k-hat" in printed.out
    assert "people in whom ketamine changes nothing" in printed.out
    assert "judging the new one on part 5 of 5" in printed.err
    assert max(map(len, printed.out.splitlines())) <= 100
    assert not out.exists()


def test_too_few_patients_are_refused_with_the_number_needed(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["refit", str(folder / "few.csv")]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "There are 3 patients; a refit needs at least 125" in printed.err
    assert "1 with no infusion" in printed.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Name the patients' file"),
        (["{few}", "--share", "--judge", "{narrow}"], "Name one of --share"),
        (["{few}", "--combine", "{few}"], "Leave COHORT.csv out"),
        (["{few}", "--at", "{narrow}"], "Add --share"),
        (["{few}", "--share", "--json"], "Leave --json out"),
        (["{few}", "--name", " "], "--name is not a line"),
        (["{few}", "--name", "x" * 61], "--name is not a line"),
        (["{few}", "--out", "{folder}"], "names no file"),
        (["{few}", "--out", "{folder}/none/new.json"], "there is no folder"),
        (["{few}", "--from", "{few}"], "not a JSON file"),
        (["{few}", "--from", "missing.json"], "There is no file missing.json"),
        (["{narrow}"], "Line 1: "),
        (["{few}", "--out", "{few}"], "is read by this command too"),
        (["{few}", "--share", "--out", "{folder}/../{name}/few.csv"], "is read by this command too"),
        (["--combine", "{few}", "{narrow}", "--out", "{narrow}"], "is read by this command too"),
        (["{few}", "--share"], "would stand for"),
        (["{few}", "--share", "--at", "{narrow}"], "Its schema is 'population/1'"),
        (["--combine", "{narrow}"], "Its schema is 'population/1'"),
        (["{few}", "--judge", "{narrow}"], "was not combined"),
    ],
)
def test_what_cannot_be_done_is_refused_before_any_work(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
):
    places = {"few": folder / "few.csv", "narrow": folder / "narrow.json", "folder": folder, "name": folder.name}

    assert main(["refit", *(one.format(**places) for one in arguments)]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err


@pytest.fixture
def network(tmp_path: Path) -> list[Path]:
    """The cohorts of two clinics whose people are others than assumed."""
    files = [tmp_path / "one.csv", tmp_path / "other.csv"]
    for seed, file in enumerate(files, start=31):
        file.write_text(course_csv(simulated(220, seed, ELSEWHERE), first=1000 * seed))
    return files


def test_two_clinics_fit_one_population_and_each_judges_it_on_patients_kept_out(
    network: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    parts, point = [tmp_path / "one.json", tmp_path / "other.json"], tmp_path / "point.json"
    found, judged = tmp_path / "network.json", tmp_path / "judged.json"
    before = tmp_path / "before.json"
    before.write_text(text_of(design_assumptions()))
    start = ["--from", str(before)]
    at: list[str] = []
    for _ in range(40):
        for cohort, part in zip(network, parts, strict=True):
            assert main(["refit", str(cohort), "--share", *start, *at, "--out", str(part)]) == 0
        assert main(["refit", "--combine", *map(str, parts), "--name", "network", *start, "--out", str(point)]) == 0
        if json.loads(point.read_text())["schema"] == "population/1":
            break
        at = ["--at", str(point)]
    point.rename(found)
    capsys.readouterr()

    assert main(["refit", str(network[0]), "--judge", str(found), *start, "--out", str(judged)]) == 0

    printed = capsys.readouterr().out
    file = read_population(judged.read_text())
    assert file.better
    assert file.population.version.startswith("network, 3")
    assert file.made_from is not None
    assert file.made_from.effective_draws is None
    assert "The new population is better" in printed
    assert not read_population(found.read_text()).better


def test_what_a_clinic_shares_names_nobody(network: list[Path], capsys: pytest.CaptureFixture[str]):
    assert main(["refit", str(network[0]), "--share"]) == 0

    part = json.loads(capsys.readouterr().out)
    schema = json.loads((SCHEMAS / "contribution.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(part)
    assert "P31000" not in json.dumps(part)
    assert 150 <= part["n_patients"] <= 200  # a fifth is kept out
