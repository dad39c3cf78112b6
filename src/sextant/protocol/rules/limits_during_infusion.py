"""Has the medical director set the limits at which an infusion is slowed, paused and stopped?"""

from datetime import datetime

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength, ask, open_
from sextant.record import PatientRecord

NAMES = tuple(
    f"during_{action}_{which}_mmhg" for which in ("systolic", "diastolic") for action in ("slow", "hold", "stop")
)


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:  # noqa: ARG001
    unset = [limits[name] for name in NAMES if limits[name].value is None]
    if unset:
        return ask(
            f"{len(unset)} of {len(NAMES)} limits for pressure during an infusion are not set.",
            limit=unset[0],
            opens_when="The medical director sets each of them; no source read gives one.",
        )
    return open_("The clinic's limits during an infusion are set.", limit=limits[NAMES[0]])


RULE = Rule(
    code="GATE-062",
    title="Limits during the infusion",
    strength=Strength.ABSOLUTE,
    sources=("D037", "D086", "D087", "D088", "D089", "D090"),
    check=check,
    stage=Stage.ARRIVAL,
    limits=NAMES,
)
