"""Is the blood pressure controlled?"""

from datetime import datetime, timedelta

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, closed, open_
from sextant.record import BloodPressure, Concept, Condition, PatientRecord, concepts_of
from sextant.units.words import day_words


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    systolic, diastolic = limits["screening_systolic_mmhg"], limits["screening_diastolic_mmhg"]
    # Without a clinic's own shelf life only a reading of the day itself counts.
    valid_days = limits["pressure_valid_days"].value or 0
    reading = record.latest(BloodPressure)
    diagnosis = next(
        (
            one
            for one in reversed(record.all(Condition))
            if one.present_at(now) and Concept.HYPERTENSION in concepts_of(one)
        ),
        None,
    )
    known = f" {diagnosis.text} is on the problem list." if diagnosis else ""
    if reading is None:
        return ask(
            f"No blood pressure on record.{known}",
            limit=systolic,
            opens_when="A pressure below both limits is measured and entered.",
        )
    # Of readings at one time the highest of each counts.
    same_time = record.newest(BloodPressure)
    upper, lower = max(one.systolic_mmhg for one in same_time), max(one.diastolic_mmhg for one in same_time)
    figures = f"{upper:g}/{lower:g} mmHg on {day_words(reading.day)}"
    high_systolic = systolic.value is not None and upper >= systolic.value
    high_diastolic = diastolic.value is not None and lower >= diastolic.value
    if high_systolic or high_diastolic:
        # A high reading does not grow old: only a lower one takes it back.
        return closed(
            f"{figures}, at or above the limit of {systolic.value:g}/{diastolic.value:g}.{known}",
            seen_on=reading.day,
            limit=systolic if high_systolic else diastolic,
            opens_when="A repeated reading is below both limits; if it is not, hypertension is treated first.",
        )
    if (now.date() - reading.day).days > valid_days:
        return ask(
            f"The last pressure, {figures}, is too old to count.{known}",
            seen_on=reading.day,
            limit=limits["pressure_valid_days"],
            opens_when="A pressure below both limits is measured and entered.",
        )
    return open_(
        f"{figures}.{known}",
        seen_on=reading.day,
        limit=systolic,
        holds_to=reading.day + timedelta(days=valid_days),
    )


RULE = Rule(
    code="GATE-002",
    title="Blood pressure",
    strength=Strength.ABSOLUTE,
    sources=("S026", "S027", "S093", "S032", "S018", "S030", "S094", "S095"),
    check=check,
    limits=("screening_systolic_mmhg", "screening_diastolic_mmhg", "pressure_valid_days"),
)
