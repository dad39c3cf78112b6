"""Is a medicine taken that lowers the seizure threshold?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "theophylline", limits, now),
        closes={"yes": "The prescriber signs the reason. It is not stopped without its prescriber."},
    )


RULE = Rule(
    code="GATE-033",
    title="Theophylline and St John's wort",
    strength=Strength.SOFT,
    sources=(
        "S072",
        "S073",
    ),
    check=check,
    question="theophylline",
    limits=("screening_answer_valid_days",),
)
