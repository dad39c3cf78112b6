"""Are there signs that ketamine itself is misused?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, standing_answer
from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength
from sextant.record import PatientRecord


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    return by_answer(
        standing_answer(record, "ketamine_craved", limits, now, valid="misuse_check_valid_days"),
        closes={"yes": "A second qualified person agrees and signs the reason."},
    )


RULE = Rule(
    code="GATE-074",
    title="Misuse of ketamine",
    strength=Strength.HARD,
    sources=(
        "S059",
        "S060",
        "C048",
        "S014",
    ),
    check=check,
    stage=Stage.MAINTENANCE,
    question="ketamine_craved",
    limits=("misuse_check_valid_days",),
)
