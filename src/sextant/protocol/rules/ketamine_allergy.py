"""Has the person ever reacted to ketamine or esketamine?"""

from datetime import datetime

from sextant.protocol.asked import ANSWERS, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, closed, open_
from sextant.record import Allergy, Concept, PatientRecord, concepts_of
from sextant.units.words import day_words


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    listed = next(
        (
            one
            for one in reversed(record.all(Allergy))
            if Concept.KETAMINE in concepts_of(one) and one.clinical_status not in {"inactive", "resolved"}
        ),
        None,
    )
    opens = "An allergist's note shows that it was not an allergy, and the entry is corrected."
    if listed is not None:
        return closed(
            f"{listed.text} on the allergy list since {day_words(listed.day)}.",
            seen_on=listed.day,
            opens_when=opens,
        )
    standing = standing_answer(record, "ketamine_allergy", limits, now)
    if isinstance(standing, Answered):
        return standing
    answer = standing.answer
    if answer.value == "yes":
        return closed(
            f"Allergic reaction to ketamine, answered on {day_words(answer.day)}.",
            seen_on=answer.day,
            opens_when=opens,
        )
    return open_(
        f"None, answered on {day_words(answer.day)}.",
        seen_on=answer.day,
        limit=standing.limit,
        holds_to=standing.holds_to,
    )


RULE = Rule(
    code="GATE-008",
    title="Allergy to ketamine",
    strength=Strength.ABSOLUTE,
    sources=("S017",),
    check=check,
    question="ketamine_allergy",
    limits=(ANSWERS,),
)
