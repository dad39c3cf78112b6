"""Observations: which kind each one is, and what it says at which time."""

from collections.abc import Callable

from sextant.fhir.coding import LOINC, CodedWords, coded_words
from sextant.fhir.element import Element
from sextant.fhir.measures import MEASURES, PRESSURE_HALVES, PRESSURE_PANELS, read_half, read_measure, read_pressure
from sextant.fhir.own_codes import (
    FACT_SYSTEM,
    INSTRUMENT_SYSTEM,
    QUESTION_SYSTEM,
    own_instrument,
    read_answer,
    read_own_fact,
)
from sextant.fhir.qualitative import PREGNANCY_TESTS, URINE_TESTS, read_pregnancy_test, read_urine_test
from sextant.fhir.questionnaires import ITEM_NINE, read_item_nine, read_score
from sextant.fhir.reading import NO_DAY, Context, Left, Taken
from sextant.fhir.refusal import refused, shown
from sextant.fhir.times import Clock, When
from sextant.instruments import instrument_of_loinc

Read = Callable[[Element, When], Taken | Left]

# FHIR: only these three say that the value may be relied on.
_RELIABLE = {"final", "amended", "corrected"}
_UNRELIABLE = {
    "registered": "it has no result yet",
    "preliminary": "its result is preliminary; send it again when it is final",
    "cancelled": "it was cancelled",
    "entered-in-error": "it was entered in error",
    "unknown": "its status is not known",
}
NOT_USED = "not a kind of observation that is used"


def read_observation(resource: Element, context: Context) -> Taken | Left:
    """The fact that an Observation holds, if it is of a kind that is used."""
    words = coded_words(resource, "code")
    read = _reader(words, resource)
    if read is None:
        return Left(NOT_USED, what=_label(words))
    status = resource.text("status")
    if status not in _RELIABLE:
        if status not in _UNRELIABLE:
            raise refused(
                resource.at("status"), f"{shown(status)} is no status of FHIR", f"Write one of: {_statuses()}."
            )
        return Left(_UNRELIABLE[status], what=_label(words))
    when = _effective(resource, context.clock)
    if when is None:
        return Left("it does not say when it held", what=_label(words))
    if when.partial:
        # What a person stated for Sextant is not dropped: an older statement would then count in its place.
        if any(coding.system in {QUESTION_SYSTEM, FACT_SYSTEM} for coding in words.codings):
            raise refused(resource.at("effective"), f"{shown(when.text)} names no day", "Write it as 2026-11-23.")
        return Left(NO_DAY, what=_label(words))
    outcome = read(resource, when)
    return Left(outcome.why, what=_label(words)) if isinstance(outcome, Left) else outcome


def _effective(resource: Element, clock: Clock) -> When | None:
    when = clock.when(resource, "effectiveDateTime") or clock.when(resource, "effectiveInstant")
    start, end = clock.period(resource, "effectivePeriod")
    if when is not None or start is None:
        return when
    if end is None:
        return start
    return When(start.start, end.end, min(start.text, end.text, key=len), exact=start.exact and end.exact)


def _reader(words: CodedWords, resource: Element) -> Read | None:
    """How to read an Observation of these codes; None for a kind that is not used."""
    for coding in words.codings:
        if coding.system == QUESTION_SYSTEM:
            return lambda one, when: read_answer(one, when, coding.code)
        if coding.system == FACT_SYSTEM:
            return lambda one, when: read_own_fact(one, when, coding.code)
        if coding.system == INSTRUMENT_SYSTEM:
            chosen = own_instrument(resource, coding.code)
            return lambda one, when: read_score(one, when, chosen)
    return next((read for code in words.codes(LOINC) if (read := _loinc_reader(code)) is not None), None)


def _loinc_reader(code: str) -> Read | None:
    if code in PRESSURE_PANELS:
        return read_pressure
    if code in PRESSURE_HALVES:
        return lambda one, when: read_half(one, when, PRESSURE_HALVES[code])
    if code in MEASURES:
        return lambda one, when: read_measure(one, when, MEASURES[code])
    if code in PREGNANCY_TESTS:
        return read_pregnancy_test
    if code in URINE_TESTS:
        return lambda one, when: read_urine_test(one, when, URINE_TESTS[code])
    if code == ITEM_NINE:
        return read_item_nine
    instrument = instrument_of_loinc(code)
    return None if instrument is None else lambda one, when: read_score(one, when, instrument)


def _label(words: CodedWords) -> str:
    codes = words.codes(LOINC)
    return f"Observation {words.words or 'without a code'}{f' (LOINC {codes[0]})' if codes else ''}"


def _statuses() -> str:
    return ", ".join(sorted(_RELIABLE | set(_UNRELIABLE)))
