"""Has the person ever had a seizure?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "seizures", limits, now),
        closes={
            "withdrawal": "The prescriber signs the reason; withdrawal is treated first.",
            "other": "A neurologist has been asked, and the prescriber signs the reason.",
        },
    )


RULE = Rule(
    code="GATE-023",
    title="Seizures",
    strength=Strength.SOFT,
    sources=(
        "S046",
        "S047",
        "S057",
    ),
    check=check,
    question="seizures",
    limits=("screening_answer_valid_days",),
)
