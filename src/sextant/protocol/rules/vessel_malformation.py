"""Is there a vessel that a rise in pressure could burst?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "vessel_malformation", limits, now),
        closes={"yes": "A specialist's note shows that there is none, and the answer is corrected."},
    )


RULE = Rule(
    code="GATE-014",
    title="Aneurysm and bleeding in the brain",
    strength=Strength.ABSOLUTE,
    sources=(
        "S015",
        "S016",
        "S018",
        "S057",
    ),
    check=check,
    question="vessel_malformation",
    limits=("screening_answer_valid_days",),
)
