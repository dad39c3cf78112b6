"""Does the ECG show what a rise in pressure and pulse could make worse?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "ecg", limits, now, valid="laboratory_valid_days"),
        closes={
            "abnormal": "A cardiologist has read it, and the prescriber signs the reason.",
            "not_done": "An ECG is written, or the prescriber signs why none is needed.",
        },
    )


RULE = Rule(
    code="GATE-040",
    title="ECG",
    strength=Strength.SOFT,
    sources=("S096", "S097", "S110"),
    check=check,
    question="ecg",
    limits=("laboratory_valid_days",),
)
