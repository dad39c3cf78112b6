"""The tests of the clinic again, on a PostgreSQL server that lives for this one test."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """The address of an empty server, reached through a socket in its own folder."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    initdb = shutil.which("initdb") or next((str(folder / "initdb") for folder in reversed(programs)), None)
    if initdb is None:
        pytest.skip("no PostgreSQL on this machine; on Debian: apt-get install postgresql")
    bin_folder = Path(initdb).resolve().parent
    folder = Path(mkdtemp(prefix="sextant-postgresql-"))
    owner: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres")
        owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    data, log = folder / "data", folder / "log"
    start = [*owner, str(bin_folder / "initdb"), "-D", str(data), "-U", "sextant", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*start, "--no-sync"], check=True, capture_output=True, cwd=folder)
    control = [*owner, str(bin_folder / "pg_ctl"), "-D", str(data), "-w"]
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    subprocess.run([*control, "-l", str(log), "-o", options, "start"], check=True, capture_output=True, cwd=folder)
    yield f"postgres://sextant@/postgres?host={folder}"
    subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=folder)
    shutil.rmtree(folder, ignore_errors=True)


def test_the_clinic_is_the_same_on_postgresql(postgresql: str) -> None:
    again = [sys.executable, "-m", "pytest", "tests/clinic", "-m", "not slow and not browser"]

    done = subprocess.run(
        again, cwd=ROOT, env={**os.environ, "SEXTANT_TEST_POSTGRES": postgresql}, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout[-4000:]
    print(done.stdout[-200:])
