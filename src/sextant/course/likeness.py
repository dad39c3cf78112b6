"""How like a patient the people of a study are: what can be compared, and what cannot."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import median

from sextant.course.series import series_of
from sextant.evidence.library import SeriesRow
from sextant.evidence.regimen import days_between, mg_per_kg
from sextant.instruments import instrument
from sextant.record import Condition, PatientRecord, Target, known_as, names_in, one_name, use_is_of

# Spacings that differ by no more are called alike. A choice of words, not of medicine.
_ALIKE_DAYS = 1.0
_DEPRESSION_SCALES = ("MADRS", "HAM-D", "HDRS", "PHQ-9", "QIDS", "BDI")
_OF_DEPRESSION = ("phq9", "madrs")


class Like(StrEnum):
    """How one feature of a study compares with the patient."""

    ALIKE = "alike"
    IN_PART = "in part"
    UNLIKE = "unlike"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One thing to compare.

    Parameters
    ----------
    name : what is compared
    study, patient : what it is there and here, in words
    """

    name: str
    study: str
    patient: str
    like: Like


def likeness(study: Sequence[SeriesRow], record: PatientRecord) -> tuple[Feature, ...]:
    """What was treated, by which score, with which dose and how often: in the study and in this patient.

    Age, other illnesses and medicines of a study's people are hardly ever told by its row and are not compared.
    """
    return (_treated(study, record), _score(study, record), _dose(study, record), _spacing(study, record))


def _treated(study: Sequence[SeriesRow], record: PatientRecord) -> Feature:
    there = "; ".join(dict.fromkeys(row.population for row in study))
    target = record.latest(Target)
    present = [one.text for one in record.all(Condition) if one.clinical_status in {"", "active"}]
    like = Like.UNKNOWN
    if target is not None:
        like = _same_problem(target.problem, there)
    of_depression = (
        like is Like.UNLIKE and "depress" in there.lower() and any("depress" in text.lower() for text in present)
    )
    if of_depression:
        like = Like.IN_PART
    here = "no target chosen yet" if target is None else target.problem
    if of_depression:
        here += ", and depression"
    return Feature(name="What is treated", study=there, patient=here, like=like)


def _same_problem(target: str, there: str) -> Like:
    """A kind and the whole of it are alike in part; of a name that is not known here, its own words are looked for."""
    if any(known_as(name) is None for name in names_in(target)):
        return Like.ALIKE if one_name(target) in there.lower() else Like.UNLIKE
    for population in there.split(";"):
        if one_name(target) == one_name(population):
            return Like.ALIKE
        if use_is_of(target, population) or use_is_of(population, target):
            return Like.IN_PART
    return Like.UNLIKE


def _score(study: Sequence[SeriesRow], record: PatientRecord) -> Feature:
    scales = tuple(dict.fromkeys(row.scale for row in study if row.scale))
    target = record.latest(Target)
    there = ", ".join(scales) or "not told"
    if target is None:
        return Feature(name="The score", study=there, patient="no target chosen yet", like=Like.UNKNOWN)
    name = instrument(target.instrument).name
    like = Like.UNLIKE if scales else Like.UNKNOWN
    if name in scales:
        like = Like.ALIKE
    elif target.instrument in _OF_DEPRESSION and any(scale.startswith(_DEPRESSION_SCALES) for scale in scales):
        like = Like.IN_PART
    return Feature(name="The score", study=there, patient=name, like=like)


def _dose(study: Sequence[SeriesRow], record: PatientRecord) -> Feature:
    told = [dose for row in study if (dose := mg_per_kg(row)) is not None]
    given = [one.dose_mg_per_kg for one in record.infusions if one.dose_mg_per_kg is not None]
    there, like = "not told", Like.UNKNOWN
    if told:
        low, high = min(one for one, _ in told), max(one for _, one in told)
        there = f"{low:g} mg/kg" if low == high else f"{low:g} to {high:g} mg/kg"
        if given:
            like = Like.ALIKE if low <= round(given[-1], 2) <= high else Like.UNLIKE
    here = f"{given[-1]:.2g} mg/kg" if given else "not known in mg/kg" if record.infusions else "none given yet"
    return Feature(name="Dose", study=there, patient=here, like=like)


def _spacing(study: Sequence[SeriesRow], record: PatientRecord) -> Feature:
    there = next((days for row in study if (days := days_between(row)) is not None), None)
    given = [one.taken_at for one in series_of(record).given]
    gaps = [(later - earlier).total_seconds() / 86_400 for earlier, later in pairwise(given)]
    here = median(gaps) if gaps else None
    like = Like.UNKNOWN
    if there is not None and here is not None:
        like = Like.ALIKE if abs(there - here) <= _ALIKE_DAYS else Like.UNLIKE
    return Feature(
        name="Days between infusions",
        study="not told" if there is None else _days_words(there),
        patient="not known before the second" if here is None else _days_words(here),
        like=like,
    )


def _days_words(days: float) -> str:
    return f"{days:.1f}".removesuffix(".0")
