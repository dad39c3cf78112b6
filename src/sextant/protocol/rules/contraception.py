"""Is pregnancy prevented where it is possible?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, pregnancy_not_possible, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    if (not_possible := pregnancy_not_possible(record, limits, now)) is not None:
        return not_possible
    standing = standing_answer(record, "contraception", limits, now)
    return by_answer(standing, closes={"no": "A method is agreed, or the prescriber signs the reason."})


RULE = Rule(
    code="GATE-038",
    title="Contraception",
    strength=Strength.SOFT,
    sources=("S008",),
    check=check,
    question="contraception",
    limits=("screening_answer_valid_days",),
)
