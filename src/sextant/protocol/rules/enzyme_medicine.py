"""Is a medicine taken that changes exposure to ketamine?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "enzyme_medicine", limits, now),
        cautions={"yes": "Inducers lower and inhibitors raise exposure; the prescriber weighs it at the dose."},
    )


RULE = Rule(
    code="GATE-037",
    title="Medicines that change how ketamine is broken down",
    strength=Strength.SOFT,
    sources=("S074",),
    check=check,
    question="enzyme_medicine",
    limits=("screening_answer_valid_days",),
)
