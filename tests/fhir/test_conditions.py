"""Diagnoses and allergies: what they are of, and when they hold."""

from datetime import UTC, datetime, timedelta

import pytest

from sextant.fhir import BundleError
from sextant.record import Allergy, Concept, Condition, concepts_of

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_condition_keeps_code_text_status_and_dates(fhir):
    given = fhir.condition(
        "72892002",
        "Normal pregnancy",
        status="resolved",
        onsetDateTime="2019-01-19T05:17:03+00:00",
        abatementDateTime="2019-02-16T05:17:03+00:00",
    )

    (pregnancy,) = fhir.read(given).record.all(Condition)

    assert (pregnancy.fact_id, pregnancy.source) == ("Condition/1", "FHIR Condition/1")
    assert (pregnancy.code, pregnancy.text, pregnancy.clinical_status) == ("72892002", "Normal pregnancy", "resolved")
    assert not pregnancy.present_at(at("2019-01-18"))
    assert pregnancy.present_at(at("2019-02-01"))
    assert not pregnancy.present_at(fhir.now)


@pytest.mark.parametrize(
    ("ended", "last_day_present", "first_day_over"),
    [
        ("2019-02-16", "2019-02-16", "2019-02-17"),
        ("2019-02", "2019-02-28", "2019-03-01"),
        ("2019", "2019-12-31", "2020-01-01"),
    ],
)
def test_an_end_without_a_clock_is_the_latest_that_it_can_be(fhir, ended, last_day_present, first_day_over):
    given = fhir.condition("72892002", "Normal pregnancy", onsetDateTime="2018-12-01", abatementDateTime=ended)

    (pregnancy,) = fhir.read(given).record.all(Condition)

    assert pregnancy.present_at(at(last_day_present) + timedelta(hours=12))
    assert not pregnancy.present_at(at(first_day_over))


def test_a_condition_that_ended_some_time_this_year_is_over_now(fhir):
    given = fhir.condition("72892002", "Normal pregnancy", onsetDateTime="2025-12-01", abatementDateTime="2026")

    (pregnancy,) = fhir.read(given).record.all(Condition)

    assert not pregnancy.present_at(fhir.now)


def test_a_condition_that_is_over_nobody_knows_since_when_is_over(fhir):
    given = fhir.condition("72892002", "Normal pregnancy", status=None, abatementString="last spring")

    (pregnancy,) = fhir.read(given).record.all(Condition)

    assert pregnancy.clinical_status == "resolved"
    assert not pregnancy.present_at(fhir.now)


def test_a_condition_without_any_date_stands_on_the_day_asked_about_and_that_is_said(fhir):
    imported = fhir.read(fhir.condition("7200002", "Alcoholism", onsetDateTime=None), as_of=at("2019-02-01"))

    (condition,) = imported.record.all(Condition)
    assert condition.present_at(at("2019-02-01"))
    assert imported.set_aside[0].what == "Condition (1)"
    assert imported.set_aside[0].why.startswith("no date is given")
    assert imported.set_aside[0].entries == 0


def test_a_year_alone_is_read_as_its_first_day_and_that_is_said(fhir):
    imported = fhir.read(fhir.condition("7200002", "Alcoholism", onsetDateTime="2019"))

    (condition,) = imported.record.all(Condition)
    assert condition.day.isoformat() == "2019-01-01"
    assert imported.set_aside[0].why == "only a year or month is given; read as its first day"


@pytest.mark.parametrize("verification", ["entered-in-error", "refuted"])
def test_what_was_refuted_or_entered_in_error_is_set_aside(fhir, verification):
    given = fhir.condition("7200002", "Alcoholism", verificationStatus={"coding": [{"code": verification}]})

    imported = fhir.read(given)

    assert imported.record.all(Condition) == ()
    assert [one.what for one in imported.set_aside] == ["Condition (1)"]


def test_a_doubt_stays_beside_the_words(fhir):
    given = fhir.condition("7200002", "Alcoholism", verificationStatus={"coding": [{"code": "provisional"}]})

    assert fhir.read(given).record.facts[0].text == "Alcoholism (provisional)"


@pytest.mark.parametrize(
    ("verification", "confirmed"),
    [("confirmed", True), ("provisional", False), ("differential", False), ("unconfirmed", False)],
)
def test_how_sure_a_diagnosis_is_stays_with_it(fhir, verification, confirmed):
    given = fhir.condition("7200002", "Alcoholism", verificationStatus={"coding": [{"code": verification}]})

    (condition,) = fhir.read(given).record.all(Condition)

    assert (condition.verification, condition.confirmed) == (verification, confirmed)


def test_a_diagnosis_without_a_stated_doubt_is_confirmed(fhir):
    (condition,) = fhir.read(fhir.condition("7200002", "Alcoholism")).record.all(Condition)

    assert (condition.verification, condition.confirmed) == ("", True)


