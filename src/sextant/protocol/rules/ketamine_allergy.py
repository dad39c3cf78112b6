"""Has the person ever reacted to ketamine or esketamine?"""

from datetime import datetime

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, closed, open_
from sextant.record import Allergy, Concept, PatientRecord, concepts_of
from sextant.units.words import day_words


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:  # noqa: ARG001
    listed = next(
        (
            one
            for one in reversed(record.all(Allergy))
            if Concept.KETAMINE in concepts_of(one) and one.clinical_status not in {"inactive", "resolved"}
        ),
        None,
    )
    answer = record.answer("ketamine_allergy")
    opens = "An allergist's note shows that it was not an allergy, and the entry is corrected."
    if listed is not None:
        return closed(
            f"{listed.text} on the allergy list since {day_words(listed.day)}.",
            seen_on=listed.day,
            opens_when=opens,
        )
    if answer is None:
        return ask(
            "Nobody has asked about an allergic reaction to ketamine.",
            opens_when="The question is answered in screening.",
        )
    if answer.value == "yes":
        return closed(
            f"Allergic reaction to ketamine, answered on {day_words(answer.day)}.",
            seen_on=answer.day,
            opens_when=opens,
        )
    return open_(f"None, answered on {day_words(answer.day)}.", seen_on=answer.day)


RULE = Rule(
    code="GATE-008",
    title="Allergy to ketamine",
    strength=Strength.ABSOLUTE,
    sources=("S017",),
    check=check,
)
