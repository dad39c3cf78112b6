"""Made-up patients and a made-up clinic, in few words, for every test."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count

from sextant.protocol import Limits, read_policy
from sextant.record import (
    QUESTIONS,
    Answer,
    BloodPressure,
    Condition,
    Consent,
    Decision,
    Fact,
    Group,
    Infusion,
    Measurement,
    Patient,
    PatientRecord,
    PregnancyTest,
    QualitativeResult,
    Score,
    Sex,
    Support,
    Target,
    UseEvidence,
    UseReport,
    Weight,
)
from sextant.virtual.policy import made_up_policy

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
SNOMED = "http://snomed.info/sct"

POLICY = made_up_policy(date(2026, 11, 2), director="Test director")

_numbers = count(1)


@cache
def clinic_limits() -> Limits:
    """The limits of the made-up clinic; read once, since nothing changes them."""
    return read_policy(POLICY, today=TODAY)


SCREENED = (
    "other_dependence",
    "ketamine_misuse",
    "ketamine_elsewhere",
    "vessel_malformation",
    "major_event",
    "raised_pressure",
    "ecg",
    "liver_impairment",
    "hyperthyroidism",
    "sleep_apnoea",
    "serious_illness",
    "seizures",
    "emergence_reaction",
    "urinary_symptoms",
    "breastfeeding",
    "contraception",
    "baseline_tests",
    "bipolar",
    "mao_inhibitor",
    "benzodiazepine",
    "depressants",
    "theophylline",
    "stimulant",
    "blunting_medicine",
    "enzyme_medicine",
    "prescription_monitoring",
)
"""Questions of screening beside those that stand under a name of their own."""
ASKED_TODAY = tuple(question.key for question in QUESTIONS.values() if question.group is Group.ON_THE_DAY)
MEASURED = {
    "heart_rate_per_min": 72.0,
    "oxygen_saturation_percent": 98.0,
    "height_cm": 170.0,
    "alt_u_per_l": 30.0,
    "ast_u_per_l": 28.0,
    "alp_u_per_l": 80.0,
    "bilirubin_total_mg_per_dl": 0.8,
}
MEASURED_TODAY = {
    "heart_rate_per_min": 74.0,
    "oxygen_saturation_percent": 98.0,
    "respiratory_rate_per_min": 14.0,
    "breath_alcohol_g_per_210l": 0.0,
    "hours_since_solid_food": 12.0,
    "hours_since_clear_liquid": 3.0,
}


def days_ago(days: float) -> datetime:
    """The moment so many days before now."""
    return NOW - timedelta(days=days)


def fact_id() -> str:
    """A fresh name for a fact."""
    return f"fact-{next(_numbers)}"


def answer(question: str, value: str, days: float = 1, note: str = "") -> Answer:
    return Answer(fact_id=fact_id(), taken_at=days_ago(days), question=question, value=value, note=note)


def pressure(systolic: float, diastolic: float, days: float = 1) -> BloodPressure:
    return BloodPressure(fact_id=fact_id(), taken_at=days_ago(days), systolic_mmhg=systolic, diastolic_mmhg=diastolic)


def condition(
    code: str,
    text: str,
    days: float = 400,
    *,
    system: str = SNOMED,
    status: str = "active",
    ended_days: float | None = None,
) -> Condition:
    return Condition(
        fact_id=fact_id(),
        taken_at=days_ago(days),
        code=code,
        system=system,
        text=text,
        clinical_status=status,
        onset_at=days_ago(days),
        abated_at=None if ended_days is None else days_ago(ended_days),
    )


def alcoholism(days: float = 400, **changes: object) -> Condition:
    return condition("7200002", "Alcoholism", days, **changes)  # type: ignore[arg-type]


def target(instrument: str = "craving", problem: str = "alcohol", days: float = 20) -> Target:
    return Target(fact_id=fact_id(), taken_at=days_ago(days), problem=problem, instrument=instrument)


def use_report(
    used: bool | None,
    *,
    from_days: int,
    to_days: int = 0,
    last_used_days: int | None = None,
    problem: str = "alcohol",
    days: float | None = None,
    evidence: UseEvidence = UseEvidence.SELF_REPORT,
) -> UseReport:
    """A report over days from `from_days` ago to `to_days` ago, asked on its last day unless `days` says otherwise."""
    return UseReport(
        fact_id=fact_id(),
        taken_at=days_ago(to_days if days is None else days),
        problem=problem,
        covers_from=TODAY - timedelta(days=from_days),
        covers_to=TODAY - timedelta(days=to_days),
        used=used,
        evidence=evidence,
        last_used_on=None if last_used_days is None else TODAY - timedelta(days=last_used_days),
    )


def score(instrument: str, points: float, days: float, item_nine: int | None = None) -> Score:
    return Score(fact_id=fact_id(), taken_at=days_ago(days), instrument=instrument, points=points, item_nine=item_nine)


def infusion(days: float, dose_mg_per_kg: float = 0.5) -> Infusion:
    return Infusion(fact_id=fact_id(), taken_at=days_ago(days), dose_mg_per_kg=dose_mg_per_kg, duration_min=40)


def measured(kind: str, value: float, days: float = 1) -> Measurement:
    return Measurement(fact_id=fact_id(), taken_at=days_ago(days), kind=kind, value=value)


def order(infusion: int = 1, days: float = 0.1, dose_mg_per_kg: float = 0.5) -> Decision:
    """The prescriber's decision on one infusion, with its dose."""
    return Decision(
        fact_id=fact_id(),
        taken_at=days_ago(days),
        choice="as_advised",
        step="offer_infusion",
        infusion=infusion,
        reasons="Agreed.",
        dose_mg_per_kg=dose_mg_per_kg,
        duration_min=40,
    )