@pytest.mark.parametrize("status", ["resolved", "inactive", "remission"])
def test_what_is_over_without_an_end_is_read_as_over_on_an_earlier_day_too_and_that_is_said(fhir, status):
    imported = fhir.read(fhir.condition("7200002", "Alcoholism", status=status), as_of=at("2021-02-01"))

    (condition,) = imported.record.all(Condition)
    assert not condition.present_at(at("2021-02-01"))
    (remark,) = imported.set_aside
    assert (remark.what, remark.entries) == ("Condition (1)", 0)
    assert remark.why.startswith("it is over, nobody knows since when")


@pytest.mark.parametrize(
    ("fields", "as_of"),
    [
        ({"status": "resolved"}, None),
        ({"status": "active"}, "2021-02-01"),
        ({"status": "resolved", "abatementDateTime": "2020-06-01"}, "2021-02-01"),
        ({"status": "resolved", "abatementDateTime": "2022"}, "2021-02-01"),
    ],
)
def test_nothing_is_said_where_it_is_known_whether_it_stood(fhir, fields, as_of):
    given = fhir.condition("7200002", "Alcoholism", **fields)

    assert fhir.read(given, as_of=as_of and at(as_of)).set_aside == ()


def test_a_year_alone_and_an_unknown_end_are_both_said(fhir):
    given = fhir.condition("7200002", "Alcoholism", status="resolved", onsetDateTime="2019")

    (remark,) = fhir.read(given, as_of=at("2021-02-01")).set_aside

    assert remark.why.startswith("only a year or month is given; read as its first day; it is over, nobody knows")


def test_one_diagnosis_coded_twice_is_one_condition(fhir):
    both = {"coding": [{"system": ICD10, "code": "F10.20"}, {"system": "http://snomed.info/sct", "code": "7200002"}]}

    conditions = fhir.read(fhir.condition(both)).record.all(Condition)

    assert [condition.code for condition in conditions] == ["F10.20"]


def test_two_codes_that_carry_two_ideas_are_both_kept(fhir):
    both = {"coding": [{"system": ICD10, "code": "F10.20"}, {"system": ICD10, "code": "O99.311"}]}

    conditions = fhir.read(fhir.condition(both)).record.all(Condition)

    assert [condition.fact_id for condition in conditions] == ["Condition/1", "Condition/1#2"]
    assert {Concept.ADDICTION, Concept.PREGNANCY} <= {idea for one in conditions for idea in concepts_of(one)}


def test_a_condition_in_words_alone_is_kept_and_stands_for_nothing(fhir):
    given = fhir.condition({"text": "heart trouble"})

    (condition,) = fhir.read(given).record.all(Condition)

    assert (condition.text, condition.code, concepts_of(condition)) == ("heart trouble", "", frozenset())


def test_an_onset_in_the_future_is_refused_with_resource_and_date(fhir):
    with pytest.raises(BundleError, match=r"Condition/1, onsetDateTime: '2027-01-01' lies in the future"):
        fhir.read(fhir.condition("7200002", "Alcoholism", onsetDateTime="2027-01-01"))


def test_a_period_that_ends_before_it_starts_is_refused(fhir):
    period = {"start": "2020-02-02", "end": "2019-01-01"}

    with pytest.raises(BundleError, match=r"it ends \(2019-01-01\) before it starts"):
        fhir.read(fhir.condition("7200002", "Alcoholism", onsetDateTime=None, onsetPeriod=period))


def test_facts_later_than_the_day_asked_about_are_set_aside_with_their_number(fhir):
    old = fhir.condition("38341003", "Hypertension", onsetDateTime="2017-09-02")
    later = [fhir.condition("7200002", "Alcoholism", onsetDateTime="2020-01-01") for _ in range(2)]

    imported = fhir.read(old, *later, as_of=at("2019-02-01"))

    assert imported.used == {"Condition": 1, "Patient": 1}
    assert [(one.what, one.why) for one in imported.set_aside] == [("Condition (2)", "later than 1 Feb 2019")]


def test_an_allergy_keeps_substance_status_and_reaction(fhir):
    given = fhir.resource(
        "AllergyIntolerance",
        code=fhir.concept("373464007", "http://snomed.info/sct", "Ketamine"),
        clinicalStatus={"coding": [{"code": "active"}]},
        recordedDate="2020-01-01",
        reaction=[{"manifestation": [{"text": "hives"}, {"text": "wheeze"}]}],
    )

    (allergy,) = fhir.read(given).record.all(Allergy)

    assert (allergy.text, allergy.clinical_status, allergy.reaction) == ("Ketamine", "active", "hives, wheeze")
    assert concepts_of(allergy) == {Concept.KETAMINE}


@pytest.mark.parametrize("words", ["Ketamine", "Esketamine nasal spray", "KETAMINE HCL"])
def test_an_allergy_to_ketamine_in_words_alone_counts(fhir, words):
    given = fhir.resource("AllergyIntolerance", code={"text": words})

    (allergy,) = fhir.read(given).record.all(Allergy)

    assert allergy.text == words
    assert concepts_of(allergy) == {Concept.KETAMINE}


def test_a_refuted_allergy_is_set_aside(fhir):
    given = fhir.resource(
        "AllergyIntolerance", code={"text": "Ketamine"}, verificationStatus={"coding": [{"code": "refuted"}]}
    )

    assert fhir.read(given).record.all(Allergy) == ()
