"""Vital signs and laboratory values, in the record's units and within what a living body can show."""

from dataclasses import dataclass
from datetime import datetime

from sextant.fhir.coding import LOINC, coded_words
from sextant.fhir.element import Element
from sextant.fhir.reading import Left, Taken, one
from sextant.fhir.refusal import refused
from sextant.fhir.times import When
from sextant.fhir.ucum import quantity
from sextant.record import BloodPressure, Fact, Measurement, Weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One kind of measurement.

    `lowest` and `highest` are technical bounds: outside them lies a slip of typing or unit, not a sick body. They
    are no clinical limits; those are the clinic's.
    """

    name: str
    unit: str
    lowest: float
    highest: float
    kind: str = ""


WEIGHT = Measure(name="Weight", unit="kg", lowest=0.2, highest=650)
SYSTOLIC = Measure(name="Systolic pressure", unit="mm[Hg]", lowest=30, highest=350)
DIASTOLIC = Measure(name="Diastolic pressure", unit="mm[Hg]", lowest=10, highest=300)

_HEART_RATE = Measure(name="Heart rate", unit="/min", lowest=10, highest=400, kind="heart_rate_per_min")
_SATURATION = Measure(name="Oxygen saturation", unit="%", lowest=20, highest=100, kind="oxygen_saturation_percent")
_BREATHS = Measure(name="Breaths", unit="/min", lowest=1, highest=150, kind="respiratory_rate_per_min")
_HEIGHT = Measure(name="Height", unit="cm", lowest=20, highest=280, kind="height_cm")
_BMI = Measure(name="Body mass index", unit="kg/m2", lowest=5, highest=250, kind="body_mass_index_kg_per_m2")
_ALT = Measure(name="ALT", unit="U/L", lowest=0, highest=100_000, kind="alt_u_per_l")
_AST = Measure(name="AST", unit="U/L", lowest=0, highest=100_000, kind="ast_u_per_l")
_ALP = Measure(name="Alkaline phosphatase", unit="U/L", lowest=0, highest=100_000, kind="alp_u_per_l")
_GGT = Measure(name="GGT", unit="U/L", lowest=0, highest=100_000, kind="ggt_u_per_l")
_BILIRUBIN = Measure(
    name="Total bilirubin", unit="bilirubin mg/dL", lowest=0, highest=200, kind="bilirubin_total_mg_per_dl"
)
_CREATININE = Measure(name="Creatinine", unit="creatinine mg/dL", lowest=0, highest=150, kind="creatinine_mg_per_dl")

# LOINC. What the gates of screening read, or will: weight, pressure, pulse, saturation, body mass, liver and kidney.
MEASURES = {
    "29463-7": WEIGHT,  # body weight
    "3141-9": WEIGHT,  # measured
    "3142-7": WEIGHT,  # stated
    "8350-1": WEIGHT,  # measured with clothes
    "8351-9": WEIGHT,  # measured without clothes
    "8302-2": _HEIGHT,
    "39156-5": _BMI,
    "8867-4": _HEART_RATE,
    "9279-1": _BREATHS,
    "2708-6": _SATURATION,  # in arterial blood
    "59408-5": _SATURATION,  # by pulse oximetry
    "1742-6": _ALT,
    "1920-8": _AST,
    "6768-6": _ALP,
    "2324-2": _GGT,
    "1975-2": _BILIRUBIN,  # mass
    "14631-6": _BILIRUBIN,  # moles
    "2160-0": _CREATININE,  # mass, in serum or plasma
    "14682-9": _CREATININE,  # moles, in serum or plasma
    "38483-4": _CREATININE,  # mass, in blood
}
PRESSURE_PANELS = {"85354-9", "55284-4"}
PRESSURE_HALVES = {"8480-6": SYSTOLIC, "8462-4": DIASTOLIC}


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfPressure(Fact):
    """A systolic or diastolic pressure that was sent alone, on its way to the other half of the same time."""

    half: Measure
    value_mmhg: float


def read_measure(resource: Element, when: When, measure: Measure) -> Taken | Left:
    """Weight, or another value in the unit of its kind."""
    value = _value(resource, measure)
    if value is None:
        return Left("it has no exact value")
    if measure is WEIGHT:
        return one(
            Weight(
                fact_id=resource.resource,
                taken_at=when.start,
                source=f"FHIR {resource.resource}",
                weight_kg=value,
            )
        )
    return one(
        Measurement(
            fact_id=resource.resource,
            taken_at=when.start,
            source=f"FHIR {resource.resource}",
            kind=measure.kind,
            value=value,
        )
    )


def read_pressure(resource: Element, when: When) -> Taken | Left:
    """Both pressures of a panel."""
    values: dict[str, float] = {}
    for component in resource.children("component"):
        for code in coded_words(component, "code").codes(LOINC):
            if code in PRESSURE_HALVES:
                value = _value(component, PRESSURE_HALVES[code])
                if value is not None:
                    values[code] = value
    if len(values) < len(PRESSURE_HALVES):
        return Left("it does not hold both pressures")
    return one(_pressure(resource.resource, when.start, values["8480-6"], values["8462-4"]))


def read_half(resource: Element, when: When, half: Measure) -> Taken | Left:
    """One pressure that was sent alone."""
    value = _value(resource, half)
    if value is None:
        return Left("it has no exact value")
    return one(
        HalfPressure(
            fact_id=resource.resource,
            taken_at=when.start,
            source=f"FHIR {resource.resource}",
            half=half,
            value_mmhg=value,
        )
    )


def join_halves(outcomes: list[Taken | Left]) -> list[Taken | Left]:
    """Pressures that were sent one by one, joined where both are of the same time; one alone is set aside."""
    by_time: dict[datetime, dict[str, HalfPressure]] = {}
    for outcome in outcomes:
        for fact in outcome.facts if isinstance(outcome, Taken) else ():
            if isinstance(fact, HalfPressure):
                other = by_time.setdefault(fact.taken_at, {}).setdefault(fact.half.name, fact)
                if other.value_mmhg != fact.value_mmhg:
                    raise refused(
                        fact.fact_id,
                        f"{fact.half.name} is {fact.value_mmhg:g} here and {other.value_mmhg:g} in {other.fact_id}, "
                        "at the same time",
                        "Correct the one that is wrong.",
                    )
    return [_joined(outcome, by_time) for outcome in outcomes]


def _joined(outcome: Taken | Left, by_time: dict[datetime, dict[str, HalfPressure]]) -> Taken | Left:
    if isinstance(outcome, Left) or not outcome.facts or not isinstance(outcome.facts[0], HalfPressure):
        return outcome
    fact = outcome.facts[0]
    pair = by_time[fact.taken_at]
    if len(pair) < len(PRESSURE_HALVES):
        return Left("the other pressure of that time is not in the bundle", what=f"Observation {fact.half.name}")
    if fact is not pair[SYSTOLIC.name]:
        return Taken(())  # it stands in the fact of its systolic half
    lower = pair[DIASTOLIC.name]
    return one(_pressure(fact.fact_id, fact.taken_at, fact.value_mmhg, lower.value_mmhg))


def _pressure(name: str, taken_at: datetime, systolic_mmhg: float, diastolic_mmhg: float) -> BloodPressure:
    if systolic_mmhg <= diastolic_mmhg:
        raise refused(
            name,
            f"a blood pressure of {systolic_mmhg:g}/{diastolic_mmhg:g} mmHg cannot be, the first must be the higher",
            "Correct the two.",
        )
    return BloodPressure(
        fact_id=name,
        taken_at=taken_at,
        source=f"FHIR {name}",
        systolic_mmhg=systolic_mmhg,
        diastolic_mmhg=diastolic_mmhg,
    )


def _value(element: Element, measure: Measure) -> float | None:
    value = quantity(element, "valueQuantity", measure.name, measure.unit)
    if value is not None and not measure.lowest <= value <= measure.highest:
        unit = measure.unit.split()[-1]
        raise refused(
            element.at("valueQuantity"),
            f"{measure.name} of {value:g} {unit} cannot be; a living body lies within {measure.lowest:g} and "
            f"{measure.highest:g} {unit}",
            "Check the value and its unit, and correct them.",
        )
    return value
