"""Is a medicine taken that slows breathing beside ketamine?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "depressants", limits, now),
        closes={"yes": "The prescriber signs the reason. Treatment of an opioid addiction goes on as prescribed."},
    )


RULE = Rule(
    code="GATE-034",
    title="Opioids and other depressants",
    strength=Strength.SOFT,
    sources=(
        "S073",
        "S075",
        "D073",
    ),
    check=check,
    question="depressants",
    limits=("screening_answer_valid_days",),
)
