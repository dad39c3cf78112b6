"""Many who write at once: every write arrives, in one order, and none is lost."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

PREPARE = """
from datetime import date
from uuid import uuid4
from django.core.management import call_command
from sextant.clinic.models import Role, User
from sextant.clinic.services.patients import create_patient
from sextant.record import Sex
call_command("migrate", verbosity=0)
nurse = User.objects.create(username="nurse", role=Role.NURSE)
create_patient(nurse, name="Made-up Patient", birth_date=date(1981, 3, 3), sex=Sex.FEMALE, key=uuid4())
"""
WRITE = """
from datetime import timedelta
from threading import Thread
from uuid import uuid4
from django.db import connection
from django.utils import timezone
from sextant.clinic.models import Patient, User
from sextant.clinic.services.facts import add_fact
from sextant.record import BloodPressure

nurse, patient = User.objects.get(), Patient.objects.get()

def write(thread):
    for number in range(EACH):
        reading = BloodPressure(
            fact_id="new",
            taken_at=timezone.now() - timedelta(seconds=1),
            systolic_mmhg=100 + thread,
            diastolic_mmhg=60 + number,
        )
        add_fact(nurse, patient, reading, key=uuid4())
    connection.close()

threads = [Thread(target=write, args=[thread]) for thread in range(THREADS)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""
DIE = """
import os
from uuid import uuid4
from django.utils import timezone
from sextant.clinic.models import Patient, User
from sextant.clinic.services.facts import add_fact
from sextant.clinic.services.transaction import write
from sextant.record import Weight
with write():
    weight = Weight(fact_id="new", taken_at=timezone.now(), weight_kg=78)
    add_fact(User.objects.get(), Patient.objects.get(), weight, key=uuid4())
    os._exit(0)
"""
INSIDE_ANOTHER = """
from django.db import transaction
from sextant.clinic.services.transaction import write
with transaction.atomic():
    try:
        with write():
            print("written")
    except RuntimeError:
        print("refused")
"""
COUNT = """
from sextant.clinic.models import Fact
from sextant.clinic.services import audit
print(Fact.objects.count(), audit.verify().ok)
"""


def begin(program: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", f"import django\ndjango.setup()\n{program}"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end(process: subprocess.Popen[str]) -> str:
    said, wrong = process.communicate(timeout=120)
    assert (process.returncode, wrong) == (0, "")
    return said


SERVER = os.environ.get("SEXTANT_TEST_POSTGRES", "")


def own(folder: Path, database: str = "") -> dict[str, str]:
    """The environment of a clinic of its own: a SQLite file or, where the tests run on PostgreSQL, a database there."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SEXTANT_")}
    address = {"SEXTANT_DATABASE_URL": urlsplit(SERVER)._replace(path=f"/{database}").geturl()} if SERVER else {}
    return inherited | {"SEXTANT_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "sextant.clinic.settings"} | address


@contextmanager
def new_database(like: str = "template1") -> Iterator[str]:
    """The name of a database of its own on the server, with all that is in another one; on SQLite there is none."""
    if not SERVER:
        yield ""
        return
    import psycopg

    name = f"writers_{uuid4().hex}"
    with psycopg.connect(SERVER, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {like}")
        yield name
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Folder and database of a clinic with a nurse and a patient, to take copies of."""
    folder = tmp_path_factory.mktemp("prepared")
    with new_database() as database:
        end(begin(PREPARE, own(folder, database)))
        yield folder, database


@pytest.fixture
def clinic(prepared: tuple[Path, str], tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a clinic of its own, in which nobody has written yet."""
    folder, database = prepared
    shutil.copytree(folder, tmp_path / "clinic")
    with new_database(like=database or "template1") as copy:
        yield own(tmp_path / "clinic", copy)


def test_eight_threads_write_at_once_and_none_is_lost(clinic: dict[str, str]):
    end(begin(WRITE.replace("THREADS", "8").replace("EACH", "5"), clinic))

    assert end(begin(COUNT, clinic)).split() == ["40", "True"]


def test_a_process_that_dies_in_mid_write_leaves_nothing_half_done_and_holds_nobody_up(clinic: dict[str, str]):
    end(begin(DIE, clinic))

    end(begin(WRITE.replace("THREADS", "1").replace("EACH", "2"), clinic))

    assert end(begin(COUNT, clinic)).split() == ["2", "True"]


def test_a_write_inside_another_transaction_is_an_error_and_waits_for_nobody(clinic: dict[str, str]):
    assert end(begin(INSIDE_ANOTHER, clinic)) == "refused\n"


def test_two_processes_write_at_once_and_none_is_lost(clinic: dict[str, str]):
    both = [begin(WRITE.replace("THREADS", "2").replace("EACH", "5"), clinic) for _ in range(2)]
    for process in both:
        end(process)

    assert end(begin(COUNT, clinic)).split() == ["20", "True"]
