"""Pregnancy tests and tests of urine."""

import pytest

from sextant.record import PregnancyTest, QualitativeResult, UseEvidence, UseReport


@pytest.mark.parametrize("code", ["2106-3", "2118-8", "80384-1"])
@pytest.mark.parametrize(
    ("value", "result"),
    [
        ({"valueCodeableConcept": {"coding": [{"code": "10828004"}]}}, QualitativeResult.POSITIVE),
        ({"valueCodeableConcept": {"coding": [{"code": "LA6577-6"}]}}, QualitativeResult.NEGATIVE),
        ({"valueCodeableConcept": {"coding": [{"code": "82334004"}]}}, QualitativeResult.UNCLEAR),
        ({"valueString": "Negative"}, QualitativeResult.NEGATIVE),
        ({"interpretation": [{"coding": [{"code": "POS"}]}]}, QualitativeResult.POSITIVE),
    ],
)
def test_a_pregnancy_test_is_read_by_its_result(fhir, code, value, result):
    (test,) = fhir.read(fhir.observation(code, **value)).record.all(PregnancyTest)

    assert test.result is result


def test_a_result_that_is_not_understood_is_set_aside_and_never_read_as_negative(fhir):
    imported = fhir.read(fhir.observation("2106-3", valueString="no"))

    assert imported.record.all(PregnancyTest) == ()
    assert "neither positive nor negative" in imported.set_aside[0].why


def test_a_positive_cocaine_test_is_use_known_for_that_day_alone(fhir):
    given = fhir.observation("19359-9", valueCodeableConcept={"coding": [{"code": "260373001"}]})

    (report,) = fhir.read(given).record.all(UseReport)

    assert (report.problem, report.used, report.evidence) == ("cocaine", True, UseEvidence.URINE)
    assert report.covers_from.isoformat() == report.covers_to.isoformat() == "2026-11-20"


def test_an_opiate_test_is_left_to_people_because_a_medicine_can_explain_it(fhir):
    given = fhir.observation("3879-4", valueString="positive", display="Opiates [Presence] in Urine")

    assert fhir.read(given).record.all(UseReport) == ()
