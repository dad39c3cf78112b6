"""Reads one bundle into one record, and says of every entry whether it was used or why not."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sextant.fhir.bundle import Bundle, Entry, open_bundle
from sextant.fhir.conditions import read_allergy, read_condition
from sextant.fhir.consents import read_consent
from sextant.fhir.element import Element
from sextant.fhir.measures import join_halves
from sextant.fhir.medicines import read_administration, read_order, read_statement
from sextant.fhir.observations import read_observation
from sextant.fhir.patient import read_patient
from sextant.fhir.questionnaires import join_item_nine, read_response
from sextant.fhir.reading import Context, Left, Taken
from sextant.fhir.refusal import refused
from sextant.fhir.times import Clock
from sextant.record import PatientRecord, Weight
from sextant.units.words import day_words

Outcome = Taken | Left


@dataclass(frozen=True)
class SetAside:
    """What was not used, or not as it stands, and why.

    `entries` counts the entries of the bundle that it speaks of; 0 for a remark on one that was used.
    """

    what: str
    why: str
    entries: int = 0


@dataclass(frozen=True)
class Imported:
    """The record, how many entries of each kind were used, and all that was set aside.

    Every entry of the bundle is counted once, either in `used` or in `set_aside`.
    """

    record: PatientRecord
    used: dict[str, int]
    set_aside: tuple[SetAside, ...]


_READERS: dict[str, Callable[[Element, Context], Outcome]] = {
    "AllergyIntolerance": read_allergy,
    "Condition": read_condition,
    "Consent": read_consent,
    "MedicationRequest": read_order,
    "MedicationStatement": read_statement,
    "Observation": read_observation,
    "QuestionnaireResponse": read_response,
}
_ADMINISTRATION = "MedicationAdministration"

_NOT_USED = {
    "Account": "billing is not used",
    "CarePlan": "plans made elsewhere are not facts",
    "CareTeam": "who cares for the person elsewhere is not used",
    "Claim": "billing is not used",
    "Coverage": "billing is not used",
    "Device": "devices are not used",
    "DiagnosticReport": "its results are read from the Observations that it lists",
    "DocumentReference": "documents are not read",
    "Encounter": "visits elsewhere are not used",
    "ExplanationOfBenefit": "billing is not used",
    "FamilyMemberHistory": "family history is asked, not imported",
    "Goal": "goals set elsewhere are not facts",
    "ImagingStudy": "images are not used",
    "Immunization": "vaccinations are not used",
    "Location": "places are not used",
    "Media": "images are not used",
    "Medication": "no order, statement or administration that was used names it",
    "Organization": "who gave care elsewhere is not used",
    "Practitioner": "who gave care elsewhere is not used",
    "PractitionerRole": "who gave care elsewhere is not used",
    "Procedure": "procedures are not used",
    "Provenance": "who sent the data is not used",
    "ServiceRequest": "orders are not facts",
}


def read_bundle(data: bytes, *, now: datetime, as_of: datetime | None = None) -> Imported:
    """What a FHIR R4 bundle says of one patient.

    Parameters
    ----------
    data : the bundle as JSON, packed with gzip or not
    now : time of the import, timezone-aware; no fact may be later
    as_of : time for which the record is wanted, timezone-aware; what came later is set aside. `now` when left out

    Returns
    -------
    the record, what was used and what was set aside

    Raises
    ------
    OutOfScopeError
        If the person has died or has no birth date.
    BundleError
        If the bundle cannot be read safely. The message says what was seen, where, and what to do.
    """
    bundle = open_bundle(data)
    clock = Clock(now, now if as_of is None else min(as_of, now))
    for entry in bundle.entries:
        bundle.is_about_patient(entry)
    patient, remarks = read_patient(bundle.patient.resource, clock)
    outcomes = [_until(outcome, clock) for outcome in _read_all(bundle, Context(bundle, clock))]
    outcomes = _medications_read(bundle, outcomes)
    facts = [fact for outcome in outcomes if isinstance(outcome, Taken) for fact in outcome.facts]
    used = Counter(
        entry.resource_type
        for entry, outcome in zip(bundle.entries, outcomes, strict=True)
        if isinstance(outcome, Taken)
    )
    return Imported(
        PatientRecord.of(patient, facts),
        dict(sorted(used.items())),
        (*(SetAside(what, why) for what, why in remarks), *_set_aside(bundle, outcomes)),
    )


def _read_all(bundle: Bundle, context: Context) -> list[Outcome]:
    """One outcome for each entry, in order."""
    outcomes = [_read(entry, context) for entry in bundle.entries]
    outcomes = join_item_nine(join_halves(outcomes))
    weights = tuple(
        fact for outcome in outcomes if isinstance(outcome, Taken) for fact in outcome.facts if isinstance(fact, Weight)
    )
    for number, entry in enumerate(bundle.entries):
        if entry.resource_type == _ADMINISTRATION:
            outcomes[number] = _about_patient(entry, context, read_administration(entry.resource, context, weights))
    return outcomes


def _medications_read(bundle: Bundle, outcomes: list[Outcome]) -> list[Outcome]:
    """A Medication is used where an order, statement or administration that was used points at it."""
    named: set[str] = set()
    for entry, outcome in zip(bundle.entries, outcomes, strict=True):
        pointer = entry.resource.child("medicationReference") if isinstance(outcome, Taken) else None
        medication = bundle.find(pointer.text("reference")) if pointer else None
        if medication is not None:
            named.add(medication.resource.resource)
    return [
        Taken(()) if entry.resource_type == "Medication" and entry.resource.resource in named else outcome
        for entry, outcome in zip(bundle.entries, outcomes, strict=True)
    ]


def _read(entry: Entry, context: Context) -> Outcome:
    if entry is context.bundle.patient:
        return Taken(())
    reader = _READERS.get(entry.resource_type)
    if reader is None:
        return Left(_NOT_USED.get(entry.resource_type, "this kind of resource is not used"))
    return _about_patient(entry, context, reader(entry.resource, context))


def _about_patient(entry: Entry, context: Context, outcome: Outcome) -> Outcome:
    if isinstance(outcome, Left):
        return outcome
    about = context.bundle.is_about_patient(entry)
    if about is None:
        raise refused(entry.resource.resource, "it does not say whose it is", "Add a reference to the Patient.")
    return outcome if about else Left("it is not about the patient")


def _until(outcome: Outcome, clock: Clock) -> Outcome:
    """Set aside what came later than the moment asked about."""
    if isinstance(outcome, Taken) and any(fact.taken_at > clock.moment for fact in outcome.facts):
        return Left(f"later than {day_words(clock.moment.date())}")
    return outcome


def _set_aside(bundle: Bundle, outcomes: list[Outcome]) -> list[SetAside]:
    left: Counter[tuple[str, str]] = Counter()
    remarked: Counter[tuple[str, str]] = Counter()
    for entry, outcome in zip(bundle.entries, outcomes, strict=True):
        if isinstance(outcome, Left):
            left[outcome.what or entry.resource_type, outcome.why] += 1
        elif outcome.remark:
            remarked[entry.resource_type, outcome.remark] += 1
    if bundle.without_resource:
        left["Entry without a resource", "there is nothing in it to read"] = bundle.without_resource
    return [
        *(SetAside(f"{what} ({count})", why, count) for (what, why), count in sorted(left.items())),
        *(SetAside(f"{what} ({count})", why) for (what, why), count in sorted(remarked.items())),
    ]
