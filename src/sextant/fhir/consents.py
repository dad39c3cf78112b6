"""Consent to treatment with ketamine; any other consent is not this one."""

from sextant.fhir.coding import CodedWords, coded_list, coded_words
from sextant.fhir.element import Element
from sextant.fhir.reading import Context, Left, Taken, one
from sextant.fhir.times import read_time
from sextant.record import Consent
from sextant.record.concepts import Concept

_NO_CONSENT_YET = {"draft", "proposed"}
_WITHDRAWN = {"rejected", "inactive"}


def read_consent(resource: Element, context: Context) -> Taken | Left:
    """A Consent of scope 'treatment' that names ketamine: given, or withdrawn."""
    scope = [coding.code for coding in coded_words(resource, "scope").codings]
    if "treatment" not in scope:
        return Left("only consent to treatment is used")
    provision = resource.child("provision")
    named = [*coded_list(resource, "category"), *(coded_list(provision, "code") if provision else ())]
    if not any(_names_ketamine(words) for words in named):
        return Left("it does not name ketamine")
    status = resource.text("status")
    if status == "entered-in-error":
        return Left("it was entered in error")
    if status in _NO_CONSENT_YET:
        return Left("it is not signed yet")
    when = context.clock.when(resource, "dateTime")
    if when is None:
        return Left("it has no date")
    denied = provision is not None and provision.text("type") == "deny"
    period = provision.child("period") if provision else None
    end = period.text("end") if period else ""
    expires = read_time(end, period.at("end"), context.clock.zone) if period and end else None
    return one(
        Consent(
            fact_id=resource.resource,
            taken_at=when.start,
            source=f"FHIR {resource.resource}",
            given=status not in _WITHDRAWN and not denied,
            # The earliest that a partial date allows, so that consent never lasts longer than was meant.
            expires_on=expires.start.date() if expires else None,
        )
    )


def _names_ketamine(words: CodedWords) -> bool:
    return words.says("ketamine") or any(Concept.KETAMINE in coding.concepts for coding in words.codings)
