"""How fast the gates are asked: one patient, a clinic of 10,000 in memory, and the same read from a database.

    .venv/bin/python benchmarks/gates.py [--patients N]

Asked for: under 2 ms for all rules of one patient; a clinic of 10,000 in under 20 s.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import cycle, islice
from multiprocessing import get_context
from statistics import median
from time import perf_counter
from uuid import UUID, uuid4

PATIENTS = 10_000
CHARTS = 44  # different ones; the others repeat them
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
AT_ONCE = 500
CORES = 2


def main(arguments: list[str]) -> int:
    """Print each figure beside what was asked for."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--patients", type=int, default=PATIENTS, help=f"in the clinic (default: {PATIENTS})")
    patients = asked.parse_args(arguments).patients
    one_patient()
    for n in (patients // 2, patients):
        in_memory(n)
    with tempfile.TemporaryDirectory() as folder:
        from_database(patients, folder)
    return 0


def one_patient() -> None:
    """All rules that are asked when an infusion begins, of the chart with the most facts; nothing kept between."""
    from sextant.protocol import RULES
    from sextant.record import PatientRecord

    record = max(_charts(), key=lambda one: len(one.facts))
    times = [_timed(lambda: _ask(PatientRecord(record.patient, record.facts))) for _ in range(300)]
    print(f"one patient, {len(RULES)} rules, {len(record.facts)} facts: best {1e3 * min(times):.2f} ms, ", end="")
    print(f"median {1e3 * median(times):.2f} ms (asked for: 2 ms)")


def in_memory(n: int) -> None:
    """So many patients whose records are there already."""
    from sextant.record import PatientRecord

    records = [PatientRecord(one.patient, one.facts) for one in islice(cycle(_charts()), n)]
    seconds = _timed(lambda: [_ask(record) for record in records])
    print(f"{n:,} patients in memory: {seconds:.1f} s, {1e3 * seconds / n:.2f} ms a patient")


def from_database(n: int, folder: str) -> None:
    """The same out of the clinic's own database, read and decoded."""
    os.environ.update(SEXTANT_DATA_DIR=folder, DJANGO_SETTINGS_MODULE="sextant.clinic.settings", SEXTANT_DEMO="1")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from sextant.clinic.models import Patient

    call_command("migrate", verbosity=0)
    facts = _fill(n)
    keys = list(Patient.objects.values_list("pk", flat=True))
    parts = [keys[first : first + AT_ONCE] for first in range(0, len(keys), AT_ONCE)]
    alone = _timed(lambda: [_ask_from_database(part) for part in parts])
    connections.close_all()  # a process of its own opens its own
    with ProcessPoolExecutor(CORES, mp_context=get_context("fork")) as pool:
        together = _timed(lambda: list(pool.map(_ask_from_database, parts)))
    print(
        f"{n:,} patients out of SQLite, {facts:,} facts: {together:.1f} s in {CORES} processes, {alone:.1f} s in one "
        "(asked for: 20 s for 10,000)"
    )


def _ask_from_database(keys: list[UUID]) -> int:
    from sextant.clinic.selectors.records import records_of

    return sum(1 for record in records_of(keys) if _ask(record) is None)


def _fill(n: int) -> int:
    """Charts straight into the tables: what is measured is reading, and sealing so many rows would take an hour."""
    from sextant.clinic.fact_codec import encode
    from sextant.clinic.models import Fact, Patient, Role, User

    actor = User.objects.create(username="benchmark", role=Role.PRESCRIBER)
    charts, facts = _charts(), 0
    for first in range(0, n, AT_ONCE):
        patients, rows = [], []
        for record in islice(cycle(charts), first, min(first + AT_ONCE, n)):
            person = record.patient
            patient = Patient(
                name=person.name, birth_date=person.birth_date, sex=person.sex.value, created_at=NOW, key=uuid4()
            )
            patients.append(patient)
            for fact in record.facts:
                kind, payload = encode(fact)
                rows.append(
                    Fact(
                        patient=patient,
                        kind=kind,
                        payload=payload,
                        taken_at=fact.taken_at,
                        zone="UTC",
                        entered_at=NOW,
                        entered_by=actor,
                        source="benchmark",
                        key=uuid4(),
                    )
                )
        Patient.objects.bulk_create(patients)
        Fact.objects.bulk_create(rows, batch_size=2_000)
        facts += len(rows)
    return facts


def _charts() -> list:  # type: ignore[type-arg]
    from sextant.virtual import virtual_patients

    return [one.record for one in virtual_patients(CHARTS, now=NOW, seed=1)]


def _ask(record) -> None:  # type: ignore[no-untyped-def]
    from sextant.course import gates_at_start

    gates_at_start(record, _limits(), NOW)


def _limits():  # type: ignore[no-untyped-def]
    from sextant.protocol import read_policy
    from sextant.virtual.policy import made_up_policy

    if not _KEPT:
        _KEPT.append(read_policy(made_up_policy(NOW.date()), today=NOW.date()))
    return _KEPT[0]


_KEPT: list = []  # type: ignore[type-arg]


def _timed(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return perf_counter() - begun


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
