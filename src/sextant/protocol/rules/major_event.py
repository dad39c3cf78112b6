"""Is a head injury, a stroke or a heart attack too recent?"""

from datetime import datetime
from math import ceil

from sextant.protocol.asked import nothing_since, said, told_of_since
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, closed
from sextant.record import PatientRecord
from sextant.units.months import months_before


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    months = limits["major_event_months"]
    answer = told_of_since(record, "major_event", months_before(now.date(), ceil(months.value or 0)))
    if answer is None:
        return nothing_since(record, "major_event", limits, now, months=months)
    return closed(
        f"{said(answer)}." if answer.on else f"{said(answer)}. When is not known.",
        seen_on=answer.day,
        limit=months,
        opens_when=f"{months.value:g} months have passed, or a specialist clears it and the prescriber signs.",
    )


RULE = Rule(
    code="GATE-019",
    title="Head injury, stroke, heart attack",
    strength=Strength.SOFT,
    sources=("S033", "S098"),
    check=check,
    question="major_event",
    limits=("major_event_months", "screening_answer_valid_days"),
)
