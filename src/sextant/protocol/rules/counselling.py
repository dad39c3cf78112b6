"""Does counselling stand beside the infusions? Ketamine is never alone."""

from datetime import datetime

from sextant.protocol.limits import Limit, Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, closed, open_
from sextant.record import Answer, PatientRecord, Support
from sextant.units.words import day_words

_OPENS = "A counselling contact is on record."


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    limit = limits["counselling_contact_days"]
    contacts = [one for one in record.all(Support) if one.kind == "counselling" and one.attended]
    agreed = record.answer("counselling_agreed")
    if not record.series:
        return _before_the_first(contacts, agreed, limit, now)
    if limit.value is None:
        return ask(
            "The clinic has not set how recent counselling must be before a further infusion.",
            seen_on=contacts[-1].day if contacts else None,
            limit=limit,
            opens_when="The medical director sets the days, and a contact lies within them.",
        )
    if agreed is not None and agreed.value == "no" and (not contacts or agreed.taken_at > contacts[-1].taken_at):
        return _refused(agreed, _OPENS)
    if not contacts:
        return ask("No counselling contact is on record.", limit=limit, opens_when=_OPENS)
    if (now.date() - contacts[-1].day).days > limit.value:
        return closed(
            f"The last counselling contact on record was on {day_words(contacts[-1].day)}.",
            seen_on=contacts[-1].day,
            limit=limit,
            opens_when=f"A contact within {limit.value:g} days is on record.",
        )
    return open_(f"Counselling on {day_words(contacts[-1].day)}.", seen_on=contacts[-1].day, limit=limit)


def _before_the_first(contacts: list[Support], agreed: Answer | None, limit: Limit, now: datetime) -> Answered:
    """The newest statement wins: a contact, or whether counselling is agreed. Either must be recent enough."""
    opens = f"{_OPENS} Or it is agreed with a date."
    last = contacts[-1] if contacts else None
    if last is not None and (agreed is None or last.taken_at >= agreed.taken_at):
        if (now.date() - last.day).days > (limit.value or 0):
            return ask(
                f"The last counselling contact on record was on {day_words(last.day)}.",
                seen_on=last.day,
                limit=limit,
                opens_when=opens,
            )
        return open_(f"Counselling on {day_words(last.day)}.", seen_on=last.day, limit=limit)
    if agreed is None:
        return ask("No counselling is on record.", limit=limit, opens_when=opens)
    if agreed.value == "no":
        return _refused(agreed, opens)
    if (now.date() - agreed.day).days > (limit.value or 0):
        return ask(
            f"Counselling was agreed on {day_words(agreed.day)}; no contact is on record since.",
            seen_on=agreed.day,
            limit=limit,
            opens_when=opens,
        )
    return open_(f"Counselling agreed on {day_words(agreed.day)}.", seen_on=agreed.day, limit=limit)


def _refused(agreed: Answer, opens: str) -> Answered:
    return closed(
        f"Counselling is not agreed, answered on {day_words(agreed.day)}.", seen_on=agreed.day, opens_when=opens
    )


RULE = Rule(
    code="GATE-012",
    title="Counselling",
    strength=Strength.SOFT,
    sources=("S011", "S012"),
    check=check,
    question="counselling_agreed",
    limits=("counselling_contact_days",),
)
