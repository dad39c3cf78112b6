"""Does the person breastfeed?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "breastfeeding", limits, now),
        closes={"yes": "Breastfeeding has ended."},
    )


RULE = Rule(
    code="GATE-017",
    title="Breastfeeding",
    strength=Strength.ABSOLUTE,
    sources=("S024",),
    check=check,
    question="breastfeeding",
    limits=("screening_answer_valid_days",),
)
