"""The records of patients, as the core reads them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from sextant import record
from sextant.clinic.fact_codec import decode
from sextant.clinic.models import Fact, Patient
from sextant.clinic.zones import in_zone
from sextant.record import PatientRecord

_AT_ONCE = 5_000
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
    facts: dict[UUID, list[record.Fact]] = defaultdict(list)
    # Plain columns and no rows of the model: of a whole clinic these are most of the time.
    columns = ("patient_id", "id", "kind", "payload", "taken_at", "zone", "source")
    rows = Fact.objects.current().filter(patient__in=patient_ids).order_by(*_IN_ORDER).values_list(*columns)
    for patient_id, pk, kind, payload, taken_at, zone, source in rows.iterator(chunk_size=_AT_ONCE):
        fact = decode(kind, payload, fact_id=str(pk), taken_at=in_zone(taken_at, zone), source=source)
        facts[patient_id].append(fact)
    for patient in Patient.objects.filter(pk__in=patient_ids):
        yield PatientRecord.of(patient.as_record, facts[patient.pk])
