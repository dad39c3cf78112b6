"""Is a head injury, a stroke or a heart attack too recent?"""

from datetime import datetime
from math import ceil

from sextant.protocol.asked import said, standing_answer, told_of_since
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, closed, open_
from sextant.record import PatientRecord
from sextant.units.months import months_before


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    months = limits["major_event_months"]
    answer = told_of_since(record, "major_event", months_before(now.date(), ceil(months.value or 0)))
    if answer is None:
        # One long ago lets the person pass, so the answer grows old: there may have been another since.
        standing = standing_answer(record, "major_event", limits, now, grow_old={"yes"})
        if isinstance(standing, Answered):
            return standing
        return open_(
            f"{said(standing.answer)}.",
            seen_on=standing.answer.day,
            limit=months if standing.answer.value == "yes" else standing.limit,
            holds_to=standing.holds_to,
        )
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
