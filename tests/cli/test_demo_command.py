"""`sextant demo` makes a clinic of its own and touches nobody else's folder."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
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


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A made-up clinic of twelve, and what was said while it was made. Whoever changes it takes a copy."""
    folder = tmp_path_factory.mktemp("demo") / "clinic"
    return folder, demo(folder, "--patients", "12")


@pytest.fixture
def clinic(first: tuple[Path, object], tmp_path: Path) -> Path:
    """A copy of that clinic, to change."""
    return shutil.copytree(first[0], tmp_path / "clinic")


def test_a_made_up_clinic_is_made_once_and_told_of_with_its_sign_ins(first, clinic):
    _, said = first

    again = demo(clinic, "--patients", "12")

    assert said.returncode == 0, said.stderr
    assert "demo-nurse-sign-in" in said.stdout
    assert "remove that folder for a new one" in again.stdout
    assert patients_in(clinic) == 12


def test_a_half_made_clinic_is_made_again(clinic):
    (clinic / "made-up-clinic.json").write_text(json.dumps({"done": False}))

    done = demo(clinic, "--patients", "2")

    assert done.returncode == 0, done.stderr
    assert patients_in(clinic) == 2


def test_a_folder_that_holds_other_things_is_left_alone(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"\xff")

    refused = demo(tmp_path)

    assert refused.returncode == 2
    assert "holds other things" in refused.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["photo.jpg"]


def test_numbers_that_cannot_be_are_refused(tmp_path):
    assert demo(tmp_path / "clinic", "--patients", "0").returncode == 2
    assert demo(Path(" ")).returncode == 2


def test_a_stored_next_step_of_the_made_up_clinic_is_the_same_again(clinic):
    with sqlite3.connect(clinic / "sextant.sqlite3") as database:
        (one,) = database.execute("SELECT id FROM clinic_recommendation ORDER BY made_at DESC LIMIT 1").fetchone()
    database.close()

    again = sextant(clinic, "replay", one, "--json")
    unknown = sextant(clinic, "replay", "0" * 32)

    told = json.loads(again.stdout)
    assert again.returncode == 0, again.stderr
    assert (told["same"], told["differs"]) == (True, [])
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(told)
    assert unknown.returncode == 2
    assert "No next step and no decision on file has the id" in unknown.stderr
