"""The prescriber's decision on a next step, in the prescriber's own words."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from django.utils import timezone

from sextant import record
from sextant.clinic.models import Fact, Patient, Recommendation, User
from sextant.clinic.selectors.records import record_of
from sextant.clinic.services import access, facts, recommendations
from sextant.clinic.services.refusal import Refused
from sextant.clinic.services.transaction import write
from sextant.course import StepCode
from sextant.units.words import day_words


class Choice(StrEnum):
    """What a prescriber does with an advice."""

    AS_ADVISED = "as_advised"
    OTHERWISE = "otherwise"


def record_decision(
    actor: User,
    patient: Patient,
    recommendation: Recommendation,
    *,
    choice: Choice,
    step: StepCode,
    infusion: int | None,
    reasons: str,
    planned_on: date | None,
    key: UUID,
    now: datetime | None = None,
) -> Fact:
    """Keep what was decided, with the next step that it was decided on.

    Raises
    ------
    Refused
        If the person is no prescriber, the chart has moved on since, the decision is another than advised without a
        reason, it reaches beyond the next one infusion, a binding gate is closed, or the planned day is past.
    """
    access.require_entry(actor, "Decision")
    moment = now or timezone.now()
    with write():
        if not Fact.objects.filter(key=key).exists():
            _check(patient, recommendation, choice, step, infusion, reasons, planned_on, moment)
        stored = Fact.objects.filter(key=key).first()
        decision = record.Decision(
            fact_id=str(uuid4()),
            # A repeat of the same form keeps the moment of the first.
            taken_at=stored.taken_at_local if stored else timezone.localtime(moment),
            choice=choice.value,
            step=step.value,
            infusion=infusion,
            reasons=reasons.strip(),
            planned_on=planned_on,
        )
        return facts.add_fact(actor, patient, decision, key=key, based_on=recommendation, now=moment)


def _check(
    patient: Patient,
    recommendation: Recommendation,
    choice: Choice,
    step: StepCode,
    infusion: int | None,
    reasons: str,
    planned_on: date | None,
    now: datetime,
) -> None:
    if recommendation.patient_id != patient.pk:
        raise Refused(
            "The form is about another patient than the page. Nothing was kept; open the chart again.",
            code="DECISION-001",
        )
    if recommendations.current(patient, now) != recommendation:
        raise Refused(
            "The chart has changed since this next step was read. Open the chart again and decide on what it says now.",
            code="DECISION-002",
        )
    advised = (StepCode(recommendation.step["code"]), recommendation.step["infusion"])
    if (choice is Choice.AS_ADVISED) != ((step, infusion) == advised):
        raise Refused(
            "What was chosen and what was advised do not fit together. Choose 'as advised', or another step.",
            code="DECISION-003",
        )
    if choice is Choice.OTHERWISE and not reasons.strip():
        raise Refused("This is another step than advised. Write why, in your own words.", code="DECISION-004")
    if planned_on is not None and planned_on < timezone.localdate(now):
        raise Refused(
            f"The planned day, {day_words(planned_on)}, is past. Choose today or a later day.", code="DECISION-005"
        )
    following = len(record_of(patient).infusions) + 1
    if (infusion is not None) != (step is StepCode.OFFER_INFUSION) or infusion not in {None, following}:
        raise Refused(
            f"Only the next infusion can be decided on, and that is infusion {following}. Nothing is booked beyond it.",
            code="DECISION-006",
        )
    if step is StepCode.OFFER_INFUSION:
        _check_gates(recommendation, reasons)


def _check_gates(recommendation: Recommendation, reasons: str) -> None:
    for gate in recommendation.answer["gates"]:
        if gate["verdict"] in {"closed", "ask"} and gate["strength"] in {"absolute", "hard"}:
            state = "is closed" if gate["verdict"] == "closed" else "is not answered"
            raise Refused(
                f"{gate['title']}: the gate {state}. {gate['saw']} It opens when: {gate['opens_when']}",
                code=gate["code"],
            )
        if gate["verdict"] in {"closed", "ask"} and not reasons.strip():
            raise Refused(
                f"{gate['title']}: the gate does not stand open. {gate['saw']} Write why you pass it.",
                code=gate["code"],
            )
