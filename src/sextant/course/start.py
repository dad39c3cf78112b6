"""May an infusion begin now? Every gate is asked again, and a signature counts only where one is allowed."""

from datetime import datetime

from sextant.protocol import Finding, Limits, barring, screen, stages_at_start
from sextant.record import PatientRecord


def gates_at_start(record: PatientRecord, limits: Limits, now: datetime) -> tuple[Finding, ...]:
    """Every gate that is asked when an infusion begins, as it stands at `now`."""
    known, _ = record.as_of(now)
    return screen(known, limits, now, stages=stages_at_start(known, limits))


def bars_start(record: PatientRecord, limits: Limits, now: datetime) -> tuple[Finding, ...]:
    """The gates that bar an infusion at `now`, the most binding first; empty where it may begin."""
    known, _ = record.as_of(now)
    return barring(gates_at_start(known, limits, now), known, now)
