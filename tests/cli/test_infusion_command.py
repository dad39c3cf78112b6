"""`sextant infusion` as an analyst uses it."""

import csv
import gzip
import io
import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest

from sextant.cli.main import main
from sextant.pharmacology import DEFAULT, average_patient, concentrations, model, models, read_regimen

TRIAL = '{"weight_kg": 70, "segments": [{"start_min": 0, "duration_min": 40, "dose_mg_per_kg": 0.5}]}'


@pytest.fixture
def regimen(tmp_path):
    file = tmp_path / "regimen.json"
    file.write_text(TRIAL)
    return file


def run(capsys, *arguments) -> tuple[int, list[dict[str, str]], str]:
    code = main(["infusion", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, [*csv.DictReader(io.StringIO(printed.out))], printed.err


def refused(capsys, *arguments) -> str:
    try:
        code = main(["infusion", *map(str, arguments)])
    except SystemExit as stopped:  # by argparse
        code = stopped.code
    printed = capsys.readouterr()
    assert code == 2
    assert printed.out == ""
    return printed.err


def test_without_a_model_it_is_the_default_alone(capsys, regimen):
    code, rows, err = run(capsys, regimen, "--times", "0:240:1")

    assert code == 0
    assert ",".join(rows[0]) == "time_min,model,plasma_ng_per_ml,effect_site_ng_per_ml"
    assert [row["time_min"] for row in rows] == [str(minute) for minute in range(241)]
    assert {row["model"] for row in rows} == {DEFAULT}
    assert max(float(row["plasma_ng_per_ml"]) for row in rows) == pytest.approx(253.052, abs=5e-4)
    assert max(float(row["effect_site_ng_per_ml"]) for row in rows) == pytest.approx(228.643, abs=5e-4)
    assert err == f"sextant: {DEFAULT}: built on doses that were not seen.\n"


def test_all_are_one_after_the_other_with_what_to_know_of_them(capsys, regimen):
    code, rows, err = run(capsys, regimen, "--times", "0:60:20", "--model", "all")

    assert code == 0
    assert [row["model"] for row in rows] == [name for name in models() for _ in range(4)]
    assert "do not tell of the same blood" in err
    assert "otto2021_S: venous" in err
    assert "domino1984: not seen" in err
    assert "otto2021_S, simons2022_S: of S-ketamine, worked out as if the whole dose were S" in err


@pytest.mark.parametrize("name", models())
def test_the_figures_are_those_of_the_package(capsys, regimen, name):
    _, rows, _ = run(capsys, regimen, "--times", "0:240:7.5", "--model", name)

    told = read_regimen(TRIAL)
    found = concentrations(average_patient(model(name), 70.0), told.regimen, np.arange(33) * 7.5)
    assert [float(row["plasma_ng_per_ml"]) for row in rows] == pytest.approx(found.plasma_ng_per_ml[0], rel=1e-9)
    assert [float(row["effect_site_ng_per_ml"]) for row in rows] == pytest.approx(
        found.effect_site_ng_per_ml[0], rel=1e-9
    )


def test_what_is_said_of_a_comparison_of_shape_alone(capsys, regimen):
    _, _, err = run(capsys, regimen, "--times", "0:60:20", "--model", "simons2022_S")

    assert "For a comparison of shape, not for a level." in err
    assert "same blood" not in err


@pytest.mark.parametrize(
    ("times", "printed"),
    [
        ("0:1:0.1", ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1"]),
        ("0:2.1:0.7", ["0", "0.7", "1.4", "2.1"]),
        ("0:10:4", ["0", "4", "8"]),
        ("40:40:1", ["40"]),
        ("0:0:5", ["0"]),
        ("24480.5:24481:0.25", ["24480.5", "24480.75", "24481"]),
        ("100000:100000.000001:0.0000005", ["100000", "100000.0000005", "100000.000001"]),
        (" 0 : 1 : 1 ", ["0", "1"]),
        ("1e1:2e1:5", ["10", "15", "20"]),
    ],
)
def test_times_are_minutes_as_one_would_write_them(capsys, regimen, times, printed):
    code, rows, _ = run(capsys, regimen, "--times", times)

    assert code == 0
    assert [row["time_min"] for row in rows] == printed


@pytest.mark.parametrize(
    ("times", "says"),
    [
        ("0:240", "is not first:last:step. Write minutes, such as --times 0:240:1."),
        ("0:240:1:1", "is not first:last:step"),
        ("240", "is not first:last:step"),
        ("", "is not first:last:step"),
        ("a:b:c", "is not first:last:step"),
        ("0:nan:1", "is not first:last:step"),
        ("0:inf:1", "is not first:last:step"),
        ("0:240:0", "the step is above 0"),
        ("0:240:-1", "the step is above 0"),
        ("240:0:1", "the last is not before the first"),
        ("-1:240:1", "minutes count from the start of the infusion"),
        ("0:1e300:1e300", "takes minutes up to 1,000,000"),
        ("0:1:1e-9999999999", "asks for more than 1,000,000 times"),
        ("0:240:0.0000001", "asks for more than 1,000,000 times. Take a longer step."),
        ("0:1e-8:1e-11", "the step is too short to tell the times apart"),
    ],
)
def test_times_that_are_none_are_refused(capsys, regimen, times, says):
    assert says in refused(capsys, regimen, f"--times={times}")


def test_times_are_asked_for(capsys, regimen):
    assert "--times" in refused(capsys, regimen)


def test_a_bolus_at_an_asked_time_has_been_given(capsys, tmp_path):
    file = tmp_path / "push.json"
    file.write_text('{"weight_kg": 70, "boluses": [{"at_min": 2.1, "mg": 7}]}')

    _, rows, _ = run(capsys, file, "--times", "0:2.8:0.7")

    assert [row["plasma_ng_per_ml"] for row in rows][:4] == ["0", "0", "0", "280"]


def test_a_model_of_another_name_is_refused_with_those_that_there_are(capsys, regimen):
    said = refused(capsys, regimen, "--times", "0:1:1", "--model", "kamp")

    assert "There is no model 'kamp'. Write one of kamp2020_opentiva, domino1984, otto2021_S, simons2022_S." in said
    assert "Or write all." in said


class TestBadRegimens:
    """A few of each kind; all of them in tests/pharmacology/test_regimen_json.py."""

    @pytest.mark.parametrize(
        ("told", "says"),
        [
            ("not json", "This is not JSON"),
            (TRIAL.replace("70", "0"), "weight_kg is 0"),
            (TRIAL.replace("70", "700"), "weight_kg is 700, and Sextant takes 25 to 350"),
            (TRIAL.replace("70", '"70"'), 'weight_kg is "70". Write a number without quotes'),
            (TRIAL.replace("0.5", "5"), "5 mg/kg (350 mg) is given within a day"),
            (TRIAL.replace("0.5", "-5"), "dose_mg_per_kg is -5"),
            (TRIAL.replace("40", "0.67"), "If hours were meant, 0.67 h is 40.2 min"),
            (TRIAL.replace('"start_min": 0', '"start_min": -10'), "start_min is -10"),
            (TRIAL.replace("40", "-40"), "duration_min is -40"),
            (TRIAL.replace("]}", ', {"start_min": 39, "duration_min": 5, "rate_mg_per_min": 1}]}'), "overlap"),
            (TRIAL.replace("segments", "segment"), "has 'segment', which nobody reads"),
        ],
    )
    def test_they_are_refused_with_the_file_and_nothing_is_printed(self, capsys, regimen, told, says):
        regimen.write_text(told)

        said = refused(capsys, regimen, "--times", "0:240:1", "--model", "all")

        assert f"sextant: {regimen}: " in said
        assert says in said

    def test_a_file_that_is_not_there(self, capsys, tmp_path):
        assert "There is no file" in refused(capsys, tmp_path / "none.json", "--times", "0:1:1")


class TestOutsideOfEveryDomain:
    @pytest.mark.parametrize(("kg", "warned"), [(52.9, True), (53, False), (93, False), (93.1, True)])
    def test_a_weight_is_computed_with_a_warning_beside_it(self, capsys, regimen, kg, warned):
        regimen.write_text(TRIAL.replace("70", str(kg)))

        code, rows, err = run(capsys, regimen, "--times", "0:40:40")

        assert code == 0
        assert float(rows[1]["plasma_ng_per_ml"]) > 200
        assert ("is outside the weights" in err) is warned

    @pytest.mark.parametrize(("mg_per_kg", "warned"), [(1.41, False), (1.42, True)])
    def test_so_is_a_dose(self, capsys, regimen, mg_per_kg, warned):
        regimen.write_text(TRIAL.replace("0.5", str(mg_per_kg)))

        code, rows, err = run(capsys, regimen, "--times", "0:40:40")

        assert code == 0
        assert len(rows) == 2
        assert ("above the highest dose of an infusion in the studies of addiction on file" in err) is warned


def test_gz_and_standard_input_are_read(capsys, tmp_path, monkeypatch):
    file = tmp_path / "regimen.json.gz"
    file.write_bytes(gzip.compress(b"\xef\xbb\xbf" + TRIAL.encode()))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TRIAL.encode())))

    _, from_file, _ = run(capsys, file, "--times", "0:40:10")
    _, from_stdin, _ = run(capsys, "-", "--times", "0:40:10")

    assert from_file == from_stdin != []


def test_what_is_given_in_mg_a_minute_is_the_same_infusion(capsys, regimen):
    _, by_dose, _ = run(capsys, regimen, "--times", "0:240:10")
    told = json.loads(TRIAL)
    told["segments"] = [{"start_min": 0, "duration_min": 40, "rate_mg_per_min": 0.875}]
    regimen.write_text(json.dumps(told))

    _, by_rate, _ = run(capsys, regimen, "--times", "0:240:10")

    assert by_dose == by_rate


def test_the_example_of_the_command_line_page_prints_what_stands_below_it(capsys, tmp_path, monkeypatch):
    page = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")
    section = page.split("## `sextant infusion", 1)[1].split("\n## ", 1)[0]
    told = re.search(r"```json\n(.*?)```", section, re.DOTALL)
    command = re.search(r"```\n(sextant infusion [^\n]*)\n```\n\n```csv\n(.*?)```", section, re.DOTALL)
    assert told is not None
    assert command is not None
    (tmp_path / "regimen.json").write_text(told.group(1))
    monkeypatch.chdir(tmp_path)

    assert main(shlex.split(command.group(1))[1:]) == 0

    assert capsys.readouterr().out == command.group(2)
