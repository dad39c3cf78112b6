"""Is an overactive thyroid untreated?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "hyperthyroidism", limits, now),
        closes={"untreated": "It is treated."},
    )


RULE = Rule(
    code="GATE-018",
    title="Overactive thyroid",
    strength=Strength.ABSOLUTE,
    sources=(
        "S025",
        "S057",
    ),
    check=check,
    question="hyperthyroidism",
    limits=("screening_answer_valid_days",),
)
