"""How like a patient the people of a study are."""

from dataclasses import replace

import pytest

from builders import condition, infusion, record, target
from sextant.course.likeness import Like, likeness
from sextant.evidence.library import library
from sextant.record import PatientRecord

DEPRESSION = {"text": "Major depressive disorder", "code": "370143000"}


def of_study(study: str, patient: PatientRecord) -> dict[str, tuple[str, str, Like]]:
    rows = [row for row in library().series if row.study_id == study]
    return {one.name: (one.study, one.patient, one.like) for one in likeness(rows, patient)}


def treated(*days: float, mg_per_kg: float = 0.5) -> PatientRecord:
    return record(*(infusion(day, mg_per_kg) for day in days))


def test_depression_is_not_addiction_and_its_score_is_not_craving():
    found = of_study("murrough2013", treated(1))

    assert found["What is treated"][1:] == ("alcohol", Like.UNLIKE)
    assert found["The score"] == ("MADRS", "Craving", Like.UNLIKE)


def test_whoever_has_depression_too_is_like_them_in_part():
    patient = record(condition(**DEPRESSION))

    assert of_study("murrough2013", patient)["What is treated"][1:] == ("alcohol, and depression", Like.IN_PART)


@pytest.mark.parametrize(
    ("problem", "like"),
    [
        ("alcohol", Like.ALIKE),
        ("Alcohol use disorder, severe", Like.ALIKE),
        ("drinking", Like.ALIKE),
        ("wine", Like.IN_PART),
        ("cocaine", Like.UNLIKE),
    ],
)
def test_what_is_treated_is_compared_by_what_its_name_means(problem: str, like: Like):
    study = next(row.study_id for row in library().series if row.population == "alcohol use disorder")
    patient = record(replace(target(), problem=problem), without=["target"])

    assert of_study(study, patient)["What is treated"] == ("alcohol use disorder", problem, like)


def test_ketamine_as_the_treatment_of_a_study_is_not_what_it_treats():
    study = next(row.study_id for row in library().series if "i.v. ketamine" in row.population)
    patient = record(replace(target(), problem="ketamine"), without=["target"])

    assert of_study(study, patient)["What is treated"][2] is Like.UNLIKE


def test_the_same_score_is_alike_and_another_of_depression_in_part():
    patient = record(target("phq9"), without=["target"])

    assert of_study("mcinnes2022", patient)["The score"][2] is Like.ALIKE
    assert of_study("murrough2013", patient)["The score"][2] is Like.IN_PART


@pytest.mark.parametrize(
    ("mg_per_kg", "like"),
    [(0.49, Like.UNLIKE), (0.5, Like.ALIKE), (0.75, Like.ALIKE), (0.76, Like.UNLIKE)],
)
def test_a_dose_is_alike_within_the_study_s_own_range(mg_per_kg: float, like: Like):
    found = of_study("open_series_14_trd", treated(1, mg_per_kg=mg_per_kg))

    assert found["Dose"] == ("0.5 to 0.75 mg/kg", f"{mg_per_kg:.2g} mg/kg", like)


def test_before_the_first_infusion_dose_and_spacing_are_not_known():
    found = of_study("murrough2013", record())

    assert found["Dose"][1:] == ("none given yet", Like.UNKNOWN)
    assert found["Days between infusions"][2] is Like.UNKNOWN


@pytest.mark.parametrize(("gap", "like"), [(3.3, Like.ALIKE), (3.4, Like.UNLIKE), (7.0, Like.UNLIKE)])
def test_spacing_is_alike_within_a_day(gap: float, like: Like):
    found = of_study("murrough2013", treated(1 + 2 * gap, 1 + gap, 1))

    assert found["Days between infusions"][0] == "2.3"
    assert found["Days between infusions"][2] is like


def test_what_a_study_does_not_tell_is_not_known():
    found = of_study("griffiths2019_uk", treated(8, 1))

    assert found["Dose"] == ("not told", "0.5 mg/kg", Like.UNKNOWN)
    assert found["Days between infusions"][2] is Like.UNKNOWN
