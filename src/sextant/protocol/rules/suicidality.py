"""Are there thoughts of suicide, and has the crisis path been walked?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sextant.protocol.limits import Limits
from sextant.protocol.rule import Answered, Rule, Strength, ask, caution, closed, open_
from sextant.record import QUESTIONS, Concept, Condition, PatientRecord, Score, concepts_of
from sextant.units.words import day_words


@dataclass(frozen=True, slots=True)
class _Sign:
    """One thing that speaks of suicidality; `weight` 0 none, 1 thoughts, 2 plan, intent or behaviour."""

    at: datetime
    text: str
    weight: int


def check(record: PatientRecord, limits: Limits, now: datetime) -> Answered:
    signs = _signs(record, now)
    valid = limits["suicidality_answer_valid_days"]
    if not signs:
        return ask(
            "Nobody has asked about thoughts of suicide.",
            limit=valid,
            opens_when="The question is answered, or a PHQ-9 with its ninth item is entered.",
        )
    walked = [answer for answer in record.answers("crisis_path") if answer.value == "yes"]
    worrying = [sign for sign in signs if sign.weight]
    # Only the crisis path takes a sign back: a later 'none' does not.
    unmet = [sign for sign in worrying if not any(path.taken_at >= sign.at for path in walked)]
    if unmet:
        worst = max(unmet, key=lambda sign: (sign.weight, sign.at))
        return closed(
            f"{worst.text} on {day_words(worst.at.date())}. Walk the crisis path now: 988 or 911 in the US.",
            seen_on=worst.at.date(),
            opens_when="A named clinician has walked and closed the crisis path.",
        )
    newest = signs[-1]
    last_infusion = record.infusions[-1].taken_at if record.infusions else None
    if last_infusion is not None and newest.at < last_infusion:
        return ask(
            f"Last asked on {day_words(newest.at.date())}, before the last infusion.",
            seen_on=newest.at.date(),
            opens_when="It is asked again; some people feel worse after a series.",
        )
    if (now.date() - newest.at.date()).days > (valid.value or 0):
        return ask(
            f"Last asked on {day_words(newest.at.date())}: too long ago to count.",
            seen_on=newest.at.date(),
            limit=valid,
            opens_when="It is asked again.",
        )
    holds_to = newest.at.date() + timedelta(days=valid.value or 0)
    if newest.weight:
        closed_on = day_words(walked[-1].day)
        saw = f"{newest.text} on {day_words(newest.at.date())}; crisis path closed on {closed_on}."
        if newest.weight > 1:
            return caution(
                saw,
                seen_on=newest.at.date(),
                opens_when="The prescriber weighs it and says so in the decision.",
                limit=valid,
                holds_to=holds_to,
            )
        return open_(saw, seen_on=newest.at.date(), limit=valid, holds_to=holds_to)
    return open_(
        f"{newest.text} on {day_words(newest.at.date())}.", seen_on=newest.at.date(), limit=valid, holds_to=holds_to
    )


def _signs(record: PatientRecord, now: datetime) -> list[_Sign]:
    """Everything that speaks of suicidality, oldest first; of one time the most worrying last."""
    words = QUESTIONS["suicidality"].answers
    signs = [
        _Sign(
            answer.taken_at,
            f"Thoughts of suicide: {words[answer.value].lower()}",
            list(words).index(answer.value),
        )
        for answer in record.answers("suicidality")
    ]
    signs += [
        _Sign(score.taken_at, f"PHQ-9 item nine: {score.item_nine} of 3", int(score.item_nine > 0))
        for score in record.all(Score)
        if score.item_nine is not None
    ]
    signs += [
        # The problem list does not tell a thought from an attempt by its concept, so each weighs as the worse.
        _Sign(condition.taken_at, condition.text, 2)
        for condition in record.all(Condition)
        if Concept.SUICIDALITY in concepts_of(condition) and condition.present_at(now)
    ]
    return sorted(signs, key=lambda sign: (sign.at, sign.weight))


RULE = Rule(
    code="GATE-009",
    title="Thoughts of suicide",
    strength=Strength.HARD,
    sources=("S042", "S043", "C021", "REGULATION-8"),
    check=check,
    question="suicidality",
    limits=("suicidality_answer_valid_days",),
)
