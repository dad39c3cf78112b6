"""Is the person pregnant, or could be?"""

from datetime import datetime, timedelta

from sextant.protocol.asked import ANSWERS, pregnancy_not_possible
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, closed, open_
from sextant.record import Concept, Condition, PatientRecord, PregnancyTest, QualitativeResult, concepts_of
from sextant.units.words import day_words

_OPENS = "A pregnancy test is negative."
# No pregnancy lasts a year: an entry that old was left open by mistake, so we ask and do not close.
_LONGEST = timedelta(days=365)
_WORRY = [QualitativeResult.NEGATIVE, QualitativeResult.UNCLEAR, QualitativeResult.POSITIVE]


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    valid = limits["pregnancy_test_valid_days"]
    # Of tests of one day the most worrying counts: a negative one does not take back a positive one of that morning.
    tests = record.all(PregnancyTest)
    of_day = [one for one in tests if one.day == tests[-1].day]
    test = max(of_day, key=lambda one: _WORRY.index(one.result), default=None)
    pregnancies = [
        one for one in record.all(Condition) if one.present_at(now) and Concept.PREGNANCY in concepts_of(one)
    ]
    recent = [one for one in pregnancies if now - (one.onset_at or one.taken_at) <= _LONGEST]
    if recent:
        newest = recent[-1]
        return closed(
            f"{newest.text} since {day_words((newest.onset_at or newest.taken_at).date())}.",
            seen_on=newest.day,
            opens_when="The pregnancy is over and a test is negative.",
        )
    if test is not None and test.result is QualitativeResult.POSITIVE and now - test.taken_at <= _LONGEST:
        return closed(
            f"Pregnancy test positive on {day_words(test.day)}.",
            seen_on=test.day,
            opens_when="The pregnancy is over and a test is negative.",
        )
    positive = [one for one in tests if one.result is QualitativeResult.POSITIVE and now - one.taken_at <= _LONGEST]
    if positive and test is not None and not _settled(positive[-1], tests, valid.value):
        return ask(
            f"Pregnancy test positive on {day_words(positive[-1].day)}, {test.result.value} on {day_words(test.day)}.",
            seen_on=test.day,
            limit=valid,
            opens_when="The positive test is taken back if it was wrong; else one is negative once it has grown old.",
        )
    unclear = test is not None and test.result is QualitativeResult.UNCLEAR
    if not unclear and (not_possible := pregnancy_not_possible(record, limits, now)) is not None:
        return not_possible
    if test is None:
        return ask(
            "No pregnancy test on record."
            + (f" {pregnancies[-1].text} was never recorded as over." if pregnancies else ""),
            limit=valid,
            opens_when=f"{_OPENS} Or it is recorded that this person cannot be pregnant.",
        )
    if test.result is not QualitativeResult.NEGATIVE:
        return ask(
            f"Pregnancy test of {day_words(test.day)}: {test.result.value}.",
            seen_on=test.day,
            limit=valid,
            opens_when=_OPENS,
        )
    if valid.value is None or (now.date() - test.day).days > valid.value:
        return ask(
            f"The last pregnancy test, negative on {day_words(test.day)}, is too old to count.",
            seen_on=test.day,
            limit=valid,
            opens_when=_OPENS,
        )
    return open_(
        f"Pregnancy test negative on {day_words(test.day)}.",
        seen_on=test.day,
        limit=valid,
        holds_to=test.day + timedelta(days=valid.value),
    )


def _settled(positive: PregnancyTest, tests: tuple[PregnancyTest, ...], valid: float | None) -> bool:
    """Whether a test was negative later than a positive one counts: sooner, one of the two is wrong."""
    return any(
        one.result is QualitativeResult.NEGATIVE and (one.day - positive.day).days > (valid or 0) for one in tests
    )


RULE = Rule(
    code="GATE-004",
    title="Pregnancy",
    strength=Strength.ABSOLUTE,
    sources=("S023", "S009"),
    check=check,
    limits=("pregnancy_test_valid_days", ANSWERS),
)
