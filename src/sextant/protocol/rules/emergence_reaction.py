"""Has waking from ketamine ever gone badly?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "emergence_reaction", limits, now),
        closes={"yes": "A plan for it is made, and the prescriber signs the reason."},
    )


RULE = Rule(
    code="GATE-027",
    title="Earlier reaction to ketamine",
    strength=Strength.SOFT,
    sources=("S058",),
    check=check,
    question="emergence_reaction",
    limits=("screening_answer_valid_days",),
)