def counselling(days: float = 2) -> Support:
    return Support(fact_id=fact_id(), taken_at=days_ago(days), kind="counselling")


def consent(days: float = 5, *, given: bool = True, expires_on: date | None = None) -> Consent:
    return Consent(fact_id=fact_id(), taken_at=days_ago(days), given=given, expires_on=expires_on)


def pregnancy_test(result: QualitativeResult, days: float = 1) -> PregnancyTest:
    return PregnancyTest(fact_id=fact_id(), taken_at=days_ago(days), result=result)


def person(sex: Sex = Sex.FEMALE, birth_date: date = date(1981, 3, 3)) -> Patient:
    return Patient(patient_id="patient-1", birth_date=birth_date, sex=sex, name="Made-up Patient")


def all_open() -> dict[str, Fact]:
    """Facts by which every gate stands open in the made-up clinic, by a name for each."""
    return {
        "addiction": alcoholism(),
        "target": target(),
        "pressure": pressure(124, 78),
        "cardiac": answer("unstable_cardiac", "no"),
        "pregnancy": pregnancy_test(QualitativeResult.NEGATIVE),
        "use": use_report(False, from_days=21, days=0.3),
        "psychosis": answer("psychosis", "none"),
        "family": answer("psychosis_in_family", "no"),
        "allergy": answer("ketamine_allergy", "no"),
        "suicidality": answer("suicidality", "none", days=0.35),
        "earlier": answer("earlier_treatment", "yes", note="naltrexone"),
        "counselling": counselling(),
        "consent": consent(),
        "capacity": answer("capacity", "yes"),
        "baseline": score("craving", 70, 30),
        "weight": Weight(fact_id=fact_id(), taken_at=days_ago(1), weight_kg=70),
        **{kind: measured(kind, value) for kind, value in MEASURED.items()},
        **{key: answer(key, QUESTIONS[key].opening) for key in SCREENED},
    }


def at_the_door(days: float = 0.01, infusion: int = 1) -> dict[str, Fact]:
    """What is asked and measured on the day, by which an infusion may begin, and the order of that infusion."""
    return {
        "order": order(infusion, days + 0.001),
        "pressure_today": pressure(122, 76, days),
        "pregnancy_today": pregnancy_test(QualitativeResult.NEGATIVE, days),
        **{kind: measured(kind, value, days) for kind, value in MEASURED_TODAY.items()},
        **{key: answer(key, QUESTIONS[key].opening, days) for key in ASKED_TODAY},
    }


def record(
    *plus: Fact, without: Iterable[str] = (), patient: Patient | None = None, only: bool = False
) -> PatientRecord:
    """A record by which every gate stands open, without some facts and with others; `only` starts from nothing."""
    facts = {} if only else all_open()
    for name in without:
        del facts[name]
    return PatientRecord.of(patient or person(), [*facts.values(), *plus])
