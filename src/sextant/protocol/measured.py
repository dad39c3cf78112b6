"""What rules that read measurements share: the newest of one kind, and all of it where several share that time."""

from sextant.record import Measurement, PatientRecord


def newest_of(record: PatientRecord, kind: str) -> tuple[Measurement, ...]:
    """The measurements of one kind that share the newest time: a rule takes the most worrying of them."""
    found = [one for one in record.all(Measurement) if one.kind == kind]
    return tuple(one for one in found if one.taken_at == found[-1].taken_at)
