"""What is in the blood and at the effect site, from the infusion as it was given, by rival models."""

from sextant.pharmacology.band import Band, Between, Curve, Rivals
from sextant.pharmacology.choose import Engine, engine
from sextant.pharmacology.concentration import (
    Concentrations,
    Exposure,
    concentrations,
    concentrations_in_chunks,
    exposure,
)
from sextant.pharmacology.domain import warnings
from sextant.pharmacology.model import DEFAULT, Model, model, models, rivals
from sextant.pharmacology.observations import Observation, observations
from sextant.pharmacology.patients import Patients, average_patient, drawn_patients
from sextant.pharmacology.regimen import Bolus, Regimen, RegimenError, Segment, repeated
from sextant.pharmacology.regimen_json import RegimenFile, read_regimen
from sextant.pharmacology.replay import AHEAD_MIN, Fall, LiveInfusion, Next, Replay

__all__ = [
    "AHEAD_MIN",
    "DEFAULT",
    "Band",
    "Between",
    "Bolus",
    "Concentrations",
    "Curve",
    "Engine",
    "Exposure",
    "Fall",
    "LiveInfusion",
    "Model",
    "Next",
    "Observation",
    "Patients",
    "Regimen",
    "RegimenError",
    "RegimenFile",
    "Replay",
    "Rivals",
    "Segment",
    "average_patient",
    "concentrations",
    "concentrations_in_chunks",
    "drawn_patients",
    "engine",
    "exposure",
    "model",
    "models",
    "observations",
    "read_regimen",
    "repeated",
    "rivals",
    "warnings",
]
