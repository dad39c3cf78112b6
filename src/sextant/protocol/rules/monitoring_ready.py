"""Is there somebody to monitor, with a pulse oximeter?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, today_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:  # noqa: ARG001
    return by_answer(
        today_answer(record, "monitoring_ready", now),
        closes={"no": "Somebody is at the chair, with a pulse oximeter."},
    )


RULE = Rule(
    code="GATE-060",
    title="Monitoring",
    strength=Strength.ABSOLUTE,
    sources=(
        "D015",
        "D031",
    ),
    check=check,
    stage=Stage.ARRIVAL,
    question="monitoring_ready",
)
