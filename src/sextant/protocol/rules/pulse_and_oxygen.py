"""Are heart rate and oxygen saturation at rest within the limits?"""

from datetime import datetime, timedelta

from sextant.protocol.limits import Limit, Limits
from sextant.protocol.measured import newest_of
from sextant.protocol.rule import Answered, Rule, Strength, ask, closed, open_
from sextant.record import Measurement, PatientRecord
from sextant.units.words import day_words

_OPENS = "Heart rate and oxygen saturation at rest are measured and within the limits."


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    pulses, saturations = newest_of(record, "heart_rate_per_min"), newest_of(record, "oxygen_saturation_percent")
    slowest, fastest = limits["heart_rate_lowest_per_min"], limits["heart_rate_highest_per_min"]
    least = limits["oxygen_saturation_lowest_percent"]
    # Of readings at one time each counts.
    for pulse in pulses:
        if slowest.value is not None and pulse.value < slowest.value:
            return _closed("Heart rate", pulse, "beats a minute", slowest)
        if fastest.value is not None and pulse.value > fastest.value:
            return _closed("Heart rate", pulse, "beats a minute", fastest)
    for oxygen in saturations:
        if least.value is not None and oxygen.value < least.value:
            return _closed("Oxygen saturation", oxygen, "%", least)
    valid = limits["pressure_valid_days"]
    if not pulses or not saturations:
        missing = "oxygen saturation" if pulses else "heart rate"
        return ask(f"No {missing} on record.", limit=valid, opens_when=_OPENS)
    pulse, oxygen = pulses[-1], saturations[-1]
    oldest = min(pulse.day, oxygen.day)
    holds_to = oldest + timedelta(days=valid.value or 0)
    if now.date() > holds_to:
        return ask(
            f"Measured on {day_words(oldest)}: too long ago to count.", seen_on=oldest, limit=valid, opens_when=_OPENS
        )
    return open_(
        f"{pulse.value:g} beats a minute and {oxygen.value:g} % saturation, {day_words(oldest)}.",
        seen_on=oldest,
        limit=valid,
        holds_to=holds_to,
    )


def _closed(what: str, seen: Measurement, unit: str, limit: Limit) -> Answered:
    return closed(
        f"{what} {seen.value:g} {unit} on {day_words(seen.day)}.",
        seen_on=seen.day,
        limit=limit,
        opens_when="It is worked up, and a repeated reading lies within the limits.",
    )


RULE = Rule(
    code="GATE-041",
    title="Heart rate and oxygen",
    strength=Strength.HARD,
    sources=("S031", "S029", "S090"),
    check=check,
    limits=(
        "heart_rate_lowest_per_min",
        "heart_rate_highest_per_min",
        "oxygen_saturation_lowest_percent",
        "pressure_valid_days",
    ),
)
