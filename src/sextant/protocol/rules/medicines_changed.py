"""Has a medicine been begun, stopped or changed?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, today_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:  # noqa: ARG001
    return by_answer(
        today_answer(record, "medicines_changed", now),
        closes={"yes": "The medicine questions are gone through again, and the prescriber signs the reason."},
    )


RULE = Rule(
    code="GATE-057",
    title="Changed medicines",
    strength=Strength.SOFT,
    sources=(
        "D010",
        "S071",
    ),
    check=check,
    stage=Stage.ARRIVAL,
    question="medicines_changed",
)
