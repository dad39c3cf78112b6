"""Is the liver badly impaired?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "liver_impairment", limits, now, grow_old={"moderate"}),
        closes={"severe": "The liver has recovered."},
        cautions={"moderate": "The liver is watched, and the prescriber says so in the decision."},
    )


RULE = Rule(
    code="GATE-015",
    title="Liver disease",
    strength=Strength.ABSOLUTE,
    sources=("S021",),
    check=check,
    question="liver_impairment",
    limits=("screening_answer_valid_days",),
)
