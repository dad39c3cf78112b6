"""Made-up patients and a made-up clinic, in few words, for every test."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count

from sextant.protocol import Limits, read_policy
from sextant.record import (
    Answer,
    BloodPressure,
    Condition,
    Consent,
    Fact,
    Infusion,
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
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
SNOMED = "http://snomed.info/sct"

POLICY = """
[limit.days_sober]
value = 14
unit = "days"
source = "clinic: made up for the tests"
set_by = "Test director"
on = 2026-11-02

[limit.pressure_valid_days]
value = 30
unit = "days"
source = "clinic: made up for the tests"
set_by = "Test director"
on = 2026-11-02

[limit.use_report_valid_days]
value = 7
unit = "days"
source = "clinic: made up for the tests"
set_by = "Test director"
on = 2026-11-02

[limit.counselling_contact_days]
value = 14
unit = "days"
source = "clinic: made up for the tests"
set_by = "Test director"
on = 2026-11-02

[limit.cardiac_answer_valid_days]
value = 90
unit = "days"
source = "clinic: made up for the tests"
set_by = "Test director"
on = 2026-11-02

[limit.suicidality_answer_valid_days]
value = 7
unit = "days"
source = "clinic: made up for the tests"
set_by = "Test director"
on = 2026-11-02

[limit.days_between_infusions]
value = 2
unit = "days"
source = "clinic: made up for the tests"
set_by = "Test director"
on = 2026-11-02

[limit.worse_points_percent]
value = 10
unit = "percent"
source = "clinic: made up for the tests"
set_by = "Test director"
on = 2026-11-02
"""

_numbers = count(1)


def clinic_limits() -> Limits:
    """The limits of the made-up clinic."""
    return read_policy(POLICY, today=TODAY)


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
    }


def record(
    *plus: Fact, without: Iterable[str] = (), patient: Patient | None = None, only: bool = False
) -> PatientRecord:
    """A record by which every gate stands open, without some facts and with others; `only` starts from nothing."""
    facts = {} if only else all_open()
    for name in without:
        del facts[name]
    return PatientRecord.of(patient or person(), [*facts.values(), *plus])
