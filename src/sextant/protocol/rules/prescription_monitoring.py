"""Has the prescription monitoring programme been asked?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, open_
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    if not limits.on("prescription_monitoring"):
        return open_("The clinic has switched the query off: its law does not ask for one.")
    return by_answer(
        standing_answer(record, "prescription_monitoring", limits, now, valid="prescription_monitoring_valid_days"),
        closes={"otherwise": "It is talked over with the person, and the prescriber signs the reason."},
    )


RULE = Rule(
    code="GATE-042",
    title="Prescription monitoring programme",
    strength=Strength.SOFT,
    sources=("REGULATION-6", "S056"),
    check=check,
    question="prescription_monitoring",
    limits=("prescription_monitoring_valid_days",),
)
