"""Coming to the clinic for an infusion, in one line, for the tests that have a database."""

from uuid import uuid4

from builders import NOW, at_the_door
from sextant.clinic.models import Patient, User
from sextant.clinic.services import facts, recommendations
from sextant.clinic.services.transaction import write
from sextant.record import Fact


def has_happened(actor: User, patient: Patient, *more: Fact) -> None:
    """Facts of the past as another system tells them: what was given was given, and no gate is asked again."""
    with write():
        facts.store_imported(actor, patient, {uuid4(): fact for fact in more}, now=NOW)
        recommendations.renew(patient, NOW)


def arrive(actor: User, patient: Patient, *, days: float = 0.25, infusion: int = 1) -> None:
    """What the door asks, so many days ago, and the order of one infusion."""
    has_happened(actor, patient, *at_the_door(days, infusion).values())
