"""Has a prescriber ordered this one infusion?"""

from datetime import date, datetime

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Stage, Strength, ask, open_
from sextant.protocol.sobriety import use_reports
from sextant.record import Decision, PatientRecord, UseReport
from sextant.units.words import day_words


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:  # noqa: ARG001
    order, following = record.order, len(record.series) + 1
    if order is None:
        return ask(
            f"No prescriber has ordered infusion {following}.",
            opens_when="A prescriber decides on this one infusion, with dose and minutes.",
        )
    used = _use_told_after(order, record)
    if used is not None:
        return ask(
            f"Infusion {following} was ordered on {day_words(order.day)}; use of {used.problem} was told after it, on "
            f"{day_words(used.day)}.",
            seen_on=used.day,
            opens_when="A prescriber who knows of it decides on this one infusion again.",
        )
    if order.for_day > now.date():
        return ask(
            f"Infusion {following} is ordered for {day_words(order.for_day)}.",
            seen_on=order.day,
            opens_when="The day has come, or a prescriber decides again.",
        )
    if order.for_day < now.date():
        return ask(
            f"Infusion {following} was ordered for {day_words(order.for_day)}, and that day has passed.",
            seen_on=order.day,
            opens_when="A prescriber decides on this one infusion again.",
        )
    return open_(f"Infusion {following} ordered on {day_words(order.day)}.", seen_on=order.day)


def _use_told_after(order: Decision, record: PatientRecord) -> UseReport | None:
    """Use since the last infusion, or any before the first, that was not told yet when the infusion was ordered."""
    since = record.infusions[-1].day if record.infusions else date.min
    told = [
        one
        for one in use_reports(record)
        if one.taken_at > order.taken_at and one.use_reaches is not None and one.use_reaches >= since
    ]
    return next(reversed(told), None)


RULE = Rule(
    code="GATE-050",
    title="Order",
    strength=Strength.ABSOLUTE,
    sources=("BRIEF", "S014"),
    check=check,
    stage=Stage.ARRIVAL,
)
