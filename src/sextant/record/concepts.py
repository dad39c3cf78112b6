"""Which clinical idea a code stands for: SNOMED CT, ICD-10-CM and RxNorm codes to the concepts that rules ask about."""

import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files

from sextant.record.facts import Coded


class Concept(StrEnum):
    """The clinical ideas that a screening rule asks the record about."""

    ADDICTION = "addiction"
    POSSIBLE_ADDICTION = "possible_addiction"
    HYPERTENSION = "hypertension"
    CARDIAC_UNSTABLE = "cardiac_unstable"
    CARDIAC = "cardiac"
    PREGNANCY = "pregnancy"
    PSYCHOSIS = "psychosis"
    PSYCHOSIS_IN_FAMILY = "psychosis_in_family"
    SUICIDALITY = "suicidality"
    KETAMINE = "ketamine"


SNOMED = "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


@cache
def _code_sets() -> dict[str, dict[str, tuple[str, ...]]]:
    text = files("sextant.record").joinpath("concepts.toml").read_text(encoding="utf-8")
    return {
        name: {
            "snomed": tuple(entry.get("snomed", {})),
            "rxnorm": tuple(entry.get("rxnorm", {})),
            "icd10": tuple(entry.get("icd10", {})),
        }
        for name, entry in tomllib.loads(text).items()
    }


def concepts_of(fact: Coded) -> frozenset[Concept]:
    """The concepts that a coded fact stands for, by exact SNOMED CT or RxNorm code or ICD-10 prefix.

    An ICD-10 code counts for the longest listed prefix only within a concept; dots are ignored. A code of a system
    that is not listed stands for nothing: it is shown on the chart and asked about, never guessed from its text.
    """
    found: set[Concept] = set()
    icd = fact.code.replace(".", "").upper()
    for name, sets in _code_sets().items():
        matches = (
            (fact.system == SNOMED and fact.code in sets["snomed"])
            or (fact.system == RXNORM and fact.code in sets["rxnorm"])
            or ("icd-10" in fact.system and any(icd.startswith(prefix) for prefix in sets["icd10"]))
        )
        if matches:
            found.add(Concept(name))
    return frozenset(found)
