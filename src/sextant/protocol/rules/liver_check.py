"""Has the liver been looked at lately enough for maintenance?"""

from datetime import datetime, timedelta

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength, ask, open_
from sextant.record import Measurement, PatientRecord
from sextant.units.words import day_words


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    valid = limits["liver_check_valid_days"]
    panels = [one for one in record.all(Measurement) if one.kind == "alt_u_per_l"]
    opens = "A liver panel is on record and within the limits."
    if not panels:
        return ask("No liver panel on record.", limit=valid, opens_when=opens)
    newest = panels[-1].day
    holds_to = newest + timedelta(days=valid.value or 0)
    if now.date() > holds_to:
        return ask(f"The last liver panel is of {day_words(newest)}.", seen_on=newest, limit=valid, opens_when=opens)
    return open_(f"Liver panel of {day_words(newest)}.", seen_on=newest, limit=valid, holds_to=holds_to)


RULE = Rule(
    code="GATE-072",
    title="Liver check",
    strength=Strength.HARD,
    sources=("S038", "C058"),
    check=check,
    stage=Stage.MAINTENANCE,
    limits=("liver_check_valid_days",),
)
