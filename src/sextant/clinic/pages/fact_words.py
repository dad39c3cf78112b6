"""What each kind of fact says, in plain words."""

from functools import singledispatch

from sextant import record
from sextant.clinic.pages.forms.plan import SUPPORT_KINDS
from sextant.clinic.pages.words import STEP_WORDS
from sextant.fhir.measures import MEASURES
from sextant.instruments import INSTRUMENTS
from sextant.record import ANY_PROBLEM
from sextant.units.words import count_words, day_words

KIND_WORDS = {
    "Allergy": "Allergies",
    "Answer": "Screening answers",
    "Attendance": "Attendance",
    "BenzodiazepineDose": "Benzodiazepines",
    "BloodPressure": "Blood pressure",
    "Condition": "Conditions",
    "Consent": "Consent",
    "Decision": "Decisions",
    "Infusion": "Infusions",
    "Measurement": "Measurements",
    "Medication": "Medicines",
    "NewSeries": "New series",
    "Override": "Signatures at gates",
    "OwnView": "Views before the forecast",
    "PregnancyTest": "Pregnancy tests",
    "Score": "Scores",
    "Support": "Counselling and groups",
    "Target": "Targets",
    "UseJudged": "Judgements on use",
    "UseReport": "Use",
    "Weight": "Weight",
}
"""Every kind of fact, by the name under which it is stored."""

_MEASURES = {measure.kind: measure for measure in MEASURES.values() if measure.kind}
_USED = {True: "used", False: "did not use", None: "not known"}


@singledispatch
def fact_words(fact: record.Fact) -> str:
    """A fact as one line for people.

    >>> from datetime import UTC, datetime
    >>> fact_words(record.Weight(fact_id="f", taken_at=datetime(2026, 11, 23, tzinfo=UTC), weight_kg=78.5))
    'Weight 78.5 kg'
    """
    raise NotImplementedError(f"No words for a {type(fact).__name__}.")


@fact_words.register
def _(fact: record.Allergy) -> str:
    return _joined(f"Allergy to {fact.text}", fact.reaction, fact.clinical_status)


@fact_words.register
def _(fact: record.Answer) -> str:
    question = record.QUESTIONS.get(fact.question)
    if question is None:
        return _joined(f"{fact.question}: {fact.value}", fact.note)
    on = f"{question.day.lower()} {day_words(fact.on)}" if fact.on else ""
    return _joined(f"{question.text} {question.answers.get(fact.value, fact.value)}", on, fact.note)


@fact_words.register
def _(fact: record.BenzodiazepineDose) -> str:
    return f"{fact.drug.capitalize()} {fact.mg_per_day:g} mg a day"


@fact_words.register
def _(fact: record.Attendance) -> str:
    return f"{100 * fact.share:.0f} % of the agreed counselling and groups attended"


@fact_words.register
def _(fact: record.BloodPressure) -> str:
    return f"Blood pressure {fact.systolic_mmhg:g}/{fact.diastolic_mmhg:g} mmHg"


@fact_words.register
def _(fact: record.Condition) -> str:
    since = f"since {day_words(fact.onset_at.date())}" if fact.onset_at else ""
    over = f"over since {day_words(fact.abated_at.date())}" if fact.abated_at else ""
    return _joined(fact.text, since, over or fact.clinical_status)


@fact_words.register
def _(fact: record.Consent) -> str:
    ends = f"ends on {day_words(fact.expires_on)}" if fact.expires_on else ""
    return _joined(f"Consent to treatment {'given' if fact.given else 'withdrawn'}", ends)


@fact_words.register
def _(fact: record.Decision) -> str:
    what = STEP_WORDS.get(fact.step, fact.step) if fact.infusion is None else f"Infusion {fact.infusion}"
    planned = f" on {day_words(fact.planned_on)}" if fact.planned_on else ""
    dose = "" if fact.dose_mg_per_kg is None else f" of {fact.dose_mg_per_kg:g} mg/kg"
    over = "" if fact.duration_min is None else f" over {fact.duration_min:g} min"
    said = f": “{fact.reasons}”" if fact.reasons else ""
    return f"Decided: {what}{dose}{over}{planned}{said}"


@fact_words.register
def _(fact: record.Infusion) -> str:
    dose = "dose not known" if fact.dose_mg_per_kg is None else f"{fact.dose_mg_per_kg:.2f} mg/kg"
    minutes = "duration not known" if fact.duration_min is None else f"over {fact.duration_min:g} min"
    return _joined("Ketamine", dose, minutes, fact.route, "given elsewhere" if fact.given_elsewhere else "")


@fact_words.register
def _(fact: record.Measurement) -> str:
    measure = _MEASURES.get(fact.kind)
    if measure is None:
        return f"{fact.kind.replace('_', ' ').capitalize()}: {fact.value:g}"
    unit = measure.unit.split()[-1]  # without the substance that a conversion needs to know
    return f"{measure.name} {fact.value:g}{'' if unit.startswith('/') else ' '}{unit}"


@fact_words.register
def _(fact: record.Medication) -> str:
    return _joined(fact.text, fact.status, f"ended {day_words(fact.ended_at.date())}" if fact.ended_at else "")


@fact_words.register
def _(fact: record.NewSeries) -> str:
    return f"A new series begins: “{fact.reason}”"


@fact_words.register
def _(fact: record.Override) -> str:
    return f"Signed that {fact.code} is passed for the day, as {fact.role}: “{fact.reason}”"


@fact_words.register
def _(fact: record.OwnView) -> str:
    step = STEP_WORDS.get(fact.step, fact.step).lower()
    return f"Own view before the forecast: clear benefit {fact.odds_in_ten} in 10; would {step}"


@fact_words.register
def _(fact: record.PregnancyTest) -> str:
    return f"Pregnancy test {fact.result.value}"


@fact_words.register
def _(fact: record.Score) -> str:
    item_nine = "" if fact.item_nine is None else f"item nine {fact.item_nine}"
    return _joined(f"{_instrument(fact.instrument)} {fact.points:g}", item_nine)


@fact_words.register
def _(fact: record.Support) -> str:
    return _joined(SUPPORT_KINDS.get(fact.kind, fact.kind), "" if fact.attended else "did not take place")


@fact_words.register
def _(fact: record.Target) -> str:
    return f"Target: {fact.problem}, judged by {_instrument(fact.instrument)}"


@fact_words.register
def _(fact: record.UseJudged) -> str:
    return f"Judged: use of “{fact.problem}”, as told before, bars nothing: “{fact.reason}”"


@fact_words.register
def _(fact: record.UseReport) -> str:
    what = "Anything at all" if fact.problem == ANY_PROBLEM else fact.problem[:1].upper() + fact.problem[1:]
    days = f"{day_words(fact.covers_from)} to {day_words(fact.covers_to)}"
    if fact.covers_from == fact.covers_to:
        days = day_words(fact.covers_to)
    last = f"last on {day_words(fact.last_used_on)}" if fact.last_used_on else ""
    counted = "" if fact.days_used is None else f"{count_words(fact.days_used, 'day')} with use"
    return _joined(f"{what}, {days}: {_USED[fact.used]}", last, counted, f"known by {fact.evidence.words}")


@fact_words.register
def _(fact: record.Weight) -> str:
    return f"Weight {fact.weight_kg:g} kg"


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _instrument(key: str) -> str:
    return INSTRUMENTS[key].name if key in INSTRUMENTS else key
