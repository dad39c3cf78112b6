"""The record of one patient, as the core reads it."""

from sextant.clinic.models import Fact, Patient
from sextant.record import PatientRecord


def record_of(patient: Patient, *, without: Fact | None = None) -> PatientRecord:
    """All facts that hold, without those that were corrected or taken back; one query.

    `without` leaves out one more: the fact that is about to be corrected.
    """
    rows = Fact.objects.current().filter(patient=patient).order_by("taken_at", "entered_at", "id")
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    return PatientRecord.of(patient.as_record, [row.as_record for row in rows])
