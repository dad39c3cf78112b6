"""`sextant demo` makes a clinic of its own and touches nobody else's folder."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from jsonschema import Draft202012Validator

SCHEMA = Path(__file__).parents[2] / "docs" / "schemas" / "replay.json"


def demo(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SEXTANT_", "DJANGO_"))}
    command = [sys.executable, "-m", "sextant.cli.main", "demo", "--no-serve", "--data", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def sextant(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SEXTANT_DATA_DIR": str(folder), "SEXTANT_DEMO": "1"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "sextant.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def patients_in(folder: Path) -> int:
    with sqlite3.connect(folder / "sextant.sqlite3") as database:
        (count,) = database.execute("SELECT count(*) FROM clinic_patient").fetchone()
    database.close()
    return count


def test_a_made_up_clinic_is_made_once_and_told_of_with_its_sign_ins(tmp_path):
    first = demo(tmp_path / "clinic", "--patients", "2")
    again = demo(tmp_path / "clinic", "--patients", "2")

    assert first.returncode == 0, first.stderr
    assert "demo-nurse-sign-in" in first.stdout
    assert "remove that folder for a new one" in again.stdout
    assert patients_in(tmp_path / "clinic") == 2


def test_a_half_made_clinic_is_made_again(tmp_path):
    folder = tmp_path / "clinic"
    demo(folder, "--patients", "1")
    (folder / "made-up-clinic.json").write_text(json.dumps({"done": False}))

    done = demo(folder, "--patients", "2")

    assert done.returncode == 0, done.stderr
    assert patients_in(folder) == 2


def test_a_folder_that_holds_other_things_is_left_alone(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"\xff")

    refused = demo(tmp_path)

    assert refused.returncode == 2
    assert "holds other things" in refused.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["photo.jpg"]


def test_numbers_that_cannot_be_are_refused(tmp_path):
    assert demo(tmp_path / "clinic", "--patients", "0").returncode == 2
    assert demo(Path(" ")).returncode == 2


def test_a_stored_next_step_of_the_made_up_clinic_is_the_same_again(tmp_path):
    folder = tmp_path / "clinic"
    demo(folder, "--patients", "12")
    with sqlite3.connect(folder / "sextant.sqlite3") as database:
        (one,) = database.execute("SELECT id FROM clinic_recommendation ORDER BY made_at DESC LIMIT 1").fetchone()
    database.close()

    again = sextant(folder, "replay", one, "--json")
    unknown = sextant(folder, "replay", "0" * 32)

    told = json.loads(again.stdout)
    assert again.returncode == 0, again.stderr
    assert (told["same"], told["differs"]) == (True, [])
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(told)
    assert unknown.returncode == 2
    assert "No next step and no decision on file has the id" in unknown.stderr
