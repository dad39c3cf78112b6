"""Made-up bundles in few words."""

import json
from datetime import UTC, datetime
from itertools import count

import pytest

from sextant.fhir import Imported, read_bundle

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"


class Bundles:
    """Builds resources of one made-up patient and reads them as one bundle."""

    now = NOW

    def __init__(self) -> None:
        self._numbers = count(1)

    def patient(self, **fields) -> dict:
        given = {"resourceType": "Patient", "id": "ada", "gender": "female", "birthDate": "1980-05-04"}
        return self._only_given({**given, **fields})

    def resource(self, resource_type: str, **fields) -> dict:
        given = {"resourceType": resource_type, "id": str(next(self._numbers))}
        subject = "patient" if resource_type in {"AllergyIntolerance", "Consent", "Immunization"} else "subject"
        return self._only_given({**given, subject: {"reference": "Patient/ada"}, **fields})

    def observation(self, code: str, value: object = None, unit: str | None = None, display="", **fields) -> dict:
        amount = None if value is None else {"value": value, "unit": unit, "code": unit, "system": UCUM}
        given = {
            "status": "final",
            "code": self.concept(code, display=display),
            "effectiveDateTime": "2026-11-20T09:00:00Z",
            "valueQuantity": amount and self._only_given(amount),
        }
        return self.resource("Observation", **{**given, **fields})

    def pressure(self, systolic: float, diastolic: float, unit: str = "mm[Hg]", **fields) -> dict:
        halves = [
            {"code": self.concept(code), "valueQuantity": {"value": value, "code": unit, "system": UCUM}}
            for code, value in (("8480-6", systolic), ("8462-4", diastolic))
        ]
        return self.observation("85354-9", component=halves, **fields)

    def condition(
        self, code: str | dict, text: str = "", system: str = SNOMED, status: str | None = "active", **fields
    ) -> dict:
        given = {
            "code": code if isinstance(code, dict) else self.concept(code, system, text),
            "clinicalStatus": status and {"coding": [{"code": status}]},
            "onsetDateTime": "2020-01-01",
        }
        return self.resource("Condition", **{**given, **fields})

    def ketamine(self, **fields) -> dict:
        given = {
            "status": "completed",
            "medicationCodeableConcept": {"text": "Ketamine"},
            "effectivePeriod": {"start": "2026-11-20T09:00:00Z", "end": "2026-11-20T09:40:00Z"},
        }
        return self.resource("MedicationAdministration", **{**given, **fields})

    @staticmethod
    def concept(code: str, system: str = LOINC, display: str = "") -> dict:
        return {"coding": [{"system": system, "code": code, "display": display}]}

    def bundle(self, *resources: dict, patient: dict | None = None, kind: str = "collection", **fields) -> dict:
        everything = [patient or self.patient(), *resources]
        return {"resourceType": "Bundle", "type": kind, "entry": [{"resource": one} for one in everything], **fields}

    def read(self, *resources: dict, as_of: datetime | None = None, **fields) -> Imported:
        return read_bundle(self.bytes(*resources, **fields), now=NOW, as_of=as_of)

    def bytes(self, *resources: dict, **fields) -> bytes:
        return json.dumps(self.bundle(*resources, **fields)).encode()

    @staticmethod
    def _only_given(fields: dict) -> dict:
        return {name: value for name, value in fields.items() if value is not None}


@pytest.fixture
def fhir() -> Bundles:
    return Bundles()
