"""Signing that a closed gate is passed: one person, one gate as it stands, until the visit ends."""

from datetime import datetime
from uuid import UUID, uuid4

from django.utils import timezone

from sextant import record
from sextant.clinic.models import Fact, Patient, User
from sextant.clinic.services import access, facts
from sextant.clinic.services.transaction import write
from sextant.protocol import end_of_visit


def sign_override(
    actor: User, patient: Patient, *, code: str, saw: str, reason: str, key: UUID, now: datetime | None = None
) -> Fact:
    """Keep a signature that passes one gate; a hard gate waits for a second one by somebody else.

    Parameters
    ----------
    saw : what the gate said on the page that was signed
    reason : in the signer's own words

    Raises
    ------
    Refused
        If the person may not sign, gives no reason, the gate stands open, asks or is absolute, or says something
        else by now.
    """
    access.require_entry(actor, "Override")
    moment = timezone.localtime(now or timezone.now())
    with write():
        if (stored := Fact.objects.filter(key=key).first()) is not None:
            moment = stored.taken_at_local
        override = record.Override(
            fact_id=str(uuid4()),
            taken_at=moment,
            code=code,
            saw=saw,
            reason=reason.strip(),
            signed_by=str(actor.pk),
            role=actor.role,
            ends_at=end_of_visit(moment),
        )
        return facts.add_fact(actor, patient, override, key=key, now=moment)
