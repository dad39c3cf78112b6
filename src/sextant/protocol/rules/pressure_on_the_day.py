"""Is the blood pressure of the day low enough to start?"""

from datetime import datetime

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength, ask, closed, open_
from sextant.record import BloodPressure, PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    systolic, diastolic = limits["start_systolic_mmhg"], limits["start_diastolic_mmhg"]
    newest = record.newest(BloodPressure)
    if not newest or newest[0].day != now.date():
        return ask(
            "No blood pressure of today.",
            seen_on=newest[0].day if newest else None,
            limit=systolic,
            opens_when="The pressure is measured before the dose.",
        )
    # Of readings at one time the highest of each counts.
    highest = max(one.systolic_mmhg for one in newest), max(one.diastolic_mmhg for one in newest)
    saw = f"{highest[0]:g}/{highest[1]:g} mmHg at {newest[0].taken_at:%H:%M} today."
    opens = "A repeated reading is at or below both limits, or the prescriber signs the reason."
    if systolic.value is None or highest[0] > systolic.value:
        return closed(saw, seen_on=now.date(), limit=systolic, opens_when=opens)
    if diastolic.value is None or highest[1] > diastolic.value:
        return closed(saw, seen_on=now.date(), limit=diastolic, opens_when=opens)
    return open_(saw, seen_on=now.date(), limit=systolic)


RULE = Rule(
    code="GATE-055",
    title="Blood pressure on the day",
    strength=Strength.SOFT,
    sources=("D005", "D060", "D061", "D011", "S030", "S034", "D062", "D063"),
    check=check,
    stage=Stage.ARRIVAL,
    limits=("start_systolic_mmhg", "start_diastolic_mmhg"),
)
