"""The prescriber's own view before the forecast is shown: a setting of the clinic against following without thought."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

from django.utils import timezone

from sextant import record
from sextant.clinic.models import Fact, Patient, Recommendation, Role, User
from sextant.clinic.services import access, facts
from sextant.clinic.services.policy import limits_at
from sextant.course import StepCode

SWITCH = "view_before_forecast"
TO_DECIDE = frozenset({StepCode.OFFER_INFUSION, StepCode.REVIEW, StepCode.MAINTENANCE_WINDOW, StepCode.STOP_KETAMINE})


def awaits_view(actor: User, recommendation: Recommendation, known: record.PatientRecord, now: datetime) -> bool:
    """Whether this person is to write down an own view before the forecast of today is shown.

    Asked of prescribers alone, where there is a forecast and something to decide; one view serves for the day.
    """
    forecast = recommendation.answer["forecast"]
    if actor.role != Role.PRESCRIBER or forecast is None or forecast["refused"]:
        return False
    if StepCode(recommendation.step["code"]) not in TO_DECIDE or not limits_at(now).on(SWITCH):
        return False
    today = timezone.localdate(now)
    return not any(
        view.seen_by == str(actor.pk) and timezone.localdate(view.taken_at) == today
        for view in known.all(record.OwnView)
    )


def awaited_of(actor: User, now: datetime) -> Callable[[UUID], bool]:
    """For a list of many patients: whether this person's own view of a patient is awaited. One query for them all.

    The caller asks it of those alone of whom there is a forecast and something to decide.
    """
    if actor.role != Role.PRESCRIBER or not limits_at(now).on(SWITCH):
        return lambda _: False
    views = Fact.objects.current().filter(kind="OwnView", payload__seen_by=str(actor.pk))
    today = timezone.localdate(now)
    seen = {row.patient_id for row in views if timezone.localdate(row.taken_at) == today}
    return lambda patient_id: patient_id not in seen


def record_view(
    actor: User, patient: Patient, *, odds_in_ten: int, step: StepCode, key: UUID, now: datetime | None = None
) -> Fact:
    """Keep what the prescriber expects and would do, before the forecast is seen.

    Raises
    ------
    Refused
        If the person is no prescriber, or the odds are none.
    """
    access.require_entry(actor, "OwnView")
    stored = Fact.objects.filter(key=key).first()
    moment = stored.taken_at_local if stored else timezone.localtime(now or timezone.now())
    view = record.OwnView(
        fact_id=str(uuid4()), taken_at=moment, seen_by=str(actor.pk), odds_in_ten=odds_in_ten, step=step.value
    )
    return facts.add_fact(actor, patient, view, key=key, now=moment)
