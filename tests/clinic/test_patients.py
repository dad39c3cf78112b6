"""A chart is made once, whole or not at all."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest

from builders import NOW
from bundles import question
from sextant.clinic.models import AuditEntry, Fact, Patient, Recommendation, Role, User
from sextant.clinic.selectors.records import record_of
from sextant.clinic.services import audit, patients
from sextant.clinic.services.refusal import Refused
from sextant.record import BloodPressure, Condition, Sex

pytestmark = pytest.mark.django_db


def bundle(*more: dict, **patient: object) -> bytes:
    resources = [
        {
            "resourceType": "Patient",
            "id": "p1",
            "birthDate": "1981-03-03",
            "gender": "female",
            "name": [{"text": "Made-up Person"}],
            **patient,
        },
        {
            "resourceType": "Condition",
            "id": "c1",
            "subject": {"reference": "Patient/p1"},
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "7200002", "display": "Alcoholism"}]},
            "recordedDate": "2020-05-01T09:00:00-06:00",
        },
        {
            "resourceType": "Observation",
            "id": "o1",
            "status": "final",
            "subject": {"reference": "Patient/p1"},
            "effectiveDateTime": "2026-11-20T21:30:00-06:00",
            "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]},
            "component": [
                {
                    "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
                    "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": "mm[Hg]"},
                }
                for code, value in (("8480-6", 124), ("8462-4", 78))
            ],
        },
        {"resourceType": "Claim", "id": "x1"},
        *more,
    ]
    entries = [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def nothing_stored() -> bool:
    return not (Patient.objects.exists() or Fact.objects.exists() or Recommendation.objects.exists())


def test_a_bundle_makes_a_chart_with_all_its_facts_and_says_what_it_set_aside(nurse: User):
    outcome = patients.import_bundle(nurse, bundle(), now=NOW, key=uuid4())

    known = record_of(outcome.patient)
    assert (known.patient.name, known.patient.birth_date) == ("Made-up Person", date(1981, 3, 3))
    assert [one.text for one in known.all(Condition)] == ["Alcoholism"]
    assert outcome.used == {"Patient": 1, "Condition": 1, "Observation": 1}
    assert [one.what for one in outcome.set_aside] == ["Claim (1)"]
    assert audit.verify().ok


def test_an_imported_time_keeps_its_own_day(nurse: User):
    outcome = patients.import_bundle(nurse, bundle(), now=NOW, key=uuid4())

    reading = record_of(outcome.patient).latest(BloodPressure)

    assert reading.day == date(2026, 11, 20)
    assert reading.source == "FHIR Observation/o1"


def test_the_same_upload_sent_twice_makes_one_chart(nurse: User):
    key = uuid4()

    first = patients.import_bundle(nurse, bundle(), now=NOW, key=key)
    again = patients.import_bundle(nurse, bundle(), now=NOW, key=key)

    assert again == first
    assert (Patient.objects.count(), Fact.objects.count()) == (1, 2)


def test_the_same_upload_with_another_content_is_refused_and_the_first_is_kept(nurse: User):
    key = uuid4()
    outcome = patients.import_bundle(nurse, bundle(), now=NOW, key=key)
    other = bundle().replace(b"Alcoholism", b"Migraine")

    with pytest.raises(Refused) as refusal:
        patients.import_bundle(nurse, other, now=NOW, key=key)

    assert refusal.value.code == "FACT-003"
    assert [one.text for one in record_of(outcome.patient).all(Condition)] == ["Alcoholism"]
    assert audit.verify().ok


def test_a_second_chart_for_the_same_person_is_refused(nurse: User):
    patients.import_bundle(nurse, bundle(), now=NOW, key=uuid4())

    with pytest.raises(Refused, match="has a chart already"):
        patients.import_bundle(nurse, bundle(), now=NOW, key=uuid4())

    assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    "data", [b"", b"no json", b"[]", b'{"resourceType": "Patient"}', bundle(birthDate="2200-01-01")]
)
def test_a_bundle_that_cannot_be_read_leaves_nothing_behind(nurse: User, data: bytes):
    with pytest.raises(Refused) as refusal:
        patients.import_bundle(nurse, data, now=NOW, key=uuid4())

    assert refusal.value.code == "IMPORT-001"
    assert nothing_stored()


def test_an_import_that_breaks_half_way_leaves_nothing_behind(nurse: User, monkeypatch: pytest.MonkeyPatch):
    def break_between_the_facts_and_their_entries(*given: object) -> None:
        assert Fact.objects.count() == 2
        raise ConnectionError("the power went")

    monkeypatch.setattr(audit, "record_all_written", break_between_the_facts_and_their_entries)
    with pytest.raises(ConnectionError):
        patients.import_bundle(nurse, bundle(), now=NOW, key=uuid4())

    assert nothing_stored()
    assert not AuditEntry.objects.exists()


def test_a_chart_made_by_hand_begins_with_its_next_step(patient: Patient):
    assert patient.recommendations.count() == 1


@pytest.mark.parametrize(
    ("name", "born", "code"), [("X", date(2027, 1, 1), "PATIENT-001"), (" ", date(1981, 3, 3), "PATIENT-004")]
)
def test_a_chart_without_a_name_or_born_tomorrow_is_refused(prescriber: User, name: str, born: date, code: str):
    with pytest.raises(Refused) as refusal:
        patients.create_patient(prescriber, name=name, birth_date=born, sex=Sex.MALE, key=uuid4(), now=NOW)

    assert refusal.value.code == code


def test_a_correction_of_the_first_line_says_why(patient: Patient, prescriber: User):
    with pytest.raises(Refused, match="says why"):
        patients.correct_patient(
            prescriber, patient, name="B", birth_date=patient.birth_date, sex=Sex.MALE, reason="", key=uuid4(), now=NOW
        )

    assert Patient.objects.get().name == "Made-up Patient"


def ketamine(start: str) -> dict:
    return {
        "resourceType": "MedicationAdministration",
        "id": f"k{start[:10]}",
        "status": "completed",
        "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": "Ketamine"},
        "effectivePeriod": {"start": start},
        "dosage": {"dose": {"value": 0.5, "system": "http://unitsofmeasure.org", "code": "mg/kg"}},
    }


def test_an_infusion_of_today_does_not_come_in_by_import_past_the_gates(nurse: User):
    data = bundle(ketamine("2026-11-10T09:00:00Z"), ketamine("2026-11-23T07:00:00Z"))

    outcome = patients.import_bundle(nurse, data, now=NOW, key=uuid4())

    kept = Fact.objects.filter(patient=outcome.patient, kind="Infusion")
    assert [row.taken_at.day for row in kept] == [10]
    assert any("ketamine of today" in one.why for one in outcome.set_aside)


@pytest.mark.parametrize(("role", "kept"), [(Role.NURSE, False), (Role.PRESCRIBER, True)])
def test_a_prescribers_own_judgement_comes_in_by_a_prescriber_alone(role: Role, kept: bool, db: None):
    actor = User.objects.create(username="importer", role=role)
    data = bundle(question(1, "crisis_path", "yes", NOW - timedelta(days=1)))

    outcome = patients.import_bundle(actor, data, now=NOW, key=uuid4())

    assert Fact.objects.filter(patient=outcome.patient, kind="Answer").exists() == kept
    assert any("a prescriber answers it here" in one.why for one in outcome.set_aside) != kept
