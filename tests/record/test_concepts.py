"""Which clinical ideas a code stands for."""

import tomllib
from importlib.resources import files

import pytest

from sextant.record import Concept
from sextant.record.concepts import ICD10, RXNORM, SNOMED, concepts_of_code

CODES = tomllib.loads(files("sextant.record").joinpath("concepts.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("system", "code", "ideas"),
    [
        (SNOMED, "7200002", {Concept.ADDICTION}),
        (SNOMED, "5602001", {Concept.ADDICTION}),
        (SNOMED, "18085000", {Concept.ADDICTION}),
        (SNOMED, "55680006", {Concept.POSSIBLE_ADDICTION}),
        (SNOMED, "449868002", {Concept.POSSIBLE_ADDICTION}),
        (SNOMED, "38341003", {Concept.HYPERTENSION}),
        (SNOMED, "88805009", {Concept.CARDIAC}),
        (SNOMED, "22298006", {Concept.CARDIAC, Concept.MAJOR_EVENT}),
        (SNOMED, "57054005", {Concept.CARDIAC_UNSTABLE}),
        (SNOMED, "128609009", {Concept.CARDIAC_UNSTABLE, Concept.VESSEL_MALFORMATION}),
        (SNOMED, "128613002", {Concept.SEIZURES}),
        (SNOMED, "13746004", {Concept.BIPOLAR}),
        (SNOMED, "19943007", {Concept.LIVER_DISEASE, Concept.SERIOUS_ILLNESS}),
        (SNOMED, "72892002", {Concept.PREGNANCY}),
        (SNOMED, "19169002", set()),
        (SNOMED, "58214004", {Concept.PSYCHOSIS}),
        (SNOMED, "6471006", {Concept.SUICIDALITY}),
        (SNOMED, "373464007", {Concept.KETAMINE}),
        (RXNORM, "6130", {Concept.KETAMINE}),
        (RXNORM, "7200002", set()),
        (ICD10, "F10.20", {Concept.ADDICTION}),
        (ICD10, "f1020", {Concept.ADDICTION}),
        (ICD10, "F10.21", {Concept.POSSIBLE_ADDICTION}),
        (ICD10, "F14.11", {Concept.POSSIBLE_ADDICTION}),
        (ICD10, "F17.211", {Concept.POSSIBLE_ADDICTION}),
        (ICD10, "F17.210", {Concept.ADDICTION}),
        (ICD10, "F11.90", {Concept.POSSIBLE_ADDICTION}),
        (ICD10, "F63.0", {Concept.ADDICTION}),
        (ICD10, "F63.89", {Concept.POSSIBLE_ADDICTION}),
        (ICD10, "F15.259", {Concept.ADDICTION, Concept.PSYCHOSIS}),
        (ICD10, "T40.1X1A", {Concept.POSSIBLE_ADDICTION}),
        (ICD10, "I10", {Concept.HYPERTENSION}),
        (ICD10, "I16.0", {Concept.HYPERTENSION, Concept.CARDIAC_UNSTABLE}),
        (ICD10, "I20.0", {Concept.CARDIAC, Concept.CARDIAC_UNSTABLE}),
        (ICD10, "I20.8", {Concept.CARDIAC}),
        (ICD10, "I61.9", {Concept.CARDIAC_UNSTABLE, Concept.VESSEL_MALFORMATION}),
        (ICD10, "O80", set()),
        (ICD10, "Z34.90", {Concept.PREGNANCY}),
        (ICD10, "R45.851", {Concept.SUICIDALITY}),
        (ICD10, "F21", set()),
        ("http://hl7.org/fhir/sid/icd-10", "F10.2", {Concept.ADDICTION}),
        ("http://example.org/own", "F10.20", set()),
        ("", "", set()),
    ],
)
def test_a_code_stands_for_these_ideas(system, code, ideas):
    assert concepts_of_code(system, code) == ideas


def test_every_idea_has_its_table_and_no_table_is_without_an_idea():
    assert set(CODES) == set(Concept)


@pytest.mark.parametrize("concept", CODES)
def test_every_code_has_a_name_and_the_form_of_its_system(concept):
    entry = CODES[concept]

    assert set(entry) <= {"snomed", "rxnorm", "icd10", "icd10_not"}
    assert all(name.strip() for codes in entry.values() for name in codes.values())
    assert all(code.isdigit() and _verhoeff(code) for code in entry.get("snomed", ()))
    assert all(code.isdigit() for code in entry.get("rxnorm", ()))


def test_nothing_that_is_said_to_be_in_remission_is_an_addiction():
    assert not [name for name in CODES["addiction"]["snomed"].values() if "remission" in name.lower()]


def _verhoeff(code: str) -> bool:
    """Whether the check digit of a SNOMED CT identifier is right (dihedral group D5)."""

    def times(a: int, b: int) -> int:
        turned = (a + b) % 5 if a < 5 else (a - b) % 5
        return turned if (a < 5) == (b < 5) else turned + 5

    powers = [list(range(10))]
    for _ in range(7):
        powers.append([(1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[digit] for digit in powers[-1]])
    total = 0
    for place, digit in enumerate(reversed(code)):
        total = times(total, powers[place % 8][int(digit)])
    return total == 0
