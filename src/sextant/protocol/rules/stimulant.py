"""Is a stimulant taken that raises pressure beside ketamine?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "stimulant", limits, now),
        cautions={"yes": "Pressure is watched closely, and the prescriber says so in the decision."},
    )


RULE = Rule(
    code="GATE-035",
    title="Prescribed stimulant",
    strength=Strength.SOFT,
    sources=(
        "S071",
        "S105",
    ),
    check=check,
    question="stimulant",
    limits=("screening_answer_valid_days",),
)
