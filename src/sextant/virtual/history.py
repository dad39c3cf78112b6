"""The history of one virtual patient, told forwards and recorded as facts."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

import numpy as np

from sextant.record import (
    QUESTIONS,
    Allergy,
    Answer,
    Attendance,
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
from sextant.response import HyperParameters
from sextant.response.settings import Settings
from sextant.virtual.people import draw_helped, draw_people

_SOURCE = "made up"
_SNOMED = "http://snomed.info/sct"
_ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
_OPIOIDS = ("opioids", "5602001", _SNOMED, "Opioid abuse")
_ADDICTIONS = (
    ("alcohol", "7200002", _SNOMED, "Alcoholism"),
    _OPIOIDS,
    ("cocaine", "F14.20", _ICD10, "Cocaine dependence"),
    ("alcohol", "F10.20", _ICD10, "Alcohol dependence"),
)
_GAMBLING = ("gambling", "F63.0", _ICD10, "Gambling disorder")
# Days of the six infusions of the reference patients: two or three in a week, as depression clinics do (C007, C008).
_SCHEDULE = (0.0, 3.0, 7.0, 10.0, 14.0, 17.0)
# What is screened beside the questions that a made-up patient answers one by one.
_SCREENED = tuple(
    question
    for question in QUESTIONS.values()
    if question.group not in {Group.ON_THE_DAY, Group.LONG_TERM, Group.AGREED}
    and question.key
    not in {
        *("unstable_cardiac", "cardiac_clearance", "can_be_pregnant", "ketamine_allergy", "earlier_treatment"),
        *("psychosis", "psychosis_in_family", "suicidality", "crisis_path"),
    }
)
_MEASURED = {
    "heart_rate_per_min": 72.0,
    "oxygen_saturation_percent": 98.0,
    "height_cm": 172.0,
    "alt_u_per_l": 30.0,
    "ast_u_per_l": 28.0,
    "alp_u_per_l": 80.0,
    "bilirubin_total_mg_per_dl": 0.8,
}
_SCORED_SHARE = {"craving": 1.0, "phq9": 0.5, "gad7": 0.3, "use_days": 0.3}


class History:
    """Collects the facts of one made-up patient; `record` gives them as a record.

    The first infusion, if any, is placed so that the last one lies the asked number of days before now.
    """

    def __init__(self, number: int, now: datetime, rng: np.random.Generator, hyper: HyperParameters) -> None:
        self._now = now
        self._rng = rng
        self._settings = Settings.of([hyper])
        self._facts: list[Fact] = []
        self._sex = Sex.FEMALE if rng.random() < 0.45 else Sex.MALE
        born = now.date() - timedelta(days=int(rng.uniform(21, 62) * 365.25))
        self._patient_id = self._id()
        self._name = f"Demo patient {number}"
        self._born: date = born
        self._reported_to_days_ago = 0
        self._addiction = _ADDICTIONS[int(rng.integers(len(_ADDICTIONS)))]

    def record(self) -> PatientRecord:
        """All that was told, as a record."""
        patient = Patient(patient_id=self._patient_id, birth_date=self._born, sex=self._sex, name=self._name)
        return PatientRecord.of(patient, [*self._facts, *self._urines()])

    def _urines(self) -> list[UseReport]:
        """Who is treated for opioids or cocaine gives a urine at each visit at which no use is told of."""
        told = [one for one in self._facts if isinstance(one, UseReport) and not one.used]
        return [
            replace(
                one,
                fact_id=str(uuid5(UUID(one.fact_id), "urine")),
                covers_from=one.covers_to,
                evidence=UseEvidence.URINE,
            )
            for one in told
            if one.problem in {"opioids", "cocaine"}
        ]

    def gamble(self) -> None:
        """The addiction is a behaviour, not a substance."""
        self._addiction = _GAMBLING

    def take_opioids(self) -> None:
        """The addiction is of opioids."""
        self._addiction = _OPIOIDS

    def refer(self, days_ago: float = 20) -> None:
        """A referral: the diagnosis and an allergy list, nothing else."""
        _, code, system, text = self._addiction
        self._add(
            Condition(
                **self._at(days_ago),
                code=code,
                system=system,
                text=text,
                clinical_status="active",
                onset_at=self._now - timedelta(days=days_ago + int(self._rng.integers(400, 4000))),
            )
        )
        if self._rng.random() < 0.3:
            self._add(
                Allergy(
                    **self._at(days_ago),
                    code="764146007",
                    system=_SNOMED,
                    text="Penicillin",
                    clinical_status="active",
                    reaction="rash",
                )
            )

    def choose_target(self, days_ago: float = 18) -> None:
        """Patient and prescriber choose craving as what treatment is judged by."""
        self._add(Target(**self._at(days_ago), problem=self._addiction[0], instrument="craving"))

    def answer_some(self, days_ago: float = 15) -> None:
        """A first talk, in which a few of the screening questions are answered."""
        for question, value in (("earlier_treatment", "yes"), ("ketamine_allergy", "no"), ("psychosis", "none")):
            self._answer(question, value, days_ago)
        self._weight(days_ago)

    def screen(
        self, *, days_ago: float = 1.2, sober_days: int = 30, female: bool | None = None, baseline: bool = True
    ) -> None:
        """A screening in which every question is answered and every gate can open."""
        if female:
            self._sex = Sex.FEMALE
        self.refer(days_ago + 20)
        self.choose_target(days_ago + 18)
        self.answer_some(days_ago + 15)
        for question, value in (
            ("unstable_cardiac", "no"),
            ("psychosis_in_family", "no"),
            ("suicidality", "none"),
            ("capacity", "yes"),
            ("prescription_monitoring", "as_told"),
            *((question.key, question.opening) for question in _SCREENED),
        ):
            self._answer(question, value, days_ago)
        for kind, measured in _MEASURED.items():
            self._add(Measurement(**self._at(days_ago), kind=kind, value=measured))
        self._add(Consent(**self._at(days_ago), given=True))
        self.pressure(days_ago=days_ago)
        if self._sex is Sex.FEMALE:
            self.pregnancy_test(QualitativeResult.NEGATIVE, days_ago=days_ago)
        else:
            self._answer("can_be_pregnant", "no", days_ago)
        self._report(days_ago, from_days=days_ago + 60, used=True, last_used_days=days_ago + sober_days)
        self._add(Support(**self._at(days_ago + 6), kind="counselling"))
        if baseline:
            self._add(Score(**self._at(days_ago), instrument="craving", points=float(self._rng.integers(45, 90))))
        self._add(Attendance(**self._at(days_ago), share=round(float(self._rng.uniform(0.4, 1.0)), 2)))

    def treat(
        self,
        infusions: int,
        *,
        helped: bool | None,
        days_since_last: float,
        score_after_last: bool = True,
        baseline: bool = True,
    ) -> None:
        """Screening, then so many infusions with scores, talks, reviews and readings around each.

        `helped` True: a person whom the whole series helps clearly; False: one whom it never helps; None: anybody.
        """
        first_ago = days_since_last + _SCHEDULE[infusions - 1]
        self.screen(days_ago=first_ago + 1.2, baseline=False)
        days = list(_SCHEDULE[:infusions])
        self._score(days, first_ago, helped, score_after_last, baseline)
        for number, day in enumerate(days, start=1):
            ago = first_ago - day
            self._visit(ago, number)
            self.decide(
                "as_advised",
                "offer_infusion",
                number,
                "Wishes to go on. One step at a time." if number > 1 else "Agreed on the first infusion.",
                days_ago=ago + 0.05,
            )
            self._add(Infusion(**self._at(ago), dose_mg_per_kg=0.5, duration_min=40.0))
            if ago > 1.6:
                self._add(Support(**self._at(ago - 1.5), kind="group"))
        if days_since_last > 1:
            self._visit(0.15, infusions + 1)

    def decide(
        self,
        choice: str,
        step: str,
        infusion: int | None,
        reasons: str,
        *,
        days_ago: float = 0.1,
        planned_in_days: int | None = None,
    ) -> None:
        """The prescriber's decision, in made-up words."""
        planned = None if planned_in_days is None else self._now.date() + timedelta(days=planned_in_days)
        self._add(
            Decision(
                **{**self._at(days_ago), "source": "Demo prescriber"},
                choice=choice,
                step=step,
                infusion=infusion,
                reasons=reasons,
                planned_on=planned,
                dose_mg_per_kg=None if infusion is None else 0.5,
                duration_min=None if infusion is None else 40.0,
            )
        )

    def pressure(self, *, high: bool = False, days_ago: float = 0.3) -> None:
        """One reading, usual or above the published limits."""
        systolic = self._rng.uniform(150, 168) if high else self._rng.uniform(108, 134)
        diastolic = self._rng.uniform(92, 102) if high else self._rng.uniform(64, 84)
        self._add(
            BloodPressure(
                **self._at(days_ago), systolic_mmhg=float(round(systolic)), diastolic_mmhg=float(round(diastolic))
            )
        )

    def pregnancy_test(self, result: QualitativeResult, days_ago: float = 0.3) -> None:
        """A test."""
        self._add(PregnancyTest(**self._at(days_ago), result=result))

    def report_use(self, last_used_days_ago: int) -> None:
        """The person tells today that there was use."""
        self._report(0.02, from_days=3, used=True, last_used_days=last_used_days_ago)

    def urine_with_use(self, days_ago: float) -> None:
        """A urine that shows use."""
        day = self._now.date() - timedelta(days=int(days_ago))
        self._add(
            UseReport(
                **self._at(days_ago),
                problem=self._addiction[0],
                covers_from=day,
                covers_to=day,
                used=True,
                evidence=UseEvidence.URINE,
            )
        )

    def item_nine(self, answer: int) -> None:
        """A PHQ-9 of today whose ninth item was answered so."""
        self._add(Score(**self._at(0.02), instrument="phq9", points=21.0, item_nine=answer))

    def _visit(self, ago: float, number: int) -> None:
        """What is asked and measured at each visit, before anything is given."""
        before = ago + 0.03
        self.pressure(days_ago=before)
        if self._sex is Sex.FEMALE:
            self.pregnancy_test(QualitativeResult.NEGATIVE, days_ago=before)
        self._answer("suicidality", "none", before)
        self._report(before, from_days=self._reported_to_days_ago, used=False, last_used_days=None)
        if number % 2:
            self._add(Support(**self._at(before + 0.5), kind="counselling"))

    def _score(
        self, infusion_days: list[float], first_ago: float, helped: bool | None, after_last: bool, baseline: bool
    ) -> None:
        """Scores drawn from the model: two before the series, one before and one after each infusion, then weekly."""
        last = infusion_days[-1]
        now_day = first_ago
        days = [-12.0, -1.2] if baseline else []
        for day in infusion_days:
            days += [*([day - 0.02] if baseline or day > 0 else []), day + 1.05]
        days += [last + 3.1, last + 6.0, *(last + 6.0 + 7 * week for week in range(1, 9))]
        kept = sorted(day for day in days if day <= now_day - 0.01 and (after_last or day <= last))
        if helped:
            series = [(day, 0.5) for day in _SCHEDULE]
            person = draw_helped(self._settings, tuple(_SCORED_SHARE), self._rng, series, "craving")
        else:
            person = draw_people(self._settings, tuple(_SCORED_SHARE), self._rng, responds=helped)
        scores = person.scores(np.array(kept), [(day, 0.5) for day in infusion_days], 0.7, self._rng)[0]
        for column, (key, share) in enumerate(_SCORED_SHARE.items()):
            for index, (day, points) in enumerate(zip(kept, scores[:, column], strict=True)):
                if share == 1.0 or index < 2 or self._rng.random() < share:
                    self._add(
                        Score(
                            **self._at(first_ago - day),
                            instrument=key,
                            points=float(points),
                            item_nine=0 if key == "phq9" else None,
                        )
                    )

    def _report(self, ago: float, *, from_days: float, used: bool, last_used_days: float | None) -> None:
        day = (self._now - timedelta(days=ago)).date()
        today = self._now.date()
        self._reported_to_days_ago = (today - day).days
        self._add(
            UseReport(
                **self._at(ago),
                problem=self._addiction[0],
                covers_from=today - timedelta(days=int(from_days)),
                covers_to=day,
                used=used,
                evidence=UseEvidence.SELF_REPORT,
                last_used_on=None if last_used_days is None else today - timedelta(days=int(last_used_days)),
            )
        )

    def _weight(self, ago: float) -> None:
        self._add(Weight(**self._at(ago), weight_kg=round(float(self._rng.normal(78, 12)), 1)))

    def _answer(self, question: str, value: str, ago: float) -> None:
        self._add(Answer(**self._at(ago), question=question, value=value))

    def _at(self, days_ago: float) -> dict:  # type: ignore[type-arg]
        return {"fact_id": self._id(), "taken_at": self._now - timedelta(days=days_ago), "source": _SOURCE}

    def _id(self) -> str:
        return str(UUID(bytes=self._rng.bytes(16), version=4))

    def _add(self, fact: Fact) -> None:
        self._facts.append(fact)
