"""One dose in mg/kg, mg, mL and mL/h, with the weight that it is of, and the trials that gave as much in as long.

Everything is worked out exactly, in decimals. What is shown is rounded down, so that no more and no faster is given
than was ordered.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from sextant.evidence.library import Trial, library
from sextant.record import Weight
from sextant.visit.pump_rate import mg_per_min_of

MG_STEP, ML_STEP, ML_PER_H_STEP = Decimal("0.01"), Decimal("0.01"), Decimal("0.1")

SAME_DOSE_WITHIN_MG_PER_KG = Decimal("0.005")
"""Half of the last digit that trials print."""

_ONE_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRegimen:
    """A trial that gave the same dose in the same minutes into a vein; `address` is where that was read."""

    study_id: str
    substance: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InSyringe:
    """The same dose from a vial of one strength.

    `ml` and `ml_per_h` are rounded down; `runs_min` is how long `ml` then takes at `ml_per_h`, None where the rate is
    below the smallest step.
    """

    strength_mg_per_ml: Decimal
    ml: Decimal
    ml_per_h: Decimal
    runs_min: Decimal | None

    @property
    def mg(self) -> Decimal:
        """What `ml` holds."""
        return self.ml * self.strength_mg_per_ml

    @property
    def mg_per_min(self) -> Decimal:
        """What `ml_per_h` gives."""
        return mg_per_min_of(self.ml_per_h, self.strength_mg_per_ml)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseSheet:
    """A dose and its weight; `weight_days` is how old the weight is on the day of the dose."""

    mg_per_kg: Decimal
    weight_kg: Decimal
    weighed_on: date
    weight_days: int
    minutes: Decimal
    mg: Decimal
    in_syringe: InSyringe | None
    same_in_trials: tuple[TrialRegimen, ...]

    @property
    def mg_per_min(self) -> Decimal:
        """The rate of the whole dose, not rounded."""
        return self.mg_per_kg * self.weight_kg / self.minutes


def dose_sheet(
    dose_mg_per_kg: float, duration_min: float, weight: Weight, on: date, strength_mg_per_ml: Decimal | None = None
) -> DoseSheet:
    """The sheet of one dose.

    Parameters
    ----------
    dose_mg_per_kg, duration_min : both above 0
    weight : that the dose is turned into milligrams by
    on : the day of the dose
    strength_mg_per_ml : of the vial, as `vial_strength` reads it; None leaves the millilitres out

    Raises
    ------
    ValueError
        If one of them is not above 0.
    """
    dose, minutes, weight_kg = (_exact(one) for one in (dose_mg_per_kg, duration_min, weight.weight_kg))
    strength = () if strength_mg_per_ml is None else (strength_mg_per_ml,)
    if not all(one.is_finite() and one > 0 for one in (dose, minutes, weight_kg, *strength)):
        raise ValueError(
            "Dose, minutes, weight and strength are each above 0. Write for example 0.5 mg/kg over 40 min."
        )
    mg = dose * weight_kg
    return DoseSheet(
        mg_per_kg=dose,
        weight_kg=weight_kg,
        weighed_on=weight.day,
        weight_days=(on - weight.day).days,
        minutes=minutes,
        mg=_down(mg, MG_STEP),
        in_syringe=None if strength_mg_per_ml is None else _in_syringe(mg, minutes, strength_mg_per_ml),
        same_in_trials=same_in_trials(dose, minutes),
    )


def same_in_trials(dose_mg_per_kg: Decimal, minutes: Decimal) -> tuple[TrialRegimen, ...]:
    """Each trial with an arm of this dose in these minutes into a vein, once, in the order of the table.

    A dose that is printed as a range or with a condition is no one dose. Analyses of another trial's infusions are left
    out: they gave nothing of their own.
    """
    found: dict[str, TrialRegimen] = {}
    for row in library().trials:
        if row.study_id not in found and _is_same(row, dose_mg_per_kg, minutes):
            found[row.study_id] = TrialRegimen(
                study_id=row.study_id, substance=row.substance, address=row.source_address
            )
    return tuple(found.values())


def _is_same(row: Trial, dose_mg_per_kg: Decimal, minutes: Decimal) -> bool:
    if row.route != "iv" or row.row_kind == "mechanism" or row.infusion_minutes is None:
        return False
    if not _ONE_NUMBER.fullmatch(row.dose_mg_per_kg or ""):
        return False
    printed = Decimal(row.dose_mg_per_kg or "")
    near = abs(printed - dose_mg_per_kg) <= SAME_DOSE_WITHIN_MG_PER_KG
    return printed > 0 and near and _exact(row.infusion_minutes) == minutes


def _in_syringe(mg: Decimal, minutes: Decimal, strength: Decimal) -> InSyringe:
    whole_ml = mg / strength
    ml, ml_per_h = _down(whole_ml, ML_STEP), _down(whole_ml * 60 / minutes, ML_PER_H_STEP)
    return InSyringe(
        strength_mg_per_ml=strength,
        ml=ml,
        ml_per_h=ml_per_h,
        runs_min=ml * 60 / ml_per_h if ml_per_h else None,
    )


def _exact(number: float) -> Decimal:
    """The number as people wrote it: 0.1 is one tenth. Zeros behind it go: 40.0 is 40."""
    written = Decimal(repr(float(number)))
    whole = written.to_integral_value()
    return whole if written == whole else written.normalize()


def _down(number: Decimal, step: Decimal) -> Decimal:
    return number.quantize(step, rounding=ROUND_DOWN)
