"""Is there alcohol in the breath?"""

from datetime import datetime

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength, ask, closed, open_
from sextant.record import BEHAVIOURS, Measurement, PatientRecord, Target, one_name


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    limit = limits["breath_alcohol_g_per_210l"]
    today = [
        one for one in record.all(Measurement) if one.kind == "breath_alcohol_g_per_210l" and one.day == now.date()
    ]
    if not today:
        if _only_a_behaviour(record):
            return open_("What is treated is a behaviour and no substance: no breath test is asked for.")
        return ask("No breath test today.", limit=limit, opens_when="Breath alcohol is measured and at the limit.")
    # Alcohol found at any hour bars this day: a later test without it does not take it back.
    highest, newest = max(today, key=lambda one: one.value), today[-1]
    if limit.value is None or highest.value > limit.value:
        return closed(
            f"Breath alcohol {highest.value:g} g/210 L at {highest.taken_at:%H:%M} today.",
            seen_on=highest.day,
            limit=limit,
            opens_when="On another day, when none is measured. Offer support and rebook.",
        )
    return open_(
        f"Breath alcohol {newest.value:g} g/210 L at {newest.taken_at:%H:%M} today.", seen_on=newest.day, limit=limit
    )


def _only_a_behaviour(record: PatientRecord) -> bool:
    target, other = record.latest(Target), record.answer("other_dependence")
    return target is not None and one_name(target.problem) in BEHAVIOURS and other is not None and other.value == "no"


RULE = Rule(
    code="GATE-052",
    title="Breath alcohol",
    strength=Strength.ABSOLUTE,
    sources=("S005", "S006", "D001", "D002", "S106", "S107", "S108", "S075"),
    check=check,
    stage=Stage.ARRIVAL,
    limits=("breath_alcohol_g_per_210l",),
)
