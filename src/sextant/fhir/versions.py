"""Signs that a bundle speaks another FHIR version: elements that R4 does not have, or has in another shape."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sextant.fhir.refusal import BundleError, shown

Shape = Callable[[Any], bool]


def _given(value: Any) -> bool:
    return value is not None


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _object(value: Any) -> bool:
    return isinstance(value, dict)


def _list(value: Any) -> bool:
    return isinstance(value, list)


class Sign(NamedTuple):
    """One element that gives a version away."""

    version: str
    resource_type: str
    element: str
    shape: Shape
    in_words: str


# In order: the first that fits names the version, so the older of two that share a sign comes first.
_SIGNS = (
    Sign("DSTU2", "Condition", "patient", _given, "is there; R4 says 'subject'"),
    Sign("DSTU2", "Condition", "dateRecorded", _given, "is there; R4 says 'recordedDate'"),
    Sign("DSTU2", "AllergyIntolerance", "substance", _given, "is there; R4 says 'code'"),
    Sign("DSTU2", "AllergyIntolerance", "status", _given, "is there; R4 says 'clinicalStatus'"),
    Sign("DSTU2", "MedicationStatement", "patient", _given, "is there; R4 says 'subject'"),
    Sign("DSTU2", "MedicationAdministration", "patient", _given, "is there; R4 says 'subject'"),
    Sign("DSTU2", "MedicationAdministration", "wasNotGiven", _given, "is there; R4 says it with 'status'"),
    Sign("DSTU2", "Encounter", "class", _text, "is a text; in R4 it is a Coding"),
    Sign("DSTU2", "Patient", "careProvider", _given, "is there; R4 says 'generalPractitioner'"),
    Sign("STU3", "Condition", "clinicalStatus", _text, "is a text; in R4 it is a CodeableConcept"),
    Sign("STU3", "Condition", "verificationStatus", _text, "is a text; in R4 it is a CodeableConcept"),
    Sign("STU3", "Condition", "assertedDate", _given, "is there; R4 says 'recordedDate'"),
    Sign("STU3", "Condition", "context", _given, "is there; R4 says 'encounter'"),
    Sign("STU3", "AllergyIntolerance", "clinicalStatus", _text, "is a text; in R4 it is a CodeableConcept"),
    Sign("STU3", "AllergyIntolerance", "verificationStatus", _text, "is a text; in R4 it is a CodeableConcept"),
    Sign("STU3", "AllergyIntolerance", "assertedDate", _given, "is there; R4 says 'recordedDate'"),
    Sign("STU3", "Observation", "context", _given, "is there; R4 says 'encounter'"),
    Sign("STU3", "Observation", "comment", _given, "is there; R4 says 'note'"),
    Sign("STU3", "MedicationRequest", "context", _given, "is there; R4 says 'encounter'"),
    Sign("STU3", "MedicationRequest", "definition", _given, "is there; R4 says 'instantiatesCanonical'"),
    Sign("STU3", "MedicationStatement", "taken", _given, "is there; R4 says it with 'status'"),
    Sign("STU3", "MedicationAdministration", "notGiven", _given, "is there; R4 says it with 'status'"),
    Sign("STU3", "MedicationAdministration", "prescription", _given, "is there; R4 says 'request'"),
    Sign("STU3", "Patient", "animal", _given, "is there; R4 has no such element"),
    Sign("R5", "MedicationRequest", "medication", _object, "is an object; R4 says 'medicationCodeableConcept'"),
    Sign("R5", "MedicationStatement", "medication", _object, "is an object; R4 says 'medicationCodeableConcept'"),
    Sign("R5", "MedicationAdministration", "medication", _object, "is an object; R4 says 'medicationCodeableConcept'"),
    Sign("R5", "MedicationAdministration", "occurenceDateTime", _given, "is there; R4 says 'effectiveDateTime'"),
    Sign("R5", "MedicationAdministration", "occurencePeriod", _given, "is there; R4 says 'effectivePeriod'"),
    Sign("R5", "AllergyIntolerance", "type", _object, "is an object; in R4 it is a code"),
    Sign("R5", "AllergyIntolerance", "participant", _given, "is there; R4 says 'recorder' and 'asserter'"),
    Sign("R5", "Condition", "participant", _given, "is there; R4 says 'recorder' and 'asserter'"),
    Sign("R5", "Encounter", "class", _list, "is a list; in R4 it is a Coding"),
    Sign("R5", "Encounter", "actualPeriod", _given, "is there; R4 says 'period'"),
    Sign("R5", "Encounter", "subjectStatus", _given, "is there; R4 says 'statusHistory'"),
    Sign("R5", "Observation", "triggeredBy", _given, "is there; R4 has no such element"),
    Sign("R5", "Consent", "decision", _given, "is there; R4 says it with 'provision'"),
    Sign("R5", "Consent", "grantor", _given, "is there; R4 says 'performer'"),
)
_BY_TYPE: dict[str, list[Sign]] = {}
for _sign in _SIGNS:
    _BY_TYPE.setdefault(_sign.resource_type, []).append(_sign)

# Kinds of resource that R4 does not have.
_TYPES = {
    "BodySite": "DSTU2",
    "Conformance": "DSTU2",
    "DiagnosticOrder": "DSTU2",
    "ImagingObjectSelection": "DSTU2",
    "MedicationOrder": "DSTU2",
    "Order": "DSTU2",
    "OrderResponse": "DSTU2",
    "DataElement": "STU3",
    "DeviceComponent": "STU3",
    "EligibilityRequest": "STU3",
    "ProcedureRequest": "STU3",
    "ProcessRequest": "STU3",
    "ReferralRequest": "STU3",
    "Sequence": "STU3",
    "DeviceDispense": "R5",
    "DeviceUsage": "R5",
    "EncounterHistory": "R5",
    "GenomicStudy": "R5",
    "ImagingSelection": "R5",
    "InventoryItem": "R5",
    "NutritionIntake": "R5",
    "Permission": "R5",
    "Transport": "R5",
}
_PROFILE = re.compile(r"hl7\.org/fhir/(DSTU2|1\.0|STU3|3\.0|R5|5\.0)/")
_DO = "Export it as FHIR R4 (4.0.1) and send it again."


def refuse_other_version(fields: Mapping[str, Any], where: str) -> None:
    """Refuse a resource that gives another FHIR version away.

    Raises
    ------
    BundleError
        With the sign that was seen.
    """
    resource_type = fields["resourceType"]
    version = _TYPES.get(resource_type)
    if version is not None:
        raise BundleError(f"{where}: {resource_type} is a resource of FHIR {version}, not of R4. {_DO}")
    for sign in _BY_TYPE.get(resource_type, ()):
        if sign.element in fields and sign.shape(fields[sign.element]):
            raise BundleError(f"{where}: this is FHIR {sign.version}, not R4: '{sign.element}' {sign.in_words}. {_DO}")
    stated = fields.get("fhirVersion")
    if isinstance(stated, str) and not stated.startswith("4."):
        raise BundleError(f"{where}: fhirVersion says {shown(stated)}, not 4.0.1. {_DO}")
    meta = fields.get("meta")
    profiles = meta.get("profile") if isinstance(meta, dict) else None
    for profile in profiles if isinstance(profiles, list) else ():
        if isinstance(profile, str) and (match := _PROFILE.search(profile)):
            raise BundleError(f"{where}: its profile {shown(profile)} is of FHIR {match[1]}, not of R4. {_DO}")
