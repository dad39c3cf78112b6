"""The gates are asked again when an infusion is recorded as given here."""

from sextant import record
from sextant.clinic.services.policy import limits_at
from sextant.clinic.services.refusal import Refused
from sextant.protocol import Finding, Strength, Verdict, screen


def check_gates(known: record.PatientRecord, infusion: record.Infusion) -> None:
    """Refuse an infusion at whose start a gate that binds the clinic did not stand open.

    Raises
    ------
    Refused
        With the sentence of the first such gate.
    """
    at = infusion.taken_at
    for gate in screen(known, limits_at(at), at):
        if _bars(gate):
            state = "was closed" if gate.verdict is Verdict.CLOSED else "was not answered"
            raise Refused(
                f"{gate.title}: the gate {state} when this infusion began. {gate.saw} {gate.opens_when} "
                "An infusion that was given elsewhere is recorded as such.",
                code=gate.code,
            )


def _bars(gate: Finding) -> bool:
    """Closed and binding; and absolute gates also while they ask: a missing fact may be supplied, never waived."""
    if gate.verdict is Verdict.ASK:
        return gate.strength is Strength.ABSOLUTE
    return gate.verdict is Verdict.CLOSED and gate.strength in {Strength.ABSOLUTE, Strength.HARD}
