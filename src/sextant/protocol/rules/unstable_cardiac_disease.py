"""Is any disease of heart or vessels unstable?"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, caution, closed, open_
from sextant.record import Answer, Concept, Condition, PatientRecord, concepts_of
from sextant.units.words import day_words


@dataclass(frozen=True, slots=True)
class _Danger:
    """One thing that says that it is unstable, and since when a clearance note must be."""

    saw: str
    seen_on: date
    since: datetime


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    present = [one for one in record.all(Condition) if one.present_at(now)]
    chronic = [one for one in present if Concept.CARDIAC in concepts_of(one)]
    answer, clearance = record.answer("unstable_cardiac"), record.answer("cardiac_clearance")
    # Only a clearance note takes a 'yes' back: a later 'no' does not.
    unstable = next((one for one in reversed(record.answers("unstable_cardiac")) if one.value == "yes"), None)
    danger = max(_dangers(present, unstable), key=lambda one: one.since, default=None)
    if danger is not None and not _clears(clearance, danger):
        return closed(
            danger.saw, seen_on=danger.seen_on, opens_when="It is treated, and a later clearance note is on record."
        )
    valid = limits["cardiac_answer_valid_days"]
    # What was said last of its being stable: none by answer, or a note after treatment.
    none = answer if answer is not None and answer.value == "no" else None
    said = [one for one in (none, clearance if danger else None) if one is not None]
    if not said:
        on_list = f" {chronic[-1].text} is on the problem list." if chronic else ""
        return ask(
            f"Nobody has asked about unstable heart or vessel disease.{on_list}",
            limit=valid,
            opens_when="The question is answered in screening.",
        )
    last = max(said, key=lambda one: one.taken_at)
    newer = [one for one in chronic if one.taken_at > last.taken_at]
    if newer:
        return ask(
            f"{newer[-1].text} is on the problem list since then; nobody has recorded whether it is stable.",
            seen_on=newer[-1].day,
            opens_when="The question is answered again.",
        )
    holds_to = last.day + timedelta(days=valid.value or 0)
    what = "A clearance note came" if last is clearance else "None unstable, answered"
    if now.date() > holds_to:
        return ask(
            f"{what} on {day_words(last.day)}: too long ago to count.",
            seen_on=last.day,
            limit=valid,
            opens_when="The question is answered again.",
        )
    if danger is not None and clearance is not None:
        return caution(
            f"{danger.saw} A clearance note came on {day_words(clearance.day)}.",
            seen_on=danger.seen_on,
            opens_when="The prescriber reads the note and says so in the decision.",
            limit=valid,
            holds_to=holds_to,
        )
    on_list = f"; {chronic[-1].text} is on the problem list" if chronic else ""
    return open_(f"{what} on {day_words(last.day)}{on_list}.", seen_on=last.day, limit=valid, holds_to=holds_to)


def _dangers(present: list[Condition], unstable: Answer | None) -> list[_Danger]:
    """Whatever says that it is unstable: the problem list, where it is not recorded as over, and the answer."""
    listed = [
        _Danger(f"{one.text} since {day_words(one.day)}, not recorded as over.", one.day, one.onset_at or one.taken_at)
        for one in present
        if Concept.CARDIAC_UNSTABLE in concepts_of(one)
    ]
    if unstable is None:
        return listed
    words = f"Unstable heart or vessel disease, answered on {day_words(unstable.day)}."
    return [*listed, _Danger(words, unstable.day, unstable.taken_at)]


def _clears(clearance: Answer | None, danger: _Danger) -> bool:
    """Whether a clearance note came after the newest danger began."""
    return clearance is not None and clearance.value == "yes" and clearance.taken_at > danger.since


RULE = Rule(
    code="GATE-003",
    title="Heart and vessels",
    strength=Strength.ABSOLUTE,
    sources=("S019", "S032", "S034"),
    check=check,
    question="unstable_cardiac",
    limits=("cardiac_answer_valid_days",),
)
