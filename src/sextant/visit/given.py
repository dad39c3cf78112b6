"""What was given, or is ordered, in milligrams over time: the dose in mg/kg and the weight that makes it so.

What the record does not tell is said and never guessed: without it there is no regimen.
"""

from dataclasses import dataclass

from sextant.pharmacology import Regimen, Segment
from sextant.record import Decision, Infusion, PatientRecord, Weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One infusion in milligrams.

    Parameters
    ----------
    regimen : what went in and when, minute 0 being its start; None where something is missing
    weight : the weight that its milligrams are of; None where none is known
    missing : what the record does not tell, in words ('the dose'); empty where there is a regimen
    """

    regimen: Regimen | None
    weight: Weight | None
    missing: tuple[str, ...] = ()


def regimen_of(infusion: Infusion, record: PatientRecord) -> Given:
    """An infusion that was given, as the record tells it: one constant rate from its start to its end.

    The weight is the newest one from before it, as where it was read back. Pauses and slower stretches are not on
    record; where they come to be, they are read here and nowhere else.
    """
    weight = record.latest_at(Weight, infusion.taken_at)
    # The models are of infusions into a vein; a route that nobody stated may be another.
    unstated = () if infusion.route == "intravenous" else ("the route",)
    return _at_one_rate(infusion.dose_mg_per_kg, infusion.duration_min, weight, "a weight from before it", unstated)


def regimen_ordered(order: Decision, record: PatientRecord) -> Given:
    """An infusion that is ordered, by the newest weight."""
    return _at_one_rate(order.dose_mg_per_kg, order.duration_min, record.latest(Weight), "a weight")


def _at_one_rate(
    dose_mg_per_kg: float | None,
    duration_min: float | None,
    weight: Weight | None,
    weight_words: str,
    unstated: tuple[str, ...] = (),
) -> Given:
    missing = list(unstated)
    if dose_mg_per_kg is None or dose_mg_per_kg <= 0:
        missing.append("the dose")
    if duration_min is None or duration_min <= 0:
        missing.append("the minutes")
    if weight is None:
        missing.append(weight_words)
    if missing or dose_mg_per_kg is None or duration_min is None or weight is None:
        return Given(regimen=None, weight=weight, missing=tuple(missing))
    rate = dose_mg_per_kg * weight.weight_kg / duration_min
    return Given(regimen=Regimen((Segment(0.0, duration_min, rate),)), weight=weight)
