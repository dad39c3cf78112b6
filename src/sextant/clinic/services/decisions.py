"""The prescriber's decision on a next step, in the prescriber's own words."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid4

from django.utils import timezone

from sextant import record
from sextant.clinic.models import Fact, Patient, Recommendation, User
from sextant.clinic.selectors.records import record_of
from sextant.clinic.services import access, facts, gates, recommendations, views
from sextant.clinic.services.policy import limits_at
from sextant.clinic.services.refusal import Refused
from sextant.clinic.services.transaction import write
from sextant.course import StepCode
from sextant.protocol import Stage, Verdict, barring, is_maintenance
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
    dose_mg_per_kg: float | None = None,
    duration_min: float | None = None,
    now: datetime | None = None,
) -> Fact:
    """Keep what was decided, with the next step that it was decided on.

    With an infusion, dose and minutes are its order: of that one infusion, and of no other.

    Raises
    ------
    Refused
        If the person is no prescriber, the chart has moved on since, the decision is another than advised without a
        reason, it reaches beyond the next one infusion or orders none, a gate bars the way, a maintenance infusion
        has no forecast of the patient's own behind it, or the planned day is past.
    """
    access.require_entry(actor, "Decision")
    moment = now or timezone.now()
    with write():
        if not Fact.objects.filter(key=key).exists():
            _check(patient, recommendation, choice, step, infusion, reasons, planned_on, moment)
            _check_order(step, dose_mg_per_kg, duration_min)
            if views.awaits_view(actor, recommendation, record_of(patient), moment):
                raise Refused(
                    "The clinic asks for the prescriber's own view before the forecast and the decision. Write it "
                    "down first.",
                    code="DECISION-011",
                )
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
            dose_mg_per_kg=dose_mg_per_kg,
            duration_min=duration_min,
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
    following = len(record_of(patient).series) + 1
    if (infusion is not None) != (step is StepCode.OFFER_INFUSION) or infusion not in {None, following}:
        raise Refused(
            f"Only the next infusion can be decided on, and that is infusion {following}. Nothing is booked beyond it.",
            code="DECISION-006",
        )
    if step is StepCode.OFFER_INFUSION:
        _check_gates(patient, recommendation, now)


def _check_order(step: StepCode, dose_mg_per_kg: float | None, duration_min: float | None) -> None:
    orders = step is StepCode.OFFER_INFUSION
    if orders and (dose_mg_per_kg is None or duration_min is None):
        raise Refused("An infusion is ordered with its dose in mg/kg and its minutes. Enter both.", code="DECISION-008")
    if not orders and (dose_mg_per_kg is not None or duration_min is not None):
        raise Refused(
            "A dose is written, and no infusion is decided on. Leave the dose empty, or decide on the infusion.",
            code="DECISION-009",
        )


def _check_gates(patient: Patient, recommendation: Recommendation, now: datetime) -> None:
    """No gate that is asked before a step bars the way, but for those that were signed; and one's own curve."""
    known, asked = gates.gates_now(patient, now)
    planning = [gate for gate in asked if gate.stage is not Stage.ARRIVAL]
    for gate in barring(planning, known, timezone.localtime(now)):
        state = "is closed" if gate.verdict is Verdict.CLOSED else "is not answered"
        raise Refused(
            f"{gate.title}: the gate {state}. {gate.saw} It opens when: {gate.opens_when}{gates.who_may_pass(gate)}",
            code=gate.code,
        )
    forecast = recommendation.answer["forecast"]
    own = forecast is not None and forecast["kind"] == "individual" and not forecast["refused"]
    if is_maintenance(known, limits_at(now)) and not own:
        raise Refused(
            "A maintenance infusion is timed by the patient's own curve, and the forecast has none. The card says why.",
            code="DECISION-010",
        )
