"""Adding, correcting and taking back facts. Nothing is ever overwritten."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from sextant import record
from sextant.clinic.fact_codec import FactShapeError, encode
from sextant.clinic.models import Fact, Patient, Recommendation, User
from sextant.clinic.selectors.records import record_of
from sextant.clinic.services import access, audit, gates, plausible, recommendations
from sextant.clinic.services.refusal import Refused
from sextant.clinic.services.transaction import write
from sextant.clinic.zones import zone_name
from sextant.units.words import count_words

_CORRECTED = "This was corrected already. Open the chart again to see what holds now."
_NOW = timedelta(minutes=5)  # between pressing the button and the clock of the service


def add_fact(
    actor: User,
    patient: Patient,
    fact: record.Fact,
    *,
    key: UUID,
    replaces: Fact | None = None,
    reason: str = "",
    based_on: Recommendation | None = None,
    now: datetime | None = None,
) -> Fact:
    """Enter one fact, or correct one by naming the fact it replaces and why.

    Parameters
    ----------
    key : made by whoever sends the fact; the same key again gives back the row that it made the first time
    replaces, reason : the fact that was wrong, and what was wrong with it
    based_on : the next step that a decision was made on
    now : moment of entry; the clock's if not given

    Raises
    ------
    Refused
        If the role may not, the fact cannot be true, a gate is closed at the time of an infusion given here, the key
        stands for something else, or the replaced fact is another patient's or was replaced already.
    """
    moment = now or timezone.now()
    with write():
        row = _enter(actor, patient, fact, key, moment, replaces=replaces, reason=reason, based_on=based_on)
        recommendations.renew(patient, moment)
        return row


def add_facts(
    actor: User, patient: Patient, facts: Mapping[UUID, record.Fact], *, now: datetime | None = None
) -> list[Fact]:
    """Enter several facts of one patient, by key and in order: all of them or none. The next step is read once."""
    moment = now or timezone.now()
    with write():
        rows = [_enter(actor, patient, fact, key, moment) for key, fact in facts.items()]
        recommendations.renew(patient, moment)
        return rows


def withdraw_fact(actor: User, fact: Fact, *, key: UUID, reason: str, now: datetime | None = None) -> Fact:
    """Take back what was entered in error, with nothing in its place. The row stays; readers leave it out."""
    moment = now or timezone.now()
    if fact.withdrawn:
        raise Refused(_CORRECTED, code="FACT-005")
    _require_entry(actor, fact.as_record)
    with write():
        row = Fact(
            patient=fact.patient,
            kind=fact.kind,
            payload={},
            taken_at=fact.taken_at,
            zone=fact.zone,
            entered_at=moment,
            entered_by=actor,
            replaces=fact,
            reason=reason.strip(),
            withdrawn=True,
            key=key,
        )
        if isinstance(fact.as_record, record.Target):
            _check_course_stands(fact.patient, without=fact)
        row = _stored_once(actor, row, "fact.withdrawn")
        recommendations.renew(fact.patient, moment)
        return row


def store_imported(actor: User, patient: Patient, facts: Mapping[UUID, record.Fact], *, now: datetime) -> list[Fact]:
    """Facts of another system as its export tells them, inside the transaction of the import."""
    rows = [_row(actor, patient, fact, key, now) for key, fact in facts.items()]
    stored = Fact.objects.in_bulk(facts, field_name="key")
    for row in rows:
        if row.key in stored:
            _check_said_before(stored[row.key], row)
    new = [row for row in rows if row.key not in stored]
    Fact.objects.bulk_create(new)
    audit.record_all_written(actor, "fact.imported", new)
    return [stored.get(row.key, row) for row in rows]


def _enter(
    actor: User,
    patient: Patient,
    fact: record.Fact,
    key: UUID,
    now: datetime,
    *,
    replaces: Fact | None = None,
    reason: str = "",
    based_on: Recommendation | None = None,
) -> Fact:
    _require_entry(actor, fact)
    if replaces is not None and not replaces.withdrawn:
        _check_same_matter(actor, fact, replaces.as_record)
    if isinstance(fact, record.Decision):
        _check_decision(fact, patient, based_on, replaces, now)
    row = _row(actor, patient, fact, key, now)
    row.replaces, row.reason, row.based_on = replaces, reason.strip(), based_on
    if not Fact.objects.filter(key=key).exists():
        known = record_of(patient, without=replaces)
        plausible.check(fact, known.facts, now)
        if isinstance(fact, record.Infusion) and not fact.given_elsewhere:
            gates.check_start(known, fact)
        if isinstance(fact, record.Override):
            gates.check_override(actor, known, fact, now)
        if isinstance(fact, record.Target) and replaces is not None:
            _check_course_stands(patient, without=replaces, instead=fact)
    return _stored_once(actor, row, "fact.corrected" if replaces else "fact.added")


def _require_entry(actor: User, fact: record.Fact) -> None:
    access.require_entry(actor, type(fact).__name__)
    if isinstance(fact, record.Answer):
        access.require_answer(actor, fact.question)
    if isinstance(fact, record.Override) and fact.signed_by != str(actor.pk):
        raise Refused("A signature is the signer's own: nobody else gives it or takes it back.", code="OVERRIDE-001")


def _check_same_matter(actor: User, fact: record.Fact, replaced: record.Fact) -> None:
    """A correction is of the same question or the same gate, by somebody who may change what it corrects."""
    _require_entry(actor, replaced)
    for kind, name in ((record.Answer, "question"), (record.Override, "code")):
        both = isinstance(fact, kind) and isinstance(replaced, kind)
        if both and getattr(fact, name) != getattr(replaced, name):
            raise Refused("A correction is of the same question as what it corrects.", code="FACT-004")


def _check_decision(
    decision: record.Decision, patient: Patient, based_on: Recommendation | None, replaces: Fact | None, now: datetime
) -> None:
    """A decision is made now, on a next step of this patient, and is followed by another and never rewritten."""
    if based_on is None or based_on.patient_id != patient.pk:
        raise Refused("A decision is made on a next step. Open the review and decide there.", code="DECISION-007")
    if replaces is not None or decision.taken_at > now or now - decision.taken_at > _NOW:
        raise Refused(
            "A decision is made now, and a new one takes the place of an earlier one. Open the review and decide "
            "again.",
            code="DECISION-012",
        )


def _check_course_stands(patient: Patient, *, without: Fact, instead: record.Fact | None = None) -> None:
    """Infusions are counted from the first target on: taking it back or moving it must not make them uncounted."""
    before, after = record_of(patient), record_of(patient, without=without)
    if instead is not None:
        after = record.PatientRecord.of(after.patient, [*after.facts, instead])
    if len(after.infusions) < len(before.infusions):
        raise Refused(
            f"{count_words(len(before.infusions), 'infusion')} of this treatment stand on this target, and would no "
            "longer be counted. Enter the new target as a new one, with the day on which it was chosen.",
            code="TARGET-003",
        )


def _row(actor: User, patient: Patient, fact: record.Fact, key: UUID, now: datetime) -> Fact:
    try:
        kind, payload = encode(fact)
    except FactShapeError as error:
        raise Refused(str(error), code="FACT-002") from None
    return Fact(
        patient=patient,
        kind=kind,
        payload=payload,
        taken_at=fact.taken_at,
        zone=zone_name(fact.taken_at),
        entered_at=now,
        entered_by=actor,
        source=fact.source or f"entered by {actor}",
        key=key,
    )


def _stored_once(actor: User, row: Fact, action: str) -> Fact:
    """Store a row and its audit entry, or give back the row that the same key made before."""
    stored = Fact.objects.filter(key=row.key).first()
    if stored is not None:
        _check_said_before(stored, row)
        return stored
    if row.replaces is not None:
        _check_replaced(row)
    row.save(force_insert=True)
    audit.record_written(actor, action, row)
    return row


def _check_said_before(stored: Fact, row: Fact) -> None:
    """The same key again says the same again: the row that it made is kept, and other content is refused."""
    if _said(stored) != _said(row):
        raise Refused(
            "This form was sent before with other content, and the first was kept. Open the page again and "
            "correct the fact there.",
            code="FACT-003",
        )


def _check_replaced(row: Fact) -> None:
    replaced = row.replaces
    if replaced.patient_id != row.patient_id or replaced.kind != row.kind:
        raise Refused("A correction is of the same kind and the same patient as what it corrects.", code="FACT-004")
    if replaced.withdrawn or Fact.objects.filter(replaces=replaced).exists():
        raise Refused(_CORRECTED, code="FACT-005")
    if not row.reason:
        raise Refused("A correction says why. Write what was wrong.", code="FACT-006")


def _said(row: Fact) -> dict[str, object]:
    """What the sender said, without what was added on arrival."""
    return {name: said for name, said in row.content().items() if name not in {"id", "entered_at"}}
