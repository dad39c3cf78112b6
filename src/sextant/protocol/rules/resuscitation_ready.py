"""Is resuscitation equipment at hand?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, today_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:  # noqa: ARG001
    return by_answer(
        today_answer(record, "resuscitation_ready", now),
        closes={"no": "The equipment is at hand and checked."},
    )


RULE = Rule(
    code="GATE-061",
    title="Resuscitation equipment",
    strength=Strength.ABSOLUTE,
    sources=("D016",),
    check=check,
    stage=Stage.ARRIVAL,
    question="resuscitation_ready",
)
