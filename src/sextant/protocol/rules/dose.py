"""Is the ordered dose within the clinic's maximum, and the weight fresh enough to turn it into milligrams?"""

from datetime import datetime

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength, ask, closed, open_
from sextant.record import PatientRecord, Weight
from sextant.units.words import day_words


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    order, highest, valid = record.order, limits["dose_highest_mg_per_kg"], limits["weight_valid_days"]
    if highest.value is None:
        return ask(
            "The clinic has not set the highest dose that may be ordered.",
            limit=highest,
            opens_when="The medical director sets it, and the dose lies within it.",
        )
    if order is None or order.dose_mg_per_kg is None or order.duration_min is None:
        return ask(
            "No dose is ordered.",
            limit=highest,
            opens_when="A prescriber orders dose and minutes of this one infusion.",
        )
    ordered = f"{order.dose_mg_per_kg:g} mg/kg over {order.duration_min:g} min"
    if order.dose_mg_per_kg > highest.value:
        return closed(
            f"{ordered}, ordered on {day_words(order.day)}.",
            seen_on=order.day,
            limit=highest,
            opens_when="A lower dose is ordered, or a second qualified person agrees and signs the reason.",
        )
    weight = record.latest(Weight)
    if weight is None or (now.date() - weight.day).days > (valid.value or 0):
        last = "No weight on record" if weight is None else f"Last weighed on {day_words(weight.day)}"
        return ask(
            f"{last}: the milligrams are not known.",
            seen_on=None if weight is None else weight.day,
            limit=valid,
            opens_when="The person is weighed.",
        )
    milligrams = order.dose_mg_per_kg * weight.weight_kg
    return open_(
        f"{ordered}, for {weight.weight_kg:g} kg of {day_words(weight.day)}: {milligrams:.3g} mg.",
        seen_on=order.day,
        limit=highest,
    )


RULE = Rule(
    code="GATE-064",
    title="Dose",
    strength=Strength.HARD,
    sources=("D017", "D018", "D019", "D020", "D021", "D022", "D023", "D024", "D025", "D075", "D076", "D077", "D078"),
    check=check,
    stage=Stage.ARRIVAL,
    limits=("dose_highest_mg_per_kg", "weight_valid_days"),
)
