"""What is worth knowing on the day of an infusion, for the people in the room."""

from sextant.visit.dose_sheet import DoseSheet, InSyringe, TrialRegimen, dose_sheet
from sextant.visit.given import Given, regimen_of, regimen_ordered
from sextant.visit.own_rises import OwnRise, SilentInfusion
from sextant.visit.pressure_rise import Band, Expected, PressureRise, pressure_rise
from sextant.visit.pump_rate import mg_per_min_of, ml_per_h_of
from sextant.visit.usual_rise import BETWEEN_PEOPLE_SHARE, NoUsualRiseError, Pressure, UsualRise, usual_rise
from sextant.visit.vial_strength import VialStrengthError, vial_strength

__all__ = [
    "BETWEEN_PEOPLE_SHARE",
    "Band",
    "DoseSheet",
    "Expected",
    "Given",
    "InSyringe",
    "NoUsualRiseError",
    "OwnRise",
    "Pressure",
    "PressureRise",
    "SilentInfusion",
    "TrialRegimen",
    "UsualRise",
    "VialStrengthError",
    "dose_sheet",
    "mg_per_min_of",
    "ml_per_h_of",
    "pressure_rise",
    "regimen_of",
    "regimen_ordered",
    "usual_rise",
    "vial_strength",
]
