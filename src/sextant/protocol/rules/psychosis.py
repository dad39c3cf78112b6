"""Is there psychosis, in the person or in the near family?"""

from datetime import date, datetime

from sextant.protocol.asked import ANSWERS, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, closed, open_
from sextant.record import Concept, Condition, PatientRecord, concepts_of
from sextant.units.words import day_words


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    coded = [one for one in record.all(Condition) if Concept.PSYCHOSIS in concepts_of(one)]
    family = [one for one in record.all(Condition) if Concept.PSYCHOSIS_IN_FAMILY in concepts_of(one)]
    answer = record.answer("psychosis")
    if coded:
        newest = coded[-1]
        return closed(
            f"{newest.text} on {day_words(newest.day)}{'' if newest.present_at(now) else ', recorded as over'}.",
            seen_on=newest.day,
            opens_when="A second qualified person agrees and signs the reason.",
        )
    if answer is not None and answer.value != "none":
        when = "now" if answer.value == "current" else "in the past"
        return closed(
            f"Psychosis {when}, answered on {day_words(answer.day)}.",
            seen_on=answer.day,
            opens_when="A second qualified person agrees and signs the reason.",
        )
    own = standing_answer(record, "psychosis", limits, now)
    if isinstance(own, Answered):
        return own
    if family:
        return _in_family(family[-1].day)
    near = standing_answer(record, "psychosis_in_family", limits, now)
    if isinstance(near, Answered):
        return near
    family_answer = near.answer
    if family_answer.value == "yes":
        return _in_family(family_answer.day)
    if family_answer.value == "cannot_know":
        return closed(
            f"The person cannot know of psychosis in the near family, answered on {day_words(family_answer.day)}.",
            seen_on=family_answer.day,
            opens_when="The prescriber signs the reason.",
            strength=Strength.SOFT,
        )
    older = min(own, near, key=lambda one: one.answer.day)
    return open_(
        f"None, in the person or the near family, answered on {day_words(older.answer.day)}.",
        seen_on=older.answer.day,
        limit=older.limit,
        holds_to=older.holds_to,
    )


def _in_family(seen_on: date) -> Answered:
    return closed(
        f"Psychosis in a parent, brother, sister or child, recorded on {day_words(seen_on)}.",
        seen_on=seen_on,
        opens_when="The prescriber signs the reason.",
        strength=Strength.SOFT,
    )


RULE = Rule(
    code="GATE-007",
    title="Psychosis",
    strength=Strength.HARD,
    sources=("S040", "S020", "S041", "S013"),
    check=check,
    question="psychosis",
    limits=(ANSWERS,),
)
