"""Is a medicine taken that may weaken the effect?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "blunting_medicine", limits, now),
        cautions={"yes": "A weaker effect is possible. It is not stopped for this reason alone."},
    )


RULE = Rule(
    code="GATE-036",
    title="Lamotrigine and antipsychotics",
    strength=Strength.SOFT,
    sources=(
        "S067",
        "S068",
        "D072",
        "D073",
    ),
    check=check,
    question="blunting_medicine",
    limits=("screening_answer_valid_days",),
)
