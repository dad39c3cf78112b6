"""Is there bipolar disorder, and is there mania now?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, said, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask
from sextant.record import PatientRecord
from sextant.units.words import day_words


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    answer, told = record.answer("bipolar"), [one for one in record.answers("bipolar") if one.value != "no"]
    if answer is not None and answer.value == "no" and told:
        return ask(
            f"{said(answer)}, and otherwise on {day_words(told[-1].day)}: one of the two is wrong.",
            seen_on=answer.day,
            opens_when="The answer that was wrong is taken back.",
        )
    return by_answer(
        standing_answer(record, "bipolar", limits, now, grow_old={"no_mania"}),
        closes={
            "no_mania": "The prescriber signs the reason.",
            "mania": "The mania has passed, or a second qualified person agrees and signs the reason.",
        },
        strength={"mania": Strength.HARD},
    )


RULE = Rule(
    code="GATE-022",
    title="Bipolar disorder",
    strength=Strength.SOFT,
    sources=("S041",),
    check=check,
    question="bipolar",
    limits=("screening_answer_valid_days",),
)
