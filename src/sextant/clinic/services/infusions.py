"""The gates are asked again when an infusion is recorded as given here."""

from sextant import record
from sextant.clinic.services.policy import limits_at
from sextant.clinic.services.refusal import Refused
from sextant.course import StepCode, series_of
from sextant.protocol import Finding, Strength, Verdict, screen


def check_gates(known: record.PatientRecord, infusion: record.Infusion) -> None:
    """Refuse an infusion at whose start a gate that binds the clinic did not stand open.

    A soft gate that is not open is passed by the prescriber's decision on this very infusion, with its reasons.

    Raises
    ------
    Refused
        With the sentence of the first such gate.
    """
    at = infusion.taken_at
    before, _ = known.as_of(at)
    decision = series_of(before).decision
    following = len(before.infusions) + 1
    decided = (
        decision is not None
        and decision.step == StepCode.OFFER_INFUSION
        and decision.infusion == following
        and bool(decision.reasons)
    )
    for gate in screen(known, limits_at(at), at):
        if not bars(gate) and (gate.verdict in {Verdict.OPEN, Verdict.CAUTION} or decided):
            continue
        state = "was closed" if gate.verdict is Verdict.CLOSED else "was not answered"
        soft = " Or a prescriber decides on this infusion and says why." if gate.strength is Strength.SOFT else ""
        raise Refused(
            f"{gate.title}: the gate {state} when this infusion began. {gate.saw} "
            f"It opens when: {gate.opens_when}{soft} What was known before the infusion can still be entered with its "
            "own time.",
            code=gate.code,
        )


def bars(gate: Finding) -> bool:
    """Whether no single signature passes this gate as it stands.

    Absolute and hard gates bar when closed, and also while they ask: a missing fact may be supplied, never waived.
    """
    return gate.strength in {Strength.ABSOLUTE, Strength.HARD} and gate.verdict in {Verdict.CLOSED, Verdict.ASK}
