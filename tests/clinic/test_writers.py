"""Many who write at once: every write arrives, in one order, and none is lost."""

import os
import subprocess
import sys
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


@pytest.fixture
def clinic(tmp_path: Path):
    """A clinic of its own: a SQLite file or, where the tests run on PostgreSQL, a new database there."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEXTANT_")}
    environment |= {"SEXTANT_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "sextant.clinic.settings"}
    server = os.environ.get("SEXTANT_TEST_POSTGRES")
    if not server:
        yield environment
        return
    import psycopg

    name = f"writers_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        yield environment | {"SEXTANT_DATABASE_URL": urlsplit(server)._replace(path=f"/{name}").geturl()}
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


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


def test_eight_threads_write_at_once_and_none_is_lost(clinic: dict[str, str]):
    end(begin(PREPARE, clinic))

    end(begin(WRITE.replace("THREADS", "8").replace("EACH", "5"), clinic))

    assert end(begin(COUNT, clinic)).split() == ["40", "True"]


def test_a_process_that_dies_in_mid_write_leaves_nothing_half_done_and_holds_nobody_up(clinic: dict[str, str]):
    end(begin(PREPARE, clinic))
    end(begin(DIE, clinic))

    end(begin(WRITE.replace("THREADS", "1").replace("EACH", "2"), clinic))

    assert end(begin(COUNT, clinic)).split() == ["2", "True"]


def test_a_write_inside_another_transaction_is_an_error_and_waits_for_nobody(clinic: dict[str, str]):
    assert end(begin(INSIDE_ANOTHER, clinic)) == "refused\n"


def test_two_processes_write_at_once_and_none_is_lost(clinic: dict[str, str]):
    end(begin(PREPARE, clinic))

    both = [begin(WRITE.replace("THREADS", "2").replace("EACH", "5"), clinic) for _ in range(2)]
    for process in both:
        end(process)

    assert end(begin(COUNT, clinic)).split() == ["20", "True"]
