"""The records of patients, as the core reads them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from sextant import record
from sextant.clinic.fact_codec import decode
from sextant.clinic.models import Fact, Patient
from sextant.clinic.zones import in_zone
from sextant.record import PatientRecord

_AT_ONCE = 5_000
_HEX_DIGITS = 32
_IN_ORDER = ("taken_at", "entered_at", "id")


def record_of(patient: Patient, *, without: Fact | None = None) -> PatientRecord:
    """All facts that hold, without those that were corrected or taken back; one query.

    `without` leaves out one more: the fact that is about to be corrected.
    """
    rows = Fact.objects.current().filter(patient=patient).order_by(*_IN_ORDER)
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    return PatientRecord.of(patient.as_record, [row.as_record for row in rows])


def records_of(patient_ids: Sequence[UUID]) -> Iterator[PatientRecord]:
    """The records of many patients; two queries for all of them together."""
    facts: dict[str, list[record.Fact]] = defaultdict(list)
    # Plain columns and no rows of the model, and ids as text: of a whole clinic these are a good part of the time.
    columns = ("of", "row", "kind", "payload", "taken_at", "zone", "source")
    rows = (
        Fact.objects.current()
        .filter(patient__in=patient_ids)
        .order_by(*_IN_ORDER)
        .annotate(of=Cast("patient_id", TextField()), row=Cast("id", TextField()))
        .values_list(*columns)
    )
    for of, row, kind, payload, taken_at, zone, source in rows.iterator(chunk_size=_AT_ONCE):
        fact = decode(kind, payload, fact_id=_with_hyphens(row), taken_at=in_zone(taken_at, zone), source=source)
        facts[_with_hyphens(of)].append(fact)
    for patient in Patient.objects.filter(pk__in=patient_ids):
        yield PatientRecord.of(patient.as_record, facts[str(patient.pk)])


def _with_hyphens(stored: str) -> str:
    """An id as it is written everywhere; SQLite keeps it without hyphens.

    >>> _with_hyphens("db9cee8adb9d4f2b8f3c2a3a5f3b1c0d")
    'db9cee8a-db9d-4f2b-8f3c-2a3a5f3b1c0d'
    """
    if len(stored) != _HEX_DIGITS:
        return stored
    return f"{stored[:8]}-{stored[8:12]}-{stored[12:16]}-{stored[16:20]}-{stored[20:]}"
