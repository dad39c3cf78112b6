"""Totals of questionnaires, and item nine of PHQ-9."""

import pytest

from sextant.fhir import BundleError
from sextant.record import Answer, Score


def score(fhir, code: str, points: float, **fields) -> dict:
    return fhir.observation(code, valueQuantity={"value": points, "code": "{score}"}, **fields)


@pytest.mark.parametrize(("code", "instrument"), [("44261-6", "phq9"), ("70274-6", "gad7")])
@pytest.mark.parametrize(
    "value",
    [
        {"valueQuantity": {"value": 14, "code": "{score}"}},
        {"valueQuantity": {"value": 14, "code": "1"}},
        {"valueQuantity": {"value": 14}},
        {"valueInteger": 14},
    ],
)
def test_a_total_is_read_by_its_loinc_code(fhir, code, instrument, value):
    (total,) = fhir.read(fhir.observation(code, **value)).record.all(Score)

    assert (total.instrument, total.points) == (instrument, 14)


def test_a_total_outside_the_range_is_refused(fhir):
    with pytest.raises(BundleError, match="PHQ-9 of 28 is outside its range of 0 to 27"):
        fhir.read(score(fhir, "44261-6", 28))


def test_item_nine_joins_the_total_of_the_same_time(fhir):
    nine = fhir.observation("44260-8", valueCodeableConcept={"coding": [{"code": "LA6570-1"}]})

    imported = fhir.read(nine, score(fhir, "44261-6", 14))

    (total,) = imported.record.all(Score)
    assert (total.points, total.item_nine) == (14, 2)
    assert imported.used == {"Observation": 2, "Patient": 1}


def test_item_nine_without_a_total_still_says_that_there_are_thoughts(fhir):
    imported = fhir.read(fhir.observation("44260-8", valueInteger=1))

    (answer,) = imported.record.all(Answer)
    assert (answer.question, answer.value) == ("suicidality", "thoughts")


def test_an_item_nine_of_zero_without_a_total_is_no_answer_about_suicide(fhir):
    assert fhir.read(fhir.observation("44260-8", valueInteger=0)).record.all(Answer) == ()


def test_an_item_nine_that_cannot_be_is_refused(fhir):
    with pytest.raises(BundleError, match="PHQ-9 item nine is 12"):
        fhir.read(fhir.observation("44260-8", valueInteger=12))


def test_two_totals_of_one_time_that_differ_are_refused(fhir):
    with pytest.raises(BundleError, match="PHQ-9 is 9 here and 14 in Observation/1, at the same time"):
        fhir.read(score(fhir, "44261-6", 14), score(fhir, "44261-6", 9))


def response(fhir, *items: dict, **fields) -> dict:
    given = {
        "status": "completed",
        "authored": "2026-11-20T09:00:00Z",
        "item": [{"linkId": "all", "item": list(items)}],
    }
    return fhir.resource("QuestionnaireResponse", **{**given, **fields})


TOTAL = {"linkId": "/44261-6", "answer": [{"valueDecimal": 14}]}
NINE = {"linkId": "44260-8", "answer": [{"valueCoding": {"code": "LA6569-3"}}]}


def test_a_questionnaire_response_gives_total_and_item_nine(fhir):
    (total,) = fhir.read(response(fhir, TOTAL, NINE)).record.all(Score)

    assert (total.instrument, total.points, total.item_nine) == ("phq9", 14, 1)


def test_the_same_total_from_questionnaire_and_observation_is_one_score(fhir):
    imported = fhir.read(response(fhir, TOTAL, NINE), score(fhir, "44261-6", 14))

    assert len(imported.record.all(Score)) == 1
    assert imported.used == {"Observation": 1, "Patient": 1, "QuestionnaireResponse": 1}


@pytest.mark.parametrize("status", ["in-progress", "stopped", "entered-in-error"])
def test_a_response_that_was_not_finished_is_set_aside(fhir, status):
    assert fhir.read(response(fhir, TOTAL, status=status)).record.facts == ()


def test_a_response_to_another_questionnaire_is_set_aside(fhir):
    imported = fhir.read(response(fhir, {"linkId": "1", "answer": [{"valueString": "blue"}]}))

    assert imported.set_aside[0].why == "no total of an instrument that is on file"
