"""Are there symptoms of the bladder, which ketamine can harm?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, said, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    answer = record.answer("urinary_symptoms")
    begun = record.infusions[0].taken_at if record.infusions else None
    if begun is None:
        standing = standing_answer(record, "urinary_symptoms", limits, now, grow_old={"yes"})
        return by_answer(standing, cautions={"yes": "They were there before ketamine: asked again once it is begun."})
    if answer is not None and answer.value == "yes" and answer.taken_at <= begun:
        return ask(
            f"{said(answer)}, before ketamine was begun; nobody has asked since.",
            seen_on=answer.day,
            opens_when="The question is answered again.",
        )
    return by_answer(
        standing_answer(record, "urinary_symptoms", limits, now),
        closes={"yes": "It is referred and worked up, and the prescriber signs the reason for going on."},
    )


RULE = Rule(
    code="GATE-030",
    title="Urinary symptoms",
    strength=Strength.SOFT,
    sources=("S061", "C059", "C060"),
    check=check,
    question="urinary_symptoms",
    limits=("screening_answer_valid_days",),
)
