"""The audit chain: who looked at or changed what. Each entry is sealed to the one before by its hash."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils import timezone

from sextant.clinic.models import (
    AuditEntry,
    Fact,
    Patient,
    PatientCorrection,
    PolicyVersion,
    PopulationVersion,
    Recommendation,
    User,
)
from sextant.clinic.services import access
from sextant.clinic.services.transaction import inside_write, write
from sextant.clinic.zones import utc_text

BEFORE_THE_FIRST = "0" * 64

Sealed = Fact | Patient | PatientCorrection | PolicyVersion | PopulationVersion | Recommendation
_REFERENCES: dict[type[Sealed], str] = {
    Fact: "fact",
    Patient: "patient",
    PatientCorrection: "correction",
    PolicyVersion: "policy",
    PopulationVersion: "population",
    Recommendation: "recommendation",
}
"""What an entry vouches for, by the word with which its `object_ref` begins."""


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What a check of the chain found: how many entries, and the first that does not fit.

    `first_bad` is the number of the first entry that was changed or is out of order, or whose fact, first line of a
    chart, correction of one, policy, population or next step no longer says what it said when it was written.
    `unsealed_facts` counts the rows of these kinds that no entry vouches for.
    """

    entries: int
    first_bad: int | None
    unsealed_facts: int

    @property
    def ok(self) -> bool:
        """Whether the whole chain and all that it vouches for are as they were written."""
        return self.first_bad is None and not self.unsealed_facts


def record_entry(
    actor: User | None, action: str, *, patient: Patient | None = None, object_ref: str = "", **detail: str | int
) -> AuditEntry:
    """Append one entry, in the transaction of the change that it tells of.

    `detail` must hold no clinical content: ids, counts, names of pages and files, seals.
    """
    entry = AuditEntry(
        at=timezone.now(), actor=actor, action=action, patient=patient, object_ref=object_ref, detail=detail
    )
    _append([entry])
    return entry


def record_written(actor: User | None, action: str, row: Sealed, **detail: str | int) -> AuditEntry:
    """Append the entry of a row that was written, with the seal of all that the row says."""
    entry = _of_written(actor, action, row, **detail)
    _append([entry])
    return entry


def record_all_written(actor: User | None, action: str, rows: Sequence[Sealed]) -> None:
    """Append the entries of rows that were written together, one a row and in their order."""
    _append([_of_written(actor, action, row) for row in rows])


def head() -> AuditEntry | None:
    """The newest entry. Its number and hash, kept elsewhere, show later whether entries after it or it are gone."""
    return AuditEntry.objects.order_by("-seq").first()


def saw(actor: User, patient: Patient | None, page: str) -> None:
    """Record that a page was opened, before it is shown; refuse whoever may not read.

    Raises
    ------
    NotAllowed
    """
    access.require_reader(actor)
    with write():
        record_entry(actor, "page.read", patient=patient, page=page)


def seal(row: Sealed) -> str:
    """SHA-256 of all that a row says. A secret key is part of it, so that short contents cannot be guessed."""
    return sha256(_canonical(row.content())).hexdigest()


def verify() -> AuditVerdict:
    """Walk the chain from its first entry and compare every row with the newest entry that vouches for it."""
    expected_seq, prev_hash, first_bad = 1, BEFORE_THE_FIRST, None
    entries = 0
    sealed: dict[str, tuple[int, str]] = {}
    for entry in AuditEntry.objects.order_by("seq").iterator():
        entries += 1
        fits = entry.seq == expected_seq and entry.prev_hash == prev_hash and entry.hash == _hash(entry)
        if not fits and first_bad is None:
            first_bad = entry.seq
        expected_seq, prev_hash = entry.seq + 1, entry.hash
        if "seal" in entry.detail:
            sealed[entry.object_ref] = (entry.seq, entry.detail["seal"])
    unsealed = 0
    for model in _REFERENCES:
        for row in model.objects.iterator():
            seq, said = sealed.pop(_reference(row), (None, ""))
            if seq is None:
                unsealed += 1
            elif said != seal(row):
                first_bad = min(first_bad or seq, seq)
    for seq, _ in sealed.values():  # rows that are no longer there
        first_bad = min(first_bad or seq, seq)
    return AuditVerdict(entries=entries, first_bad=first_bad, unsealed_facts=unsealed)


def _of_written(actor: User | None, action: str, row: Sealed, **detail: str | int) -> AuditEntry:
    return AuditEntry(
        at=timezone.now(),
        actor=actor,
        action=action,
        patient=row if isinstance(row, Patient) else getattr(row, "patient", None),
        object_ref=_reference(row),
        detail={"seal": seal(row), **detail},
    )


def _append(entries: Sequence[AuditEntry]) -> None:
    """Number and seal entries behind the newest one, and store them."""
    if not inside_write():
        raise RuntimeError("An audit entry is written inside transaction.write(), with the change that it tells of.")
    seq, prev_hash = AuditEntry.objects.order_by("-seq").values_list("seq", "hash").first() or (0, BEFORE_THE_FIRST)
    for entry in entries:
        seq += 1
        entry.seq, entry.prev_hash = seq, prev_hash
        entry.hash = prev_hash = _hash(entry)
    AuditEntry.objects.bulk_create(entries)


def _reference(row: Sealed) -> str:
    return f"{_REFERENCES[type(row)]}:{row.pk}"


def _hash(entry: AuditEntry) -> str:
    content = {
        "seq": entry.seq,
        "at": utc_text(entry.at),
        "actor": entry.actor_id,
        "action": entry.action,
        "patient": entry.patient_id and str(entry.patient_id),
        "object_ref": entry.object_ref,
        "detail": entry.detail,
    }
    return sha256(entry.prev_hash.encode() + _canonical(content)).hexdigest()


def _canonical(content: dict[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()
