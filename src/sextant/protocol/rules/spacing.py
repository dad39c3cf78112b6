"""Have enough days passed since the last infusion?"""

from datetime import datetime, timedelta
from math import ceil

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength, ask, closed, open_
from sextant.record import Infusion, PatientRecord
from sextant.units.words import day_words


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    limit = limits["days_between_infusions"]
    # A new series does not shorten the days since the last infusion of the one before, and ketamine that was given
    # by another route, at another place or for something else is in the body too.
    infusion = record.latest(Infusion)
    if infusion is None:
        return open_("No infusion was given before.")
    last = infusion.day
    if limit.value is None:
        return ask(
            "The clinic has not set the days between infusions.",
            seen_on=last,
            limit=limit,
            opens_when="The medical director sets them, and they have passed.",
        )
    soonest = last + timedelta(days=ceil(limit.value))
    if now.date() < soonest:
        return closed(
            f"The last infusion was on {day_words(last)}.",
            seen_on=last,
            limit=limit,
            opens_when=f"It is {day_words(soonest)}, or the prescriber signs the reason.",
        )
    return open_(f"The last infusion was on {day_words(last)}.", seen_on=last, limit=limit)


RULE = Rule(
    code="GATE-063",
    title="Days between infusions",
    strength=Strength.SOFT,
    sources=("C001", "C005", "C006", "C007", "C008", "C040"),
    check=check,
    stage=Stage.ARRIVAL,
    limits=("days_between_infusions",),
)
