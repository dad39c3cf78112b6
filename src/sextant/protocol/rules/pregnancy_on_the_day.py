"""Is a pregnancy test of this very day negative?"""

from datetime import datetime

from sextant.protocol.asked import ANSWERS, pregnancy_not_possible
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength, ask, closed, open_
from sextant.record import PatientRecord, PregnancyTest, QualitativeResult

_OPENS = "A pregnancy test of today is negative."


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    # A positive test of today counts, whatever the clinic asks for and whatever was answered.
    today = {one.result for one in record.all(PregnancyTest) if one.day == now.date()}
    if QualitativeResult.POSITIVE in today:
        return closed("Pregnancy test positive today.", seen_on=now.date(), opens_when="The pregnancy is over.")
    if not limits.on("pregnancy_test_each_day"):
        return open_("The clinic tests before a series and not on each day.")
    if (not_possible := pregnancy_not_possible(record, limits, now)) is not None:
        return not_possible
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
