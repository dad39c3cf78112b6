"""Has other treatment been tried? Ketamine is never first-line."""

from datetime import datetime

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, closed, open_
from sextant.record import PatientRecord
from sextant.units.words import day_words


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:  # noqa: ARG001
    answer = record.answer("earlier_treatment")
    if answer is None:
        return ask(
            "Nobody has asked which treatments of this addiction were tried.",
            opens_when="The question is answered in screening.",
        )
    if answer.value == "no":
        return closed(
            f"No other treatment was tried, answered on {day_words(answer.day)}.",
            seen_on=answer.day,
            opens_when="An established treatment has been tried: ketamine is never the first.",
        )
    said = f": {answer.note}" if answer.note else ""
    return open_(f"Tried{said}, answered on {day_words(answer.day)}.", seen_on=answer.day)


RULE = Rule(
    code="GATE-011",
    title="Earlier treatment",
    strength=Strength.HARD,
    sources=("S013", "C011", "BRIEF"),
    check=check,
    question="earlier_treatment",
)
