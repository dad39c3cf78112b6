"""Has the person gone long enough without food and drink?"""

from datetime import datetime, timedelta

from sextant.protocol.limits import Limit, Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength, ask, closed, open_
from sextant.record import Measurement, PatientRecord

_HOUR = timedelta(hours=1)


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    food, drink = limits["fasting_solids_h"], limits["fasting_clear_h"]
    ate, drank = _hours(record, "hours_since_solid_food", now), _hours(record, "hours_since_clear_liquid", now)
    for what, hours, limit in (("solid food", ate, food), ("clear drink", drank, drink)):
        if hours is not None and limit.value is not None and hours < limit.value:
            return _too_soon(what, hours, limit, now)
    if ate is None or drank is None:
        return ask(
            f"Nobody has asked today when the person last {'ate' if ate is None else 'drank'}.",
            limit=food if ate is None else drink,
            opens_when="The hours since solid food and since clear drink are entered.",
        )
    return open_(f"Solid food {ate:.1f} h ago, clear drink {drank:.1f} h ago.", seen_on=now.date(), limit=food)


def _hours(record: PatientRecord, kind: str, now: datetime) -> float | None:
    """Hours that have passed now, from what was said at the door today; of several answers the latest meal counts."""
    said = [one for one in record.all(Measurement) if one.kind == kind and one.day == now.date()]
    return min((one.value + (now - one.taken_at) / _HOUR for one in said), default=None)


def _too_soon(what: str, hours: float, limit: Limit, now: datetime) -> Answered:
    ready = now + (limit.value or 0) * _HOUR - hours * _HOUR
    return closed(
        f"Last {what} at {now - hours * _HOUR:%H:%M}.",
        seen_on=now.date(),
        limit=limit,
        opens_when=f"It is {ready:%H:%M}, or the prescriber signs the reason.",
    )


RULE = Rule(
    code="GATE-056",
    title="Food and drink",
    strength=Strength.SOFT,
    sources=("D006", "D007", "D008", "D009"),
    check=check,
    stage=Stage.ARRIVAL,
    limits=("fasting_solids_h", "fasting_clear_h"),
)
