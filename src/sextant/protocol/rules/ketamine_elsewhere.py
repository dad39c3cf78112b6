"""Was ketamine given as a treatment at another place lately?"""

from datetime import datetime
from math import ceil

from sextant.protocol.asked import nothing_since, said, told_of_since
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, closed
from sextant.record import PatientRecord
from sextant.units.months import months_before
from sextant.units.words import day_words


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    months = limits["ketamine_elsewhere_months"]
    since = months_before(now.date(), ceil(months.value or 0))
    opens = f"{months.value:g} months have passed, or what was given is known and the prescriber signs the reason."
    recent = [one for one in record.other_ketamine if one.given_elsewhere and one.day > since]
    if recent:
        return closed(
            f"An infusion at another place on {day_words(recent[-1].day)}, {len(recent)} since {day_words(since)}.",
            seen_on=recent[-1].day,
            limit=months,
            opens_when=opens,
        )
    answer = told_of_since(record, "ketamine_elsewhere", since)
    if answer is not None:
        unknown = "" if answer.on else " When is not known."
        return closed(f"{said(answer)}.{unknown}", seen_on=answer.day, limit=months, opens_when=opens)
    return nothing_since(record, "ketamine_elsewhere", limits, now, months=months)


RULE = Rule(
    code="GATE-026",
    title="Ketamine at another place",
    strength=Strength.SOFT,
    sources=("S056",),
    check=check,
    question="ketamine_elsewhere",
    limits=("ketamine_elsewhere_months", "screening_answer_valid_days"),
)
