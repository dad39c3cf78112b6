"""Have memory and attention stayed as they were?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "cognition_worse", limits, now, valid="cognition_check_valid_days"),
        closes={"yes": "It is worked up, and the prescriber signs the reason for going on."},
    )


RULE = Rule(
    code="GATE-073",
    title="Memory and attention",
    strength=Strength.SOFT,
    sources=("C062",),
    check=check,
    stage=Stage.MAINTENANCE,
    question="cognition_worse",
    limits=("cognition_check_valid_days",),
)
