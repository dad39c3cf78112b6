"""`sextant refit-use` as a clinic uses it."""

import json
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sextant.cli.main import main
from sextant.use import PatientWeeks, read_population, text_of, word
from use_people import moved, own_clinic, small_population, weeks_csv

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "refit-use.json"
START = small_population(seed=2)
ELSEWHERE = moved(START, test_level=2.0, missed_level=-1.0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clinic's files, and the population that is known before."""
    made = tmp_path_factory.mktemp("refit-use")
    people = own_clinic(ELSEWHERE, 60)
    (made / "others.csv").write_text(weeks_csv([*people, word("-"), word("_+")]))
    (made / "few.csv").write_text(weeks_csv([*people[:10], word("-")]))
    (made / "dull.csv").write_text(weeks_csv([word("----")] * 60))
    (made / "mixed.csv").write_text(weeks_csv([replace(people[0], arm="day"), *people[1:]]))
    (made / "arms.csv").write_text(weeks_csv([replace(one, arm="eve" if k else "day") for k, one in enumerate(people)]))
    (made / "bad.csv").write_text("patient,week,result\nA,1,-\nA,2,x\n")
    (made / "start.json").write_text(text_of(START))
    return made


@pytest.fixture(scope="module")
def better(folder: Path) -> dict[str, Any]:
    """A refit that finds better, as JSON; its file is new.json."""
    arguments = [str(folder / "others.csv"), "--from", str(folder / "start.json"), "--name", " Our clinic "]
    with redirect_stdout(StringIO()) as printed:
        assert main(["refit-use", *arguments, "--out", str(folder / "new.json"), "--json"]) == 0
    return json.loads(printed.getvalue())


def test_the_report_follows_its_schema(better: dict[str, Any]):
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(better)


def test_it_says_who_was_used_and_who_was_left_out_and_why(better: dict[str, Any]):
    assert better["used"] == {"patients": 60, "weeks": 720, "arms": []}
    assert better["left_out"] == [
        {"why": "fewer than two due weeks from 1 to 104", "patients": 2},
    ]


def test_the_new_one_is_written_where_it_is_better_and_forecasts_take_it(
    better: dict[str, Any], folder: Path, capsys: pytest.CaptureFixture[str]
):
    assert (better["verdict"], better["written"]) == ("new", str(folder / "new.json"))
    assert better["population"].startswith("Our clinic, 60 patients, ")
    assert better["made_from"]["parent"] == "small"
    assert not list(folder.glob(".new.json*"))

    assert main(["forecast-use", str(folder / "few.csv"), "--population", str(folder / "new.json"), "--json"]) == 0

    assert json.loads(capsys.readouterr().out)["model"]["population"] == better["population"]


def test_the_file_holds_no_patient(better: dict[str, Any], folder: Path):
    whole = json.loads((folder / "new.json").read_text(encoding="utf-8"))

    assert "P1" not in json.dumps(whole)
    assert set(whole["made_from"]) == {"parent", "substance", "n_weeks", "inputs_sha256"}


def test_the_file_says_of_what_its_weeks_are(better: dict[str, Any], folder: Path, capsys: pytest.CaptureFixture[str]):
    own = ["forecast-use", str(folder / "others.csv"), "--population", str(folder / "new.json")]

    assert better["made_from"]["substance"] == "opioids"
    assert main([*own, "--of", "opioids"]) == 0
    capsys.readouterr()
    assert main([*own, "--of", "alcohol"]) == 2
    assert "was fitted to weeks of opioids. Leave out --of." in capsys.readouterr().err


def test_patients_do_not_count_twice(better: dict[str, Any], folder: Path, capsys: pytest.CaptureFixture[str]):
    arguments = [str(folder / "others.csv"), "--name", "Our clinic", "--from", str(folder / "new.json")]

    assert main(["refit-use", *arguments]) == 2

    assert "made from these very patients, who would count twice" in capsys.readouterr().err


def test_where_the_old_one_stands_nothing_is_written(
    better: dict[str, Any], folder: Path, capsys: pytest.CaptureFixture[str]
):
    """The clinic's next people are foretold by its own population; a fit to sixty of them alone adds nothing plain."""
    out, more = folder / "not-better.json", folder / "more.csv"
    own = read_population((folder / "new.json").read_text(encoding="utf-8"))
    more.write_text(weeks_csv(own_clinic(own, 60, seed=8)))
    arguments = [str(more), "--from", str(folder / "new.json"), "--name", "Our clinic", "--out", str(out)]

    assert main(["refit-use", *arguments]) == 0

    printed = capsys.readouterr()
    assert "The old population stands" in printed.out
    assert "Nothing was written." in " ".join(printed.out.split())
    assert "judging the new one on part 5 of 5" in printed.err
    assert max(map(len, printed.out.splitlines())) <= 100
    assert not out.exists()


def test_without_out_it_says_so_and_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]):
    before = set(folder.iterdir())

    assert main(["refit-use", str(folder / "others.csv"), "--from", str(folder / "start.json"), "--name", "Ours"]) == 0

    printed = capsys.readouterr().out
    assert "The new population is better (Ours, 60 patients, " in printed
    assert "name a file with --out to keep it" in " ".join(printed.split())
    assert set(folder.iterdir()) == before


