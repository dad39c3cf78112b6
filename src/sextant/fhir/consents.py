"""Consent to treatment with ketamine; any other consent is not this one."""

from datetime import tzinfo

from sextant.fhir.coding import CodedWords, coded_list, coded_words
from sextant.fhir.element import Element
from sextant.fhir.reading import NO_DAY, Context, Left, Taken, one
from sextant.fhir.times import When, read_time
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
    moment = context.clock.moment
    denied = provision is not None and provision.text("type") == "deny"
    given = status not in _WITHDRAWN and not denied
    if given and when.partial:
        return Left(NO_DAY)
    starts, expires = _in_force(provision, context.clock.zone)
    # Of a partial date the side that is surely meant: consent holds from its last day, a denial from its first.
    if starts and status not in _WITHDRAWN and (starts.end if given and starts.partial else starts.start) > moment:
        return Left(f"it is not in force before {starts.text}")
    return one(
        Consent(
            fact_id=resource.resource,
            # A withdrawal without a day counts as late as it can be, so that no consent of that time outlives it.
            taken_at=max(when.start, min(when.end, moment)) if when.partial else when.start,
            source=f"FHIR {resource.resource}",
            given=given,
            # The earliest that a partial date allows, so that consent never lasts longer than was meant.
            expires_on=expires.start.date() if expires else None,
        ),
        "only a year or month is given; read as withdrawn on the last day that it can be" if when.partial else "",
    )


def _in_force(provision: Element | None, zone: tzinfo) -> tuple[When | None, When | None]:
    """From when and until when a provision holds, each None when it is not given; both may lie in the future."""
    period = provision.child("period") if provision else None
    if period is None:
        return None, None
    start, end = (
        read_time(period.text(name), period.at(name), zone) if period.text(name) else None for name in ("start", "end")
    )
    return start, end


def _names_ketamine(words: CodedWords) -> bool:
    return words.says("ketamine") or any(Concept.KETAMINE in coding.concepts for coding in words.codings)
