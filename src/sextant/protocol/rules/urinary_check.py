"""Have urinary symptoms been asked about lately enough for maintenance?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "urinary_symptoms", limits, now, valid="urinary_check_valid_days"),
        closes={"yes": "It is referred and worked up, and the prescriber signs the reason for going on."},
    )


RULE = Rule(
    code="GATE-071",
    title="Urinary check",
    strength=Strength.SOFT,
    sources=(
        "C059",
        "C060",
        "C061",
        "C062",
        "S061",
        "C058",
    ),
    check=check,
    stage=Stage.MAINTENANCE,
    question="urinary_symptoms",
    limits=("urinary_check_valid_days",),
)
