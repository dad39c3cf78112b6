"""Does breathing stop in sleep?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "sleep_apnoea", limits, now),
        closes={"untreated": "The prescriber signs the reason."},
        cautions={"treated": "The person brings the device on the day."},
    )


RULE = Rule(
    code="GATE-029",
    title="Sleep apnoea",
    strength=Strength.SOFT,
    sources=(
        "S057",
        "S110",
        "D013",
    ),
    check=check,
    question="sleep_apnoea",
    limits=("screening_answer_valid_days",),
)
