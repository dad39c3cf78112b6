"""Has the person come intoxicated?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, said, today_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength, closed
from sextant.record import PatientRecord

_OPENS = "On another day, when the person comes sober. Offer support and rebook."


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:  # noqa: ARG001
    signs = [one for one in record.answers("intoxicated") if one.day == now.date() and one.value == "yes"]
    if signs:
        # Signs at any hour bar this day: a later 'no' does not take them back.
        return closed(f"{said(signs[-1])}.", seen_on=now.date(), opens_when=_OPENS)
    return by_answer(today_answer(record, "intoxicated", now))


RULE = Rule(
    code="GATE-051",
    title="Intoxication",
    strength=Strength.ABSOLUTE,
    sources=(
        "S044",
        "S088",
    ),
    check=check,
    stage=Stage.ARRIVAL,
    question="intoxicated",
)
