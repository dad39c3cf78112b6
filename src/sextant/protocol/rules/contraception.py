"""Is pregnancy prevented where it is possible?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, cannot_be_pregnant, male_and_not_said_otherwise, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, open_
from sextant.record import PatientRecord
from sextant.units.words import day_words


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    if cannot := cannot_be_pregnant(record, limits, now):
        return open_(
            f"Cannot be pregnant, recorded on {day_words(cannot.answer.day)}.",
            seen_on=cannot.answer.day,
            limit=cannot.limit,
            holds_to=cannot.holds_to,
        )
    if male_and_not_said_otherwise(record):
        return open_("Recorded as male, and nothing on record says that this person can be pregnant.")
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
