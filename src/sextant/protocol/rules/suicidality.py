"""Are there thoughts of suicide, and has the crisis path been walked?"""

from dataclasses import dataclass
from datetime import datetime

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, caution, closed, open_
from sextant.record import QUESTIONS, Concept, Condition, PatientRecord, Score, concepts_of
from sextant.units.words import day_words


@dataclass(frozen=True, slots=True)
class _Sign:
    at: datetime
    text: str
    positive: bool
    plan: bool = False


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:  # noqa: ARG001
    signs = _signs(record, now)
    last_infusion = record.infusions[-1].taken_at if record.infusions else None
    if not signs:
        return ask(
            "Nobody has asked about thoughts of suicide.",
            opens_when="The question is answered, or a PHQ-9 with its ninth item is entered.",
        )
    newest = signs[-1]
    # Of several answers on one day the most worrying one counts.
    worst = next((sign for sign in signs if sign.at.date() == newest.at.date() and sign.positive), newest)
    if worst.positive:
        crisis = record.answer("crisis_path")
        if crisis is None or crisis.value != "yes" or crisis.taken_at < worst.at:
            return closed(
                f"{worst.text} on {day_words(worst.at.date())}. Walk the crisis path now: 988 or 911 in the US.",
                seen_on=worst.at.date(),
                opens_when="A named clinician has walked and closed the crisis path.",
            )
        if worst.plan:
            return caution(
                f"{worst.text} on {day_words(worst.at.date())}; crisis path closed on {day_words(crisis.day)}.",
                seen_on=worst.at.date(),
                opens_when="The prescriber weighs it and says so in the decision.",
            )
        return open_(
            f"{worst.text} on {day_words(worst.at.date())}; crisis path closed on {day_words(crisis.day)}.",
            seen_on=worst.at.date(),
        )
    if last_infusion is not None and newest.at < last_infusion:
        return ask(
            f"Last asked on {day_words(newest.at.date())}, before the last infusion.",
            seen_on=newest.at.date(),
            opens_when="It is asked again; some people feel worse after a series.",
        )
    return open_(f"{newest.text} on {day_words(newest.at.date())}.", seen_on=newest.at.date())


def _signs(record: PatientRecord, now: datetime) -> list[_Sign]:
    """Everything that speaks of suicidality, oldest first."""
    words = QUESTIONS["suicidality"].answers
    signs = [
        _Sign(
            answer.taken_at,
            f"Thoughts of suicide: {words[answer.value].lower()}",
            answer.value != "none",
            answer.value == "plan",
        )
        for answer in record.answers("suicidality")
    ]
    signs += [
        _Sign(score.taken_at, f"PHQ-9 item nine: {score.item_nine} of 3", score.item_nine > 0)
        for score in record.all(Score)
        if score.item_nine is not None
    ]
    signs += [
        _Sign(condition.taken_at, condition.text, True)
        for condition in record.all(Condition)
        if Concept.SUICIDALITY in concepts_of(condition) and condition.present_at(now)
    ]
    return sorted(signs, key=lambda sign: sign.at)


RULE = Rule(
    code="GATE-009",
    title="Thoughts of suicide",
    strength=Strength.HARD,
    sources=("S042", "S043", "C021"),
    check=check,
)
