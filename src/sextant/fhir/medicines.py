"""Medicines ordered, taken or given, and the infusions of ketamine among them."""

from datetime import datetime, timedelta

from sextant.fhir.coding import CodedWords, coded_words
from sextant.fhir.conditions import date_remark
from sextant.fhir.element import Element
from sextant.fhir.reading import Context, Left, Taken, one
from sextant.fhir.refusal import refused, shown
from sextant.fhir.times import When
from sextant.fhir.ucum import factor, quantity
from sextant.record import Infusion, Medication, Weight
from sextant.record.concepts import Concept

# Statuses, and intents of an order, that say: this was not taken, or not yet.
_NOT_TAKEN = {
    "entered-in-error": "it was entered in error",
    "draft": "it is a draft, not an order",
    "cancelled": "it was cancelled before it was used",
    "not-taken": "the record says that it was not taken",
    "not-done": "the record says that it was not given",
    "intended": "it is planned, not taken yet",
}
_GIVEN = {"completed", "stopped"}  # of an infusion: in whole or in part
_ONLY_PLANNED = {"proposal", "plan"}

LONGEST_WEIGHT_AGE = timedelta(days=90)  # technical: a weight further away is not used to turn mg into mg/kg
HIGHEST_DOSE_MG_PER_KG = 20.0  # technical: above any dose of anaesthesia, so a slip of units
ROUTES = {
    "47625008": "intravenous",
    "78421000": "intramuscular",
    "34206005": "subcutaneous",
    "26643006": "oral",
    "37839007": "sublingual",
    "46713006": "nasal",
}
ROUTE_NOT_STATED = "not stated"


def read_order(resource: Element, context: Context) -> Taken | Left:
    """A MedicationRequest: what was ordered, not whether it was taken."""
    if resource.flag("doNotPerform"):
        return Left("it says not to give the medicine")
    if resource.text("intent") in _ONLY_PLANNED:
        return Left("it is a plan, not an order")
    return _medication(resource, context, context.clock.when(resource, "authoredOn"), None)


def read_statement(resource: Element, context: Context) -> Taken | Left:
    """A MedicationStatement: what the patient takes or took."""
    start, end = context.clock.period(resource, "effectivePeriod")
    taken = context.clock.when(resource, "effectiveDateTime") or start
    return _medication(resource, context, taken or context.clock.when(resource, "dateAsserted"), end)


def read_administration(resource: Element, context: Context, weights: tuple[Weight, ...]) -> Taken | Left:
    """A MedicationAdministration: an infusion where it is ketamine, else a medicine given."""
    start, end = context.clock.period(resource, "effectivePeriod")
    taken = context.clock.when(resource, "effectiveDateTime") or start
    words = _medicine(resource, context)
    if words is None or not _is_ketamine(words):
        return _medication(resource, context, taken, end)
    status = resource.text("status")
    if status not in _GIVEN:
        return Left(_NOT_TAKEN.get(status, f"its status is {shown(status)}, so it is not known to have been given"))
    if taken is None or taken.partial:
        return Left("an infusion of ketamine without a day cannot be placed in the series")
    dose, remark = _dose_mg_per_kg(resource, taken.start, weights)
    duration = (end.start - start.start) / timedelta(minutes=1) if start and end and start.exact and end.exact else None
    infusion = Infusion(
        fact_id=resource.resource,
        taken_at=taken.start,
        source=f"FHIR {resource.resource}",
        dose_mg_per_kg=dose,
        duration_min=duration,
        route=_route(resource),
    )
    return one(infusion, remark)


def _medication(resource: Element, context: Context, taken: When | None, ended: When | None) -> Taken | Left:
    status = resource.text("status")
    if status in _NOT_TAKEN:
        return Left(_NOT_TAKEN[status])
    words = _medicine(resource, context)
    if words is None:
        return Left("the medicine that it refers to is not in the bundle")
    if not words.words:
        return Left("it does not say which medicine")
    coding = words.meanings()[0]
    medication = Medication(
        fact_id=resource.resource,
        taken_at=taken.start if taken else context.clock.moment,
        source=f"FHIR {resource.resource}",
        code=coding.code,
        system=coding.system,
        text=words.words,
        status=status,
        ended_at=context.clock.ended(ended),
    )
    return one(medication, date_remark(taken))


def _medicine(resource: Element, context: Context) -> CodedWords | None:
    """The medicine itself, coded in place or in a Medication that is contained or in the bundle."""
    if resource.has("medicationCodeableConcept"):
        return coded_words(resource, "medicationCodeableConcept")
    pointer = resource.child("medicationReference")
    if pointer is None:
        return CodedWords((), "")
    reference = pointer.text("reference")
    if reference.startswith("#"):
        inside = next((part for part in resource.children("contained") if part.text("id") == reference[1:]), None)
        return None if inside is None else coded_words(inside, "code")
    entry = context.bundle.find(reference)
    if entry is not None and entry.resource_type == "Medication":
        return coded_words(entry.resource, "code")
    return CodedWords((), pointer.text("display")) if pointer.text("display") else None


def _is_ketamine(words: CodedWords) -> bool:
    """Ketamine itself: esketamine is another medicine with doses of its own."""
    if words.says("esketamine"):
        return False
    return words.says("ketamine") or any(Concept.KETAMINE in coding.concepts for coding in words.codings)


def _dose_mg_per_kg(resource: Element, start: datetime, weights: tuple[Weight, ...]) -> tuple[float | None, str]:
    """The dose in mg/kg, and a remark where it was worked out or is not known."""
    dosage = resource.child("dosage")
    amount = dosage.child("dose") if dosage else None
    if dosage is None or amount is None:
        return None, "the dose is not stated"
    if factor(amount.text("code") or amount.text("unit"), "mg/kg") is not None:
        return _plausible(resource, quantity(dosage, "dose", "Ketamine", "mg/kg")), ""
    dose_mg = quantity(dosage, "dose", "Ketamine", "mg")
    if dose_mg is None:
        return None, "the dose is not stated"
    near = [weight for weight in weights if abs(weight.taken_at - start) <= LONGEST_WEIGHT_AGE]
    if not near:
        return None, f"no weight within {LONGEST_WEIGHT_AGE.days} days, so the dose in mg/kg is not known"
    nearest = min(near, key=lambda weight: abs(weight.taken_at - start))
    return (
        _plausible(resource, dose_mg / nearest.weight_kg),
        "the dose in mg was divided by the weight nearest in time",
    )


def _plausible(resource: Element, dose_mg_per_kg: float | None) -> float | None:
    if dose_mg_per_kg is not None and not 0 < dose_mg_per_kg <= HIGHEST_DOSE_MG_PER_KG:
        raise refused(
            resource.at("dosage.dose"),
            f"{dose_mg_per_kg:g} mg/kg of ketamine cannot be",
            "Check dose, unit and weight, and correct them.",
        )
    return dose_mg_per_kg


def _route(resource: Element) -> str:
    dosage = resource.child("dosage")
    words = coded_words(dosage, "route") if dosage else CodedWords((), "")
    known = (ROUTES[coding.code] for coding in words.codings if coding.code in ROUTES)
    return next(known, words.words.casefold() or ROUTE_NOT_STATED)