def test_where_no_week_is_missed_on_record_it_says_that_this_is_no_reason(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    file = folder / "none-missed.csv"
    seen = [PatientWeeks(tuple(week for week in one.weeks if week.tested)) for one in own_clinic(START, 60)]
    file.write_text(weeks_csv(seen))

    assert main(["refit-use", str(file), "--from", str(folder / "start.json"), "--name", "Ours"]) == 0

    printed = " ".join(capsys.readouterr().out.split())
    assert "None of these weeks was missed (o)" in printed
    assert "The old population stands" in printed


def test_too_few_patients_are_refused_with_the_number_needed_and_who_was_left_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["refit-use", str(folder / "few.csv"), "--name", "Ours"]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "There are 10 patients to learn from; a refit needs at least 50" in printed.err
    assert "Left out: 1 with fewer than two due weeks" in printed.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["{few}", "--name", " "], "--name is not a line"),
        (["{few}", "--name", "x" * 61], "--name is not a line"),
        (["{few}", "--name", "two\nlines"], "--name is not a line"),
        (["{few}", "--name", "a", "--out", "{folder}"], "names no file"),
        (["{few}", "--name", "a", "--out", ""], "names no file"),
        (["{few}", "--name", "a", "--out", "{folder}/none/new.json"], "there is no folder"),
        (["{few}", "--name", "a", "--out", "{few}"], "is read by this command too"),
        (["{few}", "--name", "a", "--from", "{start}", "--out", "{start}"], "is read by this command too"),
        (["{few}", "--name", "a", "--from", "{few}"], "few.csv: This is not a JSON file"),
        (["{few}", "--name", "a", "--from", "missing.json"], "There is no file missing.json"),
        (["missing.csv", "--name", "a"], "There is no file missing.csv"),
        (["{start}", "--name", "a"], "Line 1: "),
        (["{bad}", "--name", "a"], "bad.csv: Line 3: The result is no symbol"),
        (["{dull}", "--name", "a"], "0 results of weeks 2 to 24 were positive and 180 negative"),
        (["{mixed}", "--name", "a"], "The arm of 59 patients is not told, that of 1 is"),
        (["{arms}", "--name", "a"], "The arm 'day' has 1 patients"),
    ],
)
def test_what_cannot_be_done_is_refused_before_any_work(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
):
    places = {one.stem: one for one in folder.iterdir()} | {"folder": folder}
    before = {one: one.read_bytes() for one in folder.iterdir()}

    assert main(["refit-use", *(one.format(**places) for one in arguments)]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert says in printed.err
    assert "Traceback" not in printed.err
    assert {one: one.read_bytes() for one in folder.iterdir()} == before


def test_columns_that_are_not_read_are_named(folder: Path, capsys: pytest.CaptureFixture[str]):
    file = folder / "wards.csv"
    first, *rows = (folder / "few.csv").read_text().splitlines()
    file.write_text("\n".join([f"{first},ward", *(f"{row},x" for row in rows)]))

    assert main(["refit-use", str(file), "--name", "Ours"]) == 2

    assert "column 'ward' is not read" in capsys.readouterr().err
