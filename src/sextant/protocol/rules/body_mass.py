"""Is the person far lighter or heavier than those who were studied?"""

from datetime import datetime, timedelta

from sextant.protocol.asked import ANSWERS
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, closed, open_
from sextant.record import Measurement, PatientRecord, Weight
from sextant.units.words import day_words

_SIGN = "A clinician looks at it again, and the prescriber signs the reason."


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    lowest, highest = limits["bmi_lowest_kg_per_m2"], limits["bmi_highest_kg_per_m2"]
    weight = record.latest(Weight)
    height = next((one for one in reversed(record.all(Measurement)) if one.kind == "height_cm"), None)
    if weight is None or height is None:
        missing = "weight" if weight is None else "height"
        return ask(f"No {missing} on record.", limit=highest, opens_when="Weight and height are measured.")
    # Rounded, so that a machine's last digits do not put a body mass of exactly the limit beyond it.
    bmi = round(weight.weight_kg / (height.value / 100) ** 2, 6)
    saw = f"Body mass index {bmi:.2f} kg/m2, weighed on {day_words(weight.day)}."
    if lowest.value is not None and bmi < lowest.value:
        return closed(saw, seen_on=weight.day, limit=lowest, opens_when=_SIGN)
    if highest.value is not None and bmi > highest.value:
        return closed(saw, seen_on=weight.day, limit=highest, opens_when=_SIGN)
    valid = limits[ANSWERS]
    holds_to = weight.day + timedelta(days=valid.value or 0)
    if now.date() > holds_to:
        return ask(f"{saw} Too long ago to count.", seen_on=weight.day, limit=valid, opens_when="Weight is measured.")
    return open_(saw, seen_on=weight.day, limit=highest, holds_to=holds_to)


RULE = Rule(
    code="GATE-021",
    title="Body mass",
    strength=Strength.SOFT,
    sources=("S039",),
    check=check,
    limits=("bmi_lowest_kg_per_m2", "bmi_highest_kg_per_m2", ANSWERS),
)
