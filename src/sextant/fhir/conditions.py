"""Diagnoses and findings, with what they say of beginning and end."""

from sextant.fhir.coding import KETAMINE_INGREDIENT, CodedWords, coded_list, coded_words, status_code
from sextant.fhir.element import Element
from sextant.fhir.reading import Context, Left, Taken
from sextant.fhir.times import When
from sextant.record import Allergy, Condition
from sextant.record.concepts import Concept

# Verification statuses that say: it is not so.
_NOT_SO = {"entered-in-error": "it was entered in error", "refuted": "it was refuted"}
# Those that leave it open. The words stand beside the diagnosis wherever people read it.
_NOT_SURE = {"unconfirmed", "provisional", "differential"}
NO_DATE = "no date is given; read as standing on the day asked about"
PARTIAL_DATE = "only a year or month is given; read as its first day"
END_NOT_KNOWN = "it is over, nobody knows since when; read as over on the day asked about too, which may be wrong"


def read_condition(resource: Element, context: Context) -> Taken | Left:
    """A condition becomes one fact; a second only where a second code carries another clinical idea."""
    verification = status_code(resource, "verificationStatus")
    if verification in _NOT_SO:
        return Left(_NOT_SO[verification])
    words = coded_words(resource, "code")
    if not words.words:
        return Left("it does not say of what")
    clock = context.clock
    began = clock.when(resource, "onsetDateTime") or clock.period(resource, "onsetPeriod")[0]
    recorded = clock.when(resource, "recordedDate")
    ended = clock.when(resource, "abatementDateTime")
    if ended is None:
        start, end = clock.period(resource, "abatementPeriod")
        ended = end or start
    over_some_time = any(resource.has(f"abatement{kind}") for kind in ("Age", "Range", "String", "Period"))
    status = status_code(resource, "clinicalStatus") or ("resolved" if over_some_time else "")
    taken = began or recorded
    facts = tuple(
        Condition(
            fact_id=resource.resource if number == 0 else f"{resource.resource}#{number + 1}",
            taken_at=taken.start if taken else clock.moment,
            source=f"FHIR {resource.resource}",
            code=coding.code,
            system=coding.system,
            text=_sure(words, verification),
            clinical_status=status,
            onset_at=began.start if began else None,
            abated_at=clock.ended(ended),
            verification=verification,
        )
        for number, coding in enumerate(words.meanings())
    )
    remarks = [date_remark(taken)]
    # The status is that of today: on an earlier day the condition may still have stood.
    if clock.moment < clock.now and ended is None and not facts[0].present_at(clock.moment):
        remarks.append(END_NOT_KNOWN)
    return Taken(facts, "; ".join(filter(None, remarks)))


def read_allergy(resource: Element, context: Context) -> Taken | Left:
    """An allergy or intolerance. One that names ketamine in words alone counts as one to ketamine."""
    verification = status_code(resource, "verificationStatus")
    if verification in _NOT_SO:
        return Left(_NOT_SO[verification])
    words = coded_words(resource, "code")
    reactions = resource.children("reaction")
    if not words.words and reactions:
        words = coded_words(reactions[0], "substance")
    if not words.words:
        return Left("it does not say to what")
    clock = context.clock
    taken = clock.when(resource, "onsetDateTime") or clock.when(resource, "recordedDate")
    coding = words.meanings()[0]
    if words.says("ketamine") and Concept.KETAMINE not in coding.concepts:
        coding = KETAMINE_INGREDIENT
    seen = [sign.words for reaction in reactions for sign in coded_list(reaction, "manifestation") if sign.words]
    fact = Allergy(
        fact_id=resource.resource,
        taken_at=taken.start if taken else clock.moment,
        source=f"FHIR {resource.resource}",
        code=coding.code,
        system=coding.system,
        text=_sure(words, verification),
        clinical_status=status_code(resource, "clinicalStatus"),
        reaction=", ".join(seen),
    )
    return Taken((fact,), date_remark(taken))


def date_remark(taken: When | None) -> str:
    """What was read into a date that is missing or names no day; empty where it names one."""
    if taken is None:
        return NO_DATE
    return PARTIAL_DATE if taken.partial else ""


def _sure(words: CodedWords, verification: str) -> str:
    """The words of a diagnosis, with the doubt that whoever recorded it stated."""
    return f"{words.words} ({verification})" if verification in _NOT_SURE else words.words
