"""The words in which a vignette gives facts of a patient, and the facts that they stand for.

`tests/protocol/vignettes/README.md` explains them to clinicians. One word stands for one kind of fact; what is beside
it ('days_ago', 'systolic') are its parts. Whatever is not understood is refused in a sentence, never guessed.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from builders import NOW, TODAY, fact_id
from sextant.instruments import INSTRUMENTS
from sextant.record import (
    QUESTIONS,
    Allergy,
    Answer,
    BenzodiazepineDose,
    BloodPressure,
    Concept,
    Condition,
    Consent,
    Decision,
    Fact,
    Group,
    Infusion,
    Measurement,
    NewSeries,
    PregnancyTest,
    QualitativeResult,
    Score,
    Support,
    Target,
    UseEvidence,
    UseJudged,
    UseReport,
    Weight,
    concepts_of,
)

MORNING = NOW - timedelta(minutes=15)
"""When things happened, of which only the day is told: a quarter of an hour before the gates are asked."""

WHEN = frozenset({"days_ago", "hours_ago", "day"})
"""The parts that every word takes: when it was; one of them at most."""

_SNOMED = "http://snomed.info/sct"
_ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
_RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
DIAGNOSES = {
    "alcoholism": ("7200002", _SNOMED),
    "gambling disorder": ("F63.0", _ICD10),
    "drug overdose": ("55680006", _SNOMED),
    "hypertension": ("38341003", _SNOMED),
    "heart attack": ("57054005", _SNOMED),
    "atrial fibrillation": ("49436004", _SNOMED),
    "pregnancy": ("72892002", _SNOMED),
    "schizophrenia": ("58214004", _SNOMED),
    "suicide attempt": ("82313006", _SNOMED),
    "cerebral aneurysm": ("I67.1", _ICD10),
    "stroke": ("230690007", _SNOMED),
    "glaucoma": ("H40.9", _ICD10),
    "cirrhosis": ("K74.60", _ICD10),
    "overactive thyroid": ("E05.90", _ICD10),
    "sleep apnoea": ("G47.33", _ICD10),
    "obstructive lung disease": ("185086009", _SNOMED),
    "epilepsy": ("G40.909", _ICD10),
    "bipolar disorder": ("F31.9", _ICD10),
}
"""Diagnoses that a vignette may name, each with the code by which a record carries it."""

ALLERGENS = {"ketamine": ("6130", _RXNORM), "penicillin": ("7980", _RXNORM)}

MEASUREMENTS = {
    "height_cm": 1,
    "heart_rate_per_min": 1,
    "oxygen_saturation_percent": 1,
    "alt_u_per_l": 1,
    "ast_u_per_l": 1,
    "alp_u_per_l": 1,
    "bilirubin_total_mg_per_dl": 1,
    "respiratory_rate_per_min": 0,
    "breath_alcohol_g_per_210l": 0,
    "hours_since_solid_food": 0,
    "hours_since_clear_liquid": 0,
    "ciwa_ar_points": 0,
    "cows_points": 0,
}
"""What is measured, with the days ago of a measurement of which no day is told."""


LATE = "entered late"
"""Begins the id of a report that was entered after every judgement, whatever day it tells of."""


class VignetteError(ValueError):
    """A vignette that cannot be read; the message says what was found and what may be written."""


class Given:
    """What stands beside one word, read part by part."""

    def __init__(self, word: str, told: Mapping[str, Any], usual_days_ago: float) -> None:
        self.word, self.told, self._usual = word, told, usual_days_ago

    def number(self, part: str, usual: float | None = None) -> float:
        """A number; `usual` where none is told."""
        found = self.told.get(part, usual)
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise VignetteError(f"'{self.word}' needs a number as its {part}, such as 3; found {found!r}.")
        return float(found)

    def one_of(self, part: str, allowed: Collection[str], usual: str | None = None) -> str:
        """One of a few words."""
        found = self.told.get(part, usual)
        if not isinstance(found, str) or found not in allowed:
            raise VignetteError(f"'{self.word}' has {found!r} as its {part}. Write {_or(allowed)}.")
        return found

    def yes(self, part: str, usual: str | None = None) -> bool:
        """A yes or a no."""
        return self.one_of(part, ("yes", "no"), usual) == "yes"

    def text(self, part: str, usual: str = "") -> str:
        """Free words."""
        return str(self.told.get(part, usual))

    def day(self, part: str) -> date | None:
        """A day such as 2026-08-23, where one is told."""
        found = self.told.get(part)
        if found is not None and type(found) is not date:
            raise VignetteError(f"'{self.word}' needs a day as its {part}, such as 2026-08-23; found {found!r}.")
        return found

    def days_back(self, part: str) -> date | None:
        """The day so many days before today, where it is told."""
        return TODAY - timedelta(days=self.number(part)) if part in self.told else None

    def morning(self, part: str) -> datetime | None:
        """The morning so many days before today, where it is told."""
        return MORNING - timedelta(days=self.number(part)) if part in self.told else None

    @property
    def when(self) -> dict[str, Any]:
        """Name and time of the fact."""
        told = WHEN & set(self.told)
        if len(told) > 1:
            raise VignetteError(f"'{self.word}' says twice when it was: {_or(told)}. Keep one.")
        if day := self.day("day"):
            moment = datetime.combine(day, time(MORNING.hour, MORNING.minute), UTC)
        elif "hours_ago" in self.told:
            moment = NOW - timedelta(hours=self.number("hours_ago"))
        else:
            moment = MORNING - timedelta(days=self.number("days_ago", self._usual))
        return {"fact_id": fact_id(), "taken_at": moment}


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word of the vocabulary.

    Parameters
    ----------
    bare : the part that a value stands for which is written without parts ('weight: 70')
    parts : the other parts, beside those that tell when it was
    make : the fact that it stands for
    days_ago : when it was, where nothing is told
    """

    make: Callable[[Given], Fact]
    bare: str
    parts: frozenset[str] = frozenset()
    days_ago: float = 1

    def fact(self, name: str, told: object) -> Fact:
        """The fact that one entry stands for."""
        parts = {str(part): value for part, value in told.items()} if isinstance(told, dict) else {self.bare: told}
        allowed = {self.bare, *self.parts, *WHEN}
        if unknown := sorted(set(parts) - allowed):
            raise VignetteError(f"'{name}' has no part '{unknown[0]}'. Its parts: {_or(allowed)}.")
        return self.make(Given(name, parts, self.days_ago))


