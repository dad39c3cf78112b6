"""Have blood tests been read before the first infusion?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "baseline_tests", limits, now),
        cautions={"no": "Blood count, liver, kidney and blood sugar are tested."},
    )


RULE = Rule(
    code="GATE-039",
    title="Baseline tests",
    strength=Strength.SOFT,
    sources=(
        "S109",
        "S110",
        "S038",
    ),
    check=check,
    question="baseline_tests",
    limits=("screening_answer_valid_days",),
)
