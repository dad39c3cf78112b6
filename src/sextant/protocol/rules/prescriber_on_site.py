"""Is the prescriber on site?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, today_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:  # noqa: ARG001
    return by_answer(
        today_answer(record, "prescriber_on_site", now),
        closes={"no": "The prescriber is on site, and stays."},
    )


RULE = Rule(
    code="GATE-059",
    title="Prescriber on site",
    strength=Strength.ABSOLUTE,
    sources=(
        "D014",
        "D074",
    ),
    check=check,
    stage=Stage.ARRIVAL,
    question="prescriber_on_site",
)
