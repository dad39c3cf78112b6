"""What was entered for a patient, by whom and when, with every correction."""

from dataclasses import dataclass
from datetime import datetime

from sextant import record
from sextant.clinic.models import Fact, Patient, User


@dataclass(frozen=True, slots=True)
class Entered:
    """One row of the history.

    `fact` is None for a row that takes back what was entered in error. `holds` is false where a later row stands in
    its place; `replaces` and `reason` say what this row corrected and why.
    """

    row: Fact
    fact: record.Fact | None
    entered_at: datetime
    entered_by: User
    holds: bool
    replaces: Fact | None
    reason: str


def facts_of(patient: Patient) -> list[Entered]:
    """All rows of a patient, newest first; one query."""
    rows = (
        Fact.objects.filter(patient=patient)
        .select_related("entered_by", "replaces", "replaced_by")
        .order_by("-taken_at", "-entered_at", "id")
    )
    return [
        Entered(
            row=row,
            fact=None if row.withdrawn else row.as_record,
            entered_at=row.entered_at,
            entered_by=row.entered_by,
            holds=not row.withdrawn and not hasattr(row, "replaced_by"),
            replaces=row.replaces,
            reason=row.reason,
        )
        for row in rows
    ]