def _or(words: Collection[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


def _answer(given: Given) -> Answer:
    question = QUESTIONS[given.word]
    last_time = given.day("last_time")
    if last_time and not question.day:
        raise VignetteError(f"'{given.word}' asks for no day, so it has no last_time.")
    return Answer(
        **given.when,
        question=question.key,
        value=given.one_of("answer", question.answers),
        note=given.text("note"),
        on=last_time,
    )


def _pressure(given: Given) -> BloodPressure:
    return BloodPressure(**given.when, systolic_mmhg=given.number("systolic"), diastolic_mmhg=given.number("diastolic"))


def _weight(given: Given) -> Weight:
    return Weight(**given.when, weight_kg=given.number("kg"))


def _measurement(given: Given) -> Measurement:
    return Measurement(**given.when, kind=given.word, value=given.number("value"))


def _pregnancy_test(given: Given) -> PregnancyTest:
    result = given.one_of("result", [one.value for one in QualitativeResult])
    return PregnancyTest(**given.when, result=QualitativeResult(result))


def _score(given: Given) -> Score:
    item_nine = int(given.number("item_nine")) if "item_nine" in given.told else None
    return Score(**given.when, instrument=given.word, points=given.number("points"), item_nine=item_nine)


def _use(given: Given) -> UseReport:
    to_days = given.number("to_days_ago", 0)
    asked = given if WHEN & set(given.told) else Given(given.word, {**given.told, "days_ago": to_days}, 0)
    when = asked.when
    if given.yes("entered_late", "no"):
        when["fact_id"] = f"{LATE} {when['fact_id']}"
    return UseReport(
        **when,
        problem=given.text("of", "alcohol"),
        covers_from=TODAY - timedelta(days=given.number("from_days_ago", to_days)),
        covers_to=TODAY - timedelta(days=to_days),
        used={"yes": True, "no": False, "unknown": None}[given.one_of("used", ("yes", "no", "unknown"))],
        evidence=UseEvidence(given.one_of("found_by", [one.value for one in UseEvidence], "self-report")),
        last_used_on=given.days_back("last_used_days_ago"),
        days_used=int(given.number("days_used", 0)) or None,
    )


def _use_judged(given: Given) -> UseJudged:
    """On the reports that stand before it, which the vignette fills in."""
    return UseJudged(**given.when, problem=given.text("of"), reason=given.text("reason", "It is a food."), reports=())


def _diagnosis(given: Given) -> Condition:
    name = given.one_of("name", DIAGNOSES)
    code, system = DIAGNOSES[name]
    return Condition(
        **given.when,
        code=code,
        system=system,
        text=name.capitalize(),
        clinical_status=given.one_of("status", ("active", "inactive", "remission", "resolved"), "active"),
        onset_at=given.morning("began_days_ago"),
        abated_at=given.morning("ended_days_ago"),
        verification=given.one_of("certainty", ("confirmed", "provisional", "unconfirmed", "refuted"), "confirmed"),
    )


def _allergy(given: Given) -> Allergy:
    name = given.one_of("to", ALLERGENS)
    code, system = ALLERGENS[name]
    status = given.one_of("status", ("active", "inactive", "resolved"), "active")
    return Allergy(**given.when, code=code, system=system, text=name.capitalize(), clinical_status=status)


def _infusion(given: Given) -> Infusion:
    return Infusion(
        **given.when,
        dose_mg_per_kg=given.number("dose_mg_per_kg", 0.5),
        duration_min=given.number("minutes", 40),
        route=given.text("route", "intravenous"),
        given_elsewhere=given.yes("elsewhere", "no"),
    )


def _new_series(given: Given) -> NewSeries:
    return NewSeries(**given.when, reason=given.text("reason", "A relapse."))


def _order(given: Given) -> Decision:
    dose = None if given.told.get("dose_mg_per_kg", 0.5) == "none" else given.number("dose_mg_per_kg", 0.5)
    return Decision(
        **given.when,
        choice="as_advised",
        step="offer_infusion",
        infusion=int(given.number("infusion")),
        reasons="Agreed.",
        planned_on=given.days_back("planned_days_ago"),
        dose_mg_per_kg=dose,
        duration_min=None if dose is None else given.number("minutes", 40),
    )


def _decision(given: Given) -> Decision:
    step = given.one_of("step", ("wait", "pause", "stop_ketamine"))
    return Decision(
        **given.when, choice="otherwise", step=step, infusion=None, reasons=given.text("reasons", "Agreed.")
    )


def _consent(given: Given) -> Consent:
    ends = TODAY + timedelta(days=given.number("ends_in_days")) if "ends_in_days" in given.told else None
    return Consent(**given.when, given=given.yes("given"), expires_on=ends)


def _counselling(given: Given) -> Support:
    return Support(**given.when, kind="counselling", attended=given.yes("attended"))


def _target(given: Given) -> Target:
    instrument = given.one_of("instrument", INSTRUMENTS, "craving")
    return Target(**given.when, problem=given.text("problem"), instrument=instrument)


def _benzodiazepine_dose(given: Given) -> BenzodiazepineDose:
    return BenzodiazepineDose(**given.when, drug=given.text("medicine"), mg_per_day=given.number("mg_per_day"))


_OF_A_DIAGNOSIS = frozenset({"status", "certainty", "began_days_ago", "ended_days_ago"})


def _words() -> dict[str, Word]:
    words = {
        question.key: Word(
            make=_answer,
            bare="answer",
            parts=frozenset({"note", "last_time"}),
            days_ago=0 if question.group is Group.ON_THE_DAY else 1,
        )
        for question in QUESTIONS.values()
    }
    words |= {kind: Word(make=_measurement, bare="value", days_ago=days) for kind, days in MEASUREMENTS.items()}
    words |= {kind: Word(make=_score, bare="points", parts=frozenset({"item_nine"})) for kind in INSTRUMENTS}
    return words | {
        "pressure": Word(make=_pressure, bare="systolic", parts=frozenset({"diastolic"})),
        "weight": Word(make=_weight, bare="kg"),
        "pregnancy_test": Word(make=_pregnancy_test, bare="result"),
        "use": Word(
            make=_use,
            bare="used",
            parts=frozenset(
                {"from_days_ago", "to_days_ago", "last_used_days_ago", "days_used", "of", "found_by", "entered_late"}
            ),
        ),
        "use_judged": Word(make=_use_judged, bare="of", parts=frozenset({"reason"}), days_ago=0),
        "addiction": Word(make=_diagnosis, bare="name", parts=_OF_A_DIAGNOSIS, days_ago=400),
        "diagnosis": Word(make=_diagnosis, bare="name", parts=_OF_A_DIAGNOSIS),
        "allergy": Word(make=_allergy, bare="to", parts=frozenset({"status"}), days_ago=100),
        "infusion": Word(
            make=_infusion, bare="days_ago", parts=frozenset({"dose_mg_per_kg", "minutes", "route", "elsewhere"})
        ),
        "new_series": Word(make=_new_series, bare="days_ago", parts=frozenset({"reason"})),
        "order": Word(
            make=_order,
            bare="infusion",
            parts=frozenset({"dose_mg_per_kg", "minutes", "planned_days_ago"}),
            days_ago=0,
        ),
        "decision": Word(make=_decision, bare="step", parts=frozenset({"reasons"}), days_ago=0),
        "consent": Word(make=_consent, bare="given", parts=frozenset({"ends_in_days"}), days_ago=5),
        "counselling": Word(make=_counselling, bare="attended"),
        "target": Word(make=_target, bare="problem", parts=frozenset({"instrument"}), days_ago=20),
        "benzodiazepine_dose": Word(make=_benzodiazepine_dose, bare="medicine", parts=frozenset({"mg_per_day"})),
    }


WORDS: Mapping[str, Word] = _words()
"""Every word by its name."""


def facts_given(word: str, told: object) -> list[Fact]:
    """The facts that one word of a vignette stands for: one, or a list of them."""
    if word not in WORDS:
        raise VignetteError(f"No fact is called '{word}'. Known: {_or(WORDS)}.")
    return [WORDS[word].fact(word, one) for one in (told if isinstance(told, list) else [told])]


def word_of(fact: Fact) -> str:
    """The word that stands for a fact of the starting patient."""
    match fact:
        case Answer():
            return fact.question
        case Measurement():
            return fact.kind
        case Score():
            return fact.instrument
        case Condition():
            return "addiction" if Concept.ADDICTION in concepts_of(fact) else "diagnosis"
    return _BY_KIND[type(fact)]


_BY_KIND: Mapping[type[Fact], str] = {
    BloodPressure: "pressure",
    Weight: "weight",
    PregnancyTest: "pregnancy_test",
    UseReport: "use",
    Infusion: "infusion",
    Decision: "order",
    Consent: "consent",
    Support: "counselling",
    Target: "target",
}
