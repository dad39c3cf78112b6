"""Is there somebody to take the person home?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, today_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:  # noqa: ARG001
    return by_answer(
        today_answer(record, "escort", now),
        closes={"no": "Somebody comes who will not let the person drive."},
    )


RULE = Rule(
    code="GATE-058",
    title="The way home",
    strength=Strength.HARD,
    sources=(
        "D012",
        "D049",
        "D051",
        "D052",
    ),
    check=check,
    stage=Stage.ARRIVAL,
    question="escort",
)
