"""FHIR R4 bundles of made-up patients, in few words."""

import gzip
import json
from datetime import datetime, timedelta
from typing import Any

Resource = dict[str, Any]
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"


def patient(**changes: Any) -> Resource:
    """A made-up woman of 45."""
    return {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1981-03-03", **changes}


def coded(system: str, code: str, text: str = "") -> Resource:
    return {"coding": [{"system": system, "code": code}], "text": text or code}


def resource(kind: str, number: int, at: datetime | None = None, **parts: Any) -> Resource:
    """A resource about the patient; observations get a status and their time."""
    whole = {"resourceType": kind, "id": f"{kind.lower()}-{number}", "subject": {"reference": "Patient/p1"}, **parts}
    if kind == "Observation":
        whole.setdefault("status", "final")
        if at is not None:
            whole["effectiveDateTime"] = at.isoformat()
    return whole


def condition(number: int, code: str, text: str, onset: datetime, status: str = "active", **parts: Any) -> Resource:
    clinical = coded("http://terminology.hl7.org/CodeSystem/condition-clinical", status)
    return resource(
        "Condition",
        number,
        clinicalStatus=clinical,
        code=coded(SNOMED, code, text),
        onsetDateTime=onset.isoformat(),
        **parts,
    )


def quantity(value: float, unit: str) -> Resource:
    return {"value": value, "unit": unit, "code": unit, "system": UCUM}


def pressure(number: int, systolic: float, diastolic: float, at: datetime) -> Resource:
    return resource(
        "Observation",
        number,
        at,
        code=coded(LOINC, "85354-9", "Blood pressure"),
        component=[
            {"code": coded(LOINC, "8480-6"), "valueQuantity": quantity(systolic, "mm[Hg]")},
            {"code": coded(LOINC, "8462-4"), "valueQuantity": quantity(diastolic, "mm[Hg]")},
        ],
    )


def weight(number: int, value: float, unit: str, at: datetime) -> Resource:
    return resource(
        "Observation", number, at, code=coded(LOINC, "29463-7", "Weight"), valueQuantity=quantity(value, unit)
    )


def question(number: int, key: str, value: str, at: datetime) -> Resource:
    return resource("Observation", number, at, code=coded("urn:sextant:question", key), valueString=value)


def bundle(*resources: Resource, kind: str = "collection") -> bytes:
    """A bundle as bytes of JSON."""
    entries = [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": kind, "entry": entries}).encode()


def zipped(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)


def days_before(now: datetime, days: float) -> datetime:
    return (now - timedelta(days=days)).replace(microsecond=0)
