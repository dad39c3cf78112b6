"""Whether a fact can be true at all. These are technical bounds against slips of the hand, not clinical limits.

A slip is refused with what was seen and what to do, and nothing is saved. Clinical limits are the gates'.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import singledispatch

from sextant import record
from sextant.clinic.services.refusal import Refused
from sextant.instruments import InstrumentError, instrument
from sextant.protocol.judged_use import may_be_judged
from sextant.units import KG_PER_POUND
from sextant.units.bounds import (
    HIGHEST_MG_PER_KG,
    HIGHEST_WEIGHT_KG,
    LONGEST_INFUSION_MIN,
    LOWEST_WEIGHT_KG,
    SHORTEST_INFUSION_MIN,
)
from sextant.units.words import count_words, day_words

_EARLIEST_YEAR = 1900
_LONGEST_SPAN = timedelta(days=20 * 365)  # a report over more is a slip in the year
_SYSTOLIC_MMHG = (50.0, 300.0)
_DIASTOLIC_MMHG = (20.0, 200.0)
_WEIGHT_KG = (LOWEST_WEIGHT_KG, HIGHEST_WEIGHT_KG)
_BENZODIAZEPINE_MG = 500.0
_MEASURED = {
    "heart_rate_per_min": (20.0, 250.0),
    "oxygen_saturation_percent": (40.0, 100.0),
    "respiratory_rate_per_min": (2.0, 80.0),
    "height_cm": (90.0, 250.0),
    "breath_alcohol_g_per_210l": (0.0, 0.6),
    "hours_since_solid_food": (0.0, 240.0),
    "hours_since_clear_liquid": (0.0, 240.0),
    "ciwa_ar_points": (0.0, 100.0),
    "cows_points": (0.0, 48.0),
}
# A weight this many times the last one, or this small a part of it, was more likely written in pounds than gained.
_WEIGHT_CHANGE = 1.7


def check(fact: record.Fact, known: Sequence[record.Fact], now: datetime) -> None:
    """Refuse a fact that cannot be true, given what is already known of the patient.

    Raises
    ------
    Refused
    """
    if fact.taken_at > now:
        raise Refused(
            f"The time {fact.taken_at:%H:%M} on {day_words(fact.day)} has not come yet. Only what has happened is "
            "recorded; check day and time.",
            code="FACT-001",
        )
    if fact.taken_at.year < _EARLIEST_YEAR:
        raise Refused(
            f"The year {fact.taken_at.year} is too long ago to be meant. Check day and time.", code="FACT-007"
        )
    _check(fact)
    if isinstance(fact, record.Weight):
        _check_weight_change(fact, known)
    if isinstance(fact, record.Infusion):
        _check_second_of_a_day(fact, known)
    if isinstance(fact, record.NewSeries):
        _check_something_before(known)
    if isinstance(fact, record.UseJudged):
        _check_is_to_be_judged(fact, known)


@singledispatch
def _check(fact: record.Fact) -> None:
    """Most kinds can hold whatever their shape allows."""


@_check.register
def _(fact: record.Infusion) -> None:
    dose, minutes = fact.dose_mg_per_kg, fact.duration_min
    if dose is None or minutes is None:
        if fact.given_elsewhere:
            return
        raise Refused("An infusion given here has a dose in mg/kg and minutes. Enter both.", code="DOSE-001")
    _check_dose(dose, minutes)


@_check.register
def _(fact: record.Decision) -> None:
    if fact.dose_mg_per_kg is not None and fact.duration_min is not None:
        _check_dose(fact.dose_mg_per_kg, fact.duration_min)


def _check_dose(dose: float, minutes: float) -> None:
    if not 0 < dose <= HIGHEST_MG_PER_KG:
        raise Refused(
            f"A dose of {dose:g} mg/kg is outside what Sextant takes as possible, above 0 to "
            f"{HIGHEST_MG_PER_KG:g}. The highest infused dose in the sources read is 1.41 (D077), the usual "
            "one 0.5 (D023). Check the decimal point and that it is per kilogram, and enter the dose again.",
            code="DOSE-002",
        )
    if not SHORTEST_INFUSION_MIN <= minutes <= LONGEST_INFUSION_MIN:
        raise Refused(
            f"An infusion of {minutes:g} minutes is outside what Sextant takes as possible, "
            f"{SHORTEST_INFUSION_MIN:g} to {LONGEST_INFUSION_MIN:g}. Check that it is in minutes, and enter it anew.",
            code="DOSE-003",
        )


@_check.register
def _(fact: record.Score) -> None:
    try:
        instrument(fact.instrument).check(fact.points)
    except InstrumentError as error:
        raise Refused(str(error), code="SCORE-001") from None
    if fact.item_nine is not None and (fact.instrument != "phq9" or not 0 <= fact.item_nine <= 3):
        raise Refused(
            f"Item nine of {fact.item_nine} is not an answer. It belongs to PHQ-9 alone and is 0 to 3.",
            code="SCORE-002",
        )
    if fact.item_nine is not None and fact.points < fact.item_nine:
        raise Refused(
            f"A PHQ-9 of {fact.points:g} cannot hold a {fact.item_nine} on item nine. Check both.", code="SCORE-003"
        )


@_check.register
def _(fact: record.Target) -> None:
    try:
        instrument(fact.instrument)
    except InstrumentError as error:
        raise Refused(str(error), code="TARGET-001") from None
    if not fact.problem.strip():
        raise Refused("A target names the substance or behaviour, such as alcohol or gambling.", code="TARGET-002")


@_check.register
def _(fact: record.Answer) -> None:
    question = record.QUESTIONS.get(fact.question)
    if question is None:
        raise Refused(f"There is no question {fact.question!r}.", code="ANSWER-001")
    if fact.value not in question.answers:
        raise Refused(
            f"{fact.value!r} is no answer to '{question.text}'. Choose one of: {', '.join(question.answers.values())}.",
            code="ANSWER-002",
        )
    if fact.on is not None and (not question.day or fact.on > fact.day):
        raise Refused(
            f"The day beside '{question.text}' lies after the answer, or the question has none. Correct it.",
            code="ANSWER-003",
        )


@_check.register
def _(fact: record.OwnView) -> None:
    if not 0 <= fact.odds_in_ten <= 10:
        raise Refused(f"{fact.odds_in_ten} in 10 is no chance. Write 0 to 10.", code="VIEW-001")


@_check.register
def _(fact: record.NewSeries) -> None:
    if not fact.reason.strip():
        raise Refused("Write why a new series begins, in your own words.", code="SERIES-001")


@_check.register
def _(fact: record.UseJudged) -> None:
    if not fact.reason.strip():
        raise Refused("Write why it bars nothing, in your own words.", code="JUDGED-001")


@_check.register
def _(fact: record.BenzodiazepineDose) -> None:
    if not fact.drug.strip() or not 0 <= fact.mg_per_day <= _BENZODIAZEPINE_MG:
        raise Refused(
            f"{fact.mg_per_day:g} mg a day of {fact.drug or 'a medicine without a name'} cannot be meant. Write the "
            f"medicine, and milligrams a day from 0 (it has ended) to {_BENZODIAZEPINE_MG:g}.",
            code="MEDICINE-001",
        )


@_check.register
def _(fact: record.Measurement) -> None:
    lowest, highest = _MEASURED.get(fact.kind, (0.0, 100_000.0))
    if not lowest <= fact.value <= highest:
        raise Refused(
            f"{fact.kind.replace('_', ' ')} of {fact.value:g} cannot be meant: between {lowest:g} and {highest:g}. "
            "Check the decimal point and the unit.",
            code="MEASURE-001",
        )


@_check.register
def _(fact: record.UseReport) -> None:
    if not fact.problem.strip():
        raise Refused("A report names the substance or behaviour, such as alcohol or gambling.", code="USE-004")
    if record.one_name(fact.problem) in record.BEHAVIOURS and fact.evidence.is_test:
        raise Refused(
            f"A test of {fact.evidence.words} finds nothing of {fact.problem}, which is a behaviour. Choose who says "
            "so: the person, or somebody close.",
            code="USE-006",
        )
    if fact.covers_from.year < _EARLIEST_YEAR:
        raise Refused(
            f"The first day reported lies in {fact.covers_from.year}, too long ago to be meant. Check the year.",
            code="USE-005",
        )
    if fact.covers_to - fact.covers_from > _LONGEST_SPAN:
        raise Refused(
            f"The report covers {(fact.covers_to - fact.covers_from).days + 1} days, from "
            f"{day_words(fact.covers_from)} on. One tells of {_LONGEST_SPAN.days // 365} years at most; check it.",
            code="USE-005",
        )
    if fact.covers_to < fact.covers_from:
        raise Refused(
            f"The days reported end before they begin: from {day_words(fact.covers_from)} to "
            f"{day_words(fact.covers_to)}. Check both days.",
            code="USE-001",
        )
    if fact.covers_to > fact.day:
        raise Refused(
            f"The days reported go on to {day_words(fact.covers_to)}, and this was known on {day_words(fact.day)}: of "
            "days to come nobody knows yet. Check the last day, and when it was known.",
            code="USE-001",
        )
    _check_use_of_days(fact)


def _check_use_of_days(fact: record.UseReport) -> None:
    """Whether the last day of use and the count of days fit what the report says of its days."""
    span = (fact.covers_to - fact.covers_from).days + 1
    said = "no use" if fact.used is False else "that use is not known"
    if fact.last_used_on is not None and not fact.used:
        raise Refused(
            f"The report says {said}, and names {day_words(fact.last_used_on)} as the last day of use. If there was "
            "use, say so; else leave that day empty.",
            code="USE-002",
        )
    if fact.last_used_on is not None and not fact.covers_from <= fact.last_used_on <= fact.covers_to:
        raise Refused(
            f"The last day of use, {day_words(fact.last_used_on)}, lies outside the days reported, "
            f"{day_words(fact.covers_from)} to {day_words(fact.covers_to)}. Check the three days.",
            code="USE-002",
        )
    if fact.days_used is None or (fact.used is False and fact.days_used == 0):
        return
    if not fact.used:
        raise Refused(
            f"The report says {said}, and counts {count_words(fact.days_used, 'day')} with use. If there was use, say "
            "so; else leave the count empty.",
            code="USE-003",
        )
    if not 1 <= fact.days_used <= span:
        raise Refused(
            f"{count_words(fact.days_used, 'day')} with use cannot lie in a report of use over "
            f"{count_words(span, 'day')}. {'Leave it empty' if span == 1 else f'Count from 1 to {span}'}, or check the "
            "days.",
            code="USE-003",
        )


@_check.register
def _(fact: record.BloodPressure) -> None:
    high, low = fact.systolic_mmhg, fact.diastolic_mmhg
    possible = _within(high, _SYSTOLIC_MMHG) and _within(low, _DIASTOLIC_MMHG) and low < high
    if not possible:
        raise Refused(
            f"A blood pressure of {high:g}/{low:g} mmHg is not possible. Enter the upper figure first, in mmHg, "
            "such as 124/78.",
            code="VITALS-001",
        )


@_check.register
def _(fact: record.Weight) -> None:
    weight = fact.weight_kg
    if not _within(weight, _WEIGHT_KG):
        raise Refused(
            f"A weight of {weight:g} kg is outside what Sextant takes as possible, {_WEIGHT_KG[0]:g} to "
            f"{_WEIGHT_KG[1]:g}. Check the scale and that it is in kilograms.",
            code="VITALS-002",
        )


def _check_weight_change(fact: record.Weight, known: Sequence[record.Fact]) -> None:
    weight = fact.weight_kg
    before = next((one for one in reversed(known) if isinstance(one, record.Weight)), None)
    if before is not None and not 1 / _WEIGHT_CHANGE < weight / before.weight_kg < _WEIGHT_CHANGE:
        raise Refused(
            f"A weight of {weight:g} kg does not fit the {before.weight_kg:g} kg of {day_words(before.day)}. "
            f"If it was read in pounds, enter {weight * KG_PER_POUND:.1f} kg; if the earlier one is wrong, correct "
            "that first.",
            code="VITALS-003",
        )


@_check.register
def _(fact: record.Attendance) -> None:
    if not 0 <= fact.share <= 1:
        raise Refused(
            f"A share of {fact.share:g} is not possible. Enter the part attended, from 0 (none) to 1 (all).",
            code="ATTENDANCE-001",
        )


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _check_second_of_a_day(infusion: record.Infusion, known: Sequence[record.Fact]) -> None:
    day = infusion.day
    for one in known:
        if isinstance(one, record.Infusion) and one.taken_at.astimezone(infusion.taken_at.tzinfo).date() == day:
            raise Refused(
                f"An infusion is on the chart for {day_words(day)} already, from {one.taken_at:%H:%M}. If that is this "
                "one, nothing is left to write down; if it is wrong, take it back first.",
                code="DOSE-004",
            )


def _check_something_before(known: Sequence[record.Fact]) -> None:
    begun = max((fact.taken_at for fact in known if isinstance(fact, record.NewSeries)), default=None)
    given = [fact for fact in known if isinstance(fact, record.Infusion) and not fact.given_elsewhere]
    if not any(begun is None or one.taken_at > begun for one in given):
        raise Refused(
            "No infusion of the present series was given yet, so there is nothing that a new one could follow.",
            code="SERIES-002",
        )


def _check_is_to_be_judged(fact: record.UseJudged, known: Sequence[record.Fact]) -> None:
    """A judgement is on use that was told under a name that says nothing to us, beside a chosen target."""
    target = max((one for one in known if isinstance(one, record.Target)), key=lambda one: one.taken_at, default=None)
    if not may_be_judged(fact.problem, target):
        raise Refused(
            f"“{fact.problem}” is not a prescriber's to judge here: no target is chosen, or the name is of what is "
            "treated or of a substance that is known. Correct the report of use, where it is wrong.",
            code="JUDGED-002",
        )
    told = [one for one in known if isinstance(one, record.UseReport) and one.used and one.taken_at <= fact.taken_at]
    of_name = {one.fact_id for one in told if record.one_name(one.problem) == record.one_name(fact.problem)}
    if not fact.reports or not set(fact.reports) <= of_name:
        raise Refused(
            f"No use of “{fact.problem}” was told by that time, or a report was changed meanwhile. Open the page "
            "again, and check the name and the time.",
            code="JUDGED-003",
        )
