"""Medicines, and the infusions of ketamine among them."""

import pytest

from sextant.fhir import BundleError
from sextant.record import Infusion, Medication

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


def dose(value: float, unit: str, **fields) -> dict:
    return {"dose": {"value": value, "code": unit, "system": "http://unitsofmeasure.org"}, **fields}


def test_an_order_is_kept_with_its_status(fhir):
    given = fhir.resource(
        "MedicationRequest",
        status="stopped",
        intent="order",
        medicationCodeableConcept=fhir.concept("328670", RXNORM, "Sertraline 100MG"),
        authoredOn="2020-01-01",
    )

    (medicine,) = fhir.read(given).record.all(Medication)

    assert (medicine.code, medicine.text, medicine.status) == ("328670", "Sertraline 100MG", "stopped")


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "entered-in-error"},
        {"status": "draft"},
        {"status": "active", "intent": "proposal"},
        {"status": "active", "doNotPerform": True},
    ],
)
def test_what_was_never_ordered_is_set_aside(fhir, fields):
    given = fhir.resource("MedicationRequest", medicationCodeableConcept={"text": "Sertraline"}, **fields)

    imported = fhir.read(given)

    assert imported.record.all(Medication) == ()
    assert imported.set_aside[0].entries == 1


def test_a_medicine_that_was_not_taken_is_set_aside(fhir):
    given = fhir.resource("MedicationStatement", status="not-taken", medicationCodeableConcept={"text": "Disulfiram"})

    assert fhir.read(given).set_aside[0].why == "the record says that it was not taken"


@pytest.mark.parametrize("place", ["in the bundle", "contained"])
def test_a_medicine_is_found_by_reference(fhir, place):
    medicine = {"resourceType": "Medication", "id": "m", "code": {"text": "Naltrexone"}}
    contained = place == "contained"
    given = fhir.resource(
        "MedicationStatement",
        status="active",
        medicationReference={"reference": "#m" if contained else "Medication/m"},
        contained=[medicine] if contained else None,
        effectivePeriod={"start": "2026-01-01", "end": "2026-10-01"},
    )

    imported = fhir.read(given, *([] if contained else [medicine]))

    (taken,) = imported.record.all(Medication)
    assert taken.text == "Naltrexone"
    assert imported.set_aside == ()
    assert taken.ended_at.date().isoformat() == "2026-10-01"


def test_a_medicine_whose_reference_leads_nowhere_is_set_aside(fhir):
    given = fhir.resource("MedicationStatement", status="active", medicationReference={"reference": "Medication/gone"})

    assert fhir.read(given).set_aside[0].why == "the medicine that it refers to is not in the bundle"


@pytest.mark.parametrize(
    "medicine",
    [
        {"text": "Ketamine 50 mg/mL"},
        {"coding": [{"system": RXNORM, "code": "6130"}]},
        {"coding": [{"system": "http://snomed.info/sct", "code": "373464007", "display": "Ketamine"}]},
    ],
)
def test_ketamine_given_is_an_infusion_with_dose_duration_and_route(fhir, medicine):
    route = {"coding": [{"system": "http://snomed.info/sct", "code": "47625008"}]}
    given = fhir.ketamine(medicationCodeableConcept=medicine, dosage=dose(0.5, "mg/kg", route=route))

    (infusion,) = fhir.read(given).record.all(Infusion)

    assert (infusion.dose_mg_per_kg, infusion.duration_min, infusion.route) == (0.5, 40, "intravenous")
    assert infusion.taken_at.isoformat() == "2026-11-20T09:00:00+00:00"


def test_a_dose_in_milligrams_is_divided_by_the_nearest_weight_and_that_is_said(fhir):
    weights = [
        fhir.observation("29463-7", 90, "kg", effectiveDateTime="2026-09-01"),
        fhir.observation("29463-7", 78, "kg", effectiveDateTime="2026-11-19"),
    ]

    imported = fhir.read(fhir.ketamine(dosage=dose(39, "mg")), *weights)

    assert imported.record.all(Infusion)[0].dose_mg_per_kg == pytest.approx(0.5)
    assert imported.set_aside[0].why == "the dose in mg was divided by the weight nearest in time"


def test_without_a_weight_near_in_time_the_dose_by_weight_is_not_known(fhir):
    old = fhir.observation("29463-7", 78, "kg", effectiveDateTime="2025-11-19")

    imported = fhir.read(fhir.ketamine(dosage=dose(39, "mg")), old)

    assert imported.record.all(Infusion)[0].dose_mg_per_kg is None
    assert imported.set_aside[0].why.startswith("no weight within 90 days")


def test_an_infusion_with_nothing_but_a_day_is_still_an_infusion(fhir):
    given = fhir.ketamine(effectivePeriod=None, effectiveDateTime="2026-11-20")

    (infusion,) = fhir.read(given).record.all(Infusion)

    assert (infusion.dose_mg_per_kg, infusion.duration_min, infusion.route) == (None, None, "not stated")


@pytest.mark.parametrize("day", ["2026", "2026-11"])
def test_an_infusion_without_a_day_is_set_aside(fhir, day):
    imported = fhir.read(fhir.ketamine(effectivePeriod=None, effectiveDateTime=day))

    assert imported.record.all(Infusion) == ()
    assert imported.set_aside[0].why == "an infusion of ketamine without a day cannot be placed in the series"


def test_two_administrations_of_one_day_without_a_clock_are_both_read(fhir):
    twice = [fhir.ketamine(effectivePeriod=None, effectiveDateTime="2026-11-20") for _ in range(2)]

    imported = fhir.read(*twice)

    assert imported.used["MedicationAdministration"] == 2
    assert len(imported.record.all(Infusion)) == 2


def test_a_medicine_dated_by_its_year_is_used_and_that_is_said(fhir):
    given = fhir.ketamine(
        medicationCodeableConcept={"text": "Naltrexone"}, effectivePeriod=None, effectiveDateTime="2026"
    )

    imported = fhir.read(given)

    assert len(imported.record.all(Medication)) == 1
    assert imported.set_aside[0].why == "only a year or month is given; read as its first day"


@pytest.mark.parametrize("status", ["not-done", "entered-in-error", "in-progress", "on-hold", "unknown"])
def test_ketamine_that_was_not_surely_given_is_set_aside(fhir, status):
    imported = fhir.read(fhir.ketamine(status=status))

    assert imported.record.all(Infusion) == ()
    assert imported.set_aside[0].what == "MedicationAdministration (1)"


@pytest.mark.parametrize("unit", ["mL", "ug/kg/min", "vial"])
def test_a_dose_in_an_unknown_unit_is_refused_by_name(fhir, unit):
    with pytest.raises(BundleError, match=f"Ketamine in '{unit}', a unit that is not known here"):
        fhir.read(fhir.ketamine(dosage=dose(10, unit)))


@pytest.mark.parametrize("value", [0, -1, 500])
def test_a_dose_that_cannot_be_is_refused(fhir, value):
    with pytest.raises(BundleError, match="mg/kg of ketamine cannot be"):
        fhir.read(fhir.ketamine(dosage=dose(value, "mg/kg")))


def test_esketamine_is_a_medicine_and_no_infusion_of_the_series(fhir):
    given = fhir.ketamine(medicationCodeableConcept={"text": "Esketamine nasal spray"}, dosage=dose(84, "mg"))

    record = fhir.read(given).record

    assert record.all(Infusion) == ()
    assert [medicine.text for medicine in record.all(Medication)] == ["Esketamine nasal spray"]
