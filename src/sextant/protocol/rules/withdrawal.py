"""Is the person in withdrawal?"""

from datetime import datetime

from sextant.protocol.asked import by_answer, today_answer
from sextant.protocol.limits import Limits
from sextant.protocol.measured import newest_of
from sextant.protocol.rule import Answered, Rule, Stage, Strength, closed
from sextant.record import Measurement, PatientRecord

_OPENS = "Withdrawal is treated, and a later look finds none."


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    alcohol, opioid = _highest_of_today(record, "ciwa_ar_points", now), _newest_of_today(record, "cows_points", now)
    most, from_here = limits["withdrawal_alcohol_ciwa_points"], limits["withdrawal_opioid_cows_points"]
    if alcohol is not None and most.value is not None and alcohol.value > most.value:
        return closed(
            f"CIWA-Ar {alcohol.value:g} today.",
            seen_on=alcohol.day,
            limit=most,
            opens_when="On another day, when withdrawal has been treated.",
        )
    if opioid is not None and from_here.value is not None and opioid.value >= from_here.value:
        return closed(f"COWS {opioid.value:g} today.", seen_on=opioid.day, limit=from_here, opens_when=_OPENS)
    return by_answer(today_answer(record, "withdrawal", now), closes={"yes": _OPENS})


def _highest_of_today(record: PatientRecord, kind: str, now: datetime) -> Measurement | None:
    """The highest score of today: the source bars whoever scored above the limit at any point."""
    today = [one for one in record.all(Measurement) if one.kind == kind and one.day == now.date()]
    return max(today, key=lambda one: one.value, default=None)


def _newest_of_today(record: PatientRecord, kind: str, now: datetime) -> Measurement | None:
    """The newest score of today; of several at one time the highest."""
    today = [one for one in newest_of(record, kind) if one.day == now.date()]
    return max(today, key=lambda one: one.value, default=None)


RULE = Rule(
    code="GATE-053",
    title="Withdrawal",
    strength=Strength.HARD,
    sources=("S044", "S045", "S087", "S005"),
    check=check,
    stage=Stage.ARRIVAL,
    question="withdrawal",
    limits=("withdrawal_alcohol_ciwa_points", "withdrawal_opioid_cows_points"),
)
