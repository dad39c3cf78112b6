"""What rules that read one screening question share: nobody asked, an answer too old to count, an answer that holds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sextant.protocol.limits import Limit, Limits
from sextant.protocol.rule import Answered, Strength, ask, caution, closed, open_
from sextant.record import (
    QUESTIONS,
    Answer,
    Concept,
    Condition,
    Medication,
    PatientRecord,
    PregnancyTest,
    QualitativeResult,
    Sex,
)
from sextant.units.words import day_words

ANSWERS = "screening_answer_valid_days"
"""The shelf life of answers that seldom change."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer that holds, and the last day on which it does; None for an answer that does not grow old."""

    answer: Answer
    holds_to: date | None
    limit: Limit | None


def standing_answer(
    record: PatientRecord,
    question: str,
    limits: Limits,
    now: datetime,
    *,
    valid: str = ANSWERS,
    grow_old: Collection[str] = (),
) -> Standing | Answered:
    """The answer that holds, or the question that must be asked.

    An answer that lets the person pass grows old; evidence of danger stands until another answer takes it back.

    Parameters
    ----------
    valid : name of the limit on the days for which an answer counts; without a value only the day itself counts
    grow_old : answers that grow old beside those that open the gate: what they name may have become worse since
    """
    asked = QUESTIONS[question]
    answer = record.answer(question)
    limit = limits[valid]
    if answer is None:
        return ask(f"Nobody has asked about {asked.about}.", limit=limit, opens_when="The question is answered.")
    if answer.value not in {*asked.safe, *grow_old}:
        return Standing(answer, None, None)
    if answer.value == asked.opening and (entry := spoken_against(record, question, now)) is not None:
        return ask(
            f"{said(answer)}; but “{entry.text}” is on the list since {day_words(entry.day)}.",
            seen_on=entry.day,
            opens_when="The answer names it, or the entry is taken back where it is wrong.",
        )
    holds_to = answer.day + timedelta(days=limit.value or 0)
    if now.date() > holds_to:
        return ask(
            f"{said(answer)}: too long ago to count.",
            seen_on=answer.day,
            limit=limit,
            opens_when="The question is answered again.",
        )
    return Standing(answer, holds_to, limit)


def spoken_against(record: PatientRecord, question: str, now: datetime) -> Condition | Medication | None:
    """The newest entry of the problem list or the medicines that speaks against a 'no'; of both one is wrong."""
    asked = QUESTIONS[question]
    if asked.listed is None:
        return None
    return next((one for one in reversed(record.listed(asked.listed)) if asked.ever or one.present_at(now)), None)


def told_of_since(record: PatientRecord, question: str, since: date) -> Answer | None:
    """The 'yes' that tells of a day after `since`, or of one that no later 'yes' names; no 'no' takes it back."""
    told = [one for one in record.answers(question) if one.value == "yes"]
    lately = [one for one in told if one.on is not None and one.on > since]
    if lately:
        return max(lately, key=lambda one: (one.on or since, one.taken_at))
    named = max((one.taken_at for one in told if one.on is not None), default=None)
    undated = [one for one in told if one.on is None and (named is None or one.taken_at >= named)]
    return next(reversed(undated), None)


def nothing_since(record: PatientRecord, question: str, limits: Limits, now: datetime, *, months: Limit) -> Answered:
    """The gate where no 'yes' tells of a day that is too recent: open, or asked again once the answer has grown old.

    One long ago lets the person pass, so a 'yes' grows old here too: there may have been another since.
    """
    standing = standing_answer(record, question, limits, now, grow_old={"yes"})
    if isinstance(standing, Answered):
        return standing
    answer = standing.answer
    return open_(
        f"{said(answer)}.",
        seen_on=answer.day,
        limit=months if answer.value == "yes" else standing.limit,
        holds_to=standing.holds_to,
    )


def pregnancy_not_possible(record: PatientRecord, limits: Limits, now: datetime) -> Answered | None:
    """The gate of whoever cannot be pregnant; None of anybody else, so that the rule goes on."""
    standing = standing_answer(record, "can_be_pregnant", limits, now)
    if isinstance(standing, Standing) and standing.answer.value == "no":
        return open_(
            f"Cannot be pregnant, recorded on {day_words(standing.answer.day)}.",
            seen_on=standing.answer.day,
            limit=standing.limit,
            holds_to=standing.holds_to,
        )
    # The sex on record does not say who can be pregnant: everybody is asked. Of a man the 'no' does not grow old,
    # unless something on record says that he was.
    answer = record.answer("can_be_pregnant")
    tested = any(one.result is QualitativeResult.POSITIVE for one in record.all(PregnancyTest))
    said_otherwise = tested or any(one.present_at(now) for one in record.listed(Concept.PREGNANCY))
    if record.patient.sex is Sex.MALE and answer is not None and answer.value == "no" and not said_otherwise:
        return open_(
            f"Recorded as male, and on {day_words(answer.day)} as one who cannot be pregnant.", seen_on=answer.day
        )
    return None


def today_answer(record: PatientRecord, question: str, now: datetime) -> Standing | Answered:
    """The answer of this very day, or the question: what is asked at the door holds for that day alone."""
    asked = QUESTIONS[question]
    answer = record.answer(question)
    if answer is None or answer.day != now.date():
        return ask(
            f"Nobody has asked about {asked.about} today.",
            seen_on=None if answer is None else answer.day,
            opens_when="The question is answered today.",
        )
    return Standing(answer, now.date(), None)


def by_answer(
    standing: Standing | Answered,
    *,
    closes: Mapping[str, str] | None = None,
    cautions: Mapping[str, str] | None = None,
    strength: Mapping[str, Strength] | None = None,
) -> Answered:
    """The gate by the answer alone: what is not named opens it.

    Parameters
    ----------
    closes, cautions : for each answer that closes the gate or warns, what would open it
    strength : for each answer that binds otherwise than the rule does, how
    """
    if isinstance(standing, Answered):
        return standing
    answer = standing.answer
    saw, binds = f"{said(answer)}.", (strength or {}).get(answer.value)
    if opens := (closes or {}).get(answer.value):
        return closed(saw, seen_on=answer.day, opens_when=opens, strength=binds)
    if weighs := (cautions or {}).get(answer.value):
        return caution(
            saw, seen_on=answer.day, opens_when=weighs, limit=standing.limit, strength=binds, holds_to=standing.holds_to
        )
    return open_(saw, seen_on=answer.day, limit=standing.limit, holds_to=standing.holds_to)


def said(answer: Answer) -> str:
    """What was answered and when, with the note that stands beside it."""
    asked = QUESTIONS[answer.question]
    tells_of = f", last on {day_words(answer.on)}" if answer.on else ""
    note = f" ({answer.note})" if answer.note else ""
    about, words = asked.about[0].upper() + asked.about[1:], asked.answers[answer.value]
    return f"{about}: {words[0].lower()}{words[1:]}{tells_of}{note}, answered on {day_words(answer.day)}"
