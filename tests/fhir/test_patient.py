"""Who the bundle is about."""

from datetime import UTC, date, datetime

import pytest

from sextant.fhir import BundleError, OutOfScopeError
from sextant.record import Sex


def test_the_patient_is_read_with_the_official_name(fhir):
    names = [{"use": "maiden", "family": "Byron"}, {"use": "official", "family": "King", "given": ["Ada", "A."]}]

    patient = fhir.read(patient=fhir.patient(name=names)).record.patient

    assert (patient.patient_id, patient.name, patient.sex) == ("ada", "Ada A. King", Sex.FEMALE)
    assert patient.birth_date == date(1980, 5, 4)


def test_a_sex_that_is_not_given_is_unknown(fhir):
    assert fhir.read(patient=fhir.patient(gender=None)).record.patient.sex is Sex.UNKNOWN


def test_without_a_birth_date_the_patient_is_out_of_scope(fhir):
    with pytest.raises(OutOfScopeError, match=r"Patient/ada has no birth date.*Ask for the date of birth"):
        fhir.read(patient=fhir.patient(birthDate=None))


@pytest.mark.parametrize(
    ("given", "read"),
    [("1980", date(1980, 12, 31)), ("1980-02", date(1980, 2, 29)), ("2026", date(2026, 11, 23))],
)
def test_a_birth_year_alone_is_read_as_the_youngest_that_the_person_can_be_and_said_so(fhir, given, read):
    imported = fhir.read(patient=fhir.patient(birthDate=given))

    assert imported.record.patient.birth_date == read
    assert imported.used == {"Patient": 1}
    assert imported.set_aside[0].what == "Patient/ada, birth date"
    assert imported.set_aside[0].why.startswith(f"only {given} is given; read as")
    assert imported.set_aside[0].entries == 0


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"birthDate": "4.5.1980"}, "'4.5.1980' is not a FHIR date"),
        ({"birthDate": "1980-02-30"}, "'1980-02-30' is no day of the calendar"),
        ({"birthDate": "1780-01-01"}, "before the year 1880"),
        ({"birthDate": "2027-01-01"}, "lies in the future"),
        ({"birthDate": 1980}, "a text belongs here, not 1980"),
        ({"gender": "f"}, "'f' is no code of FHIR. Write one of: female, male, other, unknown"),
        ({"name": {"text": "Ada"}}, "a list belongs here, not an object"),
        ({"deceasedBoolean": "no"}, "true or false belongs here, not 'no'"),
        ({"deceasedDateTime": "2027-01-01"}, "lies in the future"),
    ],
)
def test_a_wrong_element_of_the_patient_is_refused(fhir, fields, says):
    with pytest.raises(BundleError, match=rf"Patient/ada, \w+: .*{says}"):
        fhir.read(patient=fhir.patient(**fields))


@pytest.mark.parametrize(
    "fields",
    [{"deceasedBoolean": True}, {"deceasedDateTime": "2026-11-23"}, {"deceasedDateTime": "2020-02-29T07:44:08+00:00"}],
)
def test_a_person_who_has_died_is_out_of_scope(fhir, fields):
    with pytest.raises(OutOfScopeError, match="this person has died"):
        fhir.read(patient=fhir.patient(**fields))


def test_a_person_known_to_be_alive_is_read(fhir):
    assert fhir.read(patient=fhir.patient(deceasedBoolean=False)).used == {"Patient": 1}


def test_a_death_after_the_day_asked_about_is_later_and_said_so(fhir):
    died = fhir.patient(deceasedDateTime="2020-02-29T07:44:08+00:00")

    imported = fhir.read(patient=died, as_of=datetime(2019, 2, 1, tzinfo=UTC))

    assert imported.record.patient.deceased_at is None
    assert imported.set_aside[0].what == "Patient/ada, death"
    assert "29 Feb 2020" in imported.set_aside[0].why


def test_a_person_not_yet_born_on_the_day_asked_about_is_refused(fhir):
    with pytest.raises(BundleError, match="born after the day asked about"):
        fhir.read(as_of=datetime(1970, 1, 1, tzinfo=UTC))
