"""Are the vital signs of the day acceptable for a dose?"""

from datetime import datetime
from itertools import product

from sextant.protocol.limits import Limit, Limits
from sextant.protocol.measured import newest_of
from sextant.protocol.rule import Answered, Rule, Stage, Strength, ask, closed, open_
from sextant.record import BloodPressure, PatientRecord

# What is measured, its words and unit, and the names of the limits below and above which it is worked up first.
_SIGNS = (
    ("heart_rate_per_min", "heart rate", "a minute", "heart_rate_lowest_per_min", "heart_rate_highest_per_min"),
    ("oxygen_saturation_percent", "oxygen saturation", "%", "oxygen_saturation_lowest_percent", ""),
    (
        "respiratory_rate_per_min",
        "breaths",
        "a minute",
        "start_breaths_lowest_per_min",
        "start_breaths_highest_per_min",
    ),
)
_OPENS = "It is worked up, and a later reading of today lies within the limits."


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    # Of readings at one time each counts.
    today = {kind: [one for one in newest_of(record, kind) if one.day == now.date()] for kind, *_ in _SIGNS}
    for kind, words, unit, lowest, highest in _SIGNS:
        for seen, (name, beyond) in product(today[kind], ((lowest, _below), (highest, _above))):
            if name and beyond(seen.value, limits[name]):
                return closed(
                    f"{words[0].upper()}{words[1:]} {seen.value:g} {unit} at {seen.taken_at:%H:%M} today.",
                    seen_on=seen.day,
                    limit=limits[name],
                    opens_when=_OPENS,
                )
    pressures = [one for one in record.newest(BloodPressure) if one.day == now.date()]
    pressure = min(pressures, key=lambda one: one.systolic_mmhg, default=None)
    least = limits["start_systolic_lowest_mmhg"]
    if pressure is not None and _below(pressure.systolic_mmhg, least):
        return closed(
            f"Systolic pressure {pressure.systolic_mmhg:g} mmHg at {pressure.taken_at:%H:%M} today.",
            seen_on=pressure.day,
            limit=least,
            opens_when=_OPENS,
        )
    missing = [words for kind, words, *_ in _SIGNS if not today[kind]]
    missing += [] if pressures else ["blood pressure"]
    if missing:
        return ask(
            f"No {missing[0]} of today.",
            opens_when="Heart rate, oxygen, breaths and pressure are measured before the dose.",
        )
    return open_("Heart rate, oxygen, breaths and pressure of today lie within the limits.", seen_on=now.date())


def _below(value: float, limit: Limit) -> bool:
    return limit.value is not None and value < limit.value


def _above(value: float, limit: Limit) -> bool:
    return limit.value is not None and value > limit.value


RULE = Rule(
    code="GATE-065",
    title="Vital signs on the day",
    strength=Strength.HARD,
    sources=("D011", "D062", "D063", "D031"),
    check=check,
    stage=Stage.ARRIVAL,
    limits=(
        *(name for row in _SIGNS for name in row[3:] if name),
        "start_systolic_lowest_mmhg",
    ),
)
