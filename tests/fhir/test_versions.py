"""Another FHIR version is refused by the sign that gave it away."""

import pytest

from sextant.fhir import BundleError


@pytest.mark.parametrize(
    ("version", "resource"),
    [
        ("STU3", {"resourceType": "Condition", "clinicalStatus": "active"}),
        ("STU3", {"resourceType": "Condition", "assertedDate": "2017-01-01"}),
        ("STU3", {"resourceType": "MedicationRequest", "context": {"reference": "Encounter/1"}}),
        ("STU3", {"resourceType": "MedicationStatement", "taken": "y"}),
        ("STU3", {"resourceType": "ProcedureRequest"}),
        ("DSTU2", {"resourceType": "Condition", "patient": {"reference": "Patient/ada"}, "clinicalStatus": "active"}),
        ("DSTU2", {"resourceType": "AllergyIntolerance", "substance": {"text": "peanut"}}),
        ("DSTU2", {"resourceType": "MedicationOrder"}),
        ("DSTU2", {"resourceType": "Encounter", "class": "outpatient"}),
        ("R5", {"resourceType": "MedicationRequest", "medication": {"concept": {"text": "sertraline"}}}),
        ("R5", {"resourceType": "MedicationAdministration", "occurenceDateTime": "2026-01-01"}),
        ("R5", {"resourceType": "Encounter", "class": [{"text": "ambulatory"}]}),
        ("R5", {"resourceType": "AllergyIntolerance", "type": {"text": "allergy"}}),
        ("R5", {"resourceType": "Transport"}),
    ],
)
def test_another_version_is_refused_with_its_sign(fhir, version, resource):
    with pytest.raises(BundleError, match=rf"FHIR {version}\b.*Export it as FHIR R4"):
        fhir.read(resource)


def test_a_stated_version_counts(fhir):
    with pytest.raises(BundleError, match=r"fhirVersion says '3\.0\.1'"):
        fhir.read(fhir.resource("CapabilityStatement", fhirVersion="3.0.1"))


def test_a_profile_of_another_version_counts(fhir):
    profile = "http://hl7.org/fhir/STU3/StructureDefinition/bodyweight"

    with pytest.raises(BundleError, match="is of FHIR STU3"):
        fhir.read(fhir.observation("29463-7", 70, "kg", meta={"profile": [profile]}))


def test_profiles_of_r4_are_no_sign(fhir):
    profile = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-body-weight|5.0.1"

    assert fhir.read(fhir.observation("29463-7", 70, "kg", meta={"profile": [profile]})).used["Observation"] == 1
