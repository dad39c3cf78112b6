"""Is there another severe dependence beside the one that is treated?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "other_dependence", limits, now),
        closes={"yes": "The prescriber signs the reason."},
    )


RULE = Rule(
    code="GATE-024",
    title="Another dependence",
    strength=Strength.SOFT,
    sources=(
        "S049",
        "S050",
        "S057",
    ),
    check=check,
    question="other_dependence",
    limits=("screening_answer_valid_days",),
)
