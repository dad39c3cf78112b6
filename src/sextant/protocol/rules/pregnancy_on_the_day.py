"""Is a pregnancy test of this very day negative?"""

from datetime import datetime

from sextant.protocol.asked import ANSWERS, cannot_be_pregnant, male_and_not_said_otherwise
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength, ask, closed, open_
from sextant.record import PatientRecord, PregnancyTest, QualitativeResult
from sextant.units.words import day_words

_OPENS = "A pregnancy test of today is negative."


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    # A positive test of today counts, whatever the clinic asks for and whatever was answered.
    today = {one.result for one in record.all(PregnancyTest) if one.day == now.date()}
    if QualitativeResult.POSITIVE in today:
        return closed("Pregnancy test positive today.", seen_on=now.date(), opens_when="The pregnancy is over.")
    if not limits.on("pregnancy_test_each_day"):
        return open_("The clinic tests before a series and not on each day.")
    if cannot := cannot_be_pregnant(record, limits, now):
        return open_(
            f"Cannot be pregnant, recorded on {day_words(cannot.answer.day)}.",
            seen_on=cannot.answer.day,
            limit=cannot.limit,
            holds_to=cannot.holds_to,
        )
    if male_and_not_said_otherwise(record):
        return open_("Recorded as male, and nothing on record says that this person can be pregnant.")
    if today != {QualitativeResult.NEGATIVE}:
        return ask("No clear pregnancy test of today.", opens_when=_OPENS)
    return open_("Pregnancy test negative today.", seen_on=now.date())


RULE = Rule(
    code="GATE-054",
    title="Pregnancy test on the day",
    strength=Strength.ABSOLUTE,
    sources=("D004", "S009"),
    check=check,
    stage=Stage.ARRIVAL,
    limits=(ANSWERS,),
)
