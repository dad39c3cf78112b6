"""Which clinical idea a code stands for: SNOMED CT, ICD-10-CM and RxNorm codes to the concepts that rules ask about."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
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
    VESSEL_MALFORMATION = "vessel_malformation"
    MAJOR_EVENT = "major_event"
    RAISED_PRESSURE = "raised_pressure"
    LIVER_DISEASE = "liver_disease"
    HYPERTHYROIDISM = "hyperthyroidism"
    SLEEP_APNOEA = "sleep_apnoea"
    SERIOUS_ILLNESS = "serious_illness"
    SEIZURES = "seizures"
    BIPOLAR = "bipolar"
    OPIOID_MEDICINE = "opioid_medicine"


SNOMED = "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


@dataclass(frozen=True, slots=True)
class _CodeSet:
    """The codes of one concept; the two patterns match the beginning of an ICD-10 code without its dot."""

    snomed: frozenset[str]
    rxnorm: frozenset[str]
    icd10: re.Pattern[str]
    icd10_not: re.Pattern[str]


_NOTHING = r"(?!)"  # a pattern that matches no text


@cache
def _code_sets() -> dict[Concept, _CodeSet]:
    text = files("sextant.record").joinpath("concepts.toml").read_text(encoding="utf-8")
    return {
        Concept(name): _CodeSet(
            snomed=frozenset(entry.get("snomed", ())),
            rxnorm=frozenset(entry.get("rxnorm", ())),
            icd10=_beginnings(entry.get("icd10", ())),
            icd10_not=_beginnings(entry.get("icd10_not", ())),
        )
        for name, entry in tomllib.loads(text).items()
    }


def _beginnings(keys: Iterable[str]) -> re.Pattern[str]:
    """Beginnings of ICD-10 codes; a small x stands for any digit, [0-4] for one of these."""
    return re.compile("|".join(key.replace("x", "[0-9]") for key in keys) or _NOTHING)


@lru_cache(maxsize=4096)
def concepts_of_code(system: str, code: str) -> frozenset[Concept]:
    """The concepts that a code stands for, by exact SNOMED CT or RxNorm code or by the beginning of an ICD-10 code.

    Dots of ICD-10 do not count. A code that is not listed stands for nothing: it is shown on the chart and asked
    about, never guessed from its text.

    >>> sorted(concepts_of_code(ICD10, "F10.20")), sorted(concepts_of_code(ICD10, "F10.21"))
    ([<Concept.ADDICTION: 'addiction'>], [<Concept.POSSIBLE_ADDICTION: 'possible_addiction'>])
    """
    sets = _code_sets().items()
    if system == SNOMED:
        return frozenset(concept for concept, codes in sets if code in codes.snomed)
    if system == RXNORM:
        return frozenset(concept for concept, codes in sets if code in codes.rxnorm)
    if "icd-10" not in system:
        return frozenset()
    plain = code.replace(".", "").upper()
    return frozenset(
        concept for concept, codes in sets if codes.icd10.match(plain) and not codes.icd10_not.match(plain)
    )


def concepts_of(fact: Coded) -> frozenset[Concept]:
    """The concepts that a coded fact stands for."""
    return concepts_of_code(fact.system, fact.code)
