"""Is there another illness that trials left out?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "serious_illness", limits, now),
        closes={"yes": "The prescriber signs the reason."},
    )


RULE = Rule(
    code="GATE-028",
    title="Other serious illness",
    strength=Strength.SOFT,
    sources=("S057",),
    check=check,
    question="serious_illness",
    limits=("screening_answer_valid_days",),
)
