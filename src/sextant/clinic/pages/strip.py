"""The strip that says whose chart this is; it stands on every page of a patient and never scrolls away."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sextant.clinic.pages.background import allergy_words, present_allergies
from sextant.clinic.pages.words import State, ago_words, gate_counts, short_day, sober_evidence_words, sober_words
from sextant.protocol import sobriety
from sextant.record import PatientRecord, Weight
from sextant.units.words import day_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Who, how heavy, allergic to what, sober for how long, and the gates: all in words."""

    patient_id: str
    name: str
    born: str
    age: int
    weight: str
    weighed_on: str
    allergies: str
    sober: str
    sober_evidence: str
    gates: list[tuple[State, str]]


def strip_of(record: PatientRecord, gates: list[dict[str, Any]], now: datetime) -> Strip:
    """The strip of one patient at one moment."""
    patient = record.patient
    weight = record.latest(Weight)
    sober = sobriety(record, now)
    return Strip(
        patient_id=patient.patient_id,
        name=patient.name or f"Patient {patient.patient_id[:8]}",
        born=day_words(patient.birth_date),
        age=patient.age_on(now.date()),
        weight=f"{weight.weight_kg:.1f} kg" if weight else "",
        weighed_on=_weighed(weight, now.date()) if weight else "",
        allergies=_allergies(record),
        sober=sober_words(sober, now.date()),
        sober_evidence=sober_evidence_words(sober, now.date()),
        gates=gate_counts(gates),
    )


def _allergies(record: PatientRecord) -> str:
    """Allergies that are not recorded as over; 'not known' where nobody has recorded any, never 'none'."""
    return ", ".join(sorted({allergy_words(one) for one in present_allergies(record)})) or "not known"


def _weighed(weight: Weight, today: date) -> str:
    """When it was weighed and how long ago that is, for an old weight makes a wrong dose."""
    words = short_day(weight.day, today)
    return f"{words}, {ago_words(weight.day, today)}" if weight.day < today else words
