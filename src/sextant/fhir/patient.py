"""Who the bundle is about, and whether this person can be a patient of the clinic at all."""

from datetime import date, datetime

from sextant.fhir.element import Element
from sextant.fhir.refusal import OutOfScopeError, refused, shown
from sextant.fhir.times import Clock
from sextant.record import Patient, Sex
from sextant.units.words import day_words


def read_patient(resource: Element, clock: Clock) -> tuple[Patient, tuple[tuple[str, str], ...]]:
    """The patient, and what must be said about the reading as pairs of what and why.

    Raises
    ------
    OutOfScopeError
        If the person has died or no birth date is given.
    BundleError
        If an element has the wrong form.
    """
    birth_date, remarks = _birth_date(resource, clock)
    deceased_at = _deceased_at(resource, clock)
    if deceased_at is not None:
        remarks += (
            (
                f"{resource.resource}, death",
                f"it came later ({day_words(deceased_at.date())}) than the day asked about",
            ),
        )
    patient = Patient(
        patient_id=resource.text("id") or _first_identifier(resource),
        birth_date=birth_date,
        sex=_sex(resource),
        name=_name(resource),
    )
    return patient, remarks


def _birth_date(resource: Element, clock: Clock) -> tuple[date, tuple[tuple[str, str], ...]]:
    when = clock.when(resource, "birthDate")
    if when is None:
        raise OutOfScopeError(
            f"{resource.resource} has no birth date, and nobody can be treated whose age is not known. "
            "Ask for the date of birth and add it."
        )
    born = min(when.end, clock.now).date()
    if born > clock.moment.date():
        raise refused(
            resource.at("birthDate"),
            f"this person was born after the day asked about ({day_words(clock.moment.date())})",
            "Ask for a later day.",
        )
    if not when.partial:
        return born, ()
    why = (
        f"only {when.text} is given; read as {day_words(born)}, the latest day that it can be, so that nobody is "
        "taken for older than they are"
    )
    return born, ((f"{resource.resource}, birth date", why),)


def _deceased_at(resource: Element, clock: Clock) -> datetime | None:
    """Time of a death later than the moment asked about; None for the living."""
    when = clock.when(resource, "deceasedDateTime")
    if when is None and not resource.flag("deceasedBoolean"):
        return None
    if when is None or when.start <= clock.moment:
        day = f" on {day_words(when.start.date())}" if when and not when.partial else ""
        raise OutOfScopeError(
            f"The record says that this person has died{day} ({resource.resource}). There is no next step to propose. "
            "If this is a mistake, correct the patient's record where the bundle came from."
        )
    return when.start


def _sex(resource: Element) -> Sex:
    code = resource.text("gender")
    if code and code not in set(Sex):
        raise refused(resource.at("gender"), f"{shown(code)} is no code of FHIR", f"Write one of: {', '.join(Sex)}.")
    return Sex(code) if code else Sex.UNKNOWN


def _name(resource: Element) -> str:
    names = resource.children("name")
    chosen = next((name for name in names if name.text("use") == "official"), names[0] if names else None)
    if chosen is None:
        return ""
    given = chosen.fields.get("given")
    parts = [part for part in given if isinstance(part, str)] if isinstance(given, list) else []
    return chosen.text("text") or " ".join([*parts, chosen.text("family")]).strip()


def _first_identifier(resource: Element) -> str:
    return next((part.text("value") for part in resource.children("identifier") if part.text("value")), "no id")
