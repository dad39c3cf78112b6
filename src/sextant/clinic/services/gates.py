"""Every gate is asked again when it matters: when an infusion begins, and when somebody signs that one is passed."""

from datetime import datetime

from django.utils import timezone

from sextant import record
from sextant.clinic.models import Patient, Recommendation, User
from sextant.clinic.selectors.records import record_of
from sextant.clinic.services.policy import limits_at
from sextant.clinic.services.refusal import Refused
from sextant.course import bars_start, findings_of, gates_at_start
from sextant.protocol import (
    Finding,
    Stage,
    Strength,
    Verdict,
    end_of_visit,
    may_be_passed,
    screen,
)
from sextant.units.words import count_words, list_words


def check_start(known: record.PatientRecord, infusion: record.Infusion) -> None:
    """Refuse an infusion at whose start a gate barred the way, or that holds more than was ordered.

    Raises
    ------
    Refused
        With the sentence of the most binding gate.
    """
    at = timezone.localtime(infusion.taken_at)  # 'today' is a day of the clinic, in whatever zone the start was sent
    shut = bars_start(known, limits_at(at), at)
    if shut:
        raise Refused(_sentence(shut), code=shut[0].code)
    before, _ = known.as_of(at)
    order = before.order
    if order is None or order.dose_mg_per_kg is None or infusion.dose_mg_per_kg is None:
        return
    if infusion.dose_mg_per_kg > order.dose_mg_per_kg:
        raise Refused(
            f"{infusion.dose_mg_per_kg:g} mg/kg is more than was ordered, {order.dose_mg_per_kg:g}. Check the decimal "
            "point; where more is meant, a prescriber decides again first.",
            code="ORDER-002",
        )
    if order.duration_min is None or infusion.duration_min is None:
        return
    # A dose that was lowered may take less time; no milligram may go faster than was ordered.
    if infusion.dose_mg_per_kg * order.duration_min > order.dose_mg_per_kg * infusion.duration_min * (1 + 1e-9):
        raise Refused(
            f"{infusion.dose_mg_per_kg:g} mg/kg over {infusion.duration_min:g} minutes is faster than was ordered, "
            f"{order.dose_mg_per_kg:g} over {order.duration_min:g}. Check the minutes; where faster is meant, a "
            "prescriber decides again first.",
            code="ORDER-003",
        )


def check_override(actor: User, known: record.PatientRecord, override: record.Override, now: datetime) -> None:
    """Refuse a signature that the gate as it stands does not take.

    Raises
    ------
    Refused
    """
    moment = timezone.localtime(now)
    if (override.signed_by, override.role) != (str(actor.pk), actor.role) or override.taken_at != moment:
        raise Refused("A signature is the signer's own, and given now.", code="OVERRIDE-001")
    if not override.reason:
        raise Refused("Write why the gate is passed, in your own words.", code="OVERRIDE-002")
    if override.ends_at > end_of_visit(moment):
        raise Refused("A signature lapses with the visit, at the latest at the end of the day.", code="OVERRIDE-003")
    gate = gate_now(known, override.code, moment)
    if gate.verdict is not Verdict.CLOSED:
        raise Refused(_not_closed(gate), code="OVERRIDE-004")
    if not may_be_passed(gate):
        raise Refused(
            f"{gate.title}: nobody passes this gate while it holds. {gate.saw} It opens when: {gate.opens_when}",
            code="OVERRIDE-005",
        )
    if override.saw != gate.saw:
        raise Refused(
            f"{gate.title}: the gate says something else by now. {gate.saw} Read it again, and sign what it says.",
            code="OVERRIDE-006",
        )


def gate_now(known: record.PatientRecord, code: str, now: datetime) -> Finding:
    """One gate as it stands now, of all that are asked when an infusion begins.

    Raises
    ------
    Refused
        If no gate of that code is asked.
    """
    for gate in gates_at_start(known, limits_at(now), now):
        if gate.code == code:
            return gate
    raise Refused(f"There is no gate {code!r} to pass. Open the screening page again.", code="OVERRIDE-007")


def gates_now(patient: Patient, now: datetime) -> tuple[record.PatientRecord, tuple[Finding, ...]]:
    """The record and every gate that is asked when an infusion begins, as they stand now."""
    moment = timezone.localtime(now)
    known, _ = record_of(patient).as_of(moment)
    return known, gates_at_start(known, limits_at(moment), moment)


def gates_to_show(
    recommendation: Recommendation, known: record.PatientRecord, now: datetime
) -> tuple[record.PatientRecord, tuple[Finding, ...]]:
    """The same for a page: the gates before every step as they were stored when the chart last changed, and those of
    the day asked now, since the hours since a meal count there."""
    moment = timezone.localtime(now)
    before, _ = known.as_of(moment)
    limits = limits_at(moment)
    stored = findings_of(recommendation.answer["gates"], limits)
    return before, (*stored, *screen(before, limits, moment, stages={Stage.ARRIVAL}))


def _sentence(shut: tuple[Finding, ...]) -> str:
    gate = shut[0]
    state = "was closed" if gate.verdict is Verdict.CLOSED else "was not answered"
    others = list_words([one.title for one in shut[1:]])
    more = f" {count_words(len(shut) - 1, 'more gate')} barred it too: {others}." if len(shut) > 1 else ""
    return (
        f"{gate.title}: the gate {state} when this infusion began. {gate.saw} It opens when: {gate.opens_when}"
        f"{who_may_pass(gate)}{more} What was known before the infusion can still be entered with its own time."
    )


def who_may_pass(gate: Finding) -> str:
    """Whose signature would pass a closed gate, as a sentence after others; empty where nobody's does."""
    if gate.verdict is not Verdict.CLOSED:
        return ""
    return {
        Strength.SOFT: " Or the prescriber signs, with a reason, that it is passed.",
        Strength.HARD: " Or the prescriber and a second qualified person sign, each with a reason, that it is passed.",
    }.get(gate.strength, "")


def _not_closed(gate: Finding) -> str:
    if gate.verdict is Verdict.ASK:
        return f"{gate.title}: what is missing is supplied and not waived. {gate.saw} {gate.opens_when}"
    return f"{gate.title}: the gate stands open, there is nothing to pass."
