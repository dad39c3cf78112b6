"""Has the person ever taken ketamine outside of treatment?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "ketamine_misuse", limits, now),
        closes={"yes": "A second qualified person agrees and signs the reason."},
    )


RULE = Rule(
    code="GATE-025",
    title="Ketamine taken outside of treatment",
    strength=Strength.HARD,
    sources=(
        "S054",
        "S055",
        "S089",
    ),
    check=check,
    question="ketamine_misuse",
    limits=("screening_answer_valid_days",),
)
