"""Is the pressure in the head or in an eye raised?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "raised_pressure", limits, now),
        closes={"yes": "The prescriber signs the reason."},
    )


RULE = Rule(
    code="GATE-020",
    title="Pressure in head or eye",
    strength=Strength.SOFT,
    sources=("S035",),
    check=check,
    question="raised_pressure",
    limits=("screening_answer_valid_days",),
)
