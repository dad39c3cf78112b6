"""Is an MAO inhibitor taken, or was one lately?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "mao_inhibitor", limits, now),
        closes={
            "yes": "With a pharmacist's note the prescriber signs the reason. It is not stopped without its prescriber."
        },
    )


RULE = Rule(
    code="GATE-032",
    title="MAO inhibitor",
    strength=Strength.SOFT,
    sources=(
        "S069",
        "S070",
        "S104",
        "S103",
        "S105",
    ),
    check=check,
    question="mao_inhibitor",
    limits=("screening_answer_valid_days",),
)
