"""Tests that come out positive or negative: of pregnancy, and of substances in urine."""

from sextant.fhir.coding import coded_list, coded_words
from sextant.fhir.element import Element
from sextant.fhir.reading import Left, Taken, one
from sextant.fhir.times import When
from sextant.record import PregnancyTest, QualitativeResult, UseEvidence, UseReport

# LOINC: pregnancy tests by presence of choriogonadotropin. Concentrations are not read: they need a laboratory's limit.
PREGNANCY_TESTS = {
    "2106-3",  # in urine
    "2112-1",  # beta subunit, in urine
    "80384-1",  # in urine, rapid
    "2118-8",  # in serum or plasma
    "2110-5",  # beta subunit, in serum or plasma
    "80385-8",  # in serum, rapid
}
# LOINC: presence in urine of what no medicine of a clinic leaves there. Opiates, amphetamines, benzodiazepines and
# cannabinoids are left out: a prescribed medicine can explain them, so a person has to enter what they mean.
URINE_TESTS = {
    "3397-7": "cocaine",
    "19359-9": "cocaine",  # screen
    "19360-7": "cocaine",  # confirmed
    "3393-6": "cocaine",  # benzoylecgonine
    "14314-9": "cocaine",  # benzoylecgonine, screen
    "14315-6": "cocaine",  # benzoylecgonine, confirmed
    "10976-9": "heroin",  # 6-monoacetylmorphine
    "19321-9": "heroin",  # 6-monoacetylmorphine, screen
    "19322-7": "heroin",  # 6-monoacetylmorphine, confirmed
}
# SNOMED CT, LOINC answers and HL7 interpretation codes; no two systems use one code for different things here.
_RESULTS = {
    "10828004": QualitativeResult.POSITIVE,
    "260373001": QualitativeResult.POSITIVE,  # detected
    "LA6576-8": QualitativeResult.POSITIVE,
    "LA11882-0": QualitativeResult.POSITIVE,  # detected
    "POS": QualitativeResult.POSITIVE,
    "260385009": QualitativeResult.NEGATIVE,
    "260415000": QualitativeResult.NEGATIVE,  # not detected
    "LA6577-6": QualitativeResult.NEGATIVE,
    "LA11883-8": QualitativeResult.NEGATIVE,  # not detected
    "NEG": QualitativeResult.NEGATIVE,
    "82334004": QualitativeResult.UNCLEAR,  # indeterminate
    "LA9663-1": QualitativeResult.UNCLEAR,  # inconclusive
    "IND": QualitativeResult.UNCLEAR,
}
_WORDS = {"positive": QualitativeResult.POSITIVE, "negative": QualitativeResult.NEGATIVE}
_NO_RESULT = "its result is neither positive nor negative by a code that is known here"


def read_pregnancy_test(resource: Element, when: When) -> Taken | Left:
    """A pregnancy test by its result."""
    result = _result(resource)
    if result is None:
        return Left(_NO_RESULT)
    return one(
        PregnancyTest(fact_id=resource.resource, taken_at=when.start, source=f"FHIR {resource.resource}", result=result)
    )


def read_urine_test(resource: Element, when: When, substance: str) -> Taken | Left:
    """A urine test as what it says of use on the day of the test, and no day more."""
    result = _result(resource)
    if result is None or result is QualitativeResult.UNCLEAR:
        return Left(_NO_RESULT)
    used = result is QualitativeResult.POSITIVE
    return one(
        UseReport(
            fact_id=resource.resource,
            taken_at=when.start,
            source=f"FHIR {resource.resource}",
            problem=substance,
            covers_from=when.start.date(),
            covers_to=when.start.date(),
            used=used,
            evidence=UseEvidence.URINE,
        )
    )


def _result(resource: Element) -> QualitativeResult | None:
    spoken = _WORDS.get(resource.text("valueString").casefold())
    if spoken is not None:
        return spoken
    for words in (coded_words(resource, "valueCodeableConcept"), *coded_list(resource, "interpretation")):
        for coding in words.codings:
            if coding.code in _RESULTS:
                return _RESULTS[coding.code]
    return None
