"""Is the person of an age that was studied?"""

from datetime import datetime

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, caution, closed, open_
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    youngest, oldest = limits["youngest_age_years"], limits["oldest_age_years"]
    age = record.patient.age_on(now.date())
    if youngest.value is None or age < youngest.value:
        return closed(f"{age} years old.", limit=youngest, opens_when="The person is of age.")
    if oldest.value is not None and age > oldest.value:
        return caution(
            f"{age} years old; KARE took 18 to 60, MORE-KARE had no upper limit.",
            limit=oldest,
            opens_when="The prescriber weighs it and says why in the decision.",
            strength=Strength.SOFT,
        )
    return open_(f"{age} years old.", limit=oldest)


RULE = Rule(
    code="GATE-010",
    title="Age",
    strength=Strength.ABSOLUTE,
    sources=("S001", "S002"),
    check=check,
    limits=("youngest_age_years", "oldest_age_years"),
)
