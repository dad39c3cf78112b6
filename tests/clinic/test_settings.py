"""Settings are checked at start-up, and each refusal says what to write."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from sextant.clinic.database import database_settings

ASK = "import sextant.clinic.settings as s; print(s.SECRET_KEY, s.SESSION_COOKIE_SECURE, s.ALLOWED_HOSTS)"


def start(data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Read the settings as a new process does."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SEXTANT_")}
    return subprocess.run(
        [sys.executable, "-c", ASK],
        env={**inherited, "SEXTANT_DATA_DIR": str(data_dir), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_key_is_made_at_the_first_start_and_kept(tmp_path: Path):
    first, second = start(tmp_path / "new"), start(tmp_path / "new")

    key_file = tmp_path / "new" / "secret-key"
    assert first.stdout == second.stdout
    assert len(key_file.read_text()) >= 50
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file.parent.stat().st_mode) == 0o700


def test_cookies_travel_in_the_open_only_in_the_demo(tmp_path: Path):
    assert " True " in start(tmp_path).stdout
    assert " False " in start(tmp_path, SEXTANT_DEMO="1").stdout


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SEXTANT_DATA_DIR", "/proc/no/such", "Set SEXTANT_DATA_DIR to a folder"),
        ("SEXTANT_SECRET_KEY_FILE", "/proc/no/such", "Set SEXTANT_SECRET_KEY_FILE"),
        ("SEXTANT_TIME_ZONE", "Mars/Olympus", "Write one such as America/Chicago"),
        ("SEXTANT_HTTPS", "maybe", "Write 1 for yes or 0 for no"),
        ("SEXTANT_DATABASE_URL", "mysql://here", "Write postgres://user:password@host:5432/name"),
    ],
)
def test_a_setting_that_cannot_be_taken_says_what_to_write(tmp_path: Path, name: str, value: str, says: str):
    started = start(tmp_path, **{name: value})

    assert started.returncode != 0
    assert says in started.stderr


def test_a_key_that_is_too_short_is_refused(tmp_path: Path):
    (tmp_path / "secret-key").write_text("short")

    assert "a new key is made" in start(tmp_path).stderr


def test_the_address_of_a_postgresql_database_is_taken_apart():
    settings = database_settings(Path(), "postgres://clinic:p%40ss@db.example:5433/sextant?sslmode=require")

    taken = {name: settings[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
    assert taken == {
        "NAME": "sextant",
        "USER": "clinic",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_a_refused_address_does_not_repeat_the_password():
    with pytest.raises(ImproperlyConfigured) as refusal:
        database_settings(Path(), "postgres://clinic:open-sesame@host:port:twice/%zz")

    assert "open-sesame" not in str(refusal.value)
