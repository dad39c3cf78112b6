"""Making a chart: by hand or from a FHIR bundle, and correcting its first line."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid5

from django.utils import timezone

from sextant import record
from sextant.clinic.models import Patient, PatientCorrection, User
from sextant.clinic.services import access, audit, facts, recommendations
from sextant.clinic.services.refusal import Refused
from sextant.clinic.services.transaction import write
from sextant.fhir import BundleError, SetAside, read_bundle
from sextant.units.words import day_words

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """The new chart, how many entries of each kind were used, and all that was set aside and why."""

    patient: Patient
    used: dict[str, int]
    set_aside: tuple[SetAside, ...]


def create_patient(
    actor: User,
    *,
    name: str,
    birth_date: date,
    sex: record.Sex,
    key: UUID,
    external_id: str | None = None,
    now: datetime | None = None,
) -> Patient:
    """Open a chart for a person who has none yet.

    Raises
    ------
    Refused
        If the role may not, the birth date is still to come, or the identifier has a chart already.
    """
    access.require(actor, access.MAY_ADMIT, "open a new chart")
    moment = now or timezone.now()
    person = record.Patient(patient_id=external_id or "", birth_date=birth_date, sex=sex, name=name)
    with write():
        patient = _opened(actor, person, key, moment, "patient.created")
        recommendations.renew(patient, moment)
        return patient


def import_bundle(actor: User, data: bytes, *, now: datetime, key: UUID) -> ImportOutcome:
    """Open a chart from a FHIR R4 bundle: the person and every fact in it, or nothing at all.

    Raises
    ------
    Refused
        If the role may not, the bundle cannot be read safely, or the person has a chart already.
    """
    access.require(actor, access.MAY_IMPORT, "import a patient")
    try:
        imported = read_bundle(data, now=timezone.localtime(now))
    except BundleError as error:
        raise Refused(str(error), code="IMPORT-001") from None
    today = timezone.localdate(now)
    why = {one.fact_id: _why_aside(one, actor, today) for one in imported.record.facts}
    kept = [one for one in imported.record.facts if not why[one.fact_id]]
    aside = tuple(SetAside(fact_id, reason) for fact_id, reason in why.items() if reason)
    whole = record.PatientRecord.of(imported.record.patient, kept)
    patient = store_patient(actor, whole, key=key, now=now)
    return ImportOutcome(patient, imported.used, (*imported.set_aside, *aside))


_TODAY = (
    "ketamine of today: an infusion of the day is written down at the chair, where every gate is asked, or as given at "
    "another place"
)


_JUDGED = "an answer that is a prescriber's own judgement: a prescriber answers it here"


def _why_aside(fact: record.Fact, actor: User, today: date) -> str:
    """Why a fact of a bundle is not taken in; empty where it is."""
    if isinstance(fact, record.Infusion) and timezone.localtime(fact.taken_at).date() == today:
        return _TODAY
    if isinstance(fact, record.Answer) and not access.may_answer(actor, fact.question):
        return _JUDGED
    return ""


def store_patient(actor: User, whole: record.PatientRecord, *, key: UUID, now: datetime) -> Patient:
    """Open a chart with every fact of a record that was made elsewhere: all of it in one transaction, or nothing."""
    with write():
        person = replace(whole.patient, name=whole.patient.name or "Name not given")
        patient = _opened(actor, person, key, now, "patient.imported")
        # Numbered, so that two facts of one name are both kept.
        by_key = {uuid5(key, f"{number}/{fact.fact_id}"): fact for number, fact in enumerate(whole.facts)}
        facts.store_imported(actor, patient, by_key, now=now)
        recommendations.renew(patient, now)
        return patient


def correct_patient(
    actor: User,
    patient: Patient,
    *,
    name: str,
    birth_date: date,
    sex: record.Sex,
    reason: str,
    key: UUID,
    now: datetime,
) -> Patient:
    """Correct name, birth date or sex; what stood there before is kept with the reason."""
    access.require(actor, access.MAY_ADMIT, "correct a chart's first line")
    _check_person(name, birth_date, now)
    if not reason.strip():
        raise Refused("A correction says why. Write what was wrong.", code="FACT-006")
    with write():
        if PatientCorrection.objects.filter(key=key).exists():
            return patient
        before = {"name": patient.name, "birth_date": patient.birth_date.isoformat(), "sex": str(patient.sex)}
        correction = PatientCorrection.objects.create(
            patient=patient, before=before, reason=reason.strip(), at=now, by=actor, key=key
        )
        patient.name, patient.birth_date, patient.sex = name.strip(), birth_date, sex.value
        patient.save(update_fields=["name", "birth_date", "sex"])
        audit.record_written(actor, "patient.correction", correction)
        audit.record_written(actor, "patient.corrected", patient)
        recommendations.renew(patient, now)
    return patient


def _opened(actor: User, person: record.Patient, key: UUID, now: datetime, action: str) -> Patient:
    external_id = person.patient_id or None
    stored = Patient.objects.filter(key=key).first()
    if stored is not None:
        if (stored.external_id, stored.birth_date) != (external_id, person.birth_date):
            raise Refused(
                "This form was sent before for another person, and the first was kept. Open the page again.",
                code="PATIENT-003",
            )
        return stored
    _check_person(person.name, person.birth_date, now)
    if external_id and Patient.objects.filter(external_id=external_id).exists():
        raise Refused(
            f"The person with the identifier {external_id!r} has a chart already, and two charts for one person are a "
            "danger. Open that chart; adding a second import to it comes later.",
            code="PATIENT-002",
        )
    patient = Patient.objects.create(
        name=person.name.strip(),
        birth_date=person.birth_date,
        sex=person.sex.value,
        deceased_at=person.deceased_at,
        external_id=external_id,
        created_at=now,
        key=key,
    )
    audit.record_written(actor, action, patient)
    return patient


def _check_person(name: str, birth_date: date, now: datetime) -> None:
    if birth_date > timezone.localdate(now):
        raise Refused(
            f"The birth date {day_words(birth_date)} has not come yet. Check day, month and year.", code="PATIENT-001"
        )
    if len(name) > _LONGEST_NAME:
        raise Refused(
            f"The name has {len(name)} characters; at most {_LONGEST_NAME} are kept. Send the name alone.",
            code="PATIENT-005",
        )
    if not name.strip():
        raise Refused("A chart has a name. Enter the name that the person goes by.", code="PATIENT-004")
