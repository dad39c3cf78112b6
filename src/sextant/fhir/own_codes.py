"""Sextant's own codes, for what no public code says well: answers, targets, use reports, support, ratings."""

from datetime import UTC, date, datetime, time

from sextant.fhir.coding import coded_words
from sextant.fhir.element import Element
from sextant.fhir.reading import Left, Taken, one
from sextant.fhir.refusal import refused, shown
from sextant.fhir.times import When, read_time
from sextant.fhir.ucum import plain_number
from sextant.instruments import INSTRUMENTS, Instrument
from sextant.record import (
    ANY_PROBLEM,
    BEHAVIOURS,
    QUESTIONS,
    Answer,
    Attendance,
    Support,
    Target,
    UseEvidence,
    UseReport,
    one_name,
)

QUESTION_SYSTEM = "urn:sextant:question"
FACT_SYSTEM = "urn:sextant:fact"
INSTRUMENT_SYSTEM = "urn:sextant:instrument"
_SUPPORT = ("counselling", "group")
_FACTS = ("target", "use-report", "attendance", *_SUPPORT)


def own_instrument(resource: Element, code: str) -> Instrument:
    """The instrument that one of our own codes names."""
    if code not in INSTRUMENTS:
        raise refused(
            resource.at("code"), f"{shown(code)} is no instrument", f"On file: {', '.join(sorted(INSTRUMENTS))}."
        )
    return INSTRUMENTS[code]


def read_answer(resource: Element, when: When, code: str) -> Taken | Left:
    """An answer to one of the screening questions."""
    if code not in QUESTIONS:
        raise refused(
            resource.at("code"), f"{shown(code)} is no question", f"The questions are {', '.join(QUESTIONS)}."
        )
    value = _word(resource)
    allowed = QUESTIONS[code].answers
    if value not in allowed:
        raise refused(
            resource.at("value"), f"{shown(value)} is no answer to {code}", f"Write one of: {', '.join(allowed)}."
        )
    return one(
        Answer(
            fact_id=resource.resource,
            taken_at=when.start,
            source=f"FHIR {resource.resource}",
            question=code,
            value=value,
            note=_note(resource),
            on=_day_part(resource, "last-time"),
        )
    )


def read_own_fact(resource: Element, when: When, code: str) -> Taken | Left:
    """A target, a use report, attendance, or a contact of counselling or group."""
    if code == "target":
        return _target(resource, when)
    if code == "use-report":
        return _use_report(resource, when)
    if code == "attendance":
        return _attendance(resource, when)
    if code in _SUPPORT:
        support = Support(
            fact_id=resource.resource,
            taken_at=when.start,
            source=f"FHIR {resource.resource}",
            kind=code,
            attended=resource.flag("valueBoolean") is not False,
        )
        return one(support)
    raise refused(
        resource.at("code"), f"{shown(code)} is no fact of {FACT_SYSTEM}", f"Write one of: {', '.join(_FACTS)}."
    )


def _target(resource: Element, when: When) -> Taken:
    chosen = own_instrument(resource, _word(resource))
    problem = _part_text(resource, "problem") or _note(resource)
    if not problem:
        raise refused(resource.resource, "the target does not say of which problem", "Add a component 'problem'.")
    return one(
        Target(
            fact_id=resource.resource,
            taken_at=when.start,
            source=f"FHIR {resource.resource}",
            problem=problem,
            instrument=chosen.key,
        )
    )


def _use_report(resource: Element, when: When) -> Taken:
    covers_from, covers_to = when.start.date(), when.end.date()
    used = resource.flag("valueBoolean")
    last_used_on = _day_part(resource, "last-used-on")
    days_used = _days_used(resource)
    if last_used_on is not None and not covers_from <= last_used_on <= covers_to:
        raise refused(
            resource.at("last-used-on"),
            f"{last_used_on} lies outside the days that the report covers ({covers_from} to {covers_to})",
            "Widen effectivePeriod or correct the day.",
        )
    if not used and (last_used_on is not None or days_used):
        raise refused(
            resource.at("valueBoolean"), "it says no use, and a component tells of use", "Correct one of the two."
        )
    if days_used is not None and days_used > (covers_to - covers_from).days + 1:
        raise refused(
            resource.at("days-used"), f"{days_used} days are more than the report covers", "Correct one of the two."
        )
    if used and days_used == 0:
        raise refused(
            resource.at("days-used"), "it says use, and counts no day of it", "Correct one of the two, or leave it out."
        )
    problem, evidence = _part_text(resource, "problem") or ANY_PROBLEM, _evidence(resource)
    if evidence.is_test and one_name(problem) in BEHAVIOURS:
        raise refused(
            resource.at("evidence"),
            f"a test of {evidence.words} finds nothing of a behaviour",
            f"Write {UseEvidence.SELF_REPORT} or {UseEvidence.COLLATERAL}.",
        )
    return one(
        UseReport(
            fact_id=resource.resource,
            # The report is as new as the last day that it speaks of.
            taken_at=when.end if when.exact else datetime.combine(covers_to, time.min, when.end.tzinfo),
            source=f"FHIR {resource.resource}",
            problem=problem,
            covers_from=covers_from,
            covers_to=covers_to,
            used=used,
            evidence=evidence,
            last_used_on=last_used_on,
            days_used=days_used,
        )
    )


def _attendance(resource: Element, when: When) -> Taken | Left:
    share = plain_number(resource, "Attendance", "share")
    if share is None:
        return Left("it has no exact value")
    if not 0 <= share <= 1:
        raise refused(
            resource.at("valueQuantity"), f"attendance of {share:g} is no share", "Write a number from 0 to 1."
        )
    return one(
        Attendance(fact_id=resource.resource, taken_at=when.start, source=f"FHIR {resource.resource}", share=share)
    )


def _evidence(resource: Element) -> UseEvidence:
    words = _part_text(resource, "evidence") or UseEvidence.SELF_REPORT.value
    if words not in set(UseEvidence):
        raise refused(
            resource.at("evidence"), f"{shown(words)} is not known", f"Write one of: {', '.join(UseEvidence)}."
        )
    return UseEvidence(words)


def _day_part(resource: Element, code: str) -> date | None:
    """The day that a component names, where there is one."""
    part = _part(resource, code)
    if part is None or not part.has("valueDateTime"):
        return None
    when = read_time(part.text("valueDateTime"), part.at("valueDateTime"), UTC)
    if when.partial:
        raise refused(
            part.at("valueDateTime"), f"{shown(when.text)} names no day", "Write the day, such as 2026-11-23."
        )
    return when.start.date()


def _days_used(resource: Element) -> int | None:
    part = _part(resource, "days-used")
    days = plain_number(part, "Days of use", "days") if part else None
    if part is None or days is None:
        return None
    if days < 0 or days != int(days):
        raise refused(part.at("value"), f"{days:g} is no count of days", "Write a whole number.")
    return int(days)


def _part(resource: Element, code: str) -> Element | None:
    """The component of one of our own codes."""
    for component in resource.children("component"):
        if code in coded_words(component, "code").codes(FACT_SYSTEM):
            return component
    return None


def _part_text(resource: Element, code: str) -> str:
    part = _part(resource, code)
    return _word(part) if part else ""


def _word(element: Element) -> str:
    """A value in one word, as a text or as a code."""
    codings = coded_words(element, "valueCodeableConcept").codings
    return element.text("valueString") or element.text("valueCode") or next((c.code for c in codings if c.code), "")


def _note(resource: Element) -> str:
    return " ".join(note.text("text") for note in resource.children("note"))
